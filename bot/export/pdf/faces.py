"""The fonts of a file: what is used of each is noted while lines are set, and embedded at the end, and no more.

A font is embedded by glyph numbers (a Type 0 font: ISO 32000-1, 9.7), since shaping ends in glyphs. Each code stands
for one glyph and one text, so that the same glyph can stand for different characters.
"""

from collections.abc import Iterator
from functools import cached_property, lru_cache
from pathlib import Path

import uharfbuzz
from msgspec import Struct, field

from bot.export.pdf.objects import PdfFile, ref

EM = 1000
_KEPT = {"glyf", "loca", "head", "hhea", "hmtx", "maxp", "cvt ", "fpgm", "prep"}
_SUBSETTING = (
    uharfbuzz.SubsetFlags.RETAIN_GIDS
    | uharfbuzz.SubsetFlags.NO_LAYOUT_CLOSURE
    | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
    | uharfbuzz.SubsetFlags.NO_HINTING
)
_PER_BLOCK = 100  # entries of a CMap's block: Adobe's technical note 5014, to which ISO 32000-1 refers
# Some fonts claim room for stacks that names do not have (Arabic, Tibetan, Burmese).
_ASCENT, _DESCENT = 1150, 500


class Face(Struct):
    """One font file. `codes` are its glyphs as they are used: each with the text that it stands for, and its width."""

    name: str
    number: int
    path: Path
    font: uharfbuzz.Font
    ascent: float
    descent: float
    codes: dict[tuple[int, str, int], int] = field(default_factory=dict)
    shapes: dict[int, int] = field(default_factory=dict)
    """Glyphs that are painted, by the objects that paint them."""
    _advances: dict[int, int] = field(default_factory=dict)

    def code(self, glyph: int, text: str, width: int) -> int:
        """The code (from 1 on) for a glyph that stands for `text`. The same glyph may have several."""
        key = glyph, text, width
        known = self.codes.get(key)
        if known is None:
            known = self.codes[key] = len(self.codes) + 1
        return known

    def advance(self, glyph: int) -> int:
        """How wide a glyph is, in thousandths of the type size."""
        known = self._advances.get(glyph)
        if known is None:
            known = self._advances[glyph] = int(self.font.get_glyph_h_advance(glyph))
        return known


class Faces:
    """The fonts that are used."""

    def __init__(self, pdf: PdfFile) -> None:
        self._pdf = pdf
        self._known: dict[Path, Face] = {}

    def face(self, path: Path) -> Face:
        """The font in a file, opened when it is first used."""
        known = self._known.get(path)
        if known is None:
            known = self._known[path] = self._open(path)
        return known

    def _open(self, path: Path) -> Face:
        font = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path))))
        font.scale = (EM, EM)
        extents = font.get_font_extents("ltr")
        name = f"F{len(self._known) + 1}"
        ascent, descent = min(extents.ascender, _ASCENT), min(-extents.descender, _DESCENT)
        return Face(name, self._pdf.reserve(), path, font, ascent, descent)

    def shape(self, face: Face, glyph: int) -> str:
        """The name of an object that paints a glyph, a thousand units to the type size."""
        if glyph not in face.shapes:
            face.shapes[glyph] = self._pdf.reserve()
        return f"{face.name}x{glyph}"

    @property
    def resources(self) -> str:
        """The dictionary of all fonts and shapes."""
        fonts = "".join(f"/{face.name} {ref(face.number)}" for face in self._known.values())
        shapes = "".join(
            f"/{face.name}x{glyph} {ref(number)}"
            for face in self._known.values()
            for glyph, number in face.shapes.items()
        )
        return f"<</Font<<{fonts}>>/XObject<<{shapes}>>>>"

    def embed(self) -> None:
        """Write all fonts and shapes, so far as they are used."""
        for face in self._known.values():
            _Embedded(self._pdf, face).write()
            for glyph, number in face.shapes.items():
                outline: list[str] = []
                face.font.draw_glyph(glyph, _pen(), outline)
                extra = "/Type/XObject/Subtype/Form/BBox[-3000 -3000 6000 6000]"
                self._pdf.stream(("\n".join(outline) + "\nf").encode("ascii"), number, extra)


