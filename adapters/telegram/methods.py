"""The methods of the Bot API that we call, each with the options that it always has. One attempt, at once.

All raise TelegramError; what is done already is no error. What goes without a file is said in plain data, through
the library's request and past its objects: of each message that Telegram repeats to us it would make dozens, when
all that we need is a number.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast

from msgspec import Struct
from telegram import Bot, InputFile
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.request import RequestData

from bot.model.hidden import Hidden

Markup = Mapping[str, Any] | None
"""What stands below a message, as the Bot API takes it: a keyboard, or the field for a reply."""
_SHOWN: Final = {"parse_mode": ParseMode.HTML.value, "link_preview_options": {"is_disabled": True}}


class Chat(Struct, frozen=True):
    """Where to write: the chat's number, and the topic in it."""

    id: int
    topic: int | None = None

    @classmethod
    def at(cls, place_id: str) -> "Chat":
        """The chat of a place, `chat` or `chat/topic`."""
        chat, _, topic = place_id.partition("/")
        return cls(int(chat), int(topic) if topic else None)


class _Said(Struct, frozen=True):
    """The parameters of a call, as `RequestData` gives them."""

    parameters: dict[str, Any]
    contains_files: bool = False


async def call_method(bot: Bot, method: str, **given: Any) -> Any:
    """Call a method; what is None is left out. Telegram's result as it is."""
    said = _Said({name: value for name, value in given.items() if value is not None})
    return await bot.request.post(f"{bot.base_url}/{method}", cast("RequestData", said))


class Methods(Hidden, frozen=True):
    """Of one bot. `to` is a chat's number, `number` a message's."""

    bot: Bot

    async def send(
        self,
        chat: Chat,
        html: str,
        markup: Markup = None,
        *,
        protected: bool = False,
    ) -> int:
        """A new message; its number."""
        message = await call_method(
            self.bot,
            "sendMessage",
            chat_id=chat.id,
            text=html,
            reply_markup=markup,
            message_thread_id=chat.topic,
            protect_content=protected or None,
            **_SHOWN,
        )
        return int(message["message_id"])

    async def photo(
        self,
        chat: Chat,
        picture: bytes | str,
        html: str = "",
        markup: Markup = None,
        *,
        protected: bool = False,
    ) -> tuple[int, str]:
        """A picture, as a PNG or by the name under which Telegram keeps it; the message's number and that name."""
        message = await self.bot.send_photo(
            chat.id,
            picture,
            caption=html or None,
            parse_mode=ParseMode.HTML,
            reply_markup=cast("Any", markup),
            message_thread_id=chat.topic,
            protect_content=protected or None,
        )
        return message.message_id, message.photo[-1].file_id

    async def document(self, to: int, path: Path, name: str, html: str) -> int:
        """A file, which can't be forwarded or saved from the chat."""
        with path.open("rb") as file:
            document = InputFile(file, name, read_file_handle=False)
            message = await self.bot.send_document(
                to, document, caption=html, parse_mode=ParseMode.HTML, protect_content=True
            )
        return message.message_id

    async def edit(self, to: int, number: int, html: str, markup: Markup) -> None:
        """Another text and other buttons."""
        with _done_already("not modified"):
            await self._of("editMessageText", to, number, text=html, reply_markup=markup, **_SHOWN)

    async def edit_caption(self, to: int, number: int, html: str, markup: Markup) -> None:
        """The same for what stands below a picture."""
        with _done_already("not modified"):
            mode = ParseMode.HTML.value
            await self._of(
                "editMessageCaption", to, number, caption=html, parse_mode=mode, reply_markup=markup
            )

    async def edit_buttons(self, to: int, number: int, markup: Markup) -> None:
        """Other buttons, and nothing else."""
        with _done_already("not modified"):
            await self._of("editMessageReplyMarkup", to, number, reply_markup=markup)

    async def delete(self, to: int, number: int) -> None:
        """Remove a message."""
        with _done_already("not found"):
            await self._of("deleteMessage", to, number)

    async def pin(self, to: int, number: int) -> None:
        """Pin a message, without telling everybody."""
        await self._of("pinChatMessage", to, number, disable_notification=True)

    async def _of(self, method: str, to: int, number: int, **given: Any) -> None:
        await call_method(self.bot, method, chat_id=to, message_id=number, **given)


@contextmanager
def _done_already(words: str) -> Iterator[None]:
    """A refusal in these words says that there is nothing left to do."""
    try:
        yield
    except BadRequest as error:
        if words not in error.message.lower():
            raise
