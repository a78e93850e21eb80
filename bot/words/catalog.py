"""Messages and how they are said in a reader's language: gettext catalogues.

A message is a constant (`N_`, or `P_` where a count decides the form) with named `{placeholders}`; every module
of `bot.words` holds those of one part of the product. Translations are `locale/LANGUAGE/messages.po` beside it.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import cache, cached_property, lru_cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.document import Inline, Moment, Paragraph, Span
from bot.later import Later
from bot.words import po

if TYPE_CHECKING:
    from babel import Locale

    from bot.words import formats
else:
    formats = Later("bot.words.formats")

SOURCE_LANGUAGE = "en"
LOCALES = Path(__file__).parent / "locale"
_SHORT = 1000
"""Numbers below are written the same in every language, and a language's own ways take long to load."""


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
            return f"{formats.day(value, self.babel)}, {value:%H:%M} UTC"
        if isinstance(value, date):
            return formats.day(value, self.babel)
        return str(value) if 0 <= value < _SHORT else formats.number(value, self.babel)

    def percent(self, percent: int) -> str:
        """A share of a hundred as this reader writes it."""
        return formats.percent(percent, self.babel)

    @cached_property
    def babel(self) -> "Locale":
        """The reader's locale, or the nearest one that is known; the source language's where that is spoken."""
        return _spoken(self.locale)

    @property
    def language(self) -> str:
        """The language in which the words are said: the reader's, or else the source language."""
        return _language(self.locale)

    def _template(self, message: Message | Plural, count: object) -> str:
        translations = _translations(self.language)
        if isinstance(message, Plural):
            return translations.form(message, count if isinstance(count, int) else 2)
        return translations.one(message.text)

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
    return _translations(language).one(text).format()


@lru_cache(maxsize=4096)
def _parts(template: str) -> tuple[tuple[str, str | None], ...]:
    """What stands between the placeholders, and their names."""
    return tuple((literal, name) for literal, name, _, _ in Formatter().parse(template))


@lru_cache(maxsize=256)
def _language(locale: str) -> str:
    plain = locale.replace("_", "-").partition("-")[0].lower()
    language = plain if plain in languages() else formats.known(locale, SOURCE_LANGUAGE).language
    return language if language in languages() else SOURCE_LANGUAGE


@lru_cache(maxsize=256)
def _spoken(locale: str) -> "Locale":
    found = formats.known(locale, SOURCE_LANGUAGE)
    return found if found.language in languages() else formats.known(SOURCE_LANGUAGE, SOURCE_LANGUAGE)


@cache
def _translations(language: str) -> "_Translations":
    """The catalogue of one language, read from its .po file: no built file can be out of date."""
    if language == SOURCE_LANGUAGE:
        return _Translations({})
    with (LOCALES / language / "messages.po").open(encoding="utf-8") as file:
        return _Translations(po.read(file))


class _Translations:
    """What is said in one language. What is not translated stays as it is."""

    def __init__(self, said: Mapping[str, po.Forms]) -> None:
        self._said = said

    def one(self, message: str) -> str:
        """A message that has one form."""
        return self._said.get(message, ("",))[0] or message

    def form(self, message: Plural, count: int) -> str:
        """The form of a message that goes with `count`."""
        forms = self._said.get(message.one)
        said = forms[self._rule(count)] if forms else ""
        return said or (message.one if count == 1 else message.many)

    @cached_property
    def _rule(self) -> Callable[[int], int]:
        """Which form goes with a count, by the head of the catalogue."""
        return formats.rule(self._said.get("", ("",))[0])
