"""The list of signatures as it is read to be handed on: page after page, on one snapshot."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import compress
from typing import NamedTuple, Protocol

from msgspec import Struct

from bot.model.petition import Petition, Reach, Text
from bot.model.signature import Status, Totals


class Page(NamedTuple):
    """Some signatures, with all that an organiser may see, column by column: a place is one signature in each.

    An object for each of a million signatures would take longer to make than they take to decrypt. Values are plain:
    words of `Status` and `Reach`, `day` as an ISO date, `at` in whole microseconds since 1970 (UTC). `name`, `at`,
    `language`, `community` and `answer` are None where they were withdrawn or scrubbed.
    """

    number: Sequence[int | None]
    status: Sequence[str]
    reach: Sequence[str]
    name: Sequence[str | None]
    comment: Sequence[str]
    answer: Sequence[str | None]
    at: Sequence[int | None]
    day: Sequence[str]
    language: Sequence[str | None]
    platform: Sequence[str]
    community: Sequence[int | None]
    text_version: Sequence[str]

    @property
    def rows(self) -> int:
        """How many signatures these are."""
        return len(self.status)

    def named(self) -> "Page":
        """Without those whose names are gone."""
        if None not in self.name:
            return self
        kept = [name is not None for name in self.name]
        return Page._make([list(compress(column, kept)) for column in self])

    def __repr__(self) -> str:
        """Says nothing: a name must not get into logs or error reports."""
        return "Page(…)"


class Wanted(Struct, frozen=True):
    """Which signatures, and in which order: by number (those never counted last), or by name.

    By name means: by its letters without case, accents and punctuation, then as it is written; equal names
    by their comments. Nothing of the order comes from when or where somebody signed.
    """

    status: Status = Status.COUNTED
    reaches: frozenset[Reach] = frozenset(Reach)
    by_name: bool = False


class SignedText(Struct, frozen=True):
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

    def pages(self, wanted: Wanted) -> Iterator[Page]:
        """The signatures, in memory that does not grow with their number. Raises StorageError."""
