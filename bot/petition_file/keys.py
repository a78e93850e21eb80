"""Reading one table of the front matter, key by key: the right type, the right size, or a clear line."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime
from difflib import get_close_matches
from types import MappingProxyType

from msgspec import Struct

from bot.model.petition import normalised
from bot.petition_file import limits
from bot.petition_file.front_matter import FrontMatter, Path, shown
from bot.petition_file.problem import Report
from bot.petition_file.source import HOSTILE, code_point
from bot.words import petition_file as said
from bot.words.catalog import Message, Value

EXAMPLES = MappingProxyType(
    {
        "title": 'title = "Keep our library open"',
        "to": 'to = "Mayor Example"',
        "slug": 'slug = "keep-our-library"',
        "sponsors": 'sponsors = ["Friends of the Library", "Readers United"]',
        "goal": "goal = 1000",
        "milestones": "milestones = [100, 500, 1000]",
        "opens": "opens = 2027-03-01T08:00:00Z",
        "closes": "closes = 2027-05-31T22:00:00Z",
        "contact": 'contact = "organisers@example.org"',
        "privacy": 'privacy = "We keep your name until 30 days after delivery."',
        "reach": 'reach = ["addressee", "organisers", "everyone"]',
        "ask": 'ask = { question = "Where do you live?", options = ["North", "South"] }',
        "question": 'ask = { question = "Where do you live?", options = ["North", "South"] }',
        "options": 'ask = { question = "Where do you live?", options = ["North", "South"] }',
        "totals": 'totals = "live"',
        "hold": "hold = { account_age_days = 7, lookalike_names = true }",
        "account_age_days": "account_age_days = 7",
        "membership_age_days": "membership_age_days = 2",
        "lookalike_names": "lookalike_names = true",
        "listed_names": "listed_names = true",
        "names": 'names = ["Mickey Mouse"]',
        "community_per_minute": "community_per_minute = 30",
        "language": 'language = "en"',
        "translations": "[translations.es]",
        "background": "background = '''…'''",
        "letter": "letter = '''…'''",
    }
)
"""How each key is written, as the reports show it."""

_OTHER_NAMES = MappingProxyType(
    {
        "addressee": "to",
        "recipient": "to",
        "target": "to",
        "name": "title",
        "sponsor": "sponsors",
        "start": "opens",
        "end": "closes",
        "deadline": "closes",
        "email": "contact",
        "lang": "language",
        "body": "letter",
        "text": "letter",
        "question": "ask",
    }
)


class Table(Struct, frozen=True):
    """A table of the front matter and where to report. A wrong value reads as an absent one, and is told."""

    matter: FrontMatter
    path: Path
    values: dict[str, object]
    report: Report

    def line(self, key: str) -> int:
        return self.matter.line((*self.path, key))

    def refuse(self, key: str, message: Message, **values: Value) -> None:
        self.report.error(self.line(key), message, key=".".join((*self.path, key)), **values)

    def check_keys(self, known: Sequence[str], elsewhere: Collection[str] = ()) -> None:
        """Report each key that means nothing, and what may have been meant. `elsewhere`: told otherwise."""
        for key in self.values:
            if key in known or key in elsewhere:
                continue
            names = {"key": shown(".".join((*self.path, key)))}
            meant = _meant(key, known)
            if meant is None:
                self.report.error(self.line(key), said.UNKNOWN_KEY, **names, known=", ".join(known))
            else:
                self.report.error(self.line(key), said.UNKNOWN_KEY_MEANT, **names, meant=meant)

    def is_blank(self, key: str) -> bool:
        value = self.values.get(key, "")
        return isinstance(value, str) and not value.strip()

    def required_line(self, key: str, most: int) -> str:
        """A text of one line that says something."""
        value = self.line_of_text(key, most)
        if key not in self.values:
            self.refuse(key, said.MISSING_KEY, example=EXAMPLES[key])
        elif isinstance(self.values[key], str) and not any(character.isalnum() for character in value):
            self.refuse(key, said.EMPTY_KEY)
        return value

    def line_of_text(self, key: str, most: int) -> str:
        """A text of one line; empty where there is none."""
        return " ".join(self.text(key, most).split())

    def text(self, key: str, most: int) -> str:
        """A text of at most `most` characters, without empty lines around it; empty where there is none."""
        value = self.values.get(key, "")
        if not isinstance(value, str):
            self._refuse_type(key)
            return ""
        return self._checked(key, value, most)

    def number(self, key: str, most: int) -> int | None:
        """A whole number from 1 to `most`."""
        numbers = self._numbers(key, [self.values[key]], most) if key in self.values else ()
        return numbers[0] if numbers else None

    def numbers(self, key: str, most: int) -> tuple[int, ...]:
        return self._numbers(key, self._list(key), most)

    def flag(self, key: str) -> bool:
        """True or false; false where there is none."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self._refuse_type(key)
        return value is True

    def texts(self, key: str, most: int) -> tuple[str, ...]:
        """A list of texts of one line."""
        values = self._list(key)
        if not all(isinstance(value, str) and value.strip() for value in values):
            self._refuse_type(key)
            return ()
        return tuple(" ".join(self._checked(key, str(value), most).split()) for value in values)

    def table(self, key: str) -> "Table | None":
        """A table within this one, if it is there."""
        value = self.values.get(key)
        if value is not None and not isinstance(value, dict):
            self._refuse_type(key)
        return Table(self.matter, (*self.path, key), value, self.report) if isinstance(value, dict) else None

    def moment(self, key: str) -> datetime | None:
        """An instant in UTC. A date without a time or without an offset could be one of many: refused."""
        value = self.values.get(key)
        if isinstance(value, datetime) and value.tzinfo is not None:
            try:
                return value.astimezone(UTC)
            except OverflowError:
                self._refuse_type(key)
        elif isinstance(value, datetime):
            self.refuse(key, said.NO_OFFSET, example=f"{key} = {value.isoformat()}Z")
        elif isinstance(value, date):
            self.refuse(key, said.NO_TIME, example=f"{key} = {value.isoformat()}T12:00:00Z")
        elif isinstance(value, str) and (bare := _as_moment(value)):
            self.refuse(key, said.QUOTED_TIME, example=f"{key} = {bare}")
        elif value is not None:
            self._refuse_type(key)
        return None

    def _refuse_type(self, key: str) -> None:
        self.refuse(key, said.WRITE_IT_SO, example=EXAMPLES.get(key, "[translations.es]"))

    def _list(self, key: str) -> list[object]:
        value = self.values.get(key, [])
        if not isinstance(value, list):
            self._refuse_type(key)
            return []
        if len(value) > limits.ENTRIES:
            self.refuse(key, said.TOO_MANY, most=limits.ENTRIES)
            return []
        return value

    def _numbers(self, key: str, values: Iterable[object], most: int) -> tuple[int, ...]:
        numbers = [value for value in values if type(value) is int]
        if len(numbers) != len(list(values)):
            self._refuse_type(key)
        elif not all(1 <= number <= most for number in numbers):
            self.refuse(key, said.NOT_FROM_TO, most=most)
        else:
            return tuple(numbers)
        return ()

    def _checked(self, key: str, value: str, most: int) -> str:
        text = trimmed(normalised(value))
        hostile = HOSTILE.search(text)  # from an escape: what stood in the file itself is gone by now
        if hostile is not None:
            self.refuse(key, said.ESCAPED_CHARACTER, character=code_point(hostile[0]))
        if len(text) > most:
            self.refuse(key, said.TOO_LONG, most=most, count=len(text))
        return text


def _meant(key: str, known: Sequence[str]) -> str | None:
    name = key.casefold()
    if _OTHER_NAMES.get(name) in known:
        return _OTHER_NAMES[name]
    return next(iter(get_close_matches(name[:SHORT], known, 1)), None)


SHORT = 40
_TIME = re.compile(r"\d{4}-\d\d-\d\d[ Tt]\d\d:\d\d(?::\d\d)?(?:[Zz]|[+-]\d\d:\d\d)?")


def _as_moment(value: str) -> str:
    """A quoted time as TOML wants it."""
    found = _TIME.fullmatch(value.strip())
    try:
        moment = datetime.fromisoformat(found[0].upper()) if found else None
    except ValueError:
        return ""
    if moment is None:
        return ""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat().replace("+00:00", "Z")


_EMPTY_LINES = re.compile(r"(?:[ \t]*\n)*")


def trimmed(text: str) -> str:
    """`text` without empty lines around it; the spaces before its first word may mean something."""
    text = text.rstrip()
    leading = _EMPTY_LINES.match(text)
    return text[leading.end() :] if leading else text
