"""What the organisers' side needs of the storage: the list of signatures, and the audit log."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from msgspec import Struct

from bot.model.account import Account
from bot.model.hidden import Hidden
from bot.model.roster import Reading

T = TypeVar("T")


class Roster(Protocol):
    """The list of signatures, to be handed on. The one port through which names are read in bulk."""

    async def read(self, petition_id: int, work: Callable[[Reading], T]) -> T:
        """Run `work` in a thread of its own, on one snapshot; it holds nobody up, however long it takes.

        If this call is cancelled, `work` is ended by an exception from the entries that it is reading. Raises
        LookupError if there is no such petition.
        """


class Act(Struct, frozen=True):
    """One line of the audit log: by which role (and random actor id, where there is one), what, and when."""

    at: datetime
    role: str
    actor: str | None
    what: str
    petition: str | None
    detail: str


class Audit(Protocol):
    """The audit log. It is only ever appended to, and nothing in it names a person."""

    async def record(
        self, what: str, petition_id: int | None, detail: str = "", *, actor: str | None = None
    ) -> None:
        """Note what an organiser (`actor`, by their random id) or the operator at the command line did.

        `detail` is in words of the program alone.
        """

    async def acts(
        self, *, petition_id: int | None = None, actor: str | None = None, limit: int | None = None
    ) -> Sequence[Act]:
        """What was done, the oldest first; of many, the newest `limit`. `actor`: by this organiser alone."""


class Organisers(Protocol):
    """The organisers: accounts that claimed the role by a code, and how those of the configuration are reached."""

    async def includes(self, account: Account) -> bool:
        """Whether this account has claimed the role."""

    async def count(self) -> int:
        """How many accounts have claimed the role."""

    async def claim(self, code: str, account: Account) -> bool:
        """Spend a one-time code for this account; False if the code is wrong, used or expired."""

    async def configured(self, accounts: Collection[Account]) -> None:
        """Note whom the configuration names, so that they can be written to; forget whom it no longer names."""

    async def actor(self, account: Account, locale: str) -> str:
        """The random id that stands for an organiser in the audit log. They are written to in this language."""

    async def key(self, account: Account) -> str | None:
        """The age key to which this organiser's exports are encrypted."""

    async def set_key(self, account: Account, key: str | None) -> None:
        """Set or remove it."""


class Removal(Hidden, frozen=True):
    """A message that is to be gone since `due`; `reference` finds it."""

    id: str
    reference: str
    due: datetime


class Removals(Protocol):
    """What stands in chats for a while only: files that were handed over, as `bot.answer.Handed` tells of them."""

    async def plan(
        self, account: Account, reference: str, within: timedelta, until: datetime | None = None
    ) -> datetime:
        """Have it removed within this time, and in any case before `until`. Returns when."""

    async def due(self, platform: str) -> Sequence[Removal]:
        """What is to be removed by now, the oldest first."""

    async def settle(self, removal_id: str) -> None:
        """It is gone, or can't be removed: forget it."""


class Retention(Protocol):
    """The end of what is kept."""

    async def anonymise(self, petition_id: int) -> int | None:
        """Scrub who signed, of every signature: identity, context, account and code. Counts and days stay.

        In parts, so that nobody waits; what was interrupted is finished by doing it again. Returns how many were
        scrubbed; None (and nothing done) if the petition is neither closed nor delivered.
        """
