"""A list in columns, page after page. What is to stand in one line, and is too long for a column, breaks through all.

Above and below such a row the columns are even, so that they are read one after the other, then the row, then what
follows: by people, and by programs, which guess the order of what they find from where it stands.
"""

from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct

from bot.export.pdf.book import Book, Page
from bot.export.pdf.drawing import drawn
from bot.export.pdf.flow import BOTTOM, GAP, MARGIN, PAGE_ROOM, TOP, Style, begins
from bot.export.pdf.setting import Line

_COLUMNS: Final = 3
WIDE: Final = PAGE_ROOM
"""How wide a row is that breaks through the columns, in points."""
WIDTH: Final = (PAGE_ROOM - GAP * (_COLUMNS - 1)) / _COLUMNS
"""How wide a column is, in points."""
_APART: Final = 7.0
"""Points above and below a row that breaks through."""
_HALVINGS: Final = 8


class Placed(Struct, frozen=True):
    """A line, in its style, at the right side (`rtl`) or at the left. Lengths are points."""

    line: Line
    style: Style
    rtl: bool
    leading: float
    """How high it is."""
    descent: float
    """How much of that is below its letters' baseline."""


class Block(Struct, frozen=True):
    """Lines that are kept together, and how much room is left below them, in points."""

    lines: tuple[Placed, ...]
    after: float = 0.0

    @property
    def height(self) -> float:
        return sum([each.leading for each in self.lines])


class _Filling(Struct):
    """Columns of one height, while they are filled one after the other."""

    height: float
    column: int = 0
    used: float = 0.0

    def take(self, block: Block) -> tuple[int, float] | None:
        """In which column a block goes, and how far below its top; None if there is no room left."""
        height = block.height
        if self.used + height > self.height:
            self.column, self.used = self.column + 1, 0.0
        if self.column >= _COLUMNS or height > self.height:
            return None
        place = self.column, self.used
        self.used += height + block.after
        return place


class Columns:
    """Where the next block goes. Begins on a page of its own."""

    def __init__(self, book: Book, furnish: Callable[[Page], None], *, rtl: bool) -> None:
        self._book = book
        self._furnish = furnish
        self._rtl = rtl
        self._waiting: list[Block] = []
        self.page = self._begin()

    def add(self, block: Block) -> None:
        """Put a block, no higher than a page, below the others or at the top of the next column."""
        if self._filling.take(block) is None:
            self._turn()
            self._filling.take(block)
        self._waiting.append(block)

    def add_wide(self, blocks: Sequence[Block]) -> None:
        """Put blocks below all columns; what comes after them is below them."""
        if self._waiting:
            self._draw_waiting(self._even())
            self._y -= _APART
        for block in blocks:
            if self._y - block.height < BOTTOM:
                self._turn()
            self._draw(block, MARGIN, WIDE, self._y)
            self._y -= block.height + block.after
        self._y -= _APART
        self._filling = _Filling(self._y - BOTTOM)

    def finish(self) -> None:
        """Write the last page."""
        self._draw_waiting(self._filling.height)
        self._book.finish_page(self.page)

    def _begin(self) -> Page:
        self._y, self._filling = TOP, _Filling(TOP - BOTTOM)
        page = self._book.begin()
        self._furnish(page)
        return page

    def _turn(self) -> None:
        self.finish()
        self.page = self._begin()

    def _even(self) -> float:
        """About the least height at which the columns hold all that waits."""
        low, high = 0.0, self._filling.height
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            filling = _Filling(middle)
            fits = all(filling.take(block) is not None for block in self._waiting)
            low, high = (low, middle) if fits else (middle, high)
        return high

    def _draw_waiting(self, height: float) -> None:
        filling, top, lowest = _Filling(height), self._y, self._y
        for block in self._waiting:
            column, below = filling.take(block) or (_COLUMNS - 1, 0.0)  # it was taken before
            place = _COLUMNS - 1 - column if self._rtl else column
            self._draw(block, MARGIN + place * (WIDTH + GAP), WIDTH, top - below)
            lowest = min(lowest, top - below - block.height)
        self._waiting, self._y = [], lowest

    def _draw(self, block: Block, left: float, width: float, y: float) -> None:
        for each in block.lines:
            line, style = each.line, each.style
            y -= each.leading
            x = begins(line, style, left, width, rtl=each.rtl)
            self.page.draw(drawn(line, self._book.faces, x, y + each.descent, style.size, style.grey))
