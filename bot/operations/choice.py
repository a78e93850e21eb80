"""Which signatures a command is about: by number or name, or those that wait and share a rule, a day, a community."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec import Struct

from bot.model.holding import Rule
from bot.operations.progress import progress
from bot.operations.telling import count
from bot.operations.terminal import WrongUse, fail, warn

if TYPE_CHECKING:
    from bot.model.petition import Petition
    from bot.model.review import Case, Which
    from bot.model.signature import Change, Status
    from bot.ports import Ports

PAGE = 500
"""Signatures that are looked at together."""
PART = 5000
"""Signatures that are changed together at most, where they are named one by one."""
SHOWN = 20
"""Names that are shown of those that change, and of those that were not found."""

Number = Annotated[
    list[str] | None,
    typer.Option(metavar="NUMBER", help="A number, or a range (12-20); may be repeated.", show_default=False),
]
Name = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME",
        help="A whole name; case and accents make no difference. May be repeated.",
        show_default=False,
    ),
]
File = Annotated[
    Path | None,
    typer.Option(
        "--file",
        metavar="FILE",
        help="A file with a number, a range or a name on each line.",
        show_default=False,
    ),
]
Waiting = Annotated[bool, typer.Option("--waiting", help="All that wait for review.")]
HeldBy = Annotated[
    Rule | None, typer.Option("--rule", help="Of those that wait, what this rule holds.", show_default=False)
]
Day = Annotated[
    str | None,
    typer.Option(
        metavar="DAY", help="Of those that wait, those of this day: 2026-03-08.", show_default=False
    ),
]
Community = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Of those that wait, those from the community that 'review' calls so.",
        show_default=False,
    ),
]


class Group(Struct, frozen=True):
    """Those that wait, and share what is given."""

    rule: Rule | None
    day: date | None
    community: str | None


class Wanted(Struct, frozen=True):
    """Whom the command names: by ranges of numbers and by names as they are sorted, or as a group."""

    numbers: tuple[tuple[int, int], ...] = ()
    names: "dict[str, str] | None" = None
    group: Group | None = None

    def has(self, number: int | None) -> bool:
        return number is not None and any(low <= number <= high for low, high in self.numbers)


def wanted(
    numbers: Iterable[str] | None,
    names: Iterable[str] | None,
    file: Path | None,
    group: Group | None = None,
) -> Wanted:
    """Whom these options mean. Raises WrongUse."""
    one_by_one = bool(numbers or names or file)
    if one_by_one and group:
        raise WrongUse("Say which: --number, --name and --file, or those that wait, but not both")
    if group:
        return Wanted(group=group)
    if not one_by_one:
        raise WrongUse("Say which: --number, --name or --file, or of those that wait --rule, --day, …")
    return _one_by_one(numbers or (), names or (), file)


def group(waiting: bool, rule: Rule | None, day: str | None, community: str | None) -> Group | None:
    """The group that these options mean; None for none. Raises WrongUse."""
    if not (waiting or rule or day or community):
        return None
    try:
        return Group(rule, date.fromisoformat(day) if day else None, community)
    except ValueError:
        raise WrongUse(f"--day {day}: write a day such as 2026-03-08") from None


def _one_by_one(numbers: Iterable[str], names: Iterable[str], file: Path | None) -> Wanted:
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
        raise WrongUse(f"{file} names nobody")
    return Wanted(tuple(ranges), named)


def _lines(file: Path) -> Iterator[str]:
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{file} can't be read as UTF-8 text: {error}")
    return (line.strip() for line in text.splitlines() if line.strip())


class Chosen(Struct, frozen=True):
    """What is meant: some of them to show, how many there are, and them in parts that a database takes at once."""

    some: "Sequence[Case]"
    parts: "Sequence[Which]"


async def chosen(ports: "Ports", petition: "Petition", whom: Wanted, change: "Change") -> Chosen:
    """Those that are meant, as far as the change fits them."""
    if whom.group:
        which = await _which(ports, petition, whom.group)
        page = await ports.reviews.page(petition.id, which, limit=SHOWN)
        return Chosen(page.cases, [which] if page.cases else [])
    found = [case async for case in _found(ports, petition, whom, change)]
    return Chosen(found[:SHOWN], list(_parts(found)))


async def _which(ports: "Ports", petition: "Petition", meant: Group) -> "Which":
    from bot.model.review import Which
    from bot.operations.review import place_name

    if meant.community is None:
        return Which(rule=meant.rule, day=meant.day)
    places = (await ports.reviews.backlog(petition.id)).communities
    names = await ports.communities.names([each for each in places if each])
    its = [each for each in places if place_name(each, names) == meant.community]
    if len(its) != 1:
        known = ", ".join(f"“{place_name(each, names)}”" for each in islice(places, SHOWN)) or "none"
        why = "Several communities are called so; take --rule or --day" if its else f"There are: {known}"
        fail(f"From which community? Nothing waits from one called “{meant.community}” alone. {why}.")
    return Which(rule=meant.rule, day=meant.day, community=its[0])


async def _found(
    ports: "Ports", petition: "Petition", whom: Wanted, change: "Change"
) -> "AsyncIterator[Case]":
    """Those that are named and that the change fits. With names among them, all are looked through, once."""
    from bot.model.collation import sort_key
    from bot.model.signature import STATUS_CHANGES

    names = whom.names or {}
    fitting = frozenset(status for status, each in STATUS_CHANGES if each is change)
    unseen = set(names)
    async for case in _looked_through(ports, petition, whom, fitting):
        key = sort_key(case.identity.name) if case.identity and names else ""
        unseen.discard(key)
        if case.status in fitting and (key in names or whom.has(case.number)):
            yield case
    for key in islice(sorted(unseen), SHOWN):
        warn(f"Nobody of that name: {names[key]}")
    if len(unseen) > SHOWN:
        warn(f"and {count(len(unseen) - SHOWN, 'more name')}")


async def _looked_through(
    ports: "Ports", petition: "Petition", whom: Wanted, fitting: "frozenset[Status]"
) -> "AsyncIterator[Case]":
    from bot.model.review import Which

    which = Which(statuses=fitting) if whom.names else Which.numbered(*whom.numbers)
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
    from bot.model.review import EVERY, Which

    for at in range(0, len(found), PART):
        yield Which(statuses=EVERY, handles=tuple(case.handle for case in found[at : at + PART]))
