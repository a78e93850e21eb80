"""`undersigned verify | migrate | backup | restore`: looking after the database as a whole."""

from pathlib import Path
from typing import Annotated

import typer

from bot.operations.invocation import run, settings
from bot.operations.petition import Yes
from bot.operations.progress import progress
from bot.operations.telling import count, when
from bot.operations.terminal import agreed, say, say_findings


def verify(
    ctx: typer.Context,
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended.")] = False,
) -> None:
    """Recount every total, decrypt every name and look for damage. Changes nothing without --repair."""
    from bot import app

    maintenance = app.maintenance(settings(ctx))
    with progress("Verifying") as tell:
        findings = run(maintenance.verify(repair=repair, progress=tell))
    if not say_findings(findings):
        raise typer.Exit(1)


def migrate(ctx: typer.Context) -> None:
    """Bring the database to this version. 'run' does it by itself."""
    from bot import app

    applied = app.migrate(settings(ctx))
    for revision in applied:
        say(f"applied  {revision}")
    say("The database is up to date." if applied else "The database was up to date already.")


def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that is not there yet.")],
    keep: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="DAYS",
            help="Then delete this database's backups in the same folder that are older, in days.",
        ),
    ] = None,
) -> None:
    """Copy the database while it is in use. The key is not in the copy: keep one of that elsewhere."""
    from bot import app

    config = settings(ctx)
    maintenance = app.maintenance(config)
    maintenance.backup(file)
    say(f"Written: {file} ({file.stat().st_size:,} bytes)")
    for old in maintenance.prune(file.absolute().parent, keep) if keep is not None else ():
        say(f"Deleted: {old}")
    say(f"The key file is not in it. Without {config.security.key_file} nobody can read its names.")


def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What 'backup' wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Even if there is a database; it is kept aside.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Put a backup in place of the database. Stop the bot first."""
    from bot import app

    config = settings(ctx)
    if replace:
        agreed(f"Replace the database by {file}? What was signed since the backup is not in it.", yes=yes)
    restored = app.maintenance(config).restore(file, replace=replace)
    say(f"Restored: the database of {when(restored.made)}.")
    if replace:
        say(
            "What was there before is kept beside it, with whatever is erased from now on: delete it when you are sure."
        )
    if restored.erased:
        say(f"Withdrawn or forgotten since then, and now again: {count(restored.erased, 'signature')}.")
    if restored.held_back:
        say(f"Held back, for you to decide: {count(restored.held_back, 'announcement')} due before now.")
    say("Look it over: undersigned check, undersigned verify")
