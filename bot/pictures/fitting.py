"""How large a text can be in the room that it has."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from bot.fonts import display, paragraph
from bot.pictures.lettering import EM, Line, set_line
from bot.pictures.wrapping import Span, broken, chopped, even, segments, shortened

_MOST = 400  # characters of a text that are looked at: more than fit anywhere
# How far every line reaches from its baseline, in type sizes: at least as Latin does, so that titles look alike, and
# no further than the tallest scripts (Tibetan, Burmese), so that marks in stacks push nothing away.
_ASCENT = (0.95, 1.4)
_DESCENT = (0.25, 0.9)
_BETWEEN = 0.1
_ELLIPSIS = "…"


class Room(Struct, frozen=True):
    """What a text may take: pixels, and the type sizes to try, the largest first."""

    width: float
    height: float
    sizes: Sequence[float]

    def lines(self, leading: float) -> int:
        """How many lines there is room for; at least one."""
        return max(int(self.height / leading), 1)

    def across(self, size: float) -> float:
        """The width, in thousandths of a type size."""
        return self.width * EM / size


class Block(Struct, frozen=True):
    """Lines of one type size. Lengths are pixels."""

    lines: tuple[Line, ...]
    size: float

    @property
    def width(self) -> float:
        return max((line.width for line in self.lines), default=0) * self.size / EM

    @property
    def ascent(self) -> float:
        """From the top to the first baseline."""
        return _reach((line.ascent for line in self.lines), _ASCENT) * self.size

    @property
    def leading(self) -> float:
        """From one baseline to the next."""
        descent = _reach((line.descent for line in self.lines), _DESCENT)
        return self.ascent + (descent + _BETWEEN) * self.size

    @property
    def height(self) -> float:
        return self.leading * len(self.lines)


def fit(text: str, room: Room, language: str = "", *, bold: bool = False) -> Block:
    """`text` as large as it fits, in lines of like length; at the smallest size cut and ended by … if need be."""
    return _Setting(text, language, bold=bold).fit(room)


def _reach(ink: Iterable[float], bounds: tuple[float, float]) -> float:
    """How far lines reach, in type sizes."""
    least, most = bounds
    return min(max((least, *(reach / EM for reach in ink))), most)


class _Setting:
    """One text in one type."""

    def __init__(self, text: str, language: str, *, bold: bool) -> None:
        self._language = language
        self._bold = bold
        self._text = paragraph(display(text[:_MOST]), language)
        self._parts = list(segments(self._text.text, self._measure))

    def fit(self, room: Room) -> Block:
        widest = max((part.width for part in self._parts), default=0)
        for size in room.sizes:
            width = room.across(size)
            if widest > width:
                continue
            block = Block(tuple(self._line(span) for span in even(self._parts, width)), size)
            if len(block.lines) <= room.lines(block.leading):
                return block
        return self._cut(room, room.sizes[-1])

    def _cut(self, room: Room, size: float) -> Block:
        """What there is room for, words broken where they must be."""
        width = room.across(size)
        parts = list(chopped(self._text.text, self._parts, width, self._measure))
        spans = broken(parts, width)
        block = Block(tuple(self._line(span) for span in spans), size)
        most = room.lines(block.leading)
        if len(spans) <= most:
            return block
        return Block((*block.lines[: most - 1], self._ended(spans[most - 1], width)), size)

    def _ended(self, span: Span, width: float) -> Line:
        dots = set_line(paragraph(_ELLIPSIS), language=self._language, bold=self._bold)
        line = self._line(shortened(self._text.text, span, width - dots.width, self._measure))
        return dots + line if self._text.rtl else line + dots

    def _line(self, span: Span) -> Line:
        return set_line(self._text, *span, language=self._language, bold=self._bold)

    def _measure(self, start: int, stop: int) -> float:
        return self._line((start, stop)).width
