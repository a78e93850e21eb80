"""Setting lines: where each glyph stands, and the operators of a page that put it there (ISO 32000-1, 9.4).

Lengths are in thousandths of the type size until a line is drawn.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from bot.export.pdf import order
from bot.export.pdf.faces import EM, Face, Faces
from bot.export.pdf.objects import real
from bot.export.pdf.shaping import Shaped, Sign, painted, shaped
from bot.fonts import FontFile, Paragraph, clusters, display, paragraph, search_order
from bot.pictures.wrapping import broken, chopped, segments

# Text whose every letter is in the first font and read from left to right: most names, set without looking closer.
_SIMPLE = re.compile("[ -~\u00a0-\u024f\u1e00-\u1eff\u2010-\u2015\u2018-\u201f\u2026]*")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is set: what of it is in which font, from left to right.

    `seen` are the characters of `text` in that order; `painted` is the same line as shapes alone, where it may be
    needed.
    """

    runs: tuple[tuple[Face, Shaped], ...]
    width: float
    rtl: bool
    text: str
    seen: str
    painted: tuple[tuple[Face, Shaped], ...]

    @property
    def ascent(self) -> float:
        return max((face.ascent for face, _ in self.runs), default=0)

    @property
    def descent(self) -> float:
        return max((face.descent for face, _ in self.runs), default=0)


class Setter:
    """Sets text of one language."""

    def __init__(self, faces: Faces, language: str = "") -> None:
        self._faces = faces
        self._language = language

    def lines(self, parts: Sequence[tuple[str, bool]], width: float) -> Iterator[Line]:
        """A paragraph of parts, each bold or not, in lines no wider than `width`."""
        whole = _paragraph(parts, self._language)
        line = self._line(whole, 0, len(whole.text))
        if line.width <= width:
            yield line
            return

        def measure(start: int, stop: int) -> float:
            return self._line(whole, start, stop).width

        pieces = list(chopped(whole.text, list(segments(whole.text, measure)), width, measure))
        for start, stop in broken(pieces, width):
            yield from self._fitting(whole, start, stop, width)

    def _fitting(self, whole: Paragraph, start: int, stop: int, width: float) -> Iterator[Line]:
        """Letters that join are wider than they are alone, so that a word which was cut may need another line."""
        line = self._line(whole, start, stop)
        parts = list(clusters(whole.text[start:stop])) if line.width > width else []
        fit = max(int(len(parts) * width / line.width), 1) if parts else 0
        if fit >= len(parts):
            yield line
            return
        cut = start + len("".join(parts[:fit]))
        yield from self._fitting(whole, start, cut, width)
        yield from self._fitting(whole, cut, stop, width)

    def _line(self, whole: Paragraph, start: int, stop: int) -> Line:
        text = whole.text[start:stop].strip()
        runs = [(self._faces.face(run.font.regular), run) for run in whole.runs(start, stop)]
        seen = "".join([run.text[::-1] if run.rtl else run.text for _, run in runs]).strip()
        set_ = tuple([(face, shaped(run, face, self._language)) for face, run in runs])
        shapes = tuple(
            [(face, painted(run, face, self._language)) for face, run in runs if order.turns(text)]
        )
        return Line(set_, sum([run.width for _, run in set_]), whole.rtl, text, seen, shapes)


def _paragraph(parts: Sequence[tuple[str, bool]], language: str) -> Paragraph:
    cleaned = [(display(f".{part}.")[1:-1], bold) for part, bold in parts]
    line = "".join(part for part, _ in cleaned)
    if _SIMPLE.fullmatch(line):
        first = search_order()[0]
        whole = Paragraph(line, rtl=False, levels=(0,) * len(line), fonts=(first,) * len(line))
    else:
        whole = paragraph(line, language)
    if not any(bold for _, bold in cleaned):
        return whole
    bolds = [bold for part, bold in cleaned for _ in part]
    fonts = tuple(_bold(font) if bold else font for font, bold in zip(whole.fonts, bolds, strict=True))
    return replace(whole, fonts=fonts)


@lru_cache(maxsize=256)
def _bold(font: FontFile) -> FontFile:
    return replace(font, regular=font.bold)


@dataclass(frozen=True, slots=True)
class Drawn:
    """The operators that draw a line, on a page that is read from the left and on one that is read from the right.

    `balance` is what the line has to say in which of the two the page is (`bot.export.pdf.order`).
    """

    from_left: str
    from_right: str
    balance: int = 0


