"""The core's pages and forms as Discord shows them: components and modals. Pure; `markup` writes the text.

Views are only a way to write components here: each is stopped before it is sent, so that discord.py keeps none.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Any

import discord
from discord import ui

from adapters.discord.markup import markdown
from bot.answer import Button, Choice, Field, FieldKind, Form, Page, Style
from bot.document import Block, Document, Rule, Span, paragraph, plain
from bot.excerpt import excerpt
from bot.pieces import pieces
from bot.words import discord as say
from bot.words.catalog import Words

TEXT = 4000
"""Characters of one message's or modal's texts, all together."""
PARTS, BUTTON_PARTS = 40, 24
"""Components of one message, and how many of them we keep for rows and their buttons."""
ROW = 5
MESSAGES = 4
"""In how many messages a page is said; a longer one is a file."""
INTRODUCTION = 600
"""Characters that stand above such a file."""
TEXT_FILE = "text.txt"
LABEL, HINT, BUTTON, LINES = 45, 100, 80, 4000
RADIOS = range(2, 11)
_STYLES = {
    Style.PRIMARY: discord.ButtonStyle.success,
    Style.PLAIN: discord.ButtonStyle.secondary,
    Style.DANGER: discord.ButtonStyle.danger,
}


@dataclass(frozen=True, slots=True)
class Message:
    """One message to send: its components, and the name and content of a file that goes with it."""

    view: ui.LayoutView
    file: tuple[str, bytes] | None = None


def page(shown: Page) -> list[Message]:
    """The page in as few messages as Discord's limits allow, its buttons below the last."""
    t = Words(shown.locale)
    parts = list(pieces(shown.blocks, lambda piece: _fits(piece, t)))
    rows = list(_rows(shown.buttons))
    file = None
    if len(parts) > MESSAGES:
        file = (TEXT_FILE, f"{plain(shown.blocks)}\n".encode())
        parts = [(*excerpt(shown.blocks, INTRODUCTION), t.aside(say.TEXT_AS_FILE))]
    first, *more = list(_batches(rows)) or [[]]
    messages = [_message(part, [], t) for part in parts[:-1]]
    messages.append(_message(parts[-1], first, t, file))
    return messages + [_message((), batch, t) for batch in more]


def note(text: str) -> Message:
    """A sentence of plain words that need no escaping: what is left to say when all else has failed."""
    return Message(_stopped([ui.TextDisplay(text)]))


def caption(shown: Page, name: str, data: bytes) -> Message:
    """A page with a file below it. Only its beginning, if it is longer than a message."""
    t = Words(shown.locale)
    first = next(pieces(shown.blocks, lambda piece: _fits(piece, t)))
    return _message(first, next(_batches(list(_rows(shown.buttons))), []), t, (name, data))


def modal(form: Form) -> ui.Modal:
    """The form as a modal: what is agreed to, as much as fits, and its fields."""
    shown = ui.Modal(title=_cut(form.title, LABEL), custom_id=form.token, timeout=None)
    if text := _agreed(form):
        shown.add_item(ui.TextDisplay(text))
    for field in form.fields:
        shown.add_item(_field(field))
    shown.stop()
    return shown


def choices(offered: Sequence[Choice]) -> list[discord.app_commands.Choice[str]]:
    """What an argument may be, as autocomplete shows it."""
    return [
        discord.app_commands.Choice(name=_cut(one.label, HINT) or one.value, value=one.value[:HINT])
        for one in offered[:25]
    ]


def _size(text: str) -> int:
    """Discord counts as its clients do, in units of UTF-16."""
    return len(text.encode("utf-16-le", "replace")) // 2


def _fits(piece: Document, t: Words) -> bool:
    texts = list(_texts(piece, t))
    room = PARTS - BUTTON_PARTS - len(("container", "file"))
    return len(texts) <= room and sum(map(_size, filter(None, texts))) <= TEXT


def _texts(piece: Document, t: Words) -> Iterator[str | None]:
    """Its texts, and None where a line parts them."""
    for rule, run in groupby(piece, key=lambda block: isinstance(block, Rule)):
        text = None if rule else markdown(run, t)
        if text != "":
            yield text


