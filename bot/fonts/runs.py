"""A text parted into stretches of one font and one direction, in the order in which they are seen."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from pathlib import Path

import uharfbuzz
from msgspec import Struct

from bot.fonts.bidi import is_rtl, levels, on_line, visual
from bot.fonts.catalogue import FontFile, han_of, search_order
from bot.fonts.display import clusters, is_invisible

_AS_PICTURE = "\ufe0f"
_BETWEEN = ("Z", "P")  # spaces and punctuation


class Run(Struct, frozen=True):
    """Characters in the order in which they are read, to be shaped by one font in one direction."""

    text: str
    font: FontFile
    rtl: bool


class Paragraph(Struct, frozen=True):
    """A text of one or several lines, with the bidi level and the font of each of its characters."""

    text: str
    rtl: bool
    levels: tuple[int, ...]
    fonts: tuple[FontFile, ...]

    def runs(self, start: int = 0, stop: int | None = None) -> tuple[Run, ...]:
        """The runs of the line from `start` to `stop`, from left to right."""
        depths = on_line(self.text[start:stop], self.levels[start:stop], rtl=self.rtl)
        chars = zip(depths, self.fonts[start:stop], self.text[start:stop], strict=True)
        stretches = [
            (depth, Run("".join(char for _, _, char in group), font, depth % 2 == 1))
            for (depth, font), group in groupby(chars, key=lambda part: part[:2])
        ]
        return tuple(visual([run for _, run in stretches], [depth for depth, _ in stretches]))


def paragraph(text: str, language: str = "", *, rtl: bool | None = None) -> Paragraph:
    """Which font and direction each character of `text` (as `display` returns it) has.

    `rtl` is the direction of the paragraph; without it, its first strong character decides. `language` decides
    between the ways to write one Han character.
    """
    direction = is_rtl(text) if rtl is None else rtl
    fonts = tuple(_fonts(text, language, rtl=direction))
    return Paragraph(text, direction, tuple(levels(text, rtl=direction)), fonts)


def font_for(cluster: str, language: str = "") -> FontFile:
    """The font for one character and its marks; the first of all where none has it."""
    return _chosen(cluster, han_of(cluster, language))


def is_covered(text: str) -> bool:
    """Whether every character of `text` can be seen."""
    return all(covers(font_for(cluster), cluster) for cluster in clusters(text))


def covers(font: FontFile, text: str) -> bool:
    """Whether `font` has all that is to be seen of `text`."""
    face = _face(font.regular)
    return all(face.get_nominal_glyph(ord(char)) is not None for char in text if not is_invisible(char))


def _fonts(text: str, language: str, *, rtl: bool) -> Iterator[FontFile]:
    """The font of each character. Punctuation and spaces have the font of the text's own script."""
    han = han_of(text, language)
    own = _first_with(_first_letter(text, rtl=rtl), han) or search_order(han)[0]
    for cluster in clusters(text):
        between = unicodedata.category(cluster[0]).startswith(_BETWEEN)
        font = own if between and covers(own, cluster) else _chosen(cluster, han)
        yield from [font] * len(cluster)


def _first_letter(text: str, *, rtl: bool) -> str:
    """The first letter that is read in the direction of the paragraph."""
    letters = (char for char in text if unicodedata.category(char).startswith("L"))
    return next((char for char in letters if is_rtl(char) == rtl), " ")


def _chosen(cluster: str, han: str) -> FontFile:
    return _first_with(cluster, han) or _first_with(cluster[0], han) or search_order(han)[0]


@lru_cache(maxsize=4096)
def _first_with(cluster: str, han: str) -> FontFile | None:
    fonts = search_order(han, emoji=_AS_PICTURE in cluster)
    return next((font for font in fonts if covers(font, cluster)), None)


@lru_cache(maxsize=256)
def _face(path: Path) -> uharfbuzz.Font:
    """A font of which only the character map is read; the file is mapped into memory, not copied."""
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path))))
