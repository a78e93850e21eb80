"""What is said to Telegram, and what becomes of it: paced, tried again, followed to where a group has moved.

A member who has gone, or a chat where the bot may not write, is no failure: it is told in one line of the log, and
the call ends without a result.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TypeVar

import structlog
from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputFile,
    LinkPreviewOptions,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, TelegramError

from adapters.telegram.pacer import Pacer
from adapters.telegram.timing import Sleep
from adapters.telegram.transport import FloodError

T = TypeVar("T")
Markup = InlineKeyboardMarkup | ForceReply | None
Migrated = Callable[[int, int], Awaitable[None]]
"""Told of a group's old and new number."""

PAUSES = (0.5, 2.0, 5.0)
"""Seconds before a call is tried again that got no answer, or a server's trouble for one."""
PATIENCE = 20.0
"""Seconds after which what all can see in a group is too late to be worth saying."""
_SHUT = (
    *("chat not found", "rights", "thread not found"),
    *("chat_write_forbidden", "chat_restricted", "topic_closed", "chat_send_plain_forbidden"),
)
"""What Telegram's refusals say where the bot may not write."""


class Lane(Enum):
    """Who waits for a call: a member, or the outbox, which is held to the broadcast rate."""

    REPLY = "reply"
    OUTBOX = "outbox"


@dataclass(frozen=True, slots=True)
class Chat:
    """Where to write: the chat's number, and the topic in it."""

    id: int
    topic: int | None = None

    @classmethod
    def at(cls, place_id: str) -> "Chat":
        """The chat of a place, `chat` or `chat/topic`."""
        chat, _, topic = place_id.partition("/")
        return cls(int(chat), int(topic) if topic else None)


async def _nobody_asks(_old: int, _new: int) -> None:
    """Communities that move are followed by whoever keeps them."""


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls that answers are made of, in one lane.

    A reply whose fate is unknown is tried again: to be told twice is better than not at all. In the outbox that
    is for the outbox to decide, so there it raises NetworkError.
    """

    bot: Bot = field(repr=False)
    pacer: Pacer
    lane: Lane = Lane.REPLY
    migrated: Migrated = _nobody_asks
    sleep: Sleep = asyncio.sleep
    pauses: tuple[float, ...] = PAUSES

    async def send(
        self, chat: Chat, html: str, markup: Markup = None, *, protected: bool = False
    ) -> int | None:
        """A new message; its number, or None if nobody is there to read it."""

        async def call(to: int) -> int:
            message = await self.bot.send_message(
                to,
                html,
                parse_mode=ParseMode.HTML,
                reply_markup=markup,
                message_thread_id=chat.topic,
                protect_content=protected or None,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
            return message.message_id

        return await self._paced(chat.id, call)

    async def edit(self, chat: Chat, message_id: int, html: str, markup: InlineKeyboardMarkup | None) -> bool:
        """Change a message of ours; False if it is gone or can't be changed any more."""

        async def call(to: int) -> bool:
            options = LinkPreviewOptions(is_disabled=True)
            with _done_already("not modified"):
                await self.bot.edit_message_text(
                    html,
                    to,
                    message_id,
                    parse_mode=ParseMode.HTML,
                    reply_markup=markup,
                    link_preview_options=options,
                )
            return True

        return await self._if_there(chat, call)

    async def edit_buttons(
        self, chat: Chat, message_id: int, markup: InlineKeyboardMarkup | None = None
    ) -> bool:
        """Change the buttons of a message of ours, and nothing else."""

        async def call(to: int) -> bool:
            with _done_already("not modified"):
                await self.bot.edit_message_reply_markup(to, message_id, reply_markup=markup)
            return True

        return await self._if_there(chat, call)

    async def delete(self, chat: Chat, message_id: int) -> bool:
        """Remove a message; False if it is too old, or not ours to remove."""

        async def call(to: int) -> bool:
            with _done_already("not found"):
                await self.bot.delete_message(to, message_id)
            return True

        return await self._if_there(chat, call, limited=False)

    async def document(self, chat: Chat, path: Path, name: str, html: str) -> int | None:
        """A file, which can't be forwarded or saved from the chat."""

        async def call(to: int) -> int:
            with path.open("rb") as file:
                document = InputFile(file, name, read_file_handle=False)
                message = await self.bot.send_document(
                    to, document, caption=html, parse_mode=ParseMode.HTML, protect_content=True
                )
            return message.message_id

        return await self._paced(chat.id, call)

    async def typing(self, chat: Chat) -> None:
        """Show that an answer is being made."""
        with suppress(TelegramError):
            await self.bot.send_chat_action(chat.id, ChatAction.TYPING, message_thread_id=chat.topic)

    async def answer_press(self, query_id: str, notice: str | None = None) -> None:
        """Let the button no longer spin; `notice` is shown over the chat."""
        await self._unpaced(
            lambda: self.bot.answer_callback_query(query_id, notice, show_alert=True if notice else None)
        )

    async def answer_inline(self, query_id: str, results: list[InlineQueryResultArticle]) -> None:
        """What may be posted in some other chat. It is not kept: the next one may read another language."""
        await self._unpaced(lambda: self.bot.answer_inline_query(query_id, results, cache_time=0))

    async def _if_there(
        self, chat: Chat, call: Callable[[int], Awaitable[bool]], *, limited: bool = True
    ) -> bool:
        try:
            await self._paced(chat.id, call, limited=limited)
        except BadRequest:
            return False
        return True

    async def _paced(
        self, chat: int, call: Callable[[int], Awaitable[T]], *, limited: bool = True
    ) -> T | None:
        """A call in its turn, until its fate is known. Raises TelegramError for what can't be helped."""
        pauses = iter(self.pauses if self.lane is Lane.REPLY else ())
        patience = PATIENCE if chat < 0 else None
        while not limited or await self._turn(chat, patience):
            try:
                return await call(chat)
            except FloodError as error:
                self.pacer.refused(chat, error.seconds, announcement=self.lane is Lane.OUTBOX)
                patience, limited = None, True  # it was worth saying, and will be said
            except ChatMigrated as error:
                await self.migrated(chat, error.new_chat_id)
                chat = error.new_chat_id
            except (Forbidden, BadRequest) as error:
                if not _is_shut(error):
                    raise
                _log().info("chat shut", platform="telegram", shared=chat < 0)
                return None
            except NetworkError as error:
                await self._again(pauses, error)
        return None

    async def _turn(self, chat: int, patience: float | None) -> bool:
        if self.lane is Lane.REPLY:
            return await self.pacer.reply(chat, patience)
        await self.pacer.announce(chat)
        return True

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


@contextmanager
def _done_already(words: str) -> Iterator[None]:
    """A refusal in these words says that there is nothing left to do."""
    try:
        yield
    except BadRequest as error:
        if words not in error.message.lower():
            raise


def _is_shut(error: TelegramError) -> bool:
    """Whether the chat is closed to us: blocked, removed, muted, or a topic that is closed or gone."""
    return isinstance(error, Forbidden) or any(words in error.message.lower() for words in _SHUT)


def _log() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger("undersigned")
    return logger