def _message(
    piece: Document, rows: Iterable[Sequence[Button]], t: Words, file: tuple[str, bytes] | None = None
) -> Message:
    texts = list(_texts(piece, t))
    while texts and texts[0] is None:  # no line above everything
        texts.pop(0)
    while texts and texts[-1] is None:  # nor below
        texts.pop()
    inside: list[ui.Item[ui.LayoutView]] = [
        ui.Separator() if text is None else ui.TextDisplay(text) for text in texts
    ]
    inside += [ui.File(f"attachment://{file[0]}")] if file else []
    inside += [ui.ActionRow(*map(_button, row)) for row in rows]
    return Message(_stopped([ui.Container(*inside)] if inside else [ui.TextDisplay("…")]), file)


def _stopped(items: Iterable[ui.Item[ui.LayoutView]]) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    for item in items:
        view.add_item(item)
    view.stop()
    return view


def _button(button: Button) -> ui.Button[ui.LayoutView]:
    label = _cut(button.label, BUTTON) or "…"
    if button.url:
        return ui.Button(label=label, url=button.url)
    return ui.Button(label=label, custom_id=button.token, style=_STYLES[button.style])


def _rows(rows: Sequence[Sequence[Button]]) -> Iterator[Sequence[Button]]:
    """As given, a button of the same token once, five to a row; closer together if they are many."""
    once = {button.token or button.url: button for row in rows for button in row}
    kept = [[button for button in row if once.pop(button.token or button.url, None)] for row in rows]
    many = sum(1 + len(row) for row in kept) > BUTTON_PARTS
    for row in [list(chain.from_iterable(kept))] if many else kept:
        yield from (row[at : at + ROW] for at in range(0, len(row), ROW))


def _batches(rows: list[Sequence[Button]]) -> Iterator[list[Sequence[Button]]]:
    """Rows by message."""
    few = max(1, BUTTON_PARTS // (1 + max(map(len, rows), default=1)))
    yield from (rows[at : at + few] for at in range(0, len(rows), few))


def _agreed(form: Form) -> str:
    """Remark and body. A body too long to show is cut, and says where all of it can be read."""
    t = Words(form.locale)
    remark = (paragraph(Span(form.remark, bold=True)),) if form.remark else ()
    whole = markdown((*remark, *form.body), t)
    if _size(whole) <= TEXT:
        return whole
    end: tuple[Block, ...] = (
        (paragraph(t(say.LETTER_GOES_ON, button=form.more.label), quiet=True),) if form.more else ()
    )
    beginning = excerpt(form.body, TEXT)
    for length in range(TEXT - 200, 0, -200):  # escaping makes text longer: as much as fits
        shown = markdown((*remark, *excerpt(beginning, length), *end), t)
        if _size(shown) <= TEXT:
            return shown
    return markdown((*remark, *end), t)


def _field(field: Field) -> ui.Label[ui.Modal]:
    label = _cut(field.label, LABEL)
    whole = field.label if label != field.label else ""
    return ui.Label(
        text=label, description=_cut(field.hint or whole, HINT) or None, component=_component(field)
    )


def _component(field: Field) -> ui.Item[ui.Modal]:
    if field.kind is not FieldKind.CHOICE:
        most = min(field.max_length, LINES)
        style = discord.TextStyle.short if field.kind is FieldKind.LINE else discord.TextStyle.paragraph
        return ui.TextInput(
            custom_id=field.key,
            style=style,
            default=_first(field.value, most) or None,
            required=field.required,
            max_length=most,
        )
    if len(field.choices) in RADIOS:
        radios = [discord.RadioGroupOption(**_option(one, field)) for one in field.choices]
        return ui.RadioGroup(custom_id=field.key, required=field.required, options=radios)
    options = [discord.SelectOption(**_option(one, field)) for one in field.choices[:25]]
    least = int(field.required)
    return ui.Select(custom_id=field.key, required=field.required, min_values=least, options=options)


def _option(one: Choice, field: Field) -> dict[str, Any]:
    label, hint = _cut(one.label, HINT), _cut(one.hint, HINT) or None
    return {"label": label, "value": one.value, "description": hint, "default": one.value == field.value}


def _cut(text: str, most: int) -> str:
    """One line of at most so many characters."""
    text = " ".join(text.split())
    return text if _size(text) <= most else _first(text, most - 1).rstrip() + "…"


def _first(text: str, most: int) -> str:
    return text.encode("utf-16-le", "replace")[: 2 * most].decode("utf-16-le", "ignore")
