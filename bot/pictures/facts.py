"""What a picture shows, and what a finished one is."""

from datetime import date, datetime

from msgspec import Struct

from bot.errors import UndersignedError
from bot.words.catalog import SOURCE_LANGUAGE


class PictureError(UndersignedError):
    """A picture can't be made. Whatever it goes with is posted without it."""


class Picture(Struct, frozen=True):
    """A PNG, and its facts as a sentence for those who can't see it, both in the reader's language."""

    png: bytes
    alt: str


class CardFacts(Struct, frozen=True):
    """How many have signed. `title` and `to` are in `language`, all else is said for `locale`."""

    title: str
    to: str
    total: int
    as_of: datetime
    goal: int | None = None
    language: str = SOURCE_LANGUAGE
    locale: str = SOURCE_LANGUAGE


class ChartFacts(Struct, frozen=True):
    """How the total grew: the number of counted signatures at the end of each day, the days rising.

    Days on which nothing changed may be left out.
    """

    title: str
    points: tuple[tuple[date, int], ...]
    language: str = SOURCE_LANGUAGE
    locale: str = SOURCE_LANGUAGE
