"""Text that flows down a page and on to the next one. Lengths are points."""

from collections.abc import Callable, Iterable

from msgspec import Struct

from bot.export.pdf.book import HEIGHT, WIDTH, Book, Page
from bot.export.pdf.drawing import Drawn, Way, drawn
from bot.export.pdf.faces import EM
from bot.export.pdf.objects import real
from bot.export.pdf.setting import Line

MARGIN = 56.0
TOP = HEIGHT - 64
BOTTOM = 62.0
GAP = 16.0
PAGE_ROOM = WIDTH - 2 * MARGIN

Furnish = Callable[[Page], None]
"""Draws what stands on every page beside the text."""


class Style(Struct, frozen=True):
    """How lines look: type size, how far they are set in, and how grey they are (0 is black)."""

    size: float
    indent: float = 0.0
    grey: float = 0.0


class Flow:
    """Where the next line goes. Begins on a page of its own, or on one that was kept free for it."""

    def __init__(self, book: Book, furnish: Furnish, *, page: Page | None = None) -> None:
        self._book = book
        self._furnish = furnish
        self._y = TOP
        self.page = page or self._begin()

    def room(self, style: Style) -> float:
        """How wide a line may be, in thousandths of the type size."""
        return (PAGE_ROOM - style.indent) * EM / style.size

    def together(self, height: float) -> None:
        """Begin another page unless so much fits into this one."""
        if self._y - height < BOTTOM:
            self._next_page()

    def space(self, height: float, *, anywhere: bool = False) -> None:
        """Leave room, but not at the top of a page, unless `anywhere`."""
        if self._y < TOP or anywhere:
            self._y -= height

    def place(self, lines: Iterable[Line], style: Style) -> None:
        """Set lines below each other, at the side where they begin."""
        for line in lines:
            height = leading(line, style)
            if self._y - height < BOTTOM:
                self._next_page()
            self._y -= height
            baseline = self._y + line.descent * style.size / EM
            x = begins(line, style, MARGIN, PAGE_ROOM, rtl=line.rtl)
            self.page.draw(drawn(line, self._book.faces, x, baseline, style.size, style.grey))

    def rule(self) -> None:
        """A line across the page."""
        self.space(8)
        y = self._y
        stroke = f"0.5 w 0.6 G {real(MARGIN)} {real(y)} m {real(MARGIN + PAGE_ROOM)} {real(y)} l S\n"
        self.page.draw(Drawn(Way(stroke), Way(stroke)))
        self.space(8)

    def finish(self) -> None:
        """Write the last page."""
        self._book.finish_page(self.page)

    def _next_page(self) -> None:
        self._y = TOP
        self._book.finish_page(self.page)
        self.page = self._begin()

    def _begin(self) -> Page:
        page = self._book.begin()
        self._furnish(page)
        return page


def leading(line: Line, style: Style) -> float:
    """How high a line is."""
    return (line.ascent + line.descent) * style.size / EM


def begins(line: Line, style: Style, left: float, width: float, *, rtl: bool) -> float:
    """Where a line begins to be drawn in a room that begins at `left`: at that side, or, `rtl`, at the other one."""
    if not rtl:
        return left + style.indent
    return left + width - style.indent - line.width * style.size / EM
