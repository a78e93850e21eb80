"""Text that flows down columns and on to the next page. Lengths are points."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.export.pdf.book import HEIGHT, WIDTH, Book, Page
from bot.export.pdf.drawing import Drawn, drawn
from bot.export.pdf.faces import EM
from bot.export.pdf.objects import real
from bot.export.pdf.setting import Line

MARGIN = 56.0
TOP = HEIGHT - 64
BOTTOM = 62.0
GAP = 16.0

Furnish = Callable[[Page], None]
"""Draws what stands on every page beside the text."""


@dataclass(frozen=True, slots=True)
class Style:
    """How lines look: type size, how far they are set in, and how grey they are (0 is black)."""

    size: float
    indent: float = 0.0
    grey: float = 0.0


class Flow:
    """Where the next line goes. Begins on a page of its own, or on one that was kept free for it."""

    def __init__(
        self, book: Book, furnish: Furnish, *, columns: int = 1, rtl: bool = False, page: Page | None = None
    ) -> None:
        self._book = book
        self._furnish = furnish
        self._rtl = rtl
        self._columns = columns
        self.column_width = (WIDTH - 2 * MARGIN - GAP * (columns - 1)) / columns
        self._column = 0
        self._y = TOP
        self.page = page or self._begin()

    def room(self, style: Style) -> float:
        """How wide a line may be, in thousandths of the type size."""
        return (self.column_width - style.indent) * EM / style.size

    def together(self, height: float) -> None:
        """Begin another column unless so much fits into this one, or a whole one would not hold it either."""
        if self._y - height < BOTTOM and height <= TOP - BOTTOM:
            self._next_column()

    def space(self, height: float, *, anywhere: bool = False) -> None:
        """Leave room, but not at the top of a column, unless `anywhere`."""
        if self._y < TOP or anywhere:
            self._y -= height

    def place(self, lines: Iterable[Line], style: Style, *, rtl: bool | None = None) -> None:
        """Set lines below each other, at the side where they begin (`rtl`: the right one)."""
        for line in lines:
            height = leading(line, style)
            if self._y - height < BOTTOM:
                self._next_column()
            self._y -= height
            baseline = self._y + line.descent * style.size / EM
            x = self._start(line, style, rtl=line.rtl if rtl is None else rtl)
            self.page.draw(drawn(line, self._book.faces, x, baseline, style.size, style.grey))

    def rule(self) -> None:
        """A line across the column."""
        self.space(8)
        left, y = self._left, self._y
        stroke = f"0.5 w 0.6 G {real(left)} {real(y)} m {real(left + self.column_width)} {real(y)} l S\n"
        self.page.draw(Drawn(stroke, stroke))
        self.space(8)

    def finish(self) -> None:
        """Write the last page."""
        self._book.finish_page(self.page)

    @property
    def _left(self) -> float:
        place = self._columns - 1 - self._column if self._rtl else self._column
        return MARGIN + place * (self.column_width + GAP)

    def _start(self, line: Line, style: Style, *, rtl: bool) -> float:
        if not rtl:
            return self._left + style.indent
        return self._left + self.column_width - style.indent - line.width * style.size / EM

    def _next_column(self) -> None:
        self._column += 1
        self._y = TOP
        if self._column == self._columns:
            self._column = 0
            self._book.finish_page(self.page)
            self.page = self._begin()

    def _begin(self) -> Page:
        page = self._book.begin()
        self._furnish(page)
        return page


def leading(line: Line, style: Style) -> float:
    """How high a line is."""
    return (line.ascent + line.descent) * style.size / EM
