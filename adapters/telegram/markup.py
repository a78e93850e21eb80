"""A document as styled runs of text, whose tags are Telegram's. Pure; `runs` cuts them and writes the HTML."""

import re
from collections.abc import Iterable, Iterator
from html import escape

from adapters.telegram.runs import Run
from bot.document import (
    Block,
    Code,
    Document,
    Facts,
    Heading,
    Inline,
    Listing,
    Moment,
    Paragraph,
    Progress,
    Quote,
    Rule,
    Span,
    colon,
    plain,
)
from bot.words.catalog import Words

BAR = 12
LONG_QUOTE = 600
"""Characters of a quote that is shown folded."""
_LINK = re.compile(r"(https?|tg)://\S+", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")
_FORMATS = {"date": "D", "time": "t", "datetime": "Dt", "relative": "r"}


def styled(blocks: Document, t: Words) -> list[Run]:
    """The blocks, parted by empty lines."""
    return [Run(shown(run.text), run.tags) for run in _blocks(blocks, t, ())]


def shown(text: str) -> str:
    """The text without halves of characters, which can't be sent."""
    return _SURROGATE.sub("�", text)


def _blocks(blocks: Iterable[Block], t: Words, around: tuple[str, ...], gap: str = "\n\n") -> Iterator[Run]:
    for number, block in enumerate(blocks):
        if number:
            yield Run(gap, around)
        yield from _block(block, t, around)


def _block(block: Block, t: Words, around: tuple[str, ...]) -> Iterable[Run]:
    match block:
        case Heading(inlines):
            return _inlines(inlines, t, (*around, "b"))
        case Paragraph(inlines, quiet):
            return _inlines(inlines, t, (*around, "i") if quiet else around)
        case Quote(blocks):
            tag = "blockquote expandable" if len(plain(blocks)) > LONG_QUOTE else "blockquote"
            return _blocks(blocks, t, around if _quotes(around) else (*around, tag))
        case Listing(items, start):
            return _listing(items, start, t, around)
        case Code(text):
            return [Run(text, (*_quotes(around), "pre"))]
        case Progress():
            return [Run(_bar(block, t), around)]
        case Facts(facts):
            rows = (
                Paragraph((Span(f"{fact.label}{colon(fact.label)} ", bold=True), *fact.value))
                for fact in facts
            )
            return _blocks(rows, t, around, "\n")
        case Rule():
            return [Run("—" * 8, around)]


def _listing(
    items: Iterable[tuple[Block, ...]], start: int | None, t: Words, around: tuple[str, ...]
) -> Iterator[Run]:
    for number, item in enumerate(items):
        mark = "• " if start is None else f"{start + number}. "
        yield Run(("\n" if number else "") + mark, around)
        for run in _blocks(item, t, around, "\n"):
            yield Run(run.text.replace("\n", "\n    "), run.tags)


def _inlines(inlines: Iterable[Inline], t: Words, around: tuple[str, ...]) -> Iterator[Run]:
    for inline in inlines:
        if isinstance(inline, Moment):
            yield _moment(inline, t, around)
        elif inline.code:  # nothing else may be around code but a quote
            yield Run(inline.text, (*_quotes(around), "code"))
        else:
            yield Run(inline.text, (*around, *(tag for tag in _looks(inline) if tag not in around)))


def _looks(span: Span) -> Iterator[str]:
    if span.href and _LINK.fullmatch(span.href):
        yield f'a href="{escape(span.href)}"'
    yield from (tag for tag, worn in (("b", span.bold), ("i", span.italic), ("s", span.strike)) if worn)


def _moment(moment: Moment, t: Words, around: tuple[str, ...]) -> Run:
    """Each reader sees it in their own time zone; clients that are too old for that see UTC."""
    match moment.style:
        case "date":
            shown = t.value(moment.at.date())
        case "time":
            shown = f"{moment.at:%H:%M} UTC"
        case _:
            shown = t.value(moment.at)
    return Run(
        shown, (*around, f'tg-time unix="{int(moment.at.timestamp())}" format="{_FORMATS[moment.style]}"')
    )


def _bar(progress: Progress, t: Words) -> str:
    full = progress.full(BAR)
    return "█" * full + "░" * (BAR - full) + " " + t.percent(progress.percent)


def _quotes(tags: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(tag for tag in tags if tag.startswith("blockquote"))
