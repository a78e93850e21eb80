"""`undersigned totals`: how many have signed."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.operations.finding import find
from bot.operations.invocation import run, settings, storage
from bot.operations.petition import Json
from bot.operations.telling import listed, progress
from bot.operations.terminal import fields, say, say_json

if TYPE_CHECKING:
    from bot.model.petition import Petition
    from bot.model.signature import Totals
    from bot.settings import Settings


def totals(
    ctx: typer.Context,
    slug: Annotated[
        str | None, typer.Argument(metavar="SLUG", help="One petition; without it, all.", show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """How many signatures are counted, held for review, withdrawn and struck."""
    run(_totals(settings(ctx), slug, as_json))


async def _totals(config: "Settings", slug: str | None, as_json: bool) -> None:
    async with storage(config) as ports:
        petitions = [await find(ports, slug)] if slug else list(await ports.petitions.all())
        counts = [(petition, await ports.tally.totals(petition.id)) for petition in petitions]
    if as_json:
        say_json([listed(*pair) for pair in counts])
    elif not counts:
        say("There is no petition yet. Next: undersigned petition add FILE")
    for petition, counted in () if as_json else counts:
        _say(petition, counted)


def _say(petition: "Petition", counted: "Totals") -> None:
    say(f"{petition.slug}: {petition.title}")
    parts = {
        "counted": progress(counted, petition.content.goal),
        "held": f"{counted.held:,}",
        "withdrawn": f"{counted.withdrawn:,}",
        "struck": f"{counted.struck:,}",
        "as of": f"{counted.at:%Y-%m-%d %H:%M:%S} UTC",
    }
    for line in fields(parts.items()):
        say(line)
