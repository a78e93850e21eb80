"""`undersigned strike | unstrike`: false signatures in bulk; what would change is shown before anything does."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.operations.finding import find
from bot.operations.invocation import run, settings, storage
from bot.operations.petition import Slug, Yes
from bot.operations.progress import progress
from bot.operations.telling import count
from bot.operations.terminal import WrongUse, agreed, fail, fields, say, table, warn

if TYPE_CHECKING:
    from bot.model.petition import Petition
    from bot.model.review import Case, Outcome, Preview, Which
    from bot.model.signature import Change, Status
    from bot.ports import Ports
    from bot.ports.reviewing import Progress
    from bot.settings import Settings

PAGE = 500
"""Signatures that are looked at together."""
PART = 5000
"""Signatures that are changed together at most."""
SHOWN = 20
"""Names that are shown of those that change, and of those that were not found."""

Number = Annotated[
    list[str] | None, typer.Option(help="A number, or a range (12-20); may be repeated.", show_default=False)
]
Name = Annotated[
    list[str] | None,
    typer.Option(
        help="A whole name; case and accents make no difference. May be repeated.", show_default=False
    ),
]
File = Annotated[
    Path | None,
    typer.Option("--file", help="A file with a number, a range or a name on each line.", show_default=False),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom the command names: by ranges of numbers, and by names as they are sorted."""

    numbers: tuple[tuple[int, int], ...]
    names: dict[str, str]

    def has(self, number: int | None) -> bool:
        return number is not None and any(low <= number <= high for low, high in self.numbers)


def strike(
    ctx: typer.Context,
    slug: Slug,
    reason: Annotated[str, typer.Option(help="Why; organisers see it.", show_default=False)],
    number: Number = None,
    name: Name = None,
    file: File = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Take false signatures out of the count. Look first with --dry-run; 'unstrike' gives them back."""
    from bot.model.signature import Change

    if not reason.strip():
        raise WrongUse("--reason says nothing: nobody is struck without one")
    wanted = _wanted(number or (), name or (), file)
    run(_change(settings(ctx), slug, wanted, Change.STRIKE, reason.strip(), dry_run, yes))


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

    wanted = _wanted(number or (), name or (), file)
    run(_change(settings(ctx), slug, wanted, Change.UNSTRIKE, "", dry_run, yes))


def _wanted(numbers: Iterable[str], names: Iterable[str], file: Path | None) -> Wanted:
    from bot.model.collation import sort_key
    from bot.scopes import numbers as ranged

    ranges, named = [], {sort_key(each): each for each in names}
    for each in numbers:
        found = ranged(each)
        if found is None:
            raise WrongUse(f"--number {each}: write a number such as 12, or a range such as 12-20")
        ranges.append(found)
    for line in _lines(file) if file else ():
        found = ranged(line)
        if found:
            ranges.append(found)
        else:
            named[sort_key(line)] = line
    if not ranges and not named:
        raise WrongUse("Say which: --number, --name or --file")
    return Wanted(tuple(ranges), named)


def _lines(file: Path) -> Iterator[str]:
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{file} can't be read as UTF-8 text: {error}")
    return (line.strip() for line in text.splitlines() if line.strip())


async def _change(
    config: "Settings", slug: str, wanted: Wanted, change: "Change", reason: str, dry_run: bool, yes: bool
) -> None:
    async with storage(config) as ports:
        petition = await find(ports, slug)
        found = [case async for case in _found(ports, petition, wanted, change)]
        if not found:
            fail(
                f"No signature of “{slug}” that these numbers or names mean can be changed so. Nothing was done."
            )
        made = [
            await ports.reviews.preview(petition.id, which, change, reason=reason) for which in _parts(found)
        ]
        _show(petition, change, found, made)
        if dry_run:
            say("Nothing was changed: this was a dry run.")
            return
        agreed(f"{change.capitalize()} {count(len(found), 'signature')} of “{slug}”?", yes=yes)
        outcomes = await _settle(ports, made)
    _tell(change, outcomes)


async def _found(
    ports: "Ports", petition: "Petition", wanted: Wanted, change: "Change"
) -> "AsyncIterator[Case]":
    """Those that are named and that the change fits. With names among them, all are looked through, once."""
    from bot.model.collation import sort_key
    from bot.model.signature import STATUS_CHANGES

    fitting = frozenset(status for status, each in STATUS_CHANGES if each is change)
    unseen = set(wanted.names)
    async for case in _looked_through(ports, petition, wanted, fitting):
        key = sort_key(case.identity.name) if case.identity and wanted.names else ""
        named = key in wanted.names
        unseen.discard(key)
        if case.status in fitting and (named or wanted.has(case.number)):
            yield case
    for key in islice(sorted(unseen), SHOWN):
        warn(f"Nobody of that name: {wanted.names[key]}")
    if len(unseen) > SHOWN:
        warn(f"and {count(len(unseen) - SHOWN, 'more name')}")


async def _looked_through(
    ports: "Ports", petition: "Petition", wanted: Wanted, fitting: "frozenset[Status]"
) -> "AsyncIterator[Case]":
    from bot.model.review import Which

    which = Which(statuses=fitting) if wanted.names else Which.numbered(*wanted.numbers)
    after, done = None, 0
    with progress("Looking") as tell:
        while True:
            page = await ports.reviews.page(petition.id, which, after=after, limit=PAGE)
            for case in page.cases:
                yield case
            done += len(page.cases)
            tell(done, None)
            after = page.after
            if after is None:
                return


def _parts(found: "Sequence[Case]") -> "Iterator[Which]":
    """Them in parts of a size that a database takes at once."""
    from bot.model.review import EVERY, Which

    for at in range(0, len(found), PART):
        yield Which(statuses=EVERY, handles=tuple(case.handle for case in found[at : at + PART]))


def _show(petition: "Petition", change: "Change", found: "Sequence[Case]", made: "Sequence[Preview]") -> None:
    """Who it is about, and what it makes of the totals."""
    rows = [
        (f"#{case.number}" if case.number else "", case.status, case.identity.name if case.identity else "")
        for case in found[:SHOWN]
    ]
    for line in table(("number", "state", "name"), rows):
        say(line)
    if len(found) > SHOWN:
        say(f"and {count(len(found) - SHOWN, 'more')}")
    say(f"{change.capitalize()} of “{petition.slug}”: {count(sum(each.count for each in made), 'signature')}")
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
            outcomes.append(await ports.reviews.settle(each.action, progress=_beyond(before, tell)))
            before += each.count
    return outcomes


def _beyond(before: int, tell: Callable[[int, None], None]) -> "Progress":
    """Tells how far it is, behind the parts that are done."""
    return lambda done, _: tell(before + done, None)


def _tell(change: "Change", outcomes: "Sequence[Outcome | None]") -> None:
    done = [each for each in outcomes if each is not None]
    changed, skipped = sum(each.changed for each in done), sum(each.skipped for each in done)
    say(f"{_DONE[change.value]}: {count(changed, 'signature')}.")
    if skipped:
        warn(f"{count(skipped, 'signature')} changed meanwhile, and stayed as they are.")
    say("It can be undone in the chat: /review, then “What was done lately”.")


_DONE = {"strike": "Struck", "unstrike": "Counted again"}
