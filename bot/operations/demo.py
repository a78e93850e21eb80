"""`undersigned demo`: a chat in this terminal, with everything behind it real but the network."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from bot.operations.invocation import run

if TYPE_CHECKING:
    from bot.ports import Petitions
    from bot.settings import Settings

ORGANISER = "console:organiser"


def demo(
    petition: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A petition file instead of the example.")
    ] = None,
    database: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Keep what happens in this file, until the next time.")
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(
            metavar="LANGUAGE", help="The language you read, such as es.", show_default="the terminal's"
        ),
    ] = None,
    name: Annotated[str, typer.Option("--as", metavar="NAME", help="Who you are.")] = "Ana",
) -> None:
    """Chat in this terminal: read and sign an example petition. Needs no token and leaves nothing behind."""
    for name_of_end in (
        "SIGTERM",
        "SIGHUP",
    ):  # killed, or its window closed: the temporary folder goes either way
        if hasattr(signal, name_of_end):  # Windows has no SIGHUP
            signal.signal(getattr(signal, name_of_end), signal.default_int_handler)
    with _folder(database) as (file, key_file):
        run(_chat(_settings(file, key_file), petition, name, language or _terminal_language()))


@contextmanager
def _folder(database: Path | None) -> Iterator[tuple[Path, Path]]:
    """Where the database and its key are: beside each other, which only a demo may do."""
    if database is not None:
        yield database, database.with_name(database.name + ".key")
        return
    with TemporaryDirectory(prefix="undersigned-demo-", ignore_cleanup_errors=True) as folder:
        yield Path(folder, "demo.db"), Path(folder, "demo.key")


def _settings(file: Path, key_file: Path) -> "Settings":
    """A configuration of its own: a demo never touches the one in this folder, nor the environment's."""
    from bot.config import checked

    return checked(
        {
            "admins": [ORGANISER],
            "storage": {"url": f"sqlite:///{file.absolute()}"},
            "security": {"key_file": str(key_file.absolute())},
        }
    )


def _terminal_language() -> str:
    """The terminal's language where a person sits before it; English for scripts, whatever the machine."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    language = spoken.partition(".")[0].replace("_", "-")
    return language if sys.stdin.isatty() and language[:1].islower() else "en"


async def _chat(settings: "Settings", petition: Path | None, name: str, language: str) -> None:
    import logging

    from bot import app, log

    log.configure((), level=logging.WARNING)
    app.create_keys(settings)
    async with app.open_core(settings) as (core, ports):
        await _opened(ports.petitions, petition)
        await app.converse(core, name=name, locale=language)


async def _opened(petitions: "Petitions", file: Path | None) -> None:
    """The petition is there in the text of its file, and was opened once."""
    from bot import app
    from bot.model.petition import Act, State
    from bot.operations.petition_files import example_bytes, read_file, understood

    data, name = read_file(file) if file else example_bytes()
    content, _ = understood(data, name, now=app.now())
    stored = await petitions.find(content.slug)
    if stored is None:
        stored = await petitions.add(content)
    elif stored.content != content:
        await petitions.update(content.slug, content, seen=stored.revision)
    if stored is not None and stored.stored_state is State.DRAFT:
        await petitions.act(content.slug, Act.OPEN)
