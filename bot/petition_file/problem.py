"""What is reported about a petition file: each problem with its line and its remedy, in any language."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from bot.words import petition_file as said
from bot.words.catalog import Message, Plural, Value, Words


class Severity(StrEnum):
    """An error keeps the file from being stored; a note only says what was understood."""

    ERROR = "error"
    NOTE = "note"


class Problem(Struct, frozen=True):
    """One remark about a file, on a line (from 1), or about the file as a whole."""

    line: int | None
    severity: Severity
    message: Message | Plural
    values: Mapping[str, Value] = field(default_factory=dict)

    def said(self, words: Words) -> str:
        """One line for a reader: `line 12: …`."""
        sentence = words(self.message, **self.values)
        return sentence if self.line is None else words(said.ON_LINE, line=str(self.line), problem=sentence)


MOST = 40
"""So many problems are told; beyond them only how many more there are."""


class Report(Struct):
    """Gathers the problems of one file."""

    problems: list[Problem] = field(default_factory=list)

    def error(self, line: int | None, message: Message | Plural, **values: Value) -> None:
        self.problems.append(Problem(line, Severity.ERROR, message, values))

    def note(self, line: int | None, message: Message | Plural, **values: Value) -> None:
        self.problems.append(Problem(line, Severity.NOTE, message, values))

    @property
    def failed(self) -> bool:
        return any(problem.severity is Severity.ERROR for problem in self.problems)

    def told(self) -> tuple[Problem, ...]:
        """The problems in the order of their lines, errors first where there are too many to tell."""
        problems = self.problems
        if len(problems) > MOST:
            problems = sorted(problems, key=lambda problem: problem.severity is Severity.NOTE)[:MOST]
        ordered = sorted(problems, key=lambda problem: problem.line or 0)
        more = len(self.problems) - len(problems)
        if more:
            severity = Severity.ERROR if self.failed else Severity.NOTE
            ordered.append(Problem(None, severity, said.AND_MORE, {"count": more}))
        return tuple(ordered)
