"""`undersigned review`: what waits for review, and who, for those who may see names."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from bot.operations.finding import find
from bot.operations.invocation import run, settings, storage
from bot.operations.petition import Json, Slug
from bot.operations.telling import count
from bot.operations.terminal import fields, say, say_json, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.model.review import Backlog, Case
    from bot.settings import Settings

SHOWN = 100


def review(
    ctx: typer.Context,
    slug: Slug,
    names: Annotated[bool, typer.Option("--names", help=f"Also who, {SHOWN} at most.")] = False,
    as_json: Json = False,
) -> None:
    """What waits for review: how many signatures, by the rule that holds them, by day and by community."""
    run(_review(settings(ctx), slug, names, as_json))


async def _review(config: "Settings", slug: str, names: bool, as_json: bool) -> None:
    from bot.model.review import Which

    async with storage(config) as ports:
        petition = await find(ports, slug)
        found = await ports.reviews.backlog(petition.id)
        places = await ports.communities.names([each for each in found.communities if each])
        cases = (await ports.reviews.page(petition.id, Which(), limit=SHOWN)).cases if names else ()
    if as_json:
        say_json(_for_scripts(found, places, [_for_script(case) for case in cases] if names else None))
        return
    say(f"{petition.slug}: {count(found.held, 'signature waits', 'signatures wait')} for review")
    for line in fields(_rows(found, places)) if found.held else ():
        say(line)
    for line in (
        table(("state", "why", "when (UTC)", "name"), [_columns(case) for case in cases]) if cases else ()
    ):
        say(line)
    if found.held:
        say(
            "Count or strike them in the chat, with /review, or by 'undersigned accept' and 'undersigned strike'"
        )


def _rows(found: "Backlog", places: "Mapping[int, str]") -> Iterator[tuple[str, str]]:
    yield from ((rule.value, f"{n:,}") for rule, n in found.rules.items())
    yield from ((day.isoformat(), f"{n:,}") for day, n in sorted(found.days.items()))
    yield from ((place_name(each, places), f"{n:,}") for each, n in found.communities.items())


def place_name(community: int, places: "Mapping[int, str]") -> str:
    """What a community is called here; 0 is none."""
    return places.get(community, f"community {community}") if community else "no community"


def _columns(case: "Case") -> tuple[str, ...]:
    at = f"{case.context.at:%Y-%m-%d %H:%M}" if case.context else case.day.isoformat()
    return (case.status, ", ".join(sorted(case.rules)), at, case.identity.name if case.identity else "")


def _for_scripts(
    found: "Backlog", places: "Mapping[int, str]", cases: list[dict[str, object]] | None
) -> dict[str, object]:
    said: dict[str, object] = {
        "held": found.held,
        "rules": {rule.value: n for rule, n in found.rules.items()},
        "days": {day.isoformat(): n for day, n in sorted(found.days.items())},
        "communities": {place_name(each, places): n for each, n in found.communities.items()},
    }
    return said if cases is None else said | {"signatures": cases}


def _for_script(case: "Case") -> dict[str, object]:
    return {
        "name": case.identity.name if case.identity else None,
        "rules": sorted(case.rules),
        "day": case.day.isoformat(),
        "platform": case.platform,
    }
