"""What goes out: pages with buttons, forms, files, through the port that an adapter hands to the core."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from bot.document import Document
from bot.model.hidden import Hidden


class Style(StrEnum):
    """How a button looks: the thing to do next, one of several, or one that takes something away."""

    PRIMARY = "primary"
    PLAIN = "plain"
    DANGER = "danger"


class Button(Struct, frozen=True):
    """A button that brings its `token` back, or opens `url`. Exactly one of the two is set.

    A token has at most 56 bytes of `[A-Za-z0-9_-]`. On a page that is not private a platform without
    private answers turns a token into a deep link to its private chat (but see `Page.buttons_here`).
    """

    label: str
    token: str = ""
    url: str = ""
    style: Style = Style.PLAIN


class Prompt(Struct, frozen=True):
    """The page asks for free text: the next thing that the member types is the answer."""

    placeholder: str = ""
    max_length: int = 1000


class Picture(Struct, frozen=True):
    """A PNG, and the same facts in words."""

    png: bytes
    alt: str


class Page(Struct, frozen=True):
    """One message: blocks, rows of buttons, the reader's locale, and who may see it.

    `private`: only the actor. `names_a_person`: not to be forwarded or saved, where the platform can tell it so.
    `buttons_here`: its buttons bring their tokens back from where the page stands, though all see it (a
    moderator's settings); elsewhere a page that is not private leads into the private chat. `picture` goes with
    it where it can; a page says everything without it.
    """

    blocks: Document
    buttons: tuple[tuple[Button, ...], ...] = ()
    locale: str = "en"
    private: bool = True
    names_a_person: bool = False
    prompt: Prompt | None = None
    buttons_here: bool = False
    picture: Picture | None = None


class FieldKind(StrEnum):
    """One line of text, several lines, or one of a list."""

    LINE = "line"
    LINES = "lines"
    CHOICE = "choice"


class Choice(Struct, frozen=True):
    """One thing to choose: its stored value, its label, and a remark on what it means."""

    value: str
    label: str
    hint: str = ""


class Field(Struct, frozen=True):
    """One thing that a form asks. `action` is what a button says that leads to it ("Another name")."""

    key: str
    label: str
    action: str
    kind: FieldKind = FieldKind.LINE
    value: str = ""
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    required: bool = True
    max_length: int = 1000


class Form(Struct, frozen=True):
    """What a member fills in and sends. Its token brings it back; `body` is what they agree to by sending it.

    `title` and labels have at most 45 characters, the tightest platform's limit; a longer one is cut there.
    `remark` says why it is shown again, if it is.
    """

    token: str
    title: str
    body: Document
    fields: tuple[Field, ...]
    submit: str
    locale: str = "en"
    remark: str = ""
    more: Button | None = None
    """The button that shows `body` in full, for where it does not fit."""


class File(Struct, frozen=True):
    """A file for the actor. It is at `path`; the receiver sees `name`."""

    path: Path
    name: str
    caption: Page


class Handed(Hidden, frozen=True):
    """A file that stands in a chat: how `bot.sending.Sender.remove` finds it, and until when it can."""

    reference: str
    until: datetime | None = None


class Offer(Struct, frozen=True):
    """A public page that the member may post elsewhere, as a list shows it before it is chosen."""

    key: str
    title: str
    summary: str
    page: Page


class Answer(Protocol):
    """How the core answers one event. Each may be called more than once (progress, then the report)."""

    @property
    def whole_forms(self) -> bool:
        """Whether the platform shows a form in one piece (a modal). Elsewhere the core asks step by step."""

    @property
    def lasting(self) -> bool:
        """Whether a private answer stays in the chat until somebody removes it."""

    @property
    def largest_file(self) -> int | None:
        """How many bytes a file may have here; None for any number."""

    async def show(self, page: Page) -> str | None:
        """A new message; what `remove` needs to find it again, where the platform has such a thing."""

    async def replace(self, page: Page) -> None:
        """The message whose button was pressed becomes `page`.

        Where there is none, or others see it too and the page is private, a new message.
        """

    async def form(self, form: Form) -> None:
        """Open a form in one piece. Only where `whole_forms`."""

    async def remove(self, reference: str | None = None) -> None:
        """Remove a message of ours in this place, by default the one whose button was pressed, if it is there."""

    async def offer(self, offers: Sequence[Offer]) -> None:
        """What the member may post in a chat where the bot is not: the answer to `Browse`."""

    async def suggest(self, choices: Sequence[Choice]) -> None:
        """What the argument being typed may be, at most 25."""

    async def menu(self, commands: Sequence[tuple[str, str]]) -> None:
        """What is listed to this member alone in their private chat, where the platform can: names, descriptions.

        Nothing: what is listed to everybody.
        """

    async def file(self, file: File) -> Handed | None:
        """A file, to the actor alone; how it is found again, where the platform has such a thing."""
