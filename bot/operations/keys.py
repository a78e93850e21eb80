"""`undersigned key rotate`: a new key for everything that is encrypted."""

import typer

from bot.operations.invocation import run, settings
from bot.operations.petition import Yes
from bot.operations.progress import progress
from bot.operations.telling import count
from bot.operations.terminal import agreed, say


def rotate(ctx: typer.Context, yes: Yes = False) -> None:
    """Add a data key and encrypt everything under it. The bot may run meanwhile; what was cut short goes on."""
    from bot import app

    config = settings(ctx)
    file = config.security.key_file
    agreed(
        f"Add a key to {file} and encrypt everything under it? Copies of the key file made until now can't read "
        "what is written from then on.",
        yes=yes,
    )
    with progress("Encrypting") as tell:
        key_id, done = run(app.maintenance(config).rotate_key(tell))
    say(f"Done: {count(done, 'value')} encrypted anew, under key {key_id}.")
    say(
        f"Make a new copy of {file} now, and keep it apart from the database. Backups made until now need it too."
    )
