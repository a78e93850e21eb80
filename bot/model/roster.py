"""The list of signatures as it is read to be handed on: one entry after the other, on one snapshot."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol, TypeVar

from bot.model.petition import Petition, Reach, Text
from bot.model.signature import Status, Totals

T = TypeVar("T")


class Entry(NamedTuple):
    """One signature, with all that an organiser may see. It is a tuple, for speed.

    `name`, `at`, `language`, `community` and `answer` are None where they were withdrawn or scrubbed.
    """

    number: int | None
    status: Status
    reach: Reach
    name: str | None
    comment: str
    answer: str | None
    at: datetime | None
    day: date
    language: str | None
    platform: str
    community: int | None
    text_version: str

    def __repr__(self) -> str:
        """Says nothing: a name must not get into logs or error reports."""
        return "Entry(…)"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which signatures, and in which order: by number (those never counted last), or by name.

    By name means: by its letters without case, accents and punctuation, then as it is written; equal names
    by their comments. Nothing of the order comes from when or where somebody signed.
    """

    statuses: frozenset[Status] = frozenset({Status.COUNTED})
    reaches: frozenset[Reach] = frozenset(Reach)
    by_name: bool = False


@dataclass(frozen=True, slots=True)
class SignedText:
    """A text version that was in force at some time, and how many counted signatures it has."""

    text: Text
    counted: int


class Reading(Protocol):
    """A petition and its signatures, as they stood at one instant."""

    @property
    def petition(self) -> Petition:
        """The petition as it is now."""

    @property
    def totals(self) -> Totals:
        """The totals that stand, also in hourly mode."""

    @property
    def texts(self) -> Mapping[str, SignedText]:
        """Every text of the petition there ever was, by its version, oldest first."""

    @property
    def communities(self) -> Mapping[int, str]:
        """The names of communities, by their ids."""

    def entries(self, wanted: Wanted) -> Iterator[Entry]:
        """The signatures, in memory that does not grow with their number. Raises StorageError."""

    def pages(self, wanted: Wanted, render: Callable[[list[Entry]], T]) -> Iterator[T]:
        """What `render` makes of some signatures at a time, in order: faster than `entries`.

        It may run in other processes, so that it is a function of a module or an instance of a class of one, and
        what it is made of and what it returns can be pickled. Raises StorageError, and what `render` raises.
        """
