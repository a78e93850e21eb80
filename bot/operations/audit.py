"""`undersigned audit`: who did what, and when."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.operations.finding import find
from bot.operations.invocation import run, settings, storage
from bot.operations.petition import Json
from bot.operations.terminal import say, say_json, table

if TYPE_CHECKING:
    from bot.ports.organising import Act
    from bot.settings import Settings


def audit(
    ctx: typer.Context,
    slug: Annotated[
        str | None,
        typer.Argument(metavar="SLUG", help="One petition; without it, everything.", show_default=False),
    ] = None,
    last: Annotated[int, typer.Option(min=1, metavar="N", help="How many lines, the newest.")] = 100,
    as_json: Json = False,
) -> None:
    """Show who did what and when. It names roles, and organisers by a random id; nobody's name is in it."""
    run(_audit(settings(ctx), slug, last, as_json))


async def _audit(config: "Settings", slug: str | None, last: int, as_json: bool) -> None:
    async with storage(config) as ports:
        petition = await find(ports, slug) if slug else None
        acts = await ports.audit.acts(petition_id=petition.id if petition else None, limit=last)
    if as_json:
        say_json([_for_scripts(act) for act in acts])
    elif not acts:
        say("Nothing was done yet.")
    else:
        for line in table(
            ("when (UTC)", "who", "what", "petition", "detail"), [_columns(act) for act in acts]
        ):
            say(line)


def _columns(act: "Act") -> tuple[str, ...]:
    who = f"{act.role} {act.actor}" if act.actor else act.role
    return (f"{act.at:%Y-%m-%d %H:%M:%S}", who, act.what, act.petition or "", act.detail)


def _for_scripts(act: "Act") -> dict[str, object]:
    return {
        "at": act.at.isoformat(),
        "role": act.role,
        "actor": act.actor,
        "what": act.what,
        "petition": act.petition,
        "detail": act.detail,
    }
