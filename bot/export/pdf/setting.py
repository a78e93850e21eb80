"""Setting lines: which glyphs stand where. Lengths are in thousandths of the type size."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from bot.export.pdf import order
from bot.export.pdf.faces import Face, Faces
from bot.export.pdf.shaping import Shaped, painted, shaped
from bot.fonts import FontFile, Paragraph, clusters, display, paragraph, search_order
from bot.pictures.wrapping import broken, chopped, segments

# Text whose every letter is in the first font and read from left to right: most names, set without looking closer.
_SIMPLE = re.compile("[ -~\u00a0-\u024f\u1e00-\u1eff\u2010-\u2015\u2018-\u201f\u2026]*")


class Line(Struct, frozen=True):
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
        moved = seen != text or order.turns(text)
        shapes = tuple([(face, painted(run, face, self._language)) for face, run in runs if moved])
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
