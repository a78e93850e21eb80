"""A petition's Markdown as the blocks of a document, read by markdown-it-py (CommonMark).

Raw HTML is text, an image is its description, and only web and mail links stay links.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import groupby, pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from msgspec import Struct, field
from msgspec.structs import replace

from bot.document import Block, Code, Document, Heading, Inline, Listing, Paragraph, Quote, Rule, Span
from bot.excerpt import excerpt
from bot.model.petition import normalised

__all__ = ["DEPTH", "Landmark", "blocks", "escaped", "excerpt", "landmarks"]

DEPTH = 12
"""How deep quotes and lists may lie (a quote is one deep, a list two). Deeper marks are shown as text."""

_UNSHOWABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LINE_ENDS = re.compile("[\u2028\u2029]")
_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>\"\\]+", re.IGNORECASE)


@lru_cache(maxsize=64)
def blocks(markdown: str) -> Document:
    """`markdown` as blocks. Never raises; control and direction-changing characters are left out.

    A single line end within a paragraph is a space, two spaces or a backslash before it make it a break.
    The newest results are kept: a letter is shown to many.
    """
    tokens = _parser().parse(_clean(normalised(markdown)))
    return tuple(_children(iter(tokens)))


class Landmark(Struct, frozen=True):
    """A heading that stands in no list or quote, and where: the lines `start` up to, not including, `end`."""

    start: int
    end: int
    level: int
    text: str


def landmarks(markdown: str) -> tuple[Landmark, ...]:
    """The headings that part `markdown`, which has LF line ends; lines count from 0."""
    tokens = _parser().parse(markdown)
    return tuple(
        Landmark(token.map[0], token.map[1], int(token.tag[1:]), inline.content)
        for token, inline in pairwise(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map
    )


def escaped(text: str) -> str:
    """Markdown that shows `text` as it was typed. A line end stays one, an empty line parts paragraphs.

    Spaces around a line are not kept, nor is more than one empty line.
    """
    lines = (_escaped_line(line.strip()) for line in normalised(text).split("\n"))
    paragraphs = re.split(r"\n{2,}", "\n".join(lines).strip("\n"))
    return "\n\n".join(paragraph.replace("\n", "\\\n") for paragraph in paragraphs)


_MARKS = re.compile(r"[\\`*_\[\]<~]|&(?=#?\w+;)")
_LEADING_MARK = re.compile(r"\d{1,9}(?=[.)])|(?=[#+>=-])")


def _escaped_line(line: str) -> str:
    line = _MARKS.sub(r"\\\g<0>", line)
    leading = _LEADING_MARK.match(line)
    return f"{leading[0]}\\{line[leading.end() :]}" if leading else line


def _clean(text: str) -> str:
    return _UNSHOWABLE.sub("", _LINE_ENDS.sub("\n", text))


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": DEPTH + 8})
    parser.block.ruler.before("code", "depth", _too_deep)
    return parser


def _too_deep(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's own
    """Take what lies too deep as one paragraph: the parser itself would drop it."""
    if state.level < DEPTH or silent:
        return False
    last = start + 1
    while last < end and not state.isEmpty(last) and state.sCount[last] >= state.blkIndent:
        last += 1
    state.push("paragraph_open", "p", 1)
    inline = state.push("inline", "", 0)
    inline.children = []
    inline.content = state.getLines(start, last, state.blkIndent, False).strip()
    state.push("paragraph_close", "p", -1)
    state.line = last
    return True


def _children(tokens: Iterator[Token]) -> Iterator[Block]:
    """The blocks up to the end of the container that `tokens` stands in."""
    for token in tokens:
        if token.nesting < 0:
            return
        block = _block(token, tokens)
        if block is not None:
            yield block


def _block(token: Token, tokens: Iterator[Token]) -> Block | None:
    match token.type:
        case "heading_open":
            inlines = _content(tokens)
            return Heading(inlines, int(token.tag[1:])) if inlines else None
        case "paragraph_open":
            inlines = _content(tokens)
            return Paragraph(inlines) if inlines else None
        case "blockquote_open":
            quoted = tuple(_children(tokens))
            return Quote(quoted) if quoted else None
        case "bullet_list_open" | "ordered_list_open":
            start = int(token.attrs.get("start", 1)) if token.type == "ordered_list_open" else None
            return Listing(tuple(_items(tokens)), start)
        case "fence" | "code_block":
            return Code(_clean(token.content).expandtabs(4).rstrip("\n"))
        case "hr":
            return Rule()
    return None


def _items(tokens: Iterator[Token]) -> Iterator[tuple[Block, ...]]:
    for token in tokens:
        if token.nesting < 0:
            return
        yield tuple(_children(tokens)) or (Paragraph(()),)


def _content(tokens: Iterator[Token]) -> tuple[Inline, ...]:
    """The inlines of a paragraph or heading, and past its end."""
    line = _Line()
    for token in tokens:
        if token.nesting < 0:
            break
        for child in token.children or ():
            line.take(child)
    return line.spans


class _Line(Struct):
    """Collects spans while styles open and close."""

    parts: list[Span] = field(default_factory=list)
    bold: int = 0
    italic: int = 0
    href: str | None = None
    link_began: int = 0

    @property
    def spans(self) -> tuple[Span, ...]:
        """What was collected, neighbours of one style as one span."""
        groups = groupby(self.parts, key=lambda part: replace(part, text=""))
        return tuple(replace(style, text="".join(part.text for part in run)) for style, run in groups)

    def take(self, token: Token) -> None:
        match token.type:
            case "strong_open" | "strong_close":
                self.bold += token.nesting
            case "em_open" | "em_close":
                self.italic += token.nesting
            case "link_open":
                self.href = _address(token.attrGet("href"))
                self.link_began = len(self.parts)
            case "link_close":
                self._end_link()
            case "image":
                self._image(token)
            case "softbreak":
                self.add(" ")
            case "hardbreak":
                self.add("\n")
            case _:
                self.add(token.content, code=token.type == "code_inline")

    def add(self, text: str, *, code: bool = False, href: str | None = None) -> None:
        text = _clean(text).replace("\t", " ")
        if text:
            self.parts.append(Span(text, self.bold > 0, self.italic > 0, code, href=self.href or href))

    def _end_link(self) -> None:
        if self.href is not None and self.link_began == len(self.parts):
            self.add(self.href)  # a link without a label shows where it leads
        self.href = None

    def _image(self, token: Token) -> None:
        address = _address(token.attrGet("src"))
        self.add("".join(_words(token)) or address or "", href=address)


def _words(image: Token) -> Iterator[str]:
    """The text of an image's description, without its marks. The parser bounds how deep images lie."""
    for child in image.children or ():
        if child.type == "image":
            yield from _words(child)
        else:
            yield " " if child.type.endswith("break") else child.content


def _address(value: object) -> str | None:
    """A link's address, if it leads to the web or a mailbox."""
    return value if isinstance(value, str) and _LINK.fullmatch(value) else None
