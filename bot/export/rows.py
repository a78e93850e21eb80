"""The columns of a list, and its entries as rows of them."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import islice
from operator import attrgetter
from typing import Any

from bot.export.request import Audience
from bot.model.roster import Entry

Row = tuple[Any, ...]
"""Values in the order of the columns: str, int, date, aware datetime, or None."""


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"  # what a person wrote
    WORD = "word"  # what the program did
    INTEGER = "integer"
    DATE = "date"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its name. `width` is in characters, as far as a spreadsheet shows it at first."""

    name: str
    kind: Kind = Kind.TEXT
    width: int = 12


_NAME = Column("name", width=32)
_COMMENT = Column("comment", width=60)
ALL = (
    Column("number", Kind.INTEGER, 9),
    Column("status", Kind.WORD),
    _NAME,
    _COMMENT,
    Column("answer", width=20),
    Column("reach", Kind.WORD),
    Column("signed_at", Kind.TIME, 20),
    Column("day", Kind.DATE, 12),
    Column("language", width=10),
    Column("platform", Kind.WORD),
    Column("community", Kind.INTEGER, 11),
    Column("community_name", width=28),
    Column("text_version", Kind.WORD, 66),
)
NAMES = (_NAME, _COMMENT)


def columns(audience: Audience) -> tuple[Column, ...]:
    """What these readers are given of each signature."""
    return ALL if audience is Audience.ORGANISERS else NAMES


def row_maker(audience: Audience, communities: Mapping[int, str]) -> Callable[[Entry], Row]:
    """How an entry becomes a row of `columns(audience)`."""
    if audience is not Audience.ORGANISERS:
        return lambda entry: (entry.name, entry.comment)

    def everything(entry: Entry) -> Row:
        number, status, reach, name, comment, answer, at, day, language, platform, community, version = entry
        place = None if community is None else communities.get(community)
        return (
            number, status, name, comment, answer, reach, at, day, language, platform, community, place,
            version,
        )  # fmt: skip

    return everything


@dataclass(slots=True)
class Tally:
    """What a list turned out to hold, counted while it was written."""

    rows: int = 0
    versions: Counter[str] = field(default_factory=Counter)
    first: date | None = None
    last: date | None = None

    def add(self, entries: Sequence[Entry]) -> None:
        """Count some."""
        if not entries:
            return
        self.rows += len(entries)
        self.versions.update(map(attrgetter("text_version"), entries))
        days = list(map(attrgetter("day"), entries))
        self._span(min(days), max(days))

    def merge(self, other: "Tally") -> None:
        """Count what another one has counted."""
        self.rows += other.rows
        self.versions.update(other.versions)
        if other.first is not None and other.last is not None:
            self._span(other.first, other.last)

    def counting(self, entries: Iterator[Entry], progress: Callable[[int], None]) -> Iterator[Entry]:
        """The entries, counted as they pass; `progress` is told how many."""
        while some := list(islice(entries, _OFTEN)):
            self.add(some)
            yield from some
            progress(self.rows)

    def _span(self, first: date, last: date) -> None:
        self.first = first if self.first is None else min(self.first, first)
        self.last = last if self.last is None else max(self.last, last)


_OFTEN = 500


def iso(at: datetime) -> str:
    """An instant (aware, UTC) in ISO 8601, as exact as it is known: 2026-03-08T12:00:00Z."""
    return at.isoformat()[:-6] + "Z"  # for +00:00
