"""What is shown, as data: a small tree of blocks that each platform renders in its own markup.

Terminal, Discord, Telegram, PDF and web are renderers of this one tree. Text in it is plain: a renderer
escapes it, once, and nothing in it is markup.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from msgspec import Struct


class Span(Struct, frozen=True):
    """A run of plain text in one style. A line feed in it is a line break."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    strike: bool = False
    href: str | None = None


class Moment(Struct, frozen=True):
    """An instant (aware, UTC). A platform that can lets each reader see it in their own time zone."""

    at: datetime
    style: Literal["date", "time", "datetime", "relative"] = "datetime"


Inline = Span | Moment


class Heading(Struct, frozen=True):
    """A heading; level 1 is the title of the page."""

    inlines: tuple[Inline, ...]
    level: int = 1


class Paragraph(Struct, frozen=True):
    """A paragraph. A `quiet` one is a side remark that a platform may show smaller or dimmer."""

    inlines: tuple[Inline, ...]
    quiet: bool = False


class Quote(Struct, frozen=True):
    """Blocks that somebody else says: a letter, a comment."""

    blocks: tuple["Block", ...]


class Listing(Struct, frozen=True):
    """A list of items, each a few blocks. `start` numbers it from there; None makes it a bullet list."""

    items: tuple[tuple["Block", ...], ...]
    start: int | None = None


class Code(Struct, frozen=True):
    """Preformatted text, shown as it is."""

    text: str


class Rule(Struct, frozen=True):
    """A line across the page."""


class Progress(Struct, frozen=True):
    """A bar: `done` of `goal` (done may pass it). It is rounded down, so that what looks full is the goal."""

    done: int
    goal: int

    @property
    def percent(self) -> int:
        return self.done * 100 // max(1, self.goal)

    def full(self, cells: int) -> int:
        """How many of a bar's cells are full."""
        return min(cells, max(0, self.done * cells // max(1, self.goal)))


class Fact(Struct, frozen=True):
    """One labelled value of a receipt or a summary, shown as `label: value` on a line (`colon`)."""

    label: str
    value: tuple[Inline, ...]


class Facts(Struct, frozen=True):
    """A table of labelled values."""

    facts: tuple[Fact, ...]


Block = Heading | Paragraph | Quote | Listing | Code | Rule | Progress | Facts
Document = tuple[Block, ...]


def text(value: str, *, bold: bool = False, italic: bool = False, code: bool = False) -> tuple[Span, ...]:
    """`value` as the inlines of a block."""
    return (Span(value, bold=bold, italic=italic, code=code),)


def heading(value: str, level: int = 1) -> Heading:
    """A heading of plain text."""
    return Heading(text(value), level)


def paragraph(*parts: str | Inline, quiet: bool = False) -> Paragraph:
    """A paragraph of plain strings and inlines."""
    return Paragraph(tuple(Span(part) if isinstance(part, str) else part for part in parts), quiet)


def facts(rows: Iterable[tuple[str, str | Inline]]) -> Facts:
    """A table from (label, value) pairs."""
    return Facts(
        tuple(Fact(label, (Span(value) if isinstance(value, str) else value,)) for label, value in rows)
    )


def colon(label: str) -> str:
    """What stands between a label and its value: a colon; a question has a mark of its own."""
    return "" if label.endswith("?") else ":"


def plain(blocks: Iterable[Block]) -> str:
    """The text of `blocks` without any markup, paragraphs parted by an empty line; instants in ISO 8601."""
    return "\n\n".join(part for part in (_plain(block) for block in blocks) if part)


def _plain(block: Block) -> str:
    match block:
        case Heading(inlines) | Paragraph(inlines):
            return _inlines(inlines)
        case Quote(blocks):
            return plain(blocks)
        case Listing(items, start):
            marks = (f"{start + i}. " if start is not None else "- " for i in range(len(items)))
            return "\n".join(mark + plain(item) for mark, item in zip(marks, items, strict=False))
        case Code(code):
            return code
        case Progress(done, goal):
            return f"{done}/{goal}"
        case Facts(rows):
            return "\n".join(f"{row.label}{colon(row.label)} {_inlines(row.value)}" for row in rows)
        case Rule():
            return ""


def _inlines(inlines: tuple[Inline, ...]) -> str:
    return "".join(part.text if isinstance(part, Span) else part.at.isoformat() for part in inlines)
