"""A drawing: rectangles, strokes and outlined text, written as SVG and turned into a PNG by resvg.

The SVG holds numbers and colours only. Text is drawn as outlines, so nothing that people wrote can become markup.
"""

from collections.abc import Sequence
from typing import Literal

import resvg_py

from bot.pictures.fitting import Block
from bot.pictures.lettering import EM, Line, outline

WIDTH = 1200
HEIGHT = 630
MARGIN = 72
Side = Literal["start", "middle", "end"]
Point = tuple[float, float]


class Canvas:
    """Lengths are pixels, y downwards. A mirrored one is for those who read from right to left: x counts from there."""

    def __init__(self, background: str, *, mirrored: bool = False) -> None:
        self._mirrored = mirrored
        self._parts: list[str] = []
        self.rectangle((0, 0), WIDTH, HEIGHT, background)

    def rectangle(self, corner: Point, width: float, height: float, fill: str, radius: float = 0) -> None:
        x = WIDTH - corner[0] - width if self._mirrored else corner[0]
        self._parts.append(
            f'<rect x="{x:g}" y="{corner[1]:g}" width="{width:g}" height="{height:g}" rx="{radius:g}" fill="{fill}"/>'
        )

    def frame(self, colour: str, thickness: float) -> None:
        """A border around all of it."""
        half = thickness / 2
        self._parts.append(
            f'<rect x="{half:g}" y="{half:g}" width="{WIDTH - thickness:g}" height="{HEIGHT - thickness:g}"'
            f' fill="none" stroke="{colour}" stroke-width="{thickness:g}"/>'
        )

    def area(self, points: Sequence[Point], fill: str) -> None:
        self._parts.append(f'<polygon points="{_listed(points)}" fill="{fill}"/>')

    def stroke(self, points: Sequence[Point], colour: str, thickness: float) -> None:
        self._parts.append(
            f'<polyline points="{_listed(points)}" fill="none" stroke="{colour}" stroke-width="{thickness:g}"'
            ' stroke-linejoin="round" stroke-linecap="round"/>'
        )

    def dot(self, centre: Point, radius: float, fill: str) -> None:
        self._parts.append(f'<circle cx="{centre[0]:g}" cy="{centre[1]:g}" r="{radius:g}" fill="{fill}"/>')

    def block(self, block: Block, corner: Point, fill: str, side: Side = "start") -> None:
        """Lines of text below `corner`, which is at their start, middle or end."""
        for number, line in enumerate(block.lines):
            baseline = corner[1] + block.ascent + block.leading * number
            self.line(line, (corner[0], baseline), block.size, fill, side)

    def line(self, line: Line, origin: Point, size: float, fill: str, side: Side = "start") -> None:
        """One line of text, `origin` on its baseline."""
        x = WIDTH - origin[0] if self._mirrored else origin[0]
        width = line.width * size / EM
        before = {"start": 0.0, "middle": 0.5, "end": 1.0}[side]
        left = x - width * (1 - before if self._mirrored else before)
        glyphs = "".join(
            f'<path transform="translate({glyph.x:g} {glyph.y:g})" d="{path}"/>'
            for glyph in line.glyphs
            if (path := outline(glyph, bold=line.bold))
        )
        to_pixels = f"translate({left:.2f} {origin[1]:.2f}) scale({size / EM:g} {-size / EM:g})"
        self._parts.append(f'<g fill="{fill}" transform="{to_pixels}">{glyphs}</g>')

    def svg(self) -> str:
        body = "\n".join(self._parts)
        return f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">\n{body}\n</svg>\n'

    def png(self) -> bytes:
        return resvg_py.svg_to_bytes(svg_string=self.svg(), skip_system_fonts=True)


def _listed(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
