"""What is said to Telegram, and what becomes of it: paced, tried again, followed to where a group has moved.

A member who has gone, or a chat where the bot may not write, is no failure: it is told in one line of the log, and
the call ends without a result.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace
from telegram import Bot, BotCommand, BotCommandScopeChat, InlineQueryResultArticle
from telegram.constants import ChatAction
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, TelegramError

from adapters.telegram.methods import Chat, Markup, Methods, call_method
from adapters.telegram.outcomes import is_shut
from adapters.telegram.pacer import Pacer
from adapters.telegram.registering import DESCRIPTION
from adapters.telegram.timing import Sleep
from adapters.telegram.transport import FloodError
from bot.log import LOG
from bot.model.hidden import Hidden

T = TypeVar("T")
Migrated = Callable[[int, int], Awaitable[None]]
"""Told of a group's old and new number."""

PAUSES = (0.5, 2.0, 5.0)
"""Seconds before a call is tried again that got no answer, or a server's trouble for one."""
PATIENCE = 20.0
"""Seconds after which what all can see in a group is too late to be worth saying."""


async def _nobody_asks(_old: int, _new: int) -> None:
    """Communities that move are followed by whoever keeps them."""


class Calls(Hidden, frozen=True):
    """The calls that answers to members are made of.

    One whose fate is unknown is tried again: to be told twice is better than not at all.
    """

    bot: Bot
    pacer: Pacer
    migrated: Migrated = _nobody_asks
    sleep: Sleep = asyncio.sleep
    pauses: tuple[float, ...] = PAUSES

    @property
    def _methods(self) -> Methods:
        return Methods(self.bot)

    async def send(
        self, chat: Chat, html: str, markup: Markup = None, *, protected: bool = False
    ) -> int | None:
        """A new message; its number, or None if nobody is there to read it."""

        async def call(to: int) -> int:
            return await self._methods.send(replace(chat, id=to), html, markup, protected=protected)

        return await self._paced(chat.id, call)

    async def photo(
        self,
        chat: Chat,
        png: bytes,
        html: str = "",
        markup: Markup = None,
        *,
        protected: bool = False,
    ) -> int | None:
        """A picture, and what stands below it; its number, or None if nobody is there to see it.

        Raises BadRequest where pictures may not be sent, too.
        """

        async def call(to: int) -> int:
            there = replace(chat, id=to)
            number, _ = await self._methods.photo(there, png, html, markup, protected=protected)
            return number

        return await self._paced(chat.id, call)

    async def edit(self, chat: Chat, message_id: int, html: str, markup: Markup) -> bool:
        """Change a message of ours; False if it is gone or can't be changed any more."""
        return await self._if_there(chat, lambda to: self._methods.edit(to, message_id, html, markup))

    async def edit_buttons(self, chat: Chat, message_id: int, markup: Markup = None) -> bool:
        """Change the buttons of a message of ours, and nothing else."""
        return await self._if_there(chat, lambda to: self._methods.edit_buttons(to, message_id, markup))

    async def delete(self, chat: Chat, message_id: int) -> bool:
        """Remove a message; False if it is too old, or not ours to remove."""
        return await self._if_there(chat, lambda to: self._methods.delete(to, message_id), limited=False)

    async def document(self, chat: Chat, path: Path, name: str, html: str) -> int | None:
        """A file, which can't be forwarded or saved from the chat."""
        return await self._paced(chat.id, lambda to: self._methods.document(to, path, name, html))

    async def menu(self, chat: Chat, commands: Sequence[tuple[str, str]]) -> None:
        """List these in a private chat, or, if there are none, what all private chats list."""
        here = BotCommandScopeChat(chat.id)
        if commands:
            listed = [BotCommand(name, said[:DESCRIPTION]) for name, said in commands]
            await self.bot.set_my_commands(listed, here)
        else:
            await self.bot.delete_my_commands(here)

    async def typing(self, chat: Chat) -> None:
        """Show that an answer is being made."""
        with suppress(TelegramError):
            action = ChatAction.TYPING.value
            await call_method(
                self.bot, "sendChatAction", chat_id=chat.id, action=action, message_thread_id=chat.topic
            )

    async def answer_press(self, query_id: str, notice: str | None = None) -> None:
        """Let the button no longer spin; `notice` is shown over the chat."""
        await self._unpaced(
            lambda: call_method(
                self.bot,
                "answerCallbackQuery",
                callback_query_id=query_id,
                text=notice,
                show_alert=True if notice else None,
            )
        )

    async def answer_inline(self, query_id: str, results: list[InlineQueryResultArticle]) -> None:
        """What may be posted in some other chat. It is not kept: the next one may read another language."""
        await self._unpaced(lambda: self.bot.answer_inline_query(query_id, results, cache_time=0))

    async def _if_there(
        self, chat: Chat, call: Callable[[int], Awaitable[None]], *, limited: bool = True
    ) -> bool:
        try:
            await self._paced(chat.id, call, limited=limited, numbered=True)
        except (BadRequest, ChatMigrated):
            return False
        return True

    async def _paced(
        self,
        chat: int,
        call: Callable[[int], Awaitable[T]],
        *,
        limited: bool = True,
        numbered: bool = False,
    ) -> T | None:
        """A call in its turn, until its fate is known. Raises TelegramError for what can't be helped.

        `numbered`: it is about a message, which a group that moved has left behind.
        """
        pauses = iter(self.pauses)
        patience = PATIENCE if chat < 0 else None
        while not limited or await self.pacer.reply(chat, patience):
            try:
                return await call(chat)
            except FloodError as error:
                self.pacer.refused(chat, error.seconds)
                patience, limited = None, True  # it was worth saying, and will be said
            except ChatMigrated as error:
                await self.migrated(chat, error.new_chat_id)
                if numbered:
                    raise
                chat = error.new_chat_id
            except (Forbidden, BadRequest) as error:
                if not is_shut(error):
                    raise
                LOG.info("chat shut", platform="telegram", shared=chat < 0)
                return None
            except NetworkError as error:
                await self._again(pauses, error)
        return None

    async def _unpaced(self, call: Callable[[], Awaitable[object]]) -> None:
        """A call that no limit holds for; in time, or never mind."""
        pauses = iter(self.pauses[:1])
        while True:
            try:
                await call()
            except (Forbidden, BadRequest):  # too late, or done already
                return
            except (FloodError, NetworkError) as error:
                await self._again(pauses, error)
            else:
                return

    async def _again(self, pauses: Iterator[float], error: TelegramError) -> None:
        """Wait before another attempt; raise the error after the last."""
        pause = next(pauses, None)
        if pause is None:
            raise error
        await self.sleep(pause)
