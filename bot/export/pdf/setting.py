"""Setting lines: where each glyph stands, and the operators of a page that put it there (ISO 32000-1, 9.4).

Lengths are in thousandths of the type size until a line is drawn.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.export.pdf.faces import EM, Face, Faces
from bot.export.pdf.objects import real
from bot.export.pdf.shaping import Shaped, Sign, shaped
from bot.fonts import FontFile, Paragraph, clusters, display, paragraph, search_order
from bot.pictures.wrapping import broken, chopped, segments

# Text whose every letter is in the first font and read from left to right: most names, set without looking closer.
_SIMPLE = re.compile("[ -~\u00a0-\u024f\u1e00-\u1eff\u2010-\u2015\u2018-\u201f\u2026]*")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is set: what of it is in which font, from left to right."""

    runs: tuple[tuple[Face, Shaped], ...]
    width: float
    rtl: bool

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
        runs = []
        for run in whole.runs(start, stop):
            face = self._faces.face(run.font.regular)
            runs.append((face, shaped(run, face, self._language)))
        return Line(tuple(runs), sum([run.width for _, run in runs]), whole.rtl)


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


def drawn(line: Line, faces: Faces, x: float, y: float, size: float) -> str:
    """The operators that draw a line from `x` on, on the baseline `y`; lengths are points."""
    pen = _Pen(size)
    painted: list[str] = []
    for face, run in line.runs:
        pen.run(face, run)
        for shape in run.shapes:
            at_x, at_y = x + (pen.start + shape.x) * size / EM, y + shape.y * size / EM
            name = faces.shape(face, shape.glyph)
            painted.append(f"q {size / EM:g} 0 0 {size / EM:g} {real(at_x)} {real(at_y)} cm /{name} Do Q\n")
        pen.start += run.width
    return f"BT {real(x)} {real(y)} Td {pen.operators}ET\n{''.join(painted)}"


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
