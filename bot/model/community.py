"""Communities that follow petitions: what each wants to hear, where its board stands, and what goes out to them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.account import Place


class Hears(StrEnum):
    """Which announcements a community gets."""

    ALL = "all"
    MILESTONES = "milestones"
    NONE = "none"


class Rhythm(StrEnum):
    """How often a community gets a digest."""

    OFF = "off"
    DAILY = "daily"
    WEEKLY = "weekly"


class Standing(StrEnum):
    """Whether a community is served: it waits for an organiser's word, is served, set aside, or has left."""

    WAITING = "waiting"
    ACTIVE = "active"
    ASIDE = "aside"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the moderators of a community set: what it hears, and when it wants to be left alone.

    Quiet hours run from `quiet_from` to `quiet_to` o'clock in `zone` (an IANA name), over midnight too.
    """

    hears: Hears = Hears.ALL
    digest: Rhythm = Rhythm.OFF
    quiet_from: int | None = None
    quiet_to: int | None = None
    zone: str = "UTC"
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Follow:
    """One community that follows one petition."""

    id: int
    community: int
    petition_id: int
    place: Place
    locale: str
    standing: Standing
    wishes: Wishes
    reason: str = ""
    """Why it was set aside, as a `bot.sending.Lost` value."""


class Kind(StrEnum):
    """What an announcement tells."""

    MILESTONE = "milestone"
    GOAL = "goal"
    OPENED = "opened"
    LAST_HOURS = "last_hours"
    CLOSED = "closed"
    DELIVERED = "delivered"
    TEXT = "text"
    DIGEST = "digest"
    UPDATE = "update"
    """An organiser's word to those who asked to be told."""


class Voice(StrEnum):
    """Who speaks in an announcement. Every one of them says so."""

    BOT = "bot"
    MODERATORS = "moderators"
    ORGANISERS = "organisers"


@dataclass(frozen=True, slots=True)
class Announcement:
    """Something to tell. `total` is the count that it tells of; `text` is what a person wrote."""

    id: int
    petition_id: int
    kind: Kind
    voice: Voice
    at: datetime
    total: int
    threshold: int | None = None
    text: str = ""


class DeliveryState(StrEnum):
    """How far one announcement to one place is."""

    DUE = "due"
    SENT = "sent"
    UNKNOWN = "unknown"
    """It may have been posted, and can't be settled; it is not sent again."""
    FAILED = "failed"
    HELD_BACK = "held_back"
    SKIPPED = "skipped"
    """The community no longer hears this kind, or left."""


@dataclass(frozen=True, slots=True)
class Fanout:
    """How far an announcement has got, by the states of its deliveries, and why those that failed did."""

    counts: dict[DeliveryState, int]
    reasons: dict[str, int]
