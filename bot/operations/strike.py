"""`undersigned accept | strike | unstrike`: in bulk; what would change is shown before anything does."""

from collections.abc import Callable, Iterator, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

import typer

from bot.operations.choice import (
    Community,
    Day,
    File,
    HeldBy,
    Name,
    Number,
    Waiting,
    Wanted,
    chosen,
    group,
    wanted,
)
from bot.operations.finding import find
from bot.operations.invocation import run, settings, storage
from bot.operations.petition import Slug, Yes
from bot.operations.progress import progress
from bot.operations.telling import count
from bot.operations.terminal import WrongUse, agreed, fail, fields, say, table, warn

if TYPE_CHECKING:
    from bot.model.petition import Petition
    from bot.model.review import Case, Outcome, Preview
    from bot.model.signature import Change
    from bot.ports import Ports
    from bot.ports.reviewing import Progress
    from bot.settings import Settings

DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")]
DONE = MappingProxyType({"accept": "Counted", "strike": "Struck", "unstrike": "Counted again"})
"""What was done, by the change."""


def accept(
    ctx: typer.Context,
    slug: Slug,
    waiting: Waiting = False,
    rule: HeldBy = None,
    day: Day = None,
    community: Community = None,
    name: Name = None,
    file: File = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Count signatures that wait, with the next numbers. Look first with --dry-run; 'undo' takes it back."""
    from bot.model.signature import Change

    whom = wanted(None, name, file, group(waiting, rule, day, community))
    run(_change(settings(ctx), slug, whom, Change.ACCEPT, "", dry_run, yes))


def strike(
    ctx: typer.Context,
    slug: Slug,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; organisers see it.", show_default=False)],
    number: Number = None,
    name: Name = None,
    file: File = None,
    waiting: Waiting = False,
    rule: HeldBy = None,
    day: Day = None,
    community: Community = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Take false signatures out. Look first with --dry-run; 'unstrike' and 'undo' give them back."""
    from bot.model.signature import Change

    if not reason.strip():
        raise WrongUse("--reason says nothing: nobody is struck without one")
    whom = wanted(number, name, file, group(waiting, rule, day, community))
    run(_change(settings(ctx), slug, whom, Change.STRIKE, reason.strip(), dry_run, yes))


def unstrike(
    ctx: typer.Context,
    slug: Slug,
    number: Number = None,
    name: Name = None,
    file: File = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Count struck signatures again, with the numbers that they had."""
    from bot.model.signature import Change

    run(_change(settings(ctx), slug, wanted(number, name, file), Change.UNSTRIKE, "", dry_run, yes))


async def _change(
    config: "Settings", slug: str, whom: Wanted, change: "Change", reason: str, dry_run: bool, yes: bool
) -> None:
    async with storage(config) as ports:
        petition = await find(ports, slug)
        found = await chosen(ports, petition, whom, change)
        made = [await ports.reviews.preview(petition.id, each, change, reason=reason) for each in found.parts]
        total = sum(each.count for each in made)
        if not total:
            fail(f"No signature of “{slug}” that is meant so can be changed so. Nothing was done.")
        _show(petition, change, found.some, made, total)
        if dry_run:
            say("Nothing was changed: this was a dry run.")
            return
        agreed(f"{change.capitalize()} {count(total, 'signature')} of “{slug}”?", yes=yes)
        outcomes = await _settle(ports, made)
    _tell(slug, change, outcomes)


def _show(
    petition: "Petition", change: "Change", some: "Sequence[Case]", made: "Sequence[Preview]", total: int
) -> None:
    """Who it is about, and what it makes of the totals."""
    rows = [
        (f"#{case.number}" if case.number else "", case.status, case.identity.name if case.identity else "")
        for case in sorted(some, key=lambda each: (each.number is None, each.number))
    ]
    for line in table(("number", "state", "name"), rows):
        say(line)
    if total > len(some):
        say(f"and {count(total - len(some), 'more')}")
    say(f"{change.capitalize()}: {count(total, 'signature')} of “{petition.slug}”")
    for line in fields(_becomes(made)):
        say(line)


def _becomes(made: "Sequence[Preview]") -> Iterator[tuple[str, str]]:
    """The totals before and after all parts: each part tells its own difference."""
    for kind in ("counted", "held", "struck"):
        before = getattr(made[0].now, kind)
        after = before + sum(getattr(each.after, kind) - getattr(each.now, kind) for each in made)
        yield kind, f"{before:,}" if before == after else f"{before:,} → {after:,}"


async def _settle(ports: "Ports", made: "Sequence[Preview]") -> "list[Outcome | None]":
    outcomes, before = [], 0
    with progress("Changing", sum(each.count for each in made)) as tell:
        for each in made:
            outcomes.append(await ports.reviews.settle(each.action, progress=beyond(before, tell)))
            before += each.count
    return outcomes


def beyond(before: int, tell: Callable[[int, None], None]) -> "Progress":
    """Tells how far it is, behind the parts that are done."""
    return lambda done, _: tell(before + done, None)


def _tell(slug: str, change: "Change", outcomes: "Sequence[Outcome | None]") -> None:
    done = [each for each in outcomes if each is not None]
    say(f"{DONE[change.value]}: {count(sum(each.changed for each in done), 'signature')}.")
    warn_of_skipped(sum(each.skipped for each in done))
    say(f"To undo it: undersigned undo {slug}; or in the chat: /review, then “What was done lately”.")


def warn_of_skipped(skipped: int) -> None:
    """Say how many were passed over."""
    if skipped:
        warn(f"{count(skipped, 'signature')} changed meanwhile, and stayed as they are.")
