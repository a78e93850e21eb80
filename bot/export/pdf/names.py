"""The names in columns, each with its comment below it.

A name stays in one line: where its column is too narrow, it gets a row of its own over the whole width, in smaller
type if it needs it. So does one whose comment runs from right to left over several lines, or would have many in a
column. The lines of other comments are read right also where they are broken in a column.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from bot.export.pdf import order
from bot.export.pdf.columns import WIDE, WIDTH, Block, Columns, Placed
from bot.export.pdf.faces import EM
from bot.export.pdf.flow import Style
from bot.export.pdf.setting import Line, Setter

NAME: Final = Style(9)
_COMMENT: Final = Style(7.5, indent=8, grey=0.3)
_WIDE_COMMENT: Final = replace(_COMMENT, indent=0)
_CLOSE: Final = 1400
"""Poppler takes lines for one block whose baselines are less than 1.5 times the type size apart."""
_AFTER: Final = 2.5
_MANY: Final = 20
"""Lines that are moved to the next column together rather than parted."""


class Names:
    """Sets names into columns."""

    def __init__(self, columns: Columns, setter: Setter, *, rtl: bool) -> None:
        self._columns = columns
        self._setter = setter
        self._rtl = rtl

    def title(self, words: str, style: Style) -> None:
        """Set what stands above all columns."""
        self._columns.add_wide(
            [Block(self._placed(self._setter.lines([(words, True)], _room(WIDE, style)), style))]
        )

    def say(self, words: str, style: Style, *, bold: bool = False) -> None:
        """Set words of ours."""
        lines = self._setter.lines([(words, bold)], _room(WIDTH, style))
        self._columns.add(Block(self._placed(lines, style)))

    def set(self, name: str, comment: str) -> None:
        """Set a name."""
        (named,) = self._setter.lines([(name, False)], EM * EM)
        said = list(self._said(comment, WIDTH))
        if named.width > _room(WIDTH, NAME) or self._needs_width(comment, len(said)):
            self._columns.add_wide(list(_blocks(self._wide(named, comment))))
            return
        for block in _blocks(self._placed([named], NAME) + self._placed(said, _COMMENT)):
            self._columns.add(block)

    def _needs_width(self, comment: str, lines: int) -> bool:
        """Whether a comment of so many lines would be read wrongly in a column, or parted between two for nothing."""
        if lines > 1 and order.turns(comment):
            return True
        return lines > _MANY and len(list(self._said(comment, WIDE))) < lines

    def _wide(self, named: Line, comment: str) -> tuple[Placed, ...]:
        size = min(NAME.size, WIDE * EM / max(named.width, 1))
        said = self._placed(self._said(comment, WIDE), _WIDE_COMMENT)
        turned = said and said[0].line.rtl is not self._rtl
        return self._placed([named], replace(NAME, size=size)) + (_turned(said) if turned else said)

    def _said(self, comment: str, width: float) -> Iterator[Line]:
        for paragraph in filter(None, map(str.strip, comment.split("\n"))):
            yield from self._setter.lines([(paragraph, False)], _room(width, _COMMENT))

    def _placed(self, lines: Iterable[Line], style: Style) -> tuple[Placed, ...]:
        """Equally far apart, and from right to left so close that `pdftotext` sees that they belong together."""
        lines = list(lines)
        ascent = max((line.ascent for line in lines), default=0)
        descent = max((line.descent for line in lines), default=0)
        leading = ascent + descent
        if any(order.turns(line.text) for line in lines):
            leading = min(leading, _CLOSE)
        height, below = leading * style.size / EM, descent * style.size / EM
        return tuple([Placed(line, style, self._rtl, height, below) for line in lines])


def _turned(lines: Sequence[Placed]) -> tuple[Placed, ...]:
    """Lines of a paragraph that begins at its other side, even on that one."""
    widest = max(each.line.width for each in lines)
    return tuple([replace(each, style=_set_in(each, widest - each.line.width)) for each in lines])


def _set_in(placed: Placed, by: float) -> Style:
    return replace(placed.style, indent=by * placed.style.size / EM)


def _room(width: float, style: Style) -> float:
    """How wide a line may be, in thousandths of the type size."""
    return (width - style.indent) * EM / style.size


def _blocks(lines: tuple[Placed, ...]) -> Iterator[Block]:
    """All together, or each by itself if they are many."""
    if len(lines) <= _MANY:
        yield Block(lines, _AFTER)
        return
    for line in lines[:-1]:
        yield Block((line,))
    yield Block(lines[-1:], _AFTER)
