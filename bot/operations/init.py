"""`undersigned init`: the files that a bot needs, made where they are missing and nowhere else."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.operations.terminal import fail, say

if TYPE_CHECKING:
    from bot.settings import Settings

EXAMPLE_NAME = "example-petition.md"


def init(
    ctx: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="FOLDER", help="Where to; this folder by default.", show_default=False),
    ] = None,
) -> None:
    """Make config.toml, key file, database and an example petition. What is there already stays as it is."""
    from bot.config import CONFIG_FILE

    file = ctx.obj.config or (folder or Path()) / CONFIG_FILE
    try:
        _write(file.absolute())
    except OSError as error:
        fail(f"{error.filename or file}: can't be written: {error.strerror}.")
    there = f"cd {folder} && " if folder and folder.resolve() != Path.cwd() else ""
    say()
    say(f"Next: {there}undersigned petition add {EXAMPLE_NAME}")
    say("Then put a token into the config file (or the environment), and: undersigned check")


def _write(file: Path) -> None:
    from bot import config
    from bot.operations.config_file import rendered, write_new
    from bot.operations.petition_files import example_bytes

    file.parent.mkdir(parents=True, exist_ok=True)
    report(file, written=write_new(file, rendered()))
    settings = config.load(file)
    write_keys(settings)
    _make_database(settings)
    example = file.with_name(EXAMPLE_NAME)
    report(example, written=write_new(example, example_bytes()[0].decode()))


def write_keys(settings: "Settings") -> None:
    """Make the key file, unless there is one, and say so."""
    from bot import app

    report(settings.security.key_file, written=app.create_keys(settings))


def _make_database(settings: "Settings") -> None:
    """An empty database, where it is a file: a server need not be there yet."""
    from bot import app

    if (database := settings.storage.file) is not None:
        known = database.exists()
        app.migrate(settings)
        report(database, written=not known)


def report(file: Path, *, written: bool) -> None:
    """Say whether a file was written, or kept."""
    say(f"written  {file}" if written else f"kept     {file} (it was there already)")
