"""The pages of a file, its outline and what it says of itself (ISO 32000-1, 7.7, 12.3, 14.3)."""

from collections.abc import Iterable
from datetime import datetime
from typing import IO

from msgspec import Struct, field

from bot.export.pdf.drawing import Drawn, weight
from bot.export.pdf.faces import Faces
from bot.export.pdf.objects import PdfFile, date, ref, text

WIDTH, HEIGHT = 595.28, 841.89
"""A4, in points."""
_PER_NODE = 64
_MARKS_AT = 20.0
"""Points from the left and from below, where nothing else is."""


class Page(Struct):
    """A page while it is drawn on: its number from 1 on, and what is drawn."""

    number: int
    key: int
    drawn: list[Drawn] = field(default_factory=list)

    def draw(self, one: Drawn) -> None:
        self.drawn.append(one)

    def operators(self, faces: Faces) -> str:
        """Those that suit the side from which programs will read it: by what they find, with the marks in it."""
        left, right = (
            sum(way.balance for way in ways)
            for ways in ((one.from_left for one in self.drawn), (one.from_right for one in self.drawn))
        )
        if left < 0 and right < 0:
            return "".join([one.from_right.operators for one in self.drawn])
        missing = weight(faces, -left, _MARKS_AT, _MARKS_AT) if left < 0 else ""
        return "".join([one.from_left.operators for one in self.drawn]) + missing


class _Node(Struct):
    """A node of the page tree."""

    key: int
    kids: list[int] = field(default_factory=list)


class About(Struct, frozen=True):
    """What a reader's program shows of a file."""

    title: str
    language: str
    subject: str
    made: datetime
    rtl: bool = False


class Book:
    """A file of pages. A page that was begun may be finished at any time, and all are before the book is."""

    def __init__(self, out: IO[bytes]) -> None:
        self.pdf = PdfFile(out)
        self.faces = Faces(self.pdf)
        self._resources = self.pdf.reserve()
        self._tree = self.pdf.reserve()
        self._nodes: list[_Node] = []
        self._outline: list[tuple[str, int]] = []
        self.pages = 0

    def begin(self) -> Page:
        """The next page."""
        if not self._nodes or len(self._nodes[-1].kids) == _PER_NODE:
            self._nodes.append(_Node(self.pdf.reserve()))
        self.pages += 1
        page = Page(self.pages, self.pdf.reserve())
        self._nodes[-1].kids.append(page.key)
        return page

    def finish_page(self, page: Page) -> None:
        """Write it; nothing of it is kept."""
        content = self.pdf.stream(page.operators(self.faces).encode("ascii"))
        node = self._nodes[(page.number - 1) // _PER_NODE]
        self.pdf.write(
            f"<</Type/Page/Parent {ref(node.key)}/MediaBox[0 0 {WIDTH} {HEIGHT}]"
            f"/Resources {ref(self._resources)}/Contents {ref(content)}>>",
            page.key,
        )

    def mark(self, title: str, page: Page) -> None:
        """Let the outline lead to a page."""
        self._outline.append((title, page.key))

    def finish(self, about: About, file_id: str) -> None:
        """Write everything else."""
        self.faces.embed()
        self.pdf.write(self.faces.resources, self._resources)
        for node in self._nodes:
            self.pdf.write(
                f"<</Type/Pages/Parent {ref(self._tree)}{_kids(node.kids, len(node.kids))}>>", node.key
            )
        self.pdf.write(f"<</Type/Pages{_kids([node.key for node in self._nodes], self.pages)}>>", self._tree)
        direction = "/Direction/R2L" if about.rtl else ""
        root = self.pdf.write(
            f"<</Type/Catalog/Pages {ref(self._tree)}/Lang {text(about.language)}/PageMode/UseOutlines"
            f"/Outlines {ref(self._write_outline())}/ViewerPreferences<</DisplayDocTitle true{direction}>>>>"
        )
        info = self.pdf.write(
            f"<</Title {text(about.title)}/Subject {text(about.subject)}/Creator(Undersigned)/Producer(Undersigned)"
            f"/CreationDate {date(about.made)}/ModDate {date(about.made)}>>"
        )
        self.pdf.finish(root, info, file_id)

    def _write_outline(self) -> int:
        root = self.pdf.reserve()
        keys = [self.pdf.reserve() for _ in self._outline]
        for at, (title, page) in enumerate(self._outline):
            before = f"/Prev {ref(keys[at - 1])}" if at else ""
            after = f"/Next {ref(keys[at + 1])}" if at + 1 < len(keys) else ""
            entry = f"<</Title {text(title)}/Parent {ref(root)}/Dest[{ref(page)}/Fit]{before}{after}>>"
            self.pdf.write(entry, keys[at])
        ends = f"/First {ref(keys[0])}/Last {ref(keys[-1])}" if keys else ""
        return self.pdf.write(f"<</Type/Outlines{ends}/Count {len(keys)}>>", root)


def _kids(keys: Iterable[int], count: int) -> str:
    return f"/Kids[{' '.join(map(ref, keys))}]/Count {count}"
