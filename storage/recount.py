"""Counting everything anew, from the signatures themselves: what totals and counters should say.

Decrypts contexts (community, language and answer are nowhere else) and no identity.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any, Final

from msgspec import Struct, field
from sqlalchemy import Connection, Row, select

from bot.model.petition import State
from bot.model.signature import Status
from storage.hourly import Counts
from storage.ledger import COUNTS
from storage.moves import OF_CONTEXT, Fact
from storage.recorded import records
from storage.records import Records
from storage.tables import counter, petition, signature, totals

CHUNK: Final = 1000


class Recount(Struct):
    """What one petition's signatures add up to."""

    statuses: Counter[str] = field(default_factory=Counter)
    values: Counter[Fact] = field(default_factory=Counter)
    numbered: int = 0
    highest: int = 0
    unreadable: int = 0
    """Signatures whose context does not open; their breakdowns are not known."""
    scrubbed: int = 0
    """Counted signatures that were forgotten or anonymised: of them only the counters say some breakdowns."""

    @property
    def counts(self) -> Counts:
        return Counts(*(self.statuses[name] for name in COUNTS))

    def add(self, row: Row[Any], facts: tuple[Fact, ...] | None) -> None:
        """Count one signature; `facts` is None if its context does not open."""
        self.statuses[row.status] += 1
        if row.number is not None:
            self.numbered += 1
            self.highest = max(self.highest, row.number)
        if facts is None:
            self.unreadable += 1
        elif row.status == Status.COUNTED:
            self.values.update(facts)
            self.scrubbed += row.context is None

    def explains(self, counted: Counter[Fact]) -> bool:
        """Whether counters may say this, with what they alone know of signatures that were scrubbed."""
        beyond = counted - self.values
        lost = self.values - counted
        known = all(dimension in OF_CONTEXT for dimension, _ in beyond)
        sums = [sum(n for (each, _), n in beyond.items() if each == dimension) for dimension in OF_CONTEXT]
        return not lost and known and max(sums) <= self.scrubbed


class Stored(Struct, frozen=True):
    """What the database says of one petition."""

    id: int
    slug: str
    state: State
    counts: Counts
    last_number: int
    peak: int
    values: Counter[Fact]


def stored(connection: Connection) -> list[Stored]:
    """What totals and counters say, for each petition."""
    wanted = select(petition.c.slug, petition.c.state, totals).join(
        totals, totals.c.petition == petition.c.id
    )
    rows = connection.execute(wanted.order_by(petition.c.id)).all()
    return [
        Stored(
            id=row.petition,
            slug=row.slug,
            state=State(row.state),
            counts=Counts(*(getattr(row, name) for name in COUNTS)),
            last_number=row.last_number,
            peak=row.peak,
            values=_stored_values(connection, row.petition),
        )
        for row in rows
    ]


def _stored_values(connection: Connection, petition_id: int) -> Counter[Fact]:
    wanted = select(counter.c.dimension, counter.c.value, counter.c.count).where(
        counter.c.petition == petition_id, counter.c.count != 0
    )
    return Counter({(row.dimension, row.value): row.count for row in connection.execute(wanted)})


def recount(
    connection: Connection,
    reading: Records,
    petition_id: int | None = None,
    tell: Callable[[int], None] = lambda _: None,
) -> dict[int, Recount]:
    """Count the signatures of one petition, or of each, in constant memory. `tell` hears of how many more."""
    found: defaultdict[int, Recount] = defaultdict(Recount)
    for place, row in enumerate(rows(connection, petition_id), 1):
        found[row.petition].add(row, reading.facts_if_readable(row))
        if place % CHUNK == 0:
            tell(CHUNK)
    return found


def rows(connection: Connection, petition_id: int | None = None) -> Iterator[Row[Any]]:
    """Signatures page by page, by id: no driver holds all of them at once."""
    after = ""
    while True:
        wanted = records().where(signature.c.form > after).order_by(signature.c.form).limit(CHUNK)
        if petition_id is not None:
            wanted = wanted.where(signature.c.petition == petition_id)
        page = connection.execute(wanted).all()
        yield from page
        if len(page) < CHUNK:
            return
        after = page[-1].form
