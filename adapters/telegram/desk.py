"""What stands in chats, as far as we know: to change no more of it than must be."""

from collections import OrderedDict

from msgspec import Struct
from telegram import CallbackQuery, Message

from adapters.telegram.methods import Markup

REMEMBERED = 1_000


class Shown(Struct, frozen=True):
    """The page with buttons that stands in a chat: its last message, those above it, what it asked.

    `picture`: its text stands below one.
    """

    last: int
    text: str = ""
    markup: Markup = None
    above: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    protected: bool = False
    picture: bool = False
    question: int | None = None

    def has(self, token: str | None) -> bool:
        """Whether it has a button with this token."""
        rows = self.markup["inline_keyboard"] if self.markup else ()
        return any(button.get("callback_data") == token for row in rows for button in row)


class Desk:
    """What stands in private chats. Forgotten at a restart, to no harm."""

    def __init__(self) -> None:
        self._shown: OrderedDict[int, Shown] = OrderedDict()

    def __getitem__(self, chat: int) -> Shown | None:
        return self._shown.get(chat)

    def __setitem__(self, chat: int, shown: Shown) -> None:
        self._shown[chat] = shown
        self._shown.move_to_end(chat)
        if len(self._shown) > REMEMBERED:
            self._shown.popitem(last=False)


def under_press(query: CallbackQuery | None) -> Shown | None:
    """The pressed message as its reader saw it; of one that Telegram has put away, only its number."""
    if query is None or query.message is None:
        return None
    if not isinstance(query.message, Message):
        return Shown(query.message.message_id)
    message = query.message
    return Shown(
        message.message_id,
        message.text or message.caption or "",
        message.reply_markup.to_dict() if message.reply_markup else None,
        protected=bool(message.has_protected_content),
        picture=bool(message.photo),
    )
