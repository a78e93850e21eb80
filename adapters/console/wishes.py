"""What a line asks of the console itself, rather than of the core."""

from msgspec import Struct

OWN_COMMANDS = ("as", "language", "again", "quit", "exit")


class As(Struct, frozen=True):
    """Be the person of this name from now on; with no name, say who one is."""

    name: str


class Language(Struct, frozen=True):
    """Read this language from now on; with no code, list the languages."""

    code: str


class Again(Struct, frozen=True):
    """Send the last event once more, under its old id: what a network that stutters does."""


class Quit(Struct, frozen=True):
    """Leave."""


class NoButton(Struct, frozen=True):
    """A number that no button has."""

    number: int


class SeveralButtons(Struct, frozen=True):
    """A label that several buttons have."""


Wish = As | Language | Again | Quit | NoButton | SeveralButtons
