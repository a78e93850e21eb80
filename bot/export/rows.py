"""The columns of a list, and its entries as rows of them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.export.request import Audience
from bot.model.roster import Entry

Row = tuple[Any, ...]
"""Values in the order of the columns: str, int, date, aware datetime, or None."""


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
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
    Column("status"),
    _NAME,
    _COMMENT,
    Column("answer", width=20),
    Column("reach"),
    Column("signed_at", Kind.TIME, 20),
    Column("day", Kind.DATE, 12),
    Column("language", width=10),
    Column("platform"),
    Column("community", Kind.INTEGER, 11),
    Column("community_name", width=28),
    Column("text_version", width=66),
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
            number, status.value, name, comment, answer, reach.value, at, day, language, platform, community, place,
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

    def counting(self, entries: Iterable[Entry], progress: Callable[[int], None]) -> Iterator[Entry]:
        """The entries, counted as they pass; `progress` is told how many, now and then."""
        for entry in entries:
            self.rows += 1
            self.versions[entry.text_version] += 1
            if self.first is None or self.last is None:
                self.first = self.last = entry.day
            elif entry.day > self.last:
                self.last = entry.day
            elif entry.day < self.first:
                self.first = entry.day
            if self.rows % _OFTEN == 0:
                progress(self.rows)
            yield entry
        progress(self.rows)


_OFTEN = 500


def iso(at: datetime) -> str:
    """An instant (aware, UTC) in ISO 8601, as exact as it is known: 2026-03-08T12:00:00Z."""
    return at.isoformat().replace("+00:00", "Z")
