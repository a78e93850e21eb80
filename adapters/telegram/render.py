"""Pages as Telegram shows them: HTML messages, and what stands below the last one. Pure."""

import re
from collections.abc import Iterable, Iterator
from html import escape

from babel.numbers import format_percent
from telegram import ForceReply, InlineKeyboardButton, InlineKeyboardMarkup

from adapters.telegram.runs import Run, html, parts, units
from bot.answer import Button, Page, Style
from bot.document import (
    Block,
    Code,
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
    plain,
)
from bot.words.catalog import Words

TEXT, CAPTION, ALERT, PLACEHOLDER = 4096, 1024, 200, 64
"""What fits into a message, below a file, over the chat, into the field for the reply; in UTF-16 units."""
BAR = 12
LONG_QUOTE = 600
"""Characters of a quote that is shown folded."""
_STYLES = {Style.PRIMARY: "primary", Style.DANGER: "danger"}
_LINK = re.compile(r"(https?|tg)://\S+", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")
_FORMATS = {"date": "D", "time": "t", "datetime": "Dt", "relative": "r"}


def texts(page: Page, limit: int = TEXT) -> tuple[str, ...]:
    """The page as HTML messages of at most `limit` units each, cut at the ends of paragraphs; at least one."""
    return tuple(html(part) for part in parts(_runs(page), limit)) or ("…",)


def alert(page: Page) -> str | None:
    """The page as a notice over the chat, without markup; None if it is too long or has buttons."""
    text = "".join(run.text for run in _runs(page))
    return text if units(text) <= ALERT and not page.buttons else None


def keyboard(page: Page, username: str) -> InlineKeyboardMarkup | None:
    """The page's buttons. On a page for all they lead into the private chat with the bot of this name.

    Unless they act where it stands (`Page.buttons_here`).
    """
    rows = [[_button(button, page, username) for button in row] for row in page.buttons if row]
    return InlineKeyboardMarkup(rows) if rows else None


def force_reply(page: Page) -> ForceReply | None:
    """The field for what the page asks to be typed."""
    if page.prompt is None:
        return None
    return ForceReply(input_field_placeholder=page.prompt.placeholder[:PLACEHOLDER] or None)


def _button(button: Button, page: Page, username: str) -> InlineKeyboardButton:
    label, style = _SURROGATE.sub("�", button.label) or "…", _STYLES.get(button.style)
    if button.token and (page.private or page.buttons_here):
        return InlineKeyboardButton(label, callback_data=button.token, style=style)
    url = button.url or f"https://t.me/{username}?start={button.token}"
    return InlineKeyboardButton(label, url=url, style=style)


# --- from blocks to runs ---


def _runs(page: Page) -> list[Run]:
    runs = _blocks(page.blocks, Words(page.locale), ())
    return [Run(_SURROGATE.sub("�", run.text), run.tags) for run in runs]


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
        case Progress(done, goal):
            return [Run(_bar(done, max(1, goal), t), around)]
        case Facts(facts):
            rows = (Paragraph((Span(f"{fact.label}: ", bold=True), *fact.value)) for fact in facts)
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


def _bar(done: int, goal: int, t: Words) -> str:
    """Rounded down, so that 100% is the goal."""
    full = min(BAR, max(0, done * BAR // goal))
    return "█" * full + "░" * (BAR - full) + " " + format_percent(done * 100 // goal / 100, locale=t.babel)


def _quotes(tags: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(tag for tag in tags if tag.startswith("blockquote"))
