"""Text as outlines: shaped by HarfBuzz, so that a picture needs no font where it is drawn and holds no text.

Lengths are in thousandths of the type size.
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import uharfbuzz
from msgspec import Struct
from msgspec.structs import replace

from bot.fonts import FontFile, Paragraph, Run

EM = 1000
_THICKER = (0.018, 0.006, False)  # of a font that has no bold one: as much as Noto's bold is over its regular


class Glyph(Struct, frozen=True):
    """One glyph of a font, by its number, and where its origin is on the line."""

    font: FontFile
    number: int
    x: float
    y: float


class Line(Struct, frozen=True):
    """A line of glyphs from left to right; `ascent` and `descent` are how far its ink reaches from the baseline."""

    glyphs: tuple[Glyph, ...]
    width: float
    bold: bool
    ascent: float = 0.0
    descent: float = 0.0

    def __add__(self, other: "Line") -> "Line":
        """This line, and the other one to its right."""
        moved = (replace(glyph, x=glyph.x + self.width) for glyph in other.glyphs)
        ascent, descent = max(self.ascent, other.ascent), max(self.descent, other.descent)
        return Line((*self.glyphs, *moved), self.width + other.width, self.bold, ascent, descent)


def set_line(text: Paragraph, start: int = 0, stop: int | None = None, *, language: str, bold: bool) -> Line:
    """The part of a paragraph from `start` to `stop` on one line."""
    glyphs: list[Glyph] = []
    pen = 0.0
    for run in text.runs(start, stop):
        for number, x, y, advance in _shaped(run, language, bold=bold):
            glyphs.append(Glyph(run.font, number, pen + x, y))
            pen += advance
    inked = [(glyph.y, _sized(glyph.font, bold).get_glyph_extents(glyph.number)) for glyph in glyphs]
    ascent = max((y + ink.y_bearing for y, ink in inked if ink), default=0)
    descent = max((-(y + ink.y_bearing + ink.height) for y, ink in inked if ink), default=0)
    return Line(tuple(glyphs), pen, bold, ascent, descent)


def outline(glyph: Glyph, *, bold: bool) -> str:
    """The outline of a glyph as SVG path data, y upwards."""
    return _outline(glyph.font, glyph.number, bold)


def _shaped(run: Run, language: str, *, bold: bool) -> Iterator[tuple[int, float, float, float]]:
    buffer = uharfbuzz.Buffer()
    buffer.add_str(run.text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if run.rtl else "ltr"
    if language:
        buffer.language = language
    uharfbuzz.shape(_sized(run.font, bold), buffer)
    for glyph, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        yield glyph.codepoint, place.x_offset, place.y_offset, place.x_advance


@lru_cache(maxsize=256)
def _sized(file: FontFile, bold: bool) -> uharfbuzz.Font:  # noqa: FBT001 - a key of the cache
    font = _font(file.bold if bold else file.regular)
    if bold and file.bold == file.regular and not file.symbols:
        font.synthetic_bold = _THICKER
    return font


def _font(path: Path) -> uharfbuzz.Font:
    font = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path))))
    font.scale = (EM, EM)
    return font


@lru_cache(maxsize=2048)
def _outline(file: FontFile, number: int, bold: bool) -> str:  # noqa: FBT001 - a key of the cache
    path: list[str] = []
    _sized(file, bold).draw_glyph(number, _pen(), path)
    return "".join(path)


@lru_cache(maxsize=1)
def _pen() -> uharfbuzz.DrawFuncs:
    """Writes each stroke of an outline as SVG path data into the list that it is given."""
    pen = uharfbuzz.DrawFuncs()
    pen.set_move_to_func(lambda x, y, path: path.append(f"M{x:g} {y:g}"))
    pen.set_line_to_func(lambda x, y, path: path.append(f"L{x:g} {y:g}"))
    pen.set_quadratic_to_func(lambda a, b, x, y, path: path.append(f"Q{a:g} {b:g} {x:g} {y:g}"))
    pen.set_cubic_to_func(lambda a, b, c, d, x, y, path: path.append(f"C{a:g} {b:g} {c:g} {d:g} {x:g} {y:g}"))
    pen.set_close_path_func(lambda path: path.append("Z"))
    return pen
