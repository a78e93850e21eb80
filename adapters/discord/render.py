"""The core's pages and forms as Discord shows them: components and modals. Pure; `markup` writes the text.

Views are only a way to write components here: each is stopped before it is sent, so that discord.py keeps none.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain, groupby
from typing import Any

import discord
from discord import app_commands, ui

from adapters.discord.markup import markdown
from bot.answer import Button, Choice, Field, FieldKind, Form, Page, Picture, Style
from bot.document import Document, Rule, Span, paragraph, plain
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
TEXT_FILE, PICTURE_FILE = "text.txt", "picture.png"
LABEL, HINT, BUTTON, ALT = 45, 100, 80, 1024
RADIOS = range(2, 11)
_STYLES = {
    Style.PRIMARY: discord.ButtonStyle.success,
    Style.PLAIN: discord.ButtonStyle.secondary,
    Style.DANGER: discord.ButtonStyle.danger,
}


Rows = Sequence[Sequence[Button]]
Texts = tuple[str | None, ...]
"""What stands below each other in a message; None is a line."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a message. `alt` makes it a picture, and says the same in words.

    `id` is set for one that an edited message carries already, and keeps.
    """

    name: str
    data: bytes = field(default=b"", repr=False)
    alt: str = ""
    id: str = ""


Files = tuple[Attached, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One message to send: its components, and the files that go with it."""

    view: ui.LayoutView
    files: Files = ()


def page(shown: Page) -> list[Message]:
    """The page in as few messages as Discord's limits allow, its buttons below the last."""
    parts, files = _said(shown, MESSAGES)
    first, *more = _batches(shown.buttons)
    messages = [_message(texts) for texts in parts[:-1]]
    return [*messages, _message(parts[-1], first, files), *(_message((), batch) for batch in more)]


def post(shown: Page, *, mark: int | None = None, kept: Files = ()) -> Message:
    """The page as one message: what is too long for that is a file.

    `mark` becomes the id of its card; `kept` are pictures that it carries already.
    """
    parts, files = _said(shown, 1)
    return _message(parts[0], _batches(shown.buttons)[0], (*files, *kept), mark)


def note(text: str) -> Message:
    """A sentence of plain words that need no escaping: what is left to say when all else has failed."""
    return Message(_stopped([ui.TextDisplay(text)]))


def caption(shown: Page, name: str, data: bytes) -> Message:
    """A page with a file below it. Only its beginning, if it is longer than a message."""
    first = next(_parts(shown.blocks, Words(shown.locale)))
    return _message(first, _batches(shown.buttons)[0], (Attached(name, data),))


def modal(form: Form) -> ui.Modal:
    """The form as a modal: what is agreed to, as much as fits, and its fields."""
    shown = ui.Modal(title=_cut(form.title, LABEL), custom_id=form.token, timeout=None)
    if text := _agreed(form):
        shown.add_item(ui.TextDisplay(text))
    for asked in form.fields:
        shown.add_item(_field(asked))
    shown.stop()
    return shown


def choices(offered: Sequence[Choice]) -> list[app_commands.Choice[str]]:
    """What an argument may be, as autocomplete shows it."""
    named = ((_cut(one.label, HINT) or one.value, one.value[:HINT]) for one in offered[:25])
    return [app_commands.Choice(name=name, value=value) for name, value in named]


def _size(text: str) -> int:
    """Discord counts as its clients do, in units of UTF-16."""
    return len(text.encode("utf-16-le", "replace")) // 2


def _said(shown: Page, most: int) -> tuple[list[Texts], Files]:
    """The texts of at most so many messages, and the files that go with the last."""
    t = Words(shown.locale)
    pictures = (_picture(shown.picture),) if shown.picture else ()
    parts = list(_parts(shown.blocks, t))
    if len(parts) <= most:
        return parts, pictures
    text = Attached(TEXT_FILE, f"{plain(shown.blocks)}\n".encode())
    beginning = (*excerpt(shown.blocks, INTRODUCTION), t.aside(say.TEXT_AS_FILE))
    return [_texts(beginning, t)], (text, *pictures)


