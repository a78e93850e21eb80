"""A document in pieces, for where the whole would be too long: parted between blocks, or else within them."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import chain

from msgspec.structs import replace

from bot.document import Block, Code, Document, Fact, Facts, Heading, Inline, Listing, Paragraph, Quote, Span

Fits = Callable[[Document], bool]
"""Whether a piece is short enough. Of whatever fits, each part does too."""


def pieces(document: Document, fits: Fits) -> Iterator[Document]:
    """`document` in as few pieces as blocks in their order allow; whole, if it fits.

    A block that does not fit by itself is parted: a list between its items, a paragraph behind a sentence or a
    word. A heading does not stand at the end of a piece.
    """
    if fits(document):
        yield document
        return
    piece: Document = ()
    for block in chain.from_iterable(_fitting(block, fits) for block in document):
        if piece and not fits((*piece, block)):
            head, tail = _without_headings(piece)
            yield head
            piece = tail if fits((*tail, block)) else ()
            if tail and not piece:
                yield tail
        piece = (*piece, block)
    yield piece


def _without_headings(piece: Document) -> tuple[Document, Document]:
    """A piece, and the headings at its end that belong to what comes next; never nothing and all."""
    end = len(piece)
    while end > 1 and isinstance(piece[end - 1], Heading):
        end -= 1
    return (piece, ()) if isinstance(piece[end - 1], Heading) else (piece[:end], piece[end:])


def _fitting(block: Block, fits: Fits) -> Iterator[Block]:
    parts = () if fits((block,)) else _parts(block)
    if not parts:
        yield block
    for part in parts:
        yield from _fitting(part, fits)


def _parts(block: Block) -> tuple[Block, ...]:
    """Two or more smaller blocks that say the same; none if it can't be parted."""
    match block:
        case Quote(blocks):
            half = len(blocks) // 2
            inner = [blocks[:half], blocks[half:]] if half else [(part,) for part in _parts(blocks[0])]
            return tuple(Quote(part) for part in inner)
        case Listing((item,)):
            return item
        case Listing(items, start):
            half = len(items) // 2
            after = None if start is None else start + half
            return Listing(items[:half], start), Listing(items[half:], after)
        case Facts((Fact(label, value),)):
            return (Paragraph((Span(f"{label}: ", bold=True), *value)),)
        case Facts(facts):
            return Facts(facts[: len(facts) // 2]), Facts(facts[len(facts) // 2 :])
        case Code(text) if len(text) > 1:
            at = _near_middle(text, "\n")
            return Code(text[:at].removesuffix("\n")), Code(text[at:])
        case Paragraph(inlines) | Heading(inlines):
            return tuple(replace(block, inlines=half) for half in _halves(inlines))
    return ()


def _halves(inlines: tuple[Inline, ...]) -> tuple[tuple[Inline, ...], ...]:
    if len(inlines) > 1:
        return inlines[: len(inlines) // 2], inlines[len(inlines) // 2 :]
    match inlines:
        case (Span(text) as span,) if len(text) > 1:
            at = _near_middle(text, r"[.!?…]\s+|[。！？]", r"\s+")  # noqa: RUF001 - full stops of other scripts
            return (replace(span, text=text[:at].rstrip()),), (replace(span, text=text[at:].lstrip()),)
    return ()


def _near_middle(text: str, *after: str) -> int:
    """A place in the middle half to part `text` at: behind what matches the first of `after` that is there.

    Otherwise between letters.
    """
    middle = len(text) // 2
    for pattern in after:
        ends = [found.end() for found in re.finditer(pattern, text)]
        ends = [end for end in ends if len(text) <= 4 * end <= 3 * len(text)]
        if ends:
            return min(ends, key=lambda end: abs(end - middle))
    while middle > 1 and unicodedata.combining(text[middle]):
        middle -= 1
    return middle
