"""The core's pages as Discord shows them: messages of components. Pure; `markup` writes the text."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain, groupby
from typing import Any, Final

from msgspec import Struct

from adapters.discord import components
from adapters.discord.components import Component
from adapters.discord.markup import markdown
from bot.answer import Button, Choice, Page, Picture, Style
from bot.document import Document, Rule, plain
from bot.excerpt import excerpt
from bot.model.hidden import Hidden
from bot.pieces import pieces
from bot.utf16 import line, units
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
BUTTON, ALT, CHOICE, CHOICES = 80, 1024, 100, 25
"""Characters of a button, of what is said of a picture, and of a suggestion; how many suggestions."""
SUPPRESS_EMBEDS, EPHEMERAL, COMPONENTS = 1 << 2, 1 << 6, 1 << 15
"""Flags: unfurls nothing; is seen by one person; consists of components."""
_STYLES: Final = {Style.PRIMARY: 3, Style.PLAIN: 2, Style.DANGER: 4}


Rows = Sequence[Sequence[Button]]
Texts = tuple[str | None, ...]
"""What stands below each other in a message; None is a line."""


class Attached(Hidden, frozen=True):
    """A file of a message. `alt` makes it a picture, and says the same in words.

    `id` is set for one that an edited message carries already, and keeps.
    """

    name: str
    data: bytes = b""
    alt: str = ""
    id: str = ""


Files = tuple[Attached, ...]


class Message(Struct, frozen=True):
    """One message to send: its components, and the files that go with it."""

    components: tuple[Component, ...]
    files: Files = ()

    def body(self, *, hidden: bool = False) -> dict[str, Any]:
        """As Discord takes it: it mentions nobody, unfurls nothing, and has no file that it does not name."""
        new = [each for each in self.files if not each.id]
        kept = [{"id": each.id} for each in self.files if each.id]
        uploaded = [
            {"id": number, "filename": each.name} | ({"description": each.alt} if each.alt else {})
            for number, each in enumerate(new)
        ]
        return {
            "components": self.components,
            "flags": COMPONENTS | SUPPRESS_EMBEDS | (EPHEMERAL if hidden else 0),
            "allowed_mentions": {"parse": []},
            "attachments": [*kept, *uploaded],
        }

    @property
    def uploads(self) -> list[tuple[str, bytes]]:
        """The files that it does not carry already."""
        return [(each.name, each.data) for each in self.files if not each.id]


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
    return Message((components.text(text),))


def caption(shown: Page, name: str, data: bytes) -> Message:
    """A page with a file below it. Only its beginning, if it is longer than a message."""
    first = next(_parts(shown.blocks, Words(shown.locale)))
    return _message(first, _batches(shown.buttons)[0], (Attached(name, data),))


def choices(offered: Sequence[Choice]) -> list[dict[str, str]]:
    """What an argument may be, as autocomplete shows it."""
    named = ((line(one.label, CHOICE) or one.value, one.value[:CHOICE]) for one in offered[:CHOICES])
    return [{"name": name, "value": value} for name, value in named]


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
    return Attached(PICTURE_FILE, picture.png, line(picture.alt, ALT) or PICTURE_FILE)


def _parts(blocks: Document, t: Words) -> Iterator[Texts]:
    """The texts of each message that the blocks take."""
    whole = _texts(blocks, t)
    if _fits(whole):
        return iter((whole,))
    texts = cache(lambda piece: _texts(piece, t))
    return map(texts, pieces(blocks, lambda piece: _fits(texts(piece))))


def _fits(texts: Texts) -> bool:
    room = PARTS - BUTTON_PARTS - len(("container", "file", "picture"))
    return len(texts) <= room and sum(map(units, filter(None, texts))) <= TEXT


def _texts(piece: Document, t: Words) -> Texts:
    runs = groupby(piece, key=lambda block: isinstance(block, Rule))
    texts = [None if rule else markdown(run, t) for rule, run in runs]
    return tuple(text for text in texts if text != "")


def _message(texts: Texts, rows: Rows = (), files: Files = (), mark: int | None = None) -> Message:
    if not (any(texts) or rows or files):
        return note("…")
    inside = [components.line() if text is None else components.text(text) for text in texts]
    inside += [components.attached(file.name, file.alt) for file in files]
    inside += [components.row(map(_button, row)) for row in rows]
    return Message((components.card(inside, mark),), files)


def _button(button: Button) -> Component:
    label = line(button.label, BUTTON) or "…"
    if button.url:
        return components.link(label, button.url)
    return components.button(label, button.token, _STYLES[button.style])


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