def drawn(line: Line, faces: Faces, x: float, y: float, size: float, grey: float = 0) -> Drawn:
    """Draw a line from `x` on, on the baseline `y`; lengths are points."""
    ways = []
    for from_right in (False, True):
        text, shapes = _shown(line, faces, size, from_right=from_right)
        painting = "".join(
            f"q {size / EM:g} 0 0 {size / EM:g} {real(x + at_x)} {real(y + at_y)} cm /{name} Do Q\n"
            for name, at_x, at_y in shapes
        )
        way = f"BT {real(x)} {real(y)} Td {text}ET\n{painting}"
        ways.append(f"{real(grey)} g\n{way}0 g\n" if grey else way)
    return Drawn(ways[0], ways[1], order.balance(line.text))


_Shapes = list[tuple[str, float, float]]


def _shown(line: Line, faces: Faces, size: float, *, from_right: bool) -> tuple[str, _Shapes]:
    """The operators for the text of a line, and its shapes: their names, and where they are from the line's start."""
    if order.read(line.seen, from_right=from_right) == line.text:
        return _set(line.runs, faces, size)
    if line.painted:
        return _laid_out(line, faces, size, from_right=from_right), _set(line.painted, faces, size)[1]
    operators, shapes = _set(line.runs, faces, size)
    before, after = order.open_ends(line.text)
    mark = _unseen(order.LRM, faces, size)
    return f"{mark if before else ''}{operators}{mark if after else ''}", shapes


def _set(runs: Iterable[tuple[Face, Shaped]], faces: Faces, size: float) -> tuple[str, _Shapes]:
    pen = _Pen(size)
    shapes: _Shapes = []
    for face, run in runs:
        pen.run(face, run)
        for shape in run.shapes:
            name = faces.shape(face, shape.glyph)
            shapes.append((name, (pen.start + shape.x) * size / EM, shape.y * size / EM))
        pen.start += run.width
    return pen.operators, shapes


def _laid_out(line: Line, faces: Faces, size: float, *, from_right: bool) -> str:
    """The text of a painted line, unseen, as wide as the line."""
    text = order.laid_out(line.text, from_right=from_right)
    wide = sum([char not in _MARKS for char in text]) * EM
    return _unseen(text, faces, size, real(100 * line.width / wide))


_MARKS: Final = {order.LRM, order.RLM}


def _unseen(text: str, faces: Faces, size: float, scale: str = "100") -> str:
    """Text to be read and not seen. Its glyph would have ink: PDFium drops text whose glyphs are empty."""
    face = faces.face(search_order()[0].regular)
    glyph = face.font.get_nominal_glyph(ord("H"))
    codes = [face.code(glyph, char, 0 if char in _MARKS else EM) for char in text]
    shown = "".join([f"{code:04X}" for code in codes])
    return f"/{face.name} {real(size)} Tf {scale} Tz 3 Tr <{shown}>Tj 0 Tr 100 Tz "


class _Pen:
    """Writes signs one behind the other. `_owed` is by how much the next one is off where the last one leads."""

    def __init__(self, size: float) -> None:
        self.operators = ""
        self.start = 0
        self._size = size
        self._shown = ""
        self._codes = ""
        self._owed = 0
        self._invisible = False

    def run(self, face: Face, run: Shaped) -> None:
        self.operators += f"/{face.name} {real(self._size)} Tf "
        for sign in run.signs:
            self._sign(sign)
        self._end()
        if self._invisible:
            self._invisible = False
            self.operators += "0 Tr "

    def _sign(self, sign: Sign) -> None:
        if sign.invisible is not self._invisible:
            self._end()
            self._invisible = sign.invisible
            self.operators += "3 Tr " if sign.invisible else "0 Tr "
        off = self._owed + sign.x
        if off:
            self._end_codes()
            self._shown += f"{-off} "
        if sign.y:
            self._end()
            self.operators += f"{real(sign.y * self._size / EM)} Ts <{sign.code:04X}>Tj 0 Ts "
        else:
            self._codes += f"{sign.code:04X}"
        self._owed = sign.advance - sign.x - sign.width

    def _end_codes(self) -> None:
        if self._codes:
            self._shown += f"<{self._codes}>"
            self._codes = ""

    def _end(self) -> None:
        self._end_codes()
        if self._shown:
            self.operators += f"[{self._shown}]TJ "
            self._shown = ""
