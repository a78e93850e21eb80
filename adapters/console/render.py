"""Pages as a terminal shows them: framed and coloured for people, plain lines for scripts. Pure.

Both are printed from the same lines. Text is never markup here: it goes into `rich.text.Text` after `safe`.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from msgspec import Struct
from rich.cells import cell_len
from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from adapters.console.lines import Line, Wrapped, hang, split
from adapters.console.screen import PLACE
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
    colon,
)
from bot.words import console as say
from bot.words.catalog import Words

BAR = 20
LABEL = 22
"""Columns for the labels of a table; a longer one pushes its value to the right."""
_UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LOOKS = {Style.PRIMARY: "reverse bold green", Style.PLAIN: "reverse", Style.DANGER: "reverse red"}


def safe(text: str) -> str:
    """`text` that can't steer a terminal: control and direction-overriding characters become `�`."""
    return _UNSAFE.sub("�", text.replace("\r\n", "\n").replace("\t", "    "))


def plain(page: Page, first: int = 1) -> str:
    """The page for a script, its buttons numbered from `first`. No sentence is broken over lines."""
    t = Words(page.locale)
    whose = f"({t(say.ONLY_YOU)})" if page.private else f"#{PLACE.name}:"
    buttons = ("   ".join(mark + label for mark, label, _ in row) for row in _numbered(page, first))
    return "\n".join((whose, plain_note(page), *buttons)) + "\n"


def plain_note(page: Page) -> str:
    """A remark of the console's own, for a script."""
    return "\n".join(map(str, _lines(page.blocks, Words(page.locale), _PLAIN)))


def rich(page: Page, first: int = 1, *, ascii_only: bool = False) -> RenderableType:
    """The page for a person, its buttons numbered from `first`: in a frame, at any width."""
    t = Words(page.locale)
    lines = tuple(_lines(page.blocks, t, _ASCII if ascii_only else _FANCY))
    rows = [
        Columns([Text(f" {mark}{label} ", _LOOKS[style], overflow="fold") for mark, label, style in row])
        for row in _numbered(page, first)
    ]
    inside = Group(Wrapped(lines), *([Text()] if rows and lines else []), *rows)
    if page.private:
        whose = Text(t(say.ONLY_YOU), "dim italic")
        return Panel(inside, border_style="dim", subtitle=whose, subtitle_align="right", padding=(0, 1))
    where = Text(f"#{PLACE.name}", "bold")
    return Panel(inside, border_style="cyan", title=where, title_align="left", padding=(0, 1))


def rich_note(page: Page, *, ascii_only: bool = False) -> RenderableType:
    """A remark of the console's own, for a person: without a frame, for nobody sent it."""
    lines = _lines(page.blocks, Words(page.locale), _ASCII if ascii_only else _FANCY)
    return Padding(Wrapped(lines), (0, 0, 1, 2))


class _Glyphs(Struct, frozen=True):
    """What blocks are drawn with. `airy`: with empty lines between blocks, and labels in a column."""

    quote: str
    full: str
    empty: str
    rule: str
    heading: str = ""
    airy: bool = True


_PLAIN = _Glyphs("| ", "#", "-", "---", heading="#", airy=False)
_ASCII = _Glyphs("| ", "#", "-", "-" * BAR)
_FANCY = _Glyphs("▌ ", "█", "░", "─" * BAR)


def _lines(blocks: Iterable[Block], t: Words, glyphs: _Glyphs) -> Iterator[Line]:
    for number, block in enumerate(blocks):
        if number and glyphs.airy:
            yield Line(Text())
        yield from _block(block, t, glyphs)


def _block(block: Block, t: Words, glyphs: _Glyphs) -> Iterable[Line]:
    match block:
        case Heading(inlines, level):
            mark = glyphs.heading * max(1, level) + " " if glyphs.heading else ""
            return _text(inlines, t, "bold cyan" if level == 1 else "bold", mark)
        case Paragraph(inlines, quiet):
            return _text(inlines, t, "dim" if quiet else "")
        case Quote(blocks):
            return hang(Text(glyphs.quote, "cyan"), Text(glyphs.quote, "cyan"), _lines(blocks, t, glyphs))
        case Listing(items):
            marked = zip(_marks(block), items, strict=True)
            return chain.from_iterable(
                hang(Text(mark, "cyan"), Text(" " * len(mark)), _lines(item, t, glyphs))
                for mark, item in marked
            )
        case Code(text):
            return hang(Text("    "), Text("    "), split(Text(safe(text), "cyan")))
        case Progress():
            return [_progress(block, t, glyphs)]
        case Facts():
            return _facts(block, t, glyphs)
        case Rule():
            return [Line(Text(glyphs.rule, "dim"))]


def _text(inlines: Iterable[Inline], t: Words, look: str, mark: str = "") -> Iterable[Line]:
    text = Text(mark, look)
    for inline in inlines:
        text.append(*_inline(inline, t))
    return split(text)


def _inline(inline: Inline, t: Words) -> tuple[str, str]:
    if isinstance(inline, Moment):
        return _moment(inline, t), ""
    text = f"~{inline.text}~" if inline.strike else inline.text
    looks = {"bold": inline.bold, "italic": inline.italic, "cyan": inline.code or inline.href is not None}
    where = "" if inline.href in (None, inline.text) else f" ({inline.href})"
    return safe(text + where), " ".join(look for look, worn in looks.items() if worn)


def _moment(moment: Moment, t: Words) -> str:
    match moment.style:
        case "date":
            return t.value(moment.at.date())
        case "time":
            return f"{moment.at:%H:%M} UTC"
        case _:  # a page stays on the screen, where "an hour ago" would become untrue
            return t.value(moment.at)


def _marks(listing: Listing) -> list[str]:
    if listing.start is None:
        return ["- "] * len(listing.items)
    return [f"{listing.start + number}. " for number in range(len(listing.items))]


def _progress(progress: Progress, t: Words, glyphs: _Glyphs) -> Line:
    """The bar in characters, so that it can be read without colour."""
    full = progress.full(BAR)
    bar = Text("[") + Text(glyphs.full * full, "green") + Text(glyphs.empty * (BAR - full), "dim")
    return Line(bar + Text(f"] {t.percent(progress.percent)}"))


def _facts(block: Facts, t: Words, glyphs: _Glyphs) -> Iterator[Line]:
    labels = [safe(fact.label) for fact in block.facts]
    column = max((width for width in map(cell_len, labels) if width <= LABEL), default=0) + 2
    for label, fact in zip(labels, block.facts, strict=True):
        shown = label + " " * max(2, column - cell_len(label)) if glyphs.airy else f"{label}{colon(label)} "
        yield from hang(Text(shown, "dim"), Text(" " * column), _text(fact.value, t, ""))


def _numbered(page: Page, first: int) -> Iterator[list[tuple[str, str, Style]]]:
    number, slash = first, "/" if page.prompt else ""
    for row in page.buttons:
        shown = []
        for button in row:
            shown.append((f"[{slash}{number}] " if button.token else "", _label(button), button.style))
            number += bool(button.token)
        if shown:
            yield shown


def _label(button: Button) -> str:
    return safe(button.label if button.token else f"{button.label}: {button.url}").replace("\n", " ")
