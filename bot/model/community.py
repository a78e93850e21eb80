"""Communities that follow petitions: what each wants to hear, where its board stands, and what goes out to them."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field

from bot.model.account import Account, Place


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


class Wishes(Struct, frozen=True):
    """What the moderators of a community set: what it hears, and when it wants to be left alone.

    Quiet hours run from `quiet_from` to `quiet_to` o'clock in `zone` (an IANA name), over midnight too. `moves`: a
    milestone's message becomes the board, further down, unless the board is pinned.
    """

    hears: Hears = Hears.ALL
    digest: Rhythm = Rhythm.OFF
    quiet_from: int | None = None
    quiet_to: int | None = None
    zone: str = "UTC"
    pinned: bool = False
    moves: bool = False


class Follow(Struct, frozen=True):
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
    untold: bool = False
    """Set aside, and no moderator has been told yet."""
    board: bool = False
    """Whether its board stands, as far as we know."""


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
    BOARD = "board"
    """Not news: the board itself, posted when a community begins to follow."""
    RETENTION = "retention"
    """To organisers: names will be erased soon. `Telling.text` is the instant, in ISO 8601."""
    EXPORTED = "exported"
    """To organisers: the list was exported. `Telling.text` is what `bot.pages.organisers.exported` makes."""
    HELD = "held"
    """To organisers: many signatures are being held. `total`: how many so far; `text`: `holding.written` of them,
    empty if it is a few that wait since yesterday."""


TO_ORGANISERS = frozenset({Kind.RETENTION, Kind.EXPORTED, Kind.HELD})
"""What is told to the organisers alone, each in a private chat."""


class Voice(StrEnum):
    """Who speaks in an announcement. Every one of them says so."""

    BOT = "bot"
    MODERATORS = "moderators"
    ORGANISERS = "organisers"


class Telling(Struct, frozen=True):
    """What shall be announced. `total` is the count that it tells of; `text` is what a person wrote.

    `follow`: to this community alone; else to all that follow the petition and hear this kind. `key`: of one
    petition, one kind and one key there is one announcement, however often it is asked for.
    """

    petition_id: int
    kind: Kind
    voice: Voice = Voice.BOT
    total: int = 0
    threshold: int | None = None
    gained: int | None = None
    """For a digest: by how much the total rose since the last."""
    text: str = ""
    follow: int | None = None
    key: str | None = None

    @property
    def crossing(self) -> bool:
        """Whether it tells, by itself, that a milestone was crossed."""
        by_itself = self.voice is Voice.BOT and self.follow is None
        return by_itself and self.kind in {Kind.MILESTONE, Kind.GOAL}


class Announcement(Struct, frozen=True):
    """Something to tell, since `at`. Once it is confirmed `id` finds it, before that `token` alone does."""

    id: int
    token: str
    at: datetime
    telling: Telling
    confirmed: bool = True


class DeliveryState(StrEnum):
    """How far one announcement to one place is."""

    DUE = "due"
    IN_FLIGHT = "in_flight"
    """The request may have left; whether it stands there is not known yet."""
    SENT = "sent"
    UNKNOWN = "unknown"
    """It may have been posted, and can't be settled; it is not sent again."""
    FAILED = "failed"
    HELD_BACK = "held_back"
    SKIPPED = "skipped"
    """The community no longer hears this kind, or left."""


class Job(Struct, frozen=True):
    """One delivery that this process is to make: to a community (`follow`), or to a person who asked for it.

    `tries`: attempts before this one. `suspect`: since when it may stand there already (a request left, and its
    end is not known). `token` marks the message against a second one.
    What is no longer to be posted (the community has left, or was set aside) is a job only where a board may stand
    there already, that nobody else would find.
    """

    id: int
    token: str
    announcement: Announcement
    due: datetime
    born: datetime
    follow: Follow | None = None
    account: Account | None = None
    locale: str = "en"
    tries: int = 0
    suspect: datetime | None = None

    @property
    def becomes_board(self) -> bool:
        """Whether its message is the community's board from then on."""
        telling, its = self.announcement.telling, self.follow
        if its is None or not telling.crossing:
            return telling.kind is Kind.BOARD
        return its.board and its.wishes.moves and not its.wishes.pinned

    @property
    def unwanted(self) -> bool:
        """Whether it is not to be posted any more."""
        return self.follow is not None and self.follow.standing is not Standing.ACTIVE


class Settled(Struct, frozen=True):
    """What became of a job. `again`: when to look at it next, for one that is due or still in flight."""

    job: Job
    state: DeliveryState
    again: datetime | None = None
    reason: str = ""
    reference: str | None = None
    """Of the message that stands there; `face` is what it shows, if it is the community's board now."""
    face: str = ""


class Fanout(Struct, frozen=True):
    """How far an announcement has got, by the states of its deliveries, and why those that failed did."""

    counts: Mapping[DeliveryState, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)
    spread: bool = False
    """Whether every delivery has been made out."""

    @property
    def waiting(self) -> int:
        """Deliveries still to be made."""
        return self.counts.get(DeliveryState.DUE, 0) + self.counts.get(DeliveryState.IN_FLIGHT, 0)


class Undelivered(Struct, frozen=True):
    """One delivery that failed or can't be settled. `name` is the community's; empty for a person."""

    platform: str
    name: str
    state: DeliveryState
    reason: str


class Board(Struct, frozen=True):
    """A board that stands: its message, since when, and how often in a row the platform asked us to slow down.

    `leaving`: its last edit says goodbye, or that another message is the board now.
    """

    id: int
    follow: Follow
    reference: str
    since: datetime
    strikes: int = 0
    leaving: bool = False


class Displayed(Struct, frozen=True):
    """A board after an edit: the face that it shows now, and when it may be edited next.

    `face` is None if nothing was changed. `gone`: it is a board no more; it has said goodbye, or was `deleted`.
    """

    board: int
    again: datetime
    face: str | None = None
    strikes: int = 0
    gone: bool = False
    deleted: bool = False
