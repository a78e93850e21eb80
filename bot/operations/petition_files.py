"""Petition files, as the command line takes them: read, checked, and filled up from the configuration."""

from collections.abc import Sequence
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from bot.operations.terminal import fail

if TYPE_CHECKING:
    from bot.house import House
    from bot.model.petition import Content

_EXAMPLE = "end-287g.md"


def read_file(file: Path) -> tuple[bytes, str]:
    """The bytes of a petition file and its name. Raises PetitionFileError."""
    from bot.petition_file import source

    return source.read_file(file), file.name


def example_bytes() -> tuple[bytes, str]:
    """The example petition that comes with the package."""
    return (resources.files("bot") / "examples" / _EXAMPLE).read_bytes(), _EXAMPLE


def understood(
    data: bytes, name: str, *, now: datetime, before: "Content | None" = None
) -> "tuple[Content, Sequence[str]]":
    """What the file says, and remarks about it. Raises UndersignedError with a line for each problem.

    `before` is what it is to replace, if anything.
    """
    from bot.petition_file.reading import read_petition
    from bot.words.catalog import Words

    reading = read_petition(data, now=now, before=before)
    if reading.content is None:
        fail("\n".join(f"{name}: {problem.said(Words())}" for problem in reading.errors))
    return reading.content, [problem.said(Words()) for problem in reading.notes]


def completed(content: "Content", house: "House") -> "Content":
    """`content` with the contact and the privacy line that it leaves out, if the configuration has them."""
    from bot import organising

    return organising.completed(content, house)


def missing(content: "Content") -> list[str]:
    """What signers would look for in vain."""
    from bot import organising

    return [_privacy(content) if absent == "privacy" else absent for absent in organising.missing(content)]


def _privacy(content: "Content") -> str:
    """What is missing, and in which languages where others have it."""
    without = [text.language for text in content.texts if not text.privacy]
    return "privacy line" + (f" in {', '.join(without)}" if len(without) < len(content.texts) else "")
