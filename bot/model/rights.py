"""What is stored about one person, and what has become of it when they asked to be forgotten."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct, field

from bot.model.hidden import Hidden
from bot.model.holding import Rule
from bot.model.signature import Signature


class Told(Struct, frozen=True):
    """A petition that the person wanted to be told about: their account's id is kept, encrypted, for that."""

    petition_id: int
    locale: str
    since: datetime


class HalfFilled(Hidden, frozen=True):
    """A form that was begun: what it is about, what was given so far, and until when it is kept."""

    token: str
    values: Mapping[str, str]
    expires: datetime


class Organising(Hidden, frozen=True):
    """What is kept of an organiser: the id that stands for them in the audit log, and their age key."""

    actor: str
    since: datetime
    locale: str
    claimed: bool
    """Whether they claimed the role; else the configuration names them."""
    key: str | None = None


class Kept(Hidden, frozen=True):
    """All that is stored about one account."""

    signatures: tuple[Signature, ...] = ()
    """Whatever their status, those that were withdrawn included; oldest first."""
    held_for: Mapping[str, frozenset[Rule]] = field(default_factory=dict)
    """Why some of them were held for review, by their forms."""
    told: tuple[Told, ...] = ()
    forms: tuple[HalfFilled, ...] = ()
    organiser: Organising | None = None
    handed: tuple[datetime, ...] = ()
    """When lists that they were handed in the chat are removed from there."""

    def __bool__(self) -> bool:
        return bool(self.signatures or self.told or self.forms or self.organiser or self.handed)


class Forgotten(Struct, frozen=True):
    """How many signatures were erased, by what had to stay of them, and whether an organiser's role ended."""

    withdrawn: int = 0
    struck: int = 0
    """Still struck: a hash of the account stays, so that it can't sign again, until the petition is anonymised."""
    delivered: int = 0
    """Still counted, without a name: they had been delivered."""
    others: int = 0
    """Notices and half-filled forms."""
    organiser: bool = False
