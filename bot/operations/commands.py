"""The table of commands: what is typed, and the function that does it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.operations import (
    audit,
    check,
    copy,
    data,
    demo,
    export,
    init,
    keys,
    petition,
    petition_states,
    retention,
    review,
    run,
    setup,
    strike,
    totals,
    undo,
)
from bot.operations.helping import Command
from bot.operations.invocation import Invocation

_COMMANDS: Sequence[Callable[..., None]] = (
    demo.demo,
    setup.setup,
    init.init,
    check.check,
    run.run,
    totals.totals,
    export.export,
    export.verify_export,
    export.decrypt,
    review.review,
    strike.accept,
    strike.strike,
    strike.unstrike,
    undo.undo,
    audit.audit,
    data.verify,
    data.migrate,
    data.backup,
    data.restore,
    copy.copy,
    retention.anonymise,
)


def build() -> typer.Typer:
    """The whole command line."""
    app = typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)
    app.callback()(_anywhere)
    for command in _COMMANDS:
        app.command(command.__name__.replace("_", "-"), cls=Command)(command)
    app.add_typer(_petition(), name="petition")
    app.add_typer(_key(), name="key")
    return app


def _petition() -> typer.Typer:
    group = typer.Typer(rich_markup_mode=None, help="Petitions: add, change, open, close.")
    group.command("add", cls=Command)(petition.add)
    group.command("update", cls=Command)(petition.update)
    group.command("list", cls=Command)(petition.list_all)
    group.command("show", cls=Command)(petition.show)
    group.command("open", cls=Command)(petition_states.open_)
    group.command("close", cls=Command)(petition_states.close)
    group.command("reopen", cls=Command)(petition_states.reopen)
    group.command("deliver", cls=Command)(petition_states.deliver)
    return group


def _key() -> typer.Typer:
    group = typer.Typer(rich_markup_mode=None, help="The keys that names are encrypted under.")
    group.callback()(_nothing)
    group.command("rotate", cls=Command)(keys.rotate)
    return group


def _nothing() -> None:
    """Keep 'rotate' a word to be typed: Typer drops the name of an only command."""


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"undersigned {version('undersigned')}")
        raise typer.Exit


def _anywhere(
    ctx: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The config file. Without it: config.toml in this folder."),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error comes from.")] = False,
    _show_version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Read and sign a petition where you already talk."""
    ctx.obj = Invocation(config, debug)
