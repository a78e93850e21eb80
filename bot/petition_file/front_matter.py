"""The front matter of a petition file: where it begins and ends, its TOML, and on which line each key stands."""

import re
import tomllib
from collections.abc import Mapping

from msgspec import Struct

from bot.petition_file.problem import Report
from bot.words import petition_file as said

FENCE = "+++"
SHOWN = 60
"""So much of a line that can't be read is shown."""

Path = tuple[str, ...]


class FrontMatter(Struct, frozen=True):
    """What stands below the fence on line `opening` (None where it can't be read), and the body with its line."""

    opening: int
    values: Mapping[str, object] | None
    lines: Mapping[Path, int]
    body: str
    body_line: int

    def line(self, path: Path) -> int:
        """The line of a key, or else of the nearest table around it, or of something within it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        within = [line for key, line in self.lines.items() if key[: len(path)] == path]
        return min(within, default=self.opening)


def split(text: str, report: Report) -> FrontMatter | None:
    """Part a file that begins with a fence. None, with the error told, if the fence never closes."""
    lines = text.split("\n")
    fences = [number for number, line in enumerate(lines) if line.strip() == FENCE]
    opening = fences[0]
    if len(fences) == 1:
        report.error(opening + 1, said.NOT_CLOSED)
        return None
    closing = fences[1]
    for number in fences[2:3]:
        report.error(number + 1, said.SECOND_FRONT_MATTER)
    toml = "\n".join(lines[opening + 1 : closing])
    values = _parsed(toml, opening + 2, report)
    found = _key_lines(toml, opening + 2) if values is not None else {}
    return FrontMatter(opening + 1, values, found, "\n".join(lines[closing + 1 :]), closing + 2)


_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_TWICE = re.compile(r"overwrite|twice|duplicate|mutate", re.IGNORECASE)


# A key of very many dotted parts, for which tomllib takes the square of their number in time.
_PART = r"""(?:(?<![A-Za-z0-9_-])[A-Za-z0-9_-]+|"(?:\\.|[^"\\\n]){0,200}"|'[^'\n]{0,200}')"""
_ENDLESS_KEY = re.compile(rf"(?:{_PART}[ \t]*\.[ \t]*){{50}}")


def _parsed(toml: str, first_line: int, report: Report) -> Mapping[str, object] | None:
    endless = _ENDLESS_KEY.search(toml)
    if endless:
        line = first_line + toml.count("\n", 0, endless.start())
        report.error(line, said.NOT_TOML, text=shown(endless[0]))
        return None
    try:
        return tomllib.loads(toml)
    except (ValueError, RecursionError) as error:  # also a number of thousands of digits; a nest of brackets
        lines = toml.split("\n")
        found = _AT_LINE.search(str(error))
        number = min(int(found[1]), len(lines)) if found else len(lines)
        message = said.KEY_TWICE if _TWICE.search(str(error)) else said.NOT_TOML
        report.error(first_line + number - 1, message, text=shown(lines[number - 1]))
        return None


def shown(text: str) -> str:
    """A line's text, short enough to stand in a message."""
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


_KEY = r"""(?:[A-Za-z0-9_-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*')"""
_PATH = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_STATEMENT = re.compile(rf"[ \t]*(?:\[\[?[ \t]*(?P<table>{_PATH})[ \t]*\]|(?P<key>{_PATH})[ \t]*=)")
_PARTS = re.compile(_KEY)
_PIECE = re.compile(
    r"""
    \"{3} (?: \\. | [^\\] )*? \"{3,5} | '{3} .*? '{3,5}  # strings of several lines
    | \" (?: \\. | [^"\\\n] )* \" | ' [^'\n]* '        # strings
    | \# [^\n]*                                         # comments
    | [\[{] | [\]}] | \n | [^"'\#\[\]{}\n]+
    """,
    re.DOTALL | re.VERBOSE,
)


def _key_lines(toml: str, first_line: int) -> dict[Path, int]:
    """On which line each key and table of valid TOML stands (tomllib does not tell)."""
    found: dict[Path, int] = {}
    table: Path = ()
    place = 0
    line = first_line
    while place < len(toml):
        statement = _STATEMENT.match(toml, place)
        if statement is not None:
            path = tuple(part.strip("\"'") for part in _PARTS.findall(statement["table"] or statement["key"]))
            table, path = (path, path) if statement["table"] else (table, table + path)
            found.setdefault(path, line)
        end = _statement_end(toml, place)
        line += toml.count("\n", place, end)
        place = end
    return found


def _statement_end(toml: str, place: int) -> int:
    """Just past the line end that ends the statement at `place`: not one in a string or a list."""
    depth = 0
    while place < len(toml):
        piece = _PIECE.match(toml, place)
        if piece is None:  # pragma: no cover - valid TOML is made of these pieces
            return place + 1
        place = piece.end()
        if piece[0] == "\n" and depth == 0:
            return place
        depth += (piece[0] in "[{") - (piece[0] in "]}")
    return place