@lru_cache(maxsize=1)
def _pen() -> uharfbuzz.DrawFuncs:
    """Writes each stroke of an outline as operators into the list that it is given."""
    pen = uharfbuzz.DrawFuncs()
    last = [0.0, 0.0]

    def move(x: float, y: float, path: list[str]) -> None:
        last[:] = x, y
        path.append(f"{x:.0f} {y:.0f} m")

    def line(x: float, y: float, path: list[str]) -> None:
        last[:] = x, y
        path.append(f"{x:.0f} {y:.0f} l")

    def curve(a: float, b: float, x: float, y: float, path: list[str]) -> None:
        """TrueType's curves have one control point, a page's have two."""
        c, d = last[0] + (a - last[0]) * 2 / 3, last[1] + (b - last[1]) * 2 / 3
        e, f = x + (a - x) * 2 / 3, y + (b - y) * 2 / 3
        last[:] = x, y
        path.append(f"{c:.0f} {d:.0f} {e:.0f} {f:.0f} {x:.0f} {y:.0f} c")

    pen.set_move_to_func(move)
    pen.set_line_to_func(line)
    pen.set_quadratic_to_func(curve)
    pen.set_close_path_func(lambda path: path.append("h"))
    return pen


class _Embedded(Struct, frozen=True, dict=True):
    pdf: PdfFile
    face: Face

    @cached_property
    def _name(self) -> str:
        """Six letters tell one subset from another (9.6.4)."""
        tag = "".join(chr(65 + int(digit)) for digit in f"{self.face.number:06}"[-6:])
        return f"{tag}+{self.face.path.stem}"

    def write(self) -> None:
        widths = "".join(f" {width}" for _, _, width in self.face.codes)
        descendant = self.pdf.write(
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{self._name}"
            "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            f"/FontDescriptor {ref(self._descriptor())}/CIDToGIDMap {ref(self._glyphs())}/W[1[{widths}]]>>"
        )
        meaning = self.pdf.stream("\n".join(self._meanings()).encode("ascii"))
        self.pdf.write(
            f"<</Type/Font/Subtype/Type0/BaseFont/{self._name}/Encoding/Identity-H"
            f"/DescendantFonts[{ref(descendant)}]/ToUnicode {ref(meaning)}>>",
            self.face.number,
        )

    def _descriptor(self) -> int:
        subset = self._subset()
        program = self.pdf.stream(subset, extra=f"/Length1 {len(subset)}")
        ascent, descent = int(self.face.ascent), int(self.face.descent)
        return self.pdf.write(
            f"<</Type/FontDescriptor/FontName/{self._name}/Flags 4/FontBBox[-1000 {-descent} 3000 {ascent}]"
            f"/ItalicAngle 0/Ascent {ascent}/Descent {-descent}/CapHeight 714/StemV 80/FontFile2 {ref(program)}>>"
        )

    def _subset(self) -> bytes:
        whole = self.face.font.face
        wanted = uharfbuzz.SubsetInput()
        wanted.flags = _SUBSETTING
        wanted.glyph_set.update({0, *(glyph for glyph, _, _ in self.face.codes)})
        wanted.drop_table_tag_set.update(
            int.from_bytes(tag.encode("ascii"), "big") for tag in whole.table_tags if tag not in _KEPT
        )
        return bytes(uharfbuzz.subset(whole, wanted).blob.data)

    def _glyphs(self) -> int:
        """Which glyph each code is; code 0 is none."""
        return self.pdf.stream(
            b"\0\0" + b"".join(glyph.to_bytes(2, "big") for glyph, _, _ in self.face.codes)
        )

    def _meanings(self) -> Iterator[str]:
        """A CMap from codes to characters (9.10.3)."""
        yield "/CIDInit/ProcSet findresource begin 12 dict begin begincmap"
        yield "/CMapName/Meaning def/CMapType 2 def 1 begincodespacerange<0000><FFFF>endcodespacerange"
        all_of_them = [(code, text) for (_, text, _), code in self.face.codes.items()]
        for at in range(0, len(all_of_them), _PER_BLOCK):
            block = all_of_them[at : at + _PER_BLOCK]
            yield f"{len(block)} beginbfchar"
            yield from (f"<{code:04X}><{text.encode('utf-16-be').hex()}>" for code, text in block)
            yield "endbfchar"
        yield "endcmap CMapName currentdict/CMap defineresource pop end end"
