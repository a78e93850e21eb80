"""Characters become glyphs (HarfBuzz), so that what is seen is right and what is read out, searched or copied is too.

A glyph that stands for characters of its own is shown as text. Where several glyphs make one cluster (a letter with
its dots, a syllable whose glyphs have changed places), programs disagree on what ActualText says about them, above all
from right to left. So the characters of such a cluster are set as invisible text, as wide as the cluster is, and its
glyphs are painted over it as shapes.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

import uharfbuzz
from msgspec import Struct

from bot.export.pdf.faces import Face
from bot.fonts import Run


class Sign(Struct, frozen=True):
    """One code of a font: how far off its place it is drawn, how wide it is by itself, and how wide it is set.

    An `invisible` one is there to be read by programs.
    """

    code: int
    x: int
    y: int
    width: int
    advance: int
    invisible: bool = False


class Shape(Struct, frozen=True):
    """One glyph that is painted: where, from the start of the run."""

    glyph: int
    x: int
    y: int


class Shaped(Struct, frozen=True):
    """A run from left to right."""

    signs: tuple[Sign, ...]
    shapes: tuple[Shape, ...]
    width: int


class _Glyph(Struct, frozen=True):
    number: int
    cluster: int
    x: int
    y: int
    advance: int


def shaped(run: Run, face: Face, language: str) -> Shaped:
    """The run in this font."""
    glyphs = _glyphs(run, face, language)
    if len({glyph.cluster for glyph in glyphs}) == len(glyphs) == len(run.text):
        signs = [_sign(glyph, run.text[glyph.cluster], face) for glyph in glyphs]
        return Shaped(tuple(signs), (), sum([glyph.advance for glyph in glyphs]))
    signs, shapes, pen = [], [], 0
    for text, group in _clusters(run.text, glyphs):
        if len(group) == 1 and (len(text) == 1 or not run.rtl):
            signs.append(_sign(group[0], text, face))
            pen += group[0].advance
            continue
        start = pen
        for glyph in group:
            shapes.append(Shape(glyph.number, pen + glyph.x, glyph.y))
            pen += glyph.advance
        widest = max(group, key=lambda glyph: face.advance(glyph.number)).number
        signs += _invisible(text, pen - start, face, widest, rtl=run.rtl)
    return Shaped(tuple(signs), tuple(shapes), pen)


def painted(run: Run, face: Face, language: str) -> Shaped:
    """The run as shapes alone, with nothing to be read."""
    shapes, pen = [], 0
    for glyph in _glyphs(run, face, language):
        shapes.append(Shape(glyph.number, pen + glyph.x, glyph.y))
        pen += glyph.advance
    return Shaped((), tuple(shapes), pen)


def _glyphs(run: Run, face: Face, language: str) -> list[_Glyph]:
    buffer = uharfbuzz.Buffer()
    buffer.add_str(run.text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if run.rtl else "ltr"
    if language:
        buffer.language = language
    uharfbuzz.shape(face.font, buffer)
    return [
        _Glyph(info.codepoint, info.cluster, at.x_offset, at.y_offset, at.x_advance)
        for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    ]


def _clusters(text: str, glyphs: Sequence[_Glyph]) -> Iterator[tuple[str, list[_Glyph]]]:
    starts = sorted({glyph.cluster for glyph in glyphs})
    stops = dict(zip(starts, [*starts[1:], len(text)], strict=True))
    for start, group in groupby(glyphs, key=lambda glyph: glyph.cluster):
        yield text[start : stops[start]], list(group)


def _sign(glyph: _Glyph, text: str, face: Face) -> Sign:
    width = face.advance(glyph.number)
    return Sign(face.code(glyph.number, text, width), glyph.x, glyph.y, width, glyph.advance)


def _invisible(text: str, width: int, face: Face, glyph: int, *, rtl: bool) -> Iterator[Sign]:
    """Characters as wide as the cluster; from right to left one by one, since readers turn around what they find.

    They need a glyph that would have ink: PDFium drops text whose glyphs are empty.
    """
    parts = list(reversed(text)) if rtl else [text]
    for place, part in enumerate(parts):
        share = width // len(parts)
        wide = width - share * (len(parts) - 1) if place == 0 else share
        yield Sign(face.code(glyph, part, wide), 0, 0, wide, wide, invisible=True)
