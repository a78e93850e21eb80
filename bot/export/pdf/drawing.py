"""Drawing lines: the operators of a page that put each glyph in its place (ISO 32000-1, 9.4)."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from bot.export.pdf import order
from bot.export.pdf.faces import EM, Face, Faces
from bot.export.pdf.objects import real
from bot.export.pdf.setting import Line
from bot.export.pdf.shaping import Shaped, Sign
from bot.fonts import search_order


class Way(Struct, frozen=True):
    """A way to draw a line, and what it has to say from which side its page is read (`bot.export.pdf.order`)."""

    operators: str
    balance: int = 0


class Drawn(Struct, frozen=True):
    """How a line is drawn on a page that is read from the left, and on one that is read from the right."""

    from_left: Way
    from_right: Way


def drawn(line: Line, faces: Faces, x: float, y: float, size: float, grey: float = 0) -> Drawn:
    """Draw a line from `x` on, on the baseline `y`; lengths are points."""
    pencil = _Pencil(faces, x, y, size, grey)
    text, shapes = pencil.set(line.runs)
    usual = Way(pencil.draw(text, shapes), order.balance(line.text))
    left, right = (
        usual
        if order.read(line.seen, from_right=from_right) == line.text and not line.seen.endswith(order.HYPHEN)
        else pencil.arranged(line, text, shapes, from_right=from_right)
        for from_right in (False, True)
    )
    return Drawn(left, right)


def weight(faces: Faces, number: int, x: float, y: float) -> str:
    """The operators for so many marks that count as letters from left to right, and are not seen."""
    pencil = _Pencil(faces, x, y, 1, 0)
    return pencil.draw(pencil.unseen(order.LRM * number), [])


_MARKS: Final = {order.LRM, order.RLM}
_MARK: Final = 20
"""How wide a mark is. Where one and the sign after it begin a line at one place, Poppler may take the sign for first,
and the mark, now left of its end, for the begin of another line: it depends on what else is on the page."""
_Shapes = list[tuple[str, float, float]]
"""Their names, and where they are from the start of the line."""


class _Pencil(Struct, frozen=True):
    """Draws at one place, in one size."""

    faces: Faces
    x: float
    y: float
    size: float
    grey: float

    def set(self, runs: Iterable[tuple[Face, Shaped]]) -> tuple[str, _Shapes]:
        """The operators for the text of runs, and their shapes."""
        pen = _Pen(self.size)
        shapes: _Shapes = []
        for face, run in runs:
            pen.run(face, run)
            for shape in run.shapes:
                name = self.faces.shape(face, shape.glyph)
                shapes.append((name, (pen.start + shape.x) * self.size / EM, shape.y * self.size / EM))
            pen.start += run.width
        return pen.operators, shapes

    def draw(self, text: str, shapes: _Shapes) -> str:
        """All operators."""
        scale = f"{self.size / EM:g}"
        painting = "".join(
            f"q {scale} 0 0 {scale} {real(self.x + x)} {real(self.y + y)} cm /{name} Do Q\n"
            for name, x, y in shapes
        )
        way = f"BT {real(self.x)} {real(self.y)} Td {text}ET\n{painting}"
        return f"{real(self.grey)} g\n{way}0 g\n" if self.grey else way

    def arranged(self, line: Line, text: str, shapes: _Shapes, *, from_right: bool) -> Way:
        """All operators of a line that would be read wrongly from this side; `text` and `shapes` are as it is set."""
        if line.painted:
            arranged = order.laid_out(line.text, from_right=from_right)
            _, painted_shapes = self.set(line.painted)
            unseen = self.unseen(arranged, scale=real(100 * line.width / sum(map(_room, arranged))))
            return Way(self.draw(unseen, painted_shapes), order.balance(arranged))
        before, after = order.open_ends(line.text)
        first = self.unseen(order.LRM, back=_MARK) if before else ""
        last = self.unseen(order.LRM) if after else ""
        marked = self.draw(f"{first}{text}{last}", shapes)
        return Way(marked, order.balance(line.text) + before + after)

    def unseen(self, text: str, *, back: int = 0, scale: str = "100") -> str:
        """Text to be read and not seen, begun so far `back`.

        Its glyph would have ink: PDFium drops text whose glyphs are empty.
        """
        face = self.faces.face(search_order()[0].regular)
        glyph = face.font.get_nominal_glyph(ord("H"))
        codes = [face.code(glyph, char, _room(char)) for char in text]
        shown = "".join([f"{code:04X}" for code in codes])
        return f"/{face.name} {real(self.size)} Tf {scale} Tz 3 Tr [{back} <{shown}>]TJ 0 Tr 100 Tz "


def _room(char: str) -> int:
    return _MARK if char in _MARKS else EM


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
