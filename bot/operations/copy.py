"""`undersigned copy`: moving the database to another place."""

from typing import Annotated

import typer

from bot.operations.invocation import run, settings
from bot.operations.progress import progress
from bot.operations.telling import count
from bot.operations.terminal import say, say_findings


def copy(
    ctx: typer.Context,
    to: Annotated[
        str,
        typer.Option(
            envvar="UNDERSIGNED_COPY_TO",
            metavar="ADDRESS",
            help="The address of an empty database, written as storage.url is: postgresql://USER@HOST/DATABASE.",
        ),
    ],
) -> None:
    """Copy the database into another, empty one, SQLite or PostgreSQL, and count it again there. Stop the bot first."""
    from bot import app

    with progress("Copying") as tell:
        rows, findings = run(app.maintenance(settings(ctx)).copy(to, tell))
    say_findings(findings)
    say(f"Copied: {count(rows, 'row')}; every table holds as many there as here.")
    say(
        "Now point storage.url there, keep the key file as it is, and start the bot: undersigned check, undersigned run"
    )
    say("What is here was not changed. Never let a bot run on it again: the two would go their own ways.")
