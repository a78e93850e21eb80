"""What the organisers' side needs of the storage: the list of signatures, and the audit log."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from bot.model.roster import Reading

T = TypeVar("T")


class Roster(Protocol):
    """The list of signatures, to be handed on. The one port through which names are read in bulk."""

    async def read(self, petition_id: int, work: Callable[[Reading], T]) -> T:
        """Run `work` in a thread of its own, on one snapshot; it holds nobody up, however long it takes.

        If this call is cancelled, `work` is ended by an exception from the entries that it is reading. Raises
        LookupError if there is no such petition.
        """


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the audit log: by which role (and random actor id, where there is one), what, and when."""

    at: datetime
    role: str
    actor: str | None
    what: str
    petition: str | None
    detail: str


class Audit(Protocol):
    """The audit log. It is only ever appended to, and nothing in it names a person."""

    async def record(self, what: str, petition_id: int | None, detail: str = "") -> None:
        """Note what the operator at the command line did. `detail` is in words of the program alone."""

    async def acts(self, *, petition_id: int | None = None, limit: int | None = None) -> Sequence[Act]:
        """What was done, the oldest first; of many, the newest `limit`."""
