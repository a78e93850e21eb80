"""A letter's blocks on pages: the PDF renderer of `bot.document`."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from bot.document import (
    Block,
    Code,
    Facts,
    Heading,
    Inline,
    Listing,
    Paragraph,
    Progress,
    Quote,
    Rule,
    Span,
    plain,
)
from bot.export.pdf.flow import Flow, Style
from bot.export.pdf.setting import Setter

BODY = Style(11)
_INDENT = 18.0
_AFTER = 7.0
_HEADINGS = (16.0, 13.5, 12.0)

Parts = Sequence[tuple[str, bool]]


class LetterPages:
    """Renders blocks into a flow."""

    def __init__(self, flow: Flow, setter: Setter) -> None:
        self._flow = flow
        self._setter = setter

    def render(self, blocks: Iterable[Block], style: Style = BODY) -> None:
        """Set the blocks below each other."""
        for block in blocks:
            self._block(block, style)

    def say(self, words: str, style: Style, *, bold: bool = False) -> None:
        """Set one paragraph of plain text."""
        self._paragraph([(words, bold)], style)

    def _block(self, block: Block, style: Style) -> None:
        match block:
            case Heading(inlines, level):
                self._flow.space(_AFTER)
                size = _HEADINGS[min(level, len(_HEADINGS)) - 1]
                self._flow.together(size * 4)
                self._lines([(plain([Paragraph(inlines)]), True)], replace(style, size=size))
            case Paragraph(inlines):
                self._lines(_parts(inlines), style)
            case Quote(blocks):
                self.render(blocks, replace(style, indent=style.indent + _INDENT, grey=0.25))
            case Listing(items, start):
                self._listing(items, start, style)
            case Code(text):
                self._lines([(text, False)], replace(style, indent=style.indent + _INDENT))
            case Rule():
                self._flow.rule()
            case Progress() | Facts():
                self._lines([(plain([block]), False)], style)

    def _listing(self, items: Sequence[Sequence[Block]], start: int | None, style: Style) -> None:
        for at, item in enumerate(items):
            mark = "•" if start is None else f"{start + at}."
            first, *others = item or [Paragraph((Span(""),))]
            inlines = first.inlines if isinstance(first, Paragraph) else ()
            self._lines(
                [(f"{mark} ", False), *_parts(inlines)], replace(style, indent=style.indent + _INDENT)
            )
            rest = others if inlines else item
            self.render(rest, replace(style, indent=style.indent + 2 * _INDENT))

    def _lines(self, parts: Parts, style: Style) -> None:
        """A paragraph whose line feeds break lines."""
        for line in _split(parts):
            self._set(line, style)
        self._flow.space(_AFTER)

    def _paragraph(self, parts: Parts, style: Style) -> None:
        self._set(parts, style)
        self._flow.space(_AFTER)

    def _set(self, parts: Parts, style: Style) -> None:
        self._flow.place(self._setter.lines(parts, self._flow.room(style)), style)


def _parts(inlines: Iterable[Inline]) -> list[tuple[str, bool]]:
    return [part for inline in inlines for part in _part(inline)]


def _part(inline: Inline) -> Iterator[tuple[str, bool]]:
    """What is printed has no links to press, so an address that is not seen stands behind its words."""
    if not isinstance(inline, Span):
        yield inline.at.isoformat(), False
        return
    yield inline.text, inline.bold
    if inline.href and inline.href not in inline.text and inline.href.removeprefix("mailto:") != inline.text:
        yield f" ({inline.href})", False


def _split(parts: Parts) -> Iterator[list[tuple[str, bool]]]:
    line: list[tuple[str, bool]] = []
    for part, bold in parts:
        first, *others = part.split("\n")
        line.append((first, bold))
        for other in others:
            yield line
            line = [(other, bold)]
    yield line
