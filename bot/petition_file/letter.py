"""The body of a front-matter file: the background, then the letter under `## Letter`."""

import re

from msgspec import Struct

from bot.markdown import Landmark, landmarks
from bot.petition_file.keys import trimmed
from bot.petition_file.problem import Report
from bot.words import petition_file as said

HEADINGS = frozenset({"letter", "carta"})
LEVEL = 2
_LOOKS_LIKE_IT = re.compile(r"[\s#*_:]*(?:letter|carta)[\s#*_:]*", re.IGNORECASE)


class Body(Struct, frozen=True):
    """Background and letter in Markdown, and the lines they begin on; no letter line where there is none."""

    background: str
    letter: str
    line: int
    letter_line: int | None


def split_body(markdown: str, first_line: int, report: Report) -> Body:
    """Part the body at its `## Letter` heading. Reports a letter that is missing or there twice."""
    headings = [mark for mark in landmarks(markdown) if _begins_letter(mark)]
    if not headings:
        report.error(_line_like_it(markdown, first_line), said.NO_LETTER)
        return Body(trimmed(markdown), "", first_line, None)
    for second in headings[1:2]:
        report.error(first_line + second.start, said.SECOND_LETTER)
    lines = markdown.split("\n")
    heading = headings[0]
    background, letter = lines[: heading.start], lines[heading.end :]
    return Body(
        trimmed("\n".join(background)), trimmed("\n".join(letter)), first_line, first_line + heading.start
    )


def _begins_letter(mark: Landmark) -> bool:
    return mark.level == LEVEL and mark.text.strip().casefold() in HEADINGS


def _line_like_it(markdown: str, first_line: int) -> int:
    """The line that was perhaps meant as the heading, or else the first that says something."""
    filled = [
        (number, line) for number, line in enumerate(markdown.split("\n"), start=first_line) if line.strip()
    ]
    like_it = [number for number, line in filled if _LOOKS_LIKE_IT.fullmatch(line)]
    return next(iter([*like_it, *(number for number, _ in filled)]), first_line)
