"""Signatures, what is asked of the intake and what comes of it."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct

from bot.model.account import Account
from bot.model.hidden import Hidden
from bot.model.holding import Rule
from bot.model.petition import Act, Reach, State


class Status(StrEnum):
    """Whether a signature is in the total, waits for review, or has been taken back or out."""

    COUNTED = "counted"
    HELD = "held"
    WITHDRAWN = "withdrawn"
    STRUCK = "struck"


class Change(StrEnum):
    """What can happen to a signature after it was given."""

    ACCEPT = "accept"
    WITHDRAW = "withdraw"
    STRIKE = "strike"
    UNSTRIKE = "unstrike"


STATUS_CHANGES: Mapping[tuple[Status, Change], Status] = MappingProxyType(
    {
        (Status.HELD, Change.ACCEPT): Status.COUNTED,
        (Status.HELD, Change.WITHDRAW): Status.WITHDRAWN,
        (Status.COUNTED, Change.WITHDRAW): Status.WITHDRAWN,
        (Status.HELD, Change.STRIKE): Status.STRUCK,
        (Status.COUNTED, Change.STRIKE): Status.STRUCK,
        (Status.STRUCK, Change.UNSTRIKE): Status.COUNTED,
    }
)
"""Every change of status that there is; `status_after` adds what a held one that was struck returns to."""


def status_after(status: Status, change: Change, *, numbered: bool) -> Status | None:
    """The status that `change` leads to, or None if it does not fit.

    A struck signature that was never counted (it has no number) goes back to being held.
    """
    after = STATUS_CHANGES.get((status, change))
    return Status.HELD if change is Change.UNSTRIKE and after and not numbered else after


class Identity(Hidden, frozen=True):
    """What names the signer. Encrypted where it is stored; shown only to those whom its reach names."""

    name: str
    comment: str = ""


class Context(Hidden, frozen=True):
    """What tells when and where somebody signed. Encrypted where it is stored."""

    at: datetime
    language: str
    community: int | None = None
    answer: str | None = None


class Signature(Hidden, frozen=True):
    """One signature as its signer may see it. `form` is its id; `code` alone can withdraw it.

    `number` is None while it has never been counted. `identity` is None where names are sealed or scrubbed.
    """

    petition_id: int
    form: str
    number: int | None
    status: Status
    reach: Reach
    text_version: str
    day: date
    platform: str
    identity: Identity | None
    context: Context | None
    code: str

    def __repr__(self) -> str:
        """Neither id nor code: whoever has the code can withdraw the signature."""
        return f"Signature(petition {self.petition_id}, number {self.number}, {self.status})"


class SignRequest(Hidden, frozen=True):
    """Everything that makes a signature. `form` is the id of the form that was shown; it is spent by signing."""

    petition_id: int
    account: Account
    form: str
    text_version: str
    identity: Identity
    reach: Reach
    language: str
    community: int | None = None
    answer: str | None = None
    hold: frozenset[Rule] = frozenset()
    """Why it shall wait for review, as far as the core can tell. The intake adds `COMMUNITY_RATE`."""
    whole: str = ""
    """The whole that the community is a part of (`Place.whole`): whose rate it counts for. Not stored."""


class Signed(Struct, frozen=True):
    """The signature stands, durably: it is counted, or held for review. A replayed form gets the first result again."""

    signature: Signature


class AlreadySigned(Struct, frozen=True):
    """This account has signed this petition before (its signature is counted, held or struck)."""

    signature: Signature


class NotOpen(Struct, frozen=True):
    """The petition takes no signatures now."""

    state: State


class TooOften(Struct, frozen=True):
    """This account has signed this petition and taken it back so often that it has to wait until `again`."""

    again: datetime


class TextChanged(Struct, frozen=True):
    """The text shown is no longer the text in force: show the new one first."""


class FormForeign(Struct, frozen=True):
    """The form id was spent by another account: a forged or mixed-up form. Show a fresh one."""


class NotTaken(Struct, frozen=True):
    """Nothing was stored: too many wait, or the storage failed for this one. Trying again is safe."""

    busy: bool


SignResult = Signed | AlreadySigned | NotOpen | TooOften | TextChanged | FormForeign | NotTaken


class Changed(Struct, frozen=True):
    """The signature after a change that took place (or had taken place before)."""

    signature: Signature


class NotPossible(Struct, frozen=True):
    """The change does not fit the signature's status or the petition's state (delivered, say)."""

    status: Status
    state: State


class NoSuchSignature(Struct, frozen=True):
    """There is no such signature, or it is not this account's."""


ChangeResult = Changed | NotPossible | NoSuchSignature


class Moved(Struct, frozen=True):
    """The petition's state after an act. `moved` is False where it stood there already."""

    state: State
    moved: bool


class ActRefused(Struct, frozen=True):
    """The act does not lead anywhere from the present state."""

    state: State
    act: Act


ActResult = Moved | ActRefused


class Totals(Struct, frozen=True):
    """The counts of one petition at the instant `at`. In hourly mode `counted` is the published count.

    `peak`: the highest that was ever shown. Milestones up to it are not announced again.
    """

    counted: int
    held: int
    withdrawn: int
    struck: int
    at: datetime
    peak: int = 0


class Dimension(StrEnum):
    """By what the counted signatures are broken down, in counters that move with them."""

    DAY = "day"
    PLATFORM = "platform"
    LANGUAGE = "language"
    COMMUNITY = "community"
    ANSWER = "answer"
    TEXT_VERSION = "text_version"
    REACH = "reach"
