"""What comes in: one event of a platform, translated. An adapter makes it and awaits `core.handle`."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from bot.model.account import Actor, Place


@dataclass(frozen=True, slots=True, repr=False)
class Attached:
    """A file that came with a message: its name, its size in bytes, and how to fetch it.

    `read` raises ConnectionError where the platform does not hand it out.
    """

    name: str
    size: int
    read: Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Command:
    """A command with its arguments by name, as typed, and the file that came with it."""

    name: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    attached: Attached | None = None


@dataclass(frozen=True, slots=True)
class Press:
    """A press of the button that carries this token. Tokens can be forged: rights are checked again."""

    token: str


@dataclass(frozen=True, slots=True)
class Submit:
    """A form sent in whole: its token and the values by field key."""

    token: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Typed:
    """Free text or a file, where the platform hands it over (a private chat, or a reply to what was asked)."""

    text: str
    attached: Attached | None = None


@dataclass(frozen=True, slots=True)
class Suggest:
    """The member is typing an argument and wants to see what it may be."""

    command: str
    argument: str
    partial: str


@dataclass(frozen=True, slots=True)
class Browse:
    """The member looks for a page to post in some other chat. Everyone gets the same."""

    partial: str


@dataclass(frozen=True, slots=True)
class Membership:
    """The bot was added to this place (`present`), or removed from it. Nothing is answered."""

    present: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """This place has another id from now on (a group that became a supergroup). Nothing is answered."""

    to: Place


Event = Command | Press | Submit | Typed | Suggest | Browse | Membership | Moved


@dataclass(frozen=True, slots=True, repr=False)
class Inbound:
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
