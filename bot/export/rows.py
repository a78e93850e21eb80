"""The columns of a list, and what a page of signatures has in each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct, field

from bot.export.request import Audience
from bot.model.roster import Page

Cells = Sequence[Sequence[Any]]
"""The values of a page, column by column, in the order of the columns."""


class Kind(StrEnum):
    """What a column holds. Where nothing is known, it is None."""

    TEXT = "text"  # a str that a person wrote, or a community's name
    WORD = "word"  # a str of ours, always there
    INTEGER = "integer"
    DATE = "date"  # a str, by ISO 8601
    TIME = "time"  # an int: microseconds since 1970, UTC


class Column(Struct, frozen=True):
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


def cells(audience: Audience, page: Page, communities: Mapping[int, str]) -> Cells:
    """What a page has in the columns for these readers."""
    if audience is not Audience.ORGANISERS:
        return page.name, page.comment
    places = [None if place is None else communities.get(place) for place in page.community]
    comments = page.comment if None not in page.name else _known(page)
    return (
        page.number, page.status, page.name, comments, page.answer, page.reach, page.at, page.day,
        page.language, page.platform, page.community, places, page.text_version,
    )  # fmt: skip


def _known(page: Page) -> Sequence[str | None]:
    """The comments; of somebody whose name was erased it is not known whether there was one."""
    return [None if name is None else said for name, said in zip(page.name, page.comment, strict=True)]


class Tally(Struct):
    """What a list turned out to hold, counted while it was written."""

    rows: int = 0
    erased: int = 0
    """Signatures for these readers whose names are gone: they are in the count, and not in the list."""
    versions: Counter[str] = field(default_factory=Counter)
    first: date | None = None
    last: date | None = None

    def add(self, page: Page) -> None:
        """Count these."""
        if not page.rows:
            return
        self.rows += page.rows
        self.versions.update(page.text_version)
        first, last = date.fromisoformat(min(page.day)), date.fromisoformat(max(page.day))
        self.first = min(self.first or first, first)
        self.last = max(self.last or last, last)


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS: Final = tuple(f"{second:02}" for second in range(60))


def iso(at: datetime) -> str:
    """An instant (aware, UTC) in ISO 8601, as exact as it is known: 2026-03-08T12:00:00Z."""
    return at.isoformat().replace("+00:00", "Z")


def stamp(micros: int) -> str:
    """The same of microseconds since 1970; quickly, since those who sign one after the other share a minute."""
    seconds = micros // 1_000_000
    whole, fraction = _minute(seconds // 60) + _SECONDS[seconds % 60], micros % 1_000_000
    return f"{whole}.{fraction:06}Z" if fraction else whole + "Z"


@lru_cache(maxsize=1000)
def _minute(minutes: int) -> str:
    """As an instant in this minute begins: `2026-03-08T12:00:`."""
    return (_EPOCH + timedelta(minutes=minutes)).isoformat()[: len("2026-03-08T12:00:")]
