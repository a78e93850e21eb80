"""The methods of the Bot API that we call, each with the options that it always has. One attempt, at once.

All raise TelegramError; what is done already is no error.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from telegram import Bot, ForceReply, InlineKeyboardMarkup, InputFile, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest

Markup = InlineKeyboardMarkup | ForceReply | None
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


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


@dataclass(frozen=True, slots=True)
class Methods:
    """Of one bot. `to` is a chat's number, `number` a message's."""

    bot: Bot = field(repr=False)

    async def send(
        self,
        chat: Chat,
        html: str,
        markup: Markup = None,
        *,
        protected: bool = False,
    ) -> int:
        """A new message; its number."""
        message = await self.bot.send_message(
            chat.id,
            html,
            parse_mode=ParseMode.HTML,
            reply_markup=markup,
            message_thread_id=chat.topic,
            protect_content=protected or None,
            link_preview_options=_NO_PREVIEW,
        )
        return message.message_id

    async def photo(
        self,
        chat: Chat,
        picture: bytes | str,
        html: str = "",
        markup: InlineKeyboardMarkup | None = None,
        *,
        protected: bool = False,
    ) -> tuple[int, str]:
        """A picture, as a PNG or by the name under which Telegram keeps it; the message's number and that name."""
        message = await self.bot.send_photo(
            chat.id,
            picture,
            caption=html or None,
            parse_mode=ParseMode.HTML,
            reply_markup=markup,
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

    async def edit(self, to: int, number: int, html: str, markup: InlineKeyboardMarkup | None) -> None:
        """Another text and other buttons."""
        with _done_already("not modified"):
            await self.bot.edit_message_text(
                html,
                to,
                number,
                parse_mode=ParseMode.HTML,
                reply_markup=markup,
                link_preview_options=_NO_PREVIEW,
            )

    async def edit_caption(
        self, to: int, number: int, html: str, markup: InlineKeyboardMarkup | None
    ) -> None:
        """The same for what stands below a picture."""
        with _done_already("not modified"):
            await self.bot.edit_message_caption(
                to, number, caption=html, parse_mode=ParseMode.HTML, reply_markup=markup
            )

    async def edit_buttons(self, to: int, number: int, markup: InlineKeyboardMarkup | None) -> None:
        """Other buttons, and nothing else."""
        with _done_already("not modified"):
            await self.bot.edit_message_reply_markup(to, number, reply_markup=markup)

    async def delete(self, to: int, number: int) -> None:
        """Remove a message."""
        with _done_already("not found"):
            await self.bot.delete_message(to, number)

    async def pin(self, to: int, number: int) -> None:
        """Pin a message, without telling everybody."""
        await self.bot.pin_chat_message(to, number, disable_notification=True)


@contextmanager
def _done_already(words: str) -> Iterator[None]:
    """A refusal in these words says that there is nothing left to do."""
    try:
        yield
    except BadRequest as error:
        if words not in error.message.lower():
            raise
