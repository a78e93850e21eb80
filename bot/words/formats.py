"""Numbers, dates and names as a reader's language writes them, by Babel."""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from gettext import c2py

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent


@lru_cache(maxsize=256)
def known(locale: str, otherwise: str) -> Locale:
    """This locale, or the nearest one that is known, or else that of another language."""
    for candidate in (locale, locale.replace("_", "-").partition("-")[0], otherwise):
        try:
            return Locale.parse(candidate.replace("_", "-"), sep="-")
        except (ValueError, UnknownLocaleError):
            continue
    raise AssertionError("the other language is always known")  # pragma: no cover


def day(value: date, locale: Locale) -> str:
    """A date, with the month's name."""
    return format_date(value, "long", locale=locale)


@lru_cache(maxsize=4096)
def number(value: int, locale: Locale) -> str:
    """A number, its thousands parted."""
    return format_decimal(value, locale=locale)


def percent(value: int, locale: Locale) -> str:
    """A share of a hundred."""
    return format_percent(value / 100, locale=locale)


def rule(head: str) -> Callable[[int], int]:
    """Which form of a message goes with a count, as the head of a catalogue says; as in English if it does not."""
    found = re.search(r"plural=([^;\n]+)", head)
    return c2py(found[1] if found else "n != 1")
