"""Messages and how they are said in a reader's language: gettext catalogues, read by Babel.

A message is a constant (`N_`, or `P_` where a count decides the form) with named `{placeholders}`; every module
of `bot.words` holds those of one part of the product. Translations are `locale/LANGUAGE/messages.po` beside it.
"""

import gettext
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache, cached_property, lru_cache
from pathlib import Path
from string import Formatter

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from msgspec import Struct

from bot.document import Inline, Moment, Paragraph, Span

SOURCE_LANGUAGE = "en"
LOCALES = Path(__file__).parent / "locale"


class Message(Struct, frozen=True):
    """A sentence in the source language, with named placeholders."""

    text: str


class Plural(Struct, frozen=True):
    """A sentence whose form depends on the placeholder `count`."""

    one: str
    many: str


Value = str | int | date | datetime


def N_(text: str) -> Message:  # noqa: N802 - gettext's own name for "to be translated"
    """A message to be translated."""
    return Message(text)


def P_(one: str, many: str) -> Plural:  # noqa: N802 - as N_
    """A message to be translated, with its plural."""
    return Plural(one, many)


@cache
def languages() -> tuple[str, ...]:
    """The languages that the product speaks, the source language first."""
    return (SOURCE_LANGUAGE, *sorted(path.parent.name for path in LOCALES.glob("*/messages.po")))


class Words(Struct, frozen=True, dict=True):
    """Says messages in one reader's language, with numbers and dates in that reader's form.

    Who reads a language that nothing is translated into gets the source language, its numbers and dates too.
    """

    locale: str = SOURCE_LANGUAGE

    def __call__(self, message: Message | Plural, **values: Value) -> str:
        """`message` in this language, its placeholders filled in. Values are plain text, never parsed."""
        if not values and isinstance(message, Message):
            return _said(message.text, self.language)
        return self._template(message, values.get("count")).format_map(
            {name: self.value(value) for name, value in values.items()}
        )

    def inlines(self, message: Message | Plural, **values: Value | Inline) -> tuple[Inline, ...]:
        """The same as inlines, where a value may be styled, or an instant that the platform renders."""
        return tuple(self._inlines(self._template(message, values.get("count")), values))

    def paragraph(self, message: Message | Plural, **values: Value | Inline) -> Paragraph:
        """The same as a paragraph."""
        return Paragraph(self.inlines(message, **values))

    def aside(self, message: Message | Plural, **values: Value | Inline) -> Paragraph:
        """The same as a quiet paragraph."""
        return Paragraph(self.inlines(message, **values), quiet=True)

    def value(self, value: Value) -> str:
        """A value as this reader writes it; an instant in UTC, and saying so."""
        if isinstance(value, str):
            return value
        if isinstance(value, datetime):
            return f"{format_date(value, 'long', locale=self.babel)}, {value:%H:%M} UTC"
        if isinstance(value, date):
            return format_date(value, "long", locale=self.babel)
        return _decimal(value, self.babel)

    def percent(self, percent: int) -> str:
        """A share of a hundred as this reader writes it."""
        return format_percent(percent / 100, locale=self.babel)

    @cached_property
    def babel(self) -> Locale:
        """The reader's locale, or the nearest one that is known; the source language's where that is spoken."""
        return _spoken(self.locale)

    @property
    def language(self) -> str:
        """The language in which the words are said: the reader's, or else the source language."""
        return _language(self.locale)

    def _template(self, message: Message | Plural, count: object) -> str:
        translations = _translations(self.language)
        if isinstance(message, Plural):
            return translations.ngettext(message.one, message.many, count if isinstance(count, int) else 2)
        return translations.gettext(message.text)

    def _inlines(self, template: str, values: dict[str, Value | Inline]) -> Iterator[Inline]:
        for literal, name in _parts(template):
            if literal:
                yield Span(literal)
            if name is not None:
                yield self._inline(values[name])

    def _inline(self, value: Value | Inline) -> Inline:
        if isinstance(value, Span | Moment):
            return value
        return Moment(value) if isinstance(value, datetime) else Span(self.value(value))


# What is kept below is asked for again and again, by every event.


@lru_cache(maxsize=4096)
def _said(text: str, language: str) -> str:
    """A message without placeholders."""
    return _translations(language).gettext(text).format()


_SHORT = 1000
"""Numbers below are written the same in every language, and a language's own ways take long to load."""


@lru_cache(maxsize=4096)
def _decimal(value: int, locale: Locale) -> str:
    if 0 <= value < _SHORT:
        return str(value)
    return format_decimal(value, locale=locale)


@lru_cache(maxsize=4096)
def _parts(template: str) -> tuple[tuple[str, str | None], ...]:
    """What stands between the placeholders, and their names."""
    return tuple((literal, name) for literal, name, _, _ in Formatter().parse(template))


@lru_cache(maxsize=256)
def _language(locale: str) -> str:
    language: str = _babel(locale).language
    return language if language in languages() else SOURCE_LANGUAGE


@lru_cache(maxsize=256)
def _spoken(locale: str) -> Locale:
    found = _babel(locale)
    return found if found.language in languages() else Locale.parse(SOURCE_LANGUAGE)


@lru_cache(maxsize=256)
def _babel(locale: str) -> Locale:
    for candidate in (locale, locale.replace("_", "-").partition("-")[0], SOURCE_LANGUAGE):
        try:
            return Locale.parse(candidate.replace("_", "-"), sep="-")
        except (ValueError, UnknownLocaleError):
            continue
    raise AssertionError("the source language is always known")  # pragma: no cover


@lru_cache(maxsize=32)
def _translations(language: str) -> gettext.NullTranslations:
    """The catalogue of one language, read from its .po file: no built file can be out of date."""
    if language == SOURCE_LANGUAGE:
        return gettext.NullTranslations()
    with (LOCALES / language / "messages.po").open("rb") as file:
        meant = [
            line for line in file if not line.startswith(b"#.")
        ]  # notes take longer to read than messages
    return _Catalogue(read_po(meant, locale=language))


class _Catalogue(gettext.NullTranslations):
    """What .po files hold, without the way by .mo, which sorts it first and takes as long as reading."""

    def __init__(self, catalogue: Catalog) -> None:
        super().__init__()
        self._plural = gettext.c2py(catalogue.plural_expr)
        self._strings = {_first(one.id): one.string for one in catalogue if one.id and not one.fuzzy}

    def gettext(self, message: str) -> str:
        said = self._strings.get(message)
        return said if isinstance(said, str) and said else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        forms = self._strings.get(msgid1)
        said = forms[self._plural(n)] if isinstance(forms, tuple) else ""
        return said or super().ngettext(msgid1, msgid2, n)


def _first(id_: str | Sequence[str]) -> str:
    return id_ if isinstance(id_, str) else id_[0]