def _picture(picture: Picture) -> Attached:
    return Attached(PICTURE_FILE, picture.png, _cut(picture.alt, ALT) or PICTURE_FILE)


def _parts(blocks: Document, t: Words) -> Iterator[Texts]:
    """The texts of each message that the blocks take."""
    texts = cache(lambda piece: _texts(piece, t))
    return map(texts, pieces(blocks, lambda piece: _fits(texts(piece))))


def _fits(texts: Texts) -> bool:
    room = PARTS - BUTTON_PARTS - len(("container", "file", "picture"))
    return len(texts) <= room and sum(map(_size, filter(None, texts))) <= TEXT


def _texts(piece: Document, t: Words) -> Texts:
    runs = groupby(piece, key=lambda block: isinstance(block, Rule))
    texts = [None if rule else markdown(run, t) for rule, run in runs]
    return tuple(text for text in texts if text != "")


def _message(texts: Texts, rows: Rows = (), files: Files = (), mark: int | None = None) -> Message:
    inside: list[ui.Item[ui.LayoutView]] = [
        ui.Separator() if text is None else ui.TextDisplay(text) for text in texts
    ]
    inside += map(_attached, files)
    inside += [ui.ActionRow(*map(_button, row)) for row in rows]
    empty = not (any(texts) or rows or files)
    return Message(_stopped([ui.TextDisplay("…") if empty else ui.Container(*inside, id=mark)]), files)


def _attached(file: Attached) -> ui.Item[ui.LayoutView]:
    """Where a message of this kind shows a file: an attachment alone would not be seen."""
    address = f"attachment://{file.name}"
    if not file.alt:
        return ui.File(address)
    return ui.MediaGallery(discord.MediaGalleryItem(address, description=file.alt))


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


def _batches(given: Rows) -> list[Rows]:
    """Rows by message, at least one: as given, five buttons at most; closer together if they are many."""
    once = {button.token or button.url: button for row in given for button in row}
    kept = [[button for button in row if once.pop(button.token or button.url, None)] for row in given]
    rows, few = _in_fives(kept), PARTS
    if sum(1 + len(row) for row in rows) > BUTTON_PARTS:
        rows, few = _in_fives([list(chain.from_iterable(kept))]), BUTTON_PARTS // (1 + ROW)
    return [rows[at : at + few] for at in range(0, len(rows), few)] or [()]


def _in_fives(rows: Rows) -> Rows:
    return [row[at : at + ROW] for row in rows for at in range(0, len(row), ROW)]


def _agreed(form: Form) -> str:
    """Remark and body, as much of it as fits."""
    t = Words(form.locale)
    remark = markdown((paragraph(Span(form.remark, bold=True)),), t) + "\n\n" if form.remark else ""
    more = t(say.LETTER_GOES_ON, button=form.more.label) if form.more else ""
    return (remark + _beginning(form.body, more, form.locale, TEXT - _size(remark))).strip("\n")


@lru_cache(maxsize=128)
def _beginning(body: Document, more: str, locale: str, room: int) -> str:
    """A letter in at most so many characters; one that is cut says where to read on.

    Kept, because everyone who signs is shown the same few.
    """
    t = Words(locale)
    whole = markdown(body, t)
    if _size(whole) <= room:
        return whole
    end: Document = (paragraph(more, quiet=True),) if more else ()
    beginning = excerpt(body, room)
    for length in range(room - 200, 0, -200):  # escaping makes text longer: as much as fits
        shown = markdown((*excerpt(beginning, length), *end), t)
        if _size(shown) <= room:
            return shown
    return markdown(end, t)


def _field(field: Field) -> ui.Label[ui.Modal]:
    label = _cut(field.label, LABEL)
    whole = field.label if label != field.label else ""
    return ui.Label(
        text=label, description=_cut(field.hint or whole, HINT) or None, component=_component(field)
    )


def _component(field: Field) -> ui.Item[ui.Modal]:
    if field.kind is not FieldKind.CHOICE:
        most = min(field.max_length, TEXT)
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
