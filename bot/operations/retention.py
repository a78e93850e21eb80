"""`undersigned anonymise`: the end of what is kept about those who signed."""

from typing import TYPE_CHECKING

import typer

from bot.operations.finding import find
from bot.operations.invocation import run, settings, storage
from bot.operations.petition import Slug, Yes
from bot.operations.telling import count
from bot.operations.terminal import agreed, fail, say

if TYPE_CHECKING:
    from bot.settings import Settings


def anonymise(ctx: typer.Context, slug: Slug, yes: Yes = False) -> None:
    """Erase who signed: names, comments, times, accounts, receipts. Counts and days stay. It can't be undone."""
    run(_anonymise(settings(ctx), slug, yes))


async def _anonymise(config: "Settings", slug: str, yes: bool) -> None:
    from bot import app
    from bot.model.petition import State

    async with storage(config) as ports:
        petition = await find(ports, slug)
        if petition.state(app.now()) not in {State.CLOSED, State.DELIVERED}:
            fail(f"“{slug}” has not ended. Close it first: undersigned petition close {slug}")
        totals = await ports.tally.totals(petition.id, live=True)
        everyone = totals.counted + totals.held + totals.withdrawn + totals.struck
        agreed(
            f"Erase who gave the {count(everyone, 'signature')} of “{slug}”? Names, comments and accounts are gone for "
            "good; nobody can withdraw a signature or list the names any more.",
            yes=yes,
        )
        scrubbed = await ports.retention.anonymise(petition.id)
    if scrubbed is None:
        fail(f"“{slug}” was opened again just now. Nothing was erased.")
    say(f"Erased: who gave {count(scrubbed, 'signature')} of “{slug}”. Counts and days stay.")
    say(
        "Backups made before still hold them, encrypted: 'undersigned backup FILE --keep DAYS' deletes old ones."
    )
