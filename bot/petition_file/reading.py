"""From the bytes of a petition file to the content of a petition, and to all that is to be said about it."""

import re
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from msgspec import Struct

from bot.model.petition import Content
from bot.petition_file.common import Circumstances
from bot.petition_file.fields import read_fields
from bot.petition_file.front_matter import FENCE
from bot.petition_file.page import read_page
from bot.petition_file.problem import Problem, Report, Severity
from bot.petition_file.source import decoded
from bot.words import petition_file as said


class Format(StrEnum):
    """How a petition file is written."""

    FRONT_MATTER = "front matter"
    PAGE = "page"


class Reading(Struct, frozen=True):
    """What a file says (None if anything in it is an error) and what is to be said about it, by line."""

    content: Content | None
    problems: tuple[Problem, ...]
    format: Format | None

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)

    @property
    def notes(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity is Severity.NOTE)


def read_petition(
    data: bytes, *, now: datetime, language: str = "en", before: Content | None = None
) -> Reading:
    """Read a petition file of either format. Never raises: whatever is wrong is in `problems`, all at once.

    `now` (aware) decides which times are past. `language` is that of a file that names none. `before` is the
    stored content that the file is to replace: it keeps its slug, and its past opening and closing times are
    no error. Contact and privacy line stay empty where the file has none; the config fills them in.
    """
    report = Report()
    text = decoded(data, report)
    format_ = None if text is None else _format(text, report)
    circumstances = Circumstances(now, language, before)
    content = None
    if text is not None and format_ is Format.FRONT_MATTER:
        content = read_fields(text, report, circumstances)
    elif text is not None and format_ is Format.PAGE:
        content = read_page(text, report, circumstances)
    return Reading(None if report.failed else content, report.told(), format_)


_FIRST_KEY = re.compile(r"(?:title|to|slug)\s*=.*")
_YAML = re.compile(r"-{3,}\s*")
_KEY = re.compile(r"\s*(?:#.*|[A-Za-z]+\s*=.*)")


def _opens(line: str, below: str) -> bool:
    """Whether front matter begins on a line: a fence, with a key or a comment below it."""
    return line.strip() == FENCE and _KEY.fullmatch(below) is not None


def _format(text: str, report: Report) -> Format | None:
    """Which format the first line that is not empty shows; None, with the error told, if neither."""
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        report.error(None, said.EMPTY)
        return None
    if lines[first].strip() == FENCE:
        return Format.FRONT_MATTER
    late = next((number for number, (line, below) in enumerate(pairwise(lines)) if _opens(line, below)), None)
    if _YAML.fullmatch(lines[first]):
        report.error(first + 1, said.YAML)
    elif late is not None:
        report.error(late + 1, said.FENCE_NOT_FIRST)
    elif _FIRST_KEY.fullmatch(lines[first]):
        report.error(first + 1, said.NO_FENCE)
    else:
        return Format.PAGE
    return None
