"""How signatures are looked at by organisers, and how what they decide is laid down, made and undone."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from bot.model.hidden import Hidden
from bot.model.holding import Rule
from bot.model.petition import Reach
from bot.model.signature import Change, Context, Identity, Status, Totals

EVERY: frozenset[Status] = frozenset(Status)


class By(StrEnum):
    """What signatures are grouped by for review."""

    RULE = "rule"
    DAY = "day"
    COMMUNITY = "community"


class Which(Struct, frozen=True):
    """Which signatures of a petition. Whatever is given narrows; nothing given: all that are held.

    `community`: 0 stands for those who came by none. `numbers`: ranges, both ends included. `handles` are those
    of a `Case`.
    """

    statuses: frozenset[Status] = frozenset({Status.HELD})
    rule: Rule | None = None
    day: date | None = None
    community: int | None = None
    numbers: tuple[tuple[int, int], ...] = ()
    handles: tuple[str, ...] = ()

    @classmethod
    def one(cls, handle: str) -> "Which":
        """This one alone, whatever its status."""
        return cls(statuses=EVERY, handles=(handle,))

    @classmethod
    def numbered(cls, *numbers: tuple[int, int]) -> "Which":
        """Those with these numbers, whatever their status."""
        return cls(statuses=EVERY, numbers=numbers)


class Backlog(Struct, frozen=True):
    """What waits for review: how many held signatures, and how they divide.

    One that several rules hold is counted under each. Community 0 stands for those who came by none.
    """

    held: int
    rules: Mapping[Rule, int]
    days: Mapping[date, int]
    communities: Mapping[int, int]


class Case(Hidden, frozen=True):
    """One signature as organisers see it in review.

    `handle` is safe in button tokens and carries no right. `identity` and `context` are None where they were
    scrubbed. `rules` are what held it, for as long as that is kept; `reason` is why it was struck.
    """

    handle: str
    number: int | None
    status: Status
    reach: Reach
    day: date
    platform: str
    identity: Identity | None
    context: Context | None
    rules: frozenset[Rule] = frozenset()
    reason: str = ""

    def __repr__(self) -> str:
        """Names nobody."""
        return f"Case(number {self.number}, {self.status})"


class Cases(Struct, frozen=True):
    """Some of them. `after`: ask for the next with it; None: these were the last."""

    cases: tuple[Case, ...]
    after: str | None = None


class Preview(Struct, frozen=True):
    """A change that has been laid down, and not been made: `action` is its token, to confirm it with for a day.

    It is about exactly those signatures that were found now (`count`, by their present status in `statuses`);
    `now` are the true totals, and `after` what they become.
    """

    action: str
    petition_id: int
    change: Change
    count: int
    statuses: Mapping[Status, int]
    now: Totals
    after: Totals


class Outcome(Struct, frozen=True):
    """How far an action has got, or its undoing: how many signatures it changed, and how many it passed over.

    Passed over are those that somebody changed after the preview (they were withdrawn, say), and all of them
    once the petition is delivered.
    """

    action: str
    petition_id: int
    change: Change
    changed: int
    skipped: int
    undone: bool = False
    left: int = 0
    """What is still to be done: somebody is at it, or it was cut short."""


class Action(Hidden, frozen=True):
    """What was done in review, as organisers look back on it. `actor` is their random id; None: the operator."""

    token: str
    change: Change
    at: datetime
    actor: str | None
    reason: str
    outcome: Outcome

    def __repr__(self) -> str:
        """Without the reason: people may be named there."""
        return f"Action({self.change}, {self.outcome.changed} changed)"
