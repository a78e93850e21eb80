"""What a line asks of the console itself, rather than of the core."""

from dataclasses import dataclass

OWN_COMMANDS = ("as", "language", "again", "quit", "exit")


@dataclass(frozen=True, slots=True)
class As:
    """Be the person of this name from now on; with no name, say who one is."""

    name: str


@dataclass(frozen=True, slots=True)
class Language:
    """Read this language from now on; with no code, list the languages."""

    code: str


@dataclass(frozen=True, slots=True)
class Again:
    """Send the last event once more, under its old id: what a network that stutters does."""


@dataclass(frozen=True, slots=True)
class Quit:
    """Leave."""


@dataclass(frozen=True, slots=True)
class NoButton:
    """A number that no button has."""

    number: int


@dataclass(frozen=True, slots=True)
class SeveralButtons:
    """A label that several buttons have."""


Wish = As | Language | Again | Quit | NoButton | SeveralButtons
