"""`undersigned undo`: what was counted or struck in review lately, and giving it back."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.operations.finding import find
from bot.operations.invocation import run, settings, storage
from bot.operations.petition import Slug, Yes
from bot.operations.progress import progress
from bot.operations.strike import DONE, DryRun, beyond, warn_of_skipped
from bot.operations.telling import count, when
from bot.operations.terminal import agreed, fail, say, table

if TYPE_CHECKING:
    from bot.model.review import Action, Outcome
    from bot.ports import Ports
    from bot.settings import Settings

LISTED = 20


def undo(
    ctx: typer.Context,
    slug: Slug,
    action: Annotated[
        list[str] | None,
        typer.Argument(metavar="ACTION", help="What to undo. Without it: what there is.", show_default=False),
    ] = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Undo what was accepted, struck or unstruck, here or in the chat; without an action, list what there is."""
    run(_undo(settings(ctx), slug, action or [], dry_run, yes))


async def _undo(config: "Settings", slug: str, tokens: Sequence[str], dry_run: bool, yes: bool) -> None:
    async with storage(config) as ports:
        petition = await find(ports, slug)
        if not tokens:
            _list(slug, await ports.reviews.actions(petition.id, limit=LISTED))
            return
        found = [await _action(ports, petition.id, slug, each) for each in dict.fromkeys(tokens)]
        total = sum(each.outcome.changed for each in found)
        _show(found)
        if dry_run:
            say("Nothing was changed: this was a dry run.")
            return
        agreed(f"Give {count(total, 'signature')} of “{slug}” back the state before?", yes=yes)
        outcomes = await _go(ports, found, total)
    say(f"Undone: {count(sum(each.changed for each in outcomes), 'signature')}.")
    warn_of_skipped(sum(each.skipped for each in outcomes))


async def _action(ports: "Ports", petition_id: int, slug: str, token: str) -> "Action":
    found = await ports.reviews.action(token)
    if found is None or found.outcome.petition_id != petition_id:
        fail(f"Nothing was done on “{slug}” that is called {token}. See: undersigned undo {slug}")
    if found.outcome.undone and not found.outcome.left:
        fail(f"{token} is undone already.")
    return found


def _list(slug: str, found: "Sequence[Action]") -> None:
    if not found:
        say("Nothing has been counted or struck in review yet.")
        return
    _show(found)
    say(f"To undo one: undersigned undo {slug} ACTION")


def _show(found: "Sequence[Action]") -> None:
    heading = ("action", "when", "who", "what", "reason")
    for line in table(heading, [_row(each) for each in found]):
        say(line)


def _row(action: "Action") -> tuple[str, ...]:
    what = f"{DONE[action.change.value]}: {count(action.outcome.changed, 'signature')}"
    what += ", undone" if action.outcome.undone else ""
    what += f", {action.outcome.left:,} left" if action.outcome.left else ""
    who = f"organiser {action.actor}" if action.actor else "operator"
    return (action.token, when(action.at), who, what, action.reason)


async def _go(ports: "Ports", found: "Sequence[Action]", total: int) -> "list[Outcome]":
    outcomes, before = [], 0
    with progress("Undoing", total) as tell:
        for each in found:
            made = await ports.reviews.undo(each.token, progress=beyond(before, tell))
            if made is not None:
                outcomes.append(made)
            before += each.outcome.changed
    return outcomes
