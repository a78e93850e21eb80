"""What comes in: one event of a platform, translated. An adapter makes it and awaits `core.handle`."""

from collections.abc import Awaitable, Callable, Mapping

from msgspec import Struct, field

from bot.model.account import Actor, Place
from bot.model.hidden import Hidden


class Attached(Hidden, frozen=True):
    """A file that came with a message: its name, its size in bytes, and how to fetch it.

    `read` raises ConnectionError where the platform does not hand it out.
    """

    name: str
    size: int
    read: Callable[[], Awaitable[bytes]]


class Command(Struct, frozen=True):
    """A command with its arguments by name, as typed, and the file that came with it."""

    name: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    attached: Attached | None = None


class Press(Struct, frozen=True):
    """A press of the button that carries this token. Tokens can be forged: rights are checked again."""

    token: str


class Submit(Struct, frozen=True):
    """A form sent in whole: its token and the values by field key."""

    token: str
    values: Mapping[str, str]


class Typed(Struct, frozen=True):
    """Free text or a file, where the platform hands it over (a private chat, or a reply to what was asked)."""

    text: str
    attached: Attached | None = None


class Suggest(Struct, frozen=True):
    """The member is typing an argument and wants to see what it may be."""

    command: str
    argument: str
    partial: str


class Browse(Struct, frozen=True):
    """The member looks for a page to post in some other chat. Everyone gets the same."""

    partial: str


class Membership(Struct, frozen=True):
    """The bot was added to this place (`present`), or removed from it. Nothing is answered."""

    present: bool


class Moved(Struct, frozen=True):
    """This place has another id from now on (a group that became a supergroup). Nothing is answered."""

    to: Place


Event = Command | Press | Submit | Typed | Suggest | Browse | Membership | Moved


class Inbound(Hidden, frozen=True):
    """One event: its id on its platform, who caused it, where, and the language they read.

    `place_locale` is the language that the place itself has chosen, where a platform tells of one.
    """

    event_id: str
    actor: Actor
    place: Place
    locale: str
    event: Event
    place_locale: str = ""

    def __repr__(self) -> str:
        """Kind and platform only: what people type must not get into logs or error reports."""
        return f"Inbound({type(self.event).__name__}, {self.place.platform}, {self.place.kind})"
