"""`undersigned run`: serve every platform that has a token."""

import typer

from bot.operations.serving import serve


def run(ctx: typer.Context) -> None:
    """Serve every platform that has a token, until told to stop (Ctrl-C, or SIGTERM)."""
    serve(ctx.obj)
