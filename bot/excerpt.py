"""The beginning of a document, for where the whole would be too long."""

import re
import unicodedata
from collections.abc import Iterator

from msgspec.structs import replace

from bot.document import Block, Code, Document, Heading, Inline, Listing, Paragraph, Quote, Rule, Span, plain

ELLIPSIS = "…"
_WORTH_READING = 12
# Full stops, also the Devanagari, Arabic, Armenian and Ethiopic ones, with what closes behind them; and the
# Han and Kana ones, which no space follows.
_SENTENCE_END = re.compile(
    "[.!?…\u0964\u061f\u0589\u1362][\"'”’»)\\]]*(?=\\s)|[\u3002\uff01\uff1f][\u300d\u300f”]?"
)
_SPACE = re.compile(r"\s+")


def excerpt(document: Document, characters: int) -> Document:
    """The beginning of `document` in at most `characters` (at least 3), ended by … where it is cut.

    Whole blocks where they fit; the one that does not is cut behind a sentence, or else behind a word.
    """
    if len(plain(document)) <= characters:
        return document
    return _ended(_fitting(document, characters - len("\n\n…")))


def _fitting(document: Document, characters: int) -> Document:
    kept: list[Block] = []
    for block in document:
        size = len(plain((block,)))
        if size > characters:
            return (*kept, *_beginning(block, characters))
        kept.append(block)
        characters -= size + len("\n\n")
    return tuple(kept)


def _beginning(block: Block, characters: int) -> Document:
    """What of a block fits; nothing, if that would not be worth reading."""
    if characters < _WORTH_READING:
        return ()
    match block:
        case Paragraph(inlines):
            return (replace(block, inlines=_cut(inlines, characters)),)
        case Quote(quoted):
            inner = _fitting(quoted, characters)
            return (Quote(inner),) if inner else ()
        case Listing(items, start):
            items = tuple(_fitting_items(block, characters))
            return (Listing(items, start),) if items else ()
        case Code(code):
            return (Code(code[:characters]),)
    return ()


def _fitting_items(listing: Listing, characters: int) -> Iterator[tuple[Block, ...]]:
    for number, item in enumerate(listing.items, start=listing.start or 0):
        alone = Listing((item,), None if listing.start is None else number)
        characters -= len(plain((alone,))) + len("\n")
        if characters < 0:
            return
        yield item


def _cut(inlines: tuple[Inline, ...], characters: int) -> tuple[Inline, ...]:
    text = plain((Paragraph(inlines),))
    sentences = [end.end() for end in _SENTENCE_END.finditer(text, 0, characters + 1)]
    words = [space.start() for space in _SPACE.finditer(text, 0, characters + 1)]
    for ends, least in ((sentences, characters // 3), (words, characters // 2)):
        if ends and least <= ends[-1] <= characters:
            return _first(inlines, ends[-1])
    while characters > 1 and unicodedata.category(text[characters]).startswith("M"):
        characters -= 1
    return _first(inlines, characters)


def _first(inlines: tuple[Inline, ...], characters: int) -> tuple[Inline, ...]:
    """The first `characters` of a paragraph. An instant stays whole or goes."""
    kept: list[Inline] = []
    for inline in inlines:
        size = len(plain((Paragraph((inline,)),)))
        if size > characters:
            if isinstance(inline, Span) and characters:
                kept.append(replace(inline, text=inline.text[:characters]))
            break
        kept.append(inline)
        characters -= size
    if kept and isinstance(kept[-1], Span):
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip())
    return tuple(kept)


def _ended(document: Document) -> Document:
    """`document` with … at its end, and no heading left alone there."""
    while document and isinstance(document[-1], Heading | Rule):
        document = document[:-1]
    match document[-1] if document else None:
        case Paragraph(inlines, quiet):
            return (*document[:-1], Paragraph((*inlines, Span(_mark_after(inlines))), quiet))
        case Quote(quoted):
            return (*document[:-1], Quote(_ended(quoted)))
    return (*document, Paragraph((Span(ELLIPSIS),)))


def _mark_after(inlines: tuple[Inline, ...]) -> str:
    ended = _SENTENCE_END.search(plain((Paragraph(inlines),))[-3:] + " ")
    return f" {ELLIPSIS}" if ended else ELLIPSIS
