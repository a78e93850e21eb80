"""The one place where totals, breakdowns and milestones move.

Whoever changes a signature locks its petition (`lock`), gathers what moves (`Moves`) and applies it
(`apply`), all in one transaction.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from msgspec import Struct
from sqlalchemy import Connection, Row, bindparam, insert, select, update
from sqlalchemy.engine.interfaces import Dialect

from bot.model.milestones import crossed
from bot.model.petition import Reach, State, TotalsMode, state_at
from storage import hourly
from storage.compiled import RowInsert, compiled
from storage.content import decode_settings
from storage.hourly import Counts, Standing
from storage.instants import instant, micros
from storage.moves import Fact, Moves
from storage.tables import announcement, counter, milestone, petition, revision_text, text_version, totals

COUNTS: Final = ("counted", "held", "withdrawn", "struck")
_COUNTER: Final = ("petition", "dimension", "value", "count")


class Terms(Struct, frozen=True):
    """What a revision of a petition offers to its signers; `versions` are the texts in force, by hash."""

    hourly: bool
    reaches: frozenset[Reach]
    answers: frozenset[str]
    milestones: tuple[int, ...]
    goal: int | None
    community_per_minute: int | None
    versions: Mapping[str, int]


class Locked(NamedTuple):
    """A petition that nobody else can change until the transaction ends. A tuple, for speed."""

    id: int
    key: str
    stored_state: State
    opens: datetime | None
    closes: datetime | None
    revision: int
    standing: Standing
    last_number: int
    peak: int

    def state(self, now: datetime) -> State:
        return state_at(self.stored_state, self.opens, self.closes, now)


def standing_of(row: Row[Any]) -> Standing:
    """The standing in a row that has all columns of `totals`."""
    counts = Counts(row.counted, row.held, row.withdrawn, row.struck)
    shown = Counts(row.shown_counted, row.shown_held, row.shown_withdrawn, row.shown_struck)
    return Standing(counts, instant(row.changed_at), shown, instant(row.shown_at))


class Ledger:
    """Locks petitions and moves their counts, with statements compiled for one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self._lock = compiled(_lock(), dialect)
        self._update = compiled(_update(), dialect)
        self._raise_counters = RowInsert(counter, _COUNTER, dialect, adding="count")
        self._lower_counter = compiled(_lower_counter(), dialect)
        self._terms: dict[tuple[int, int], Terms] = {}

    def lock(self, connection: Connection, petition_id: int) -> Locked:
        """Lock a petition and read where it stands. Raises LookupError if there is none."""
        for row in self._lock.rows_of(connection, (petition_id,)):
            return Locked(
                id=row.id,
                key=row.key,
                stored_state=State(row.state),
                opens=None if row.opens is None else instant(row.opens),
                closes=None if row.closes is None else instant(row.closes),
                revision=row.revision,
                standing=standing_of(row),
                last_number=row.last_number,
                peak=row.peak,
            )
        raise LookupError("There is no such petition.")

    def terms(self, connection: Connection, locked: Locked) -> Terms:
        """The terms of the revision in force. A revision never changes, so they are read once."""
        known = self._terms.get((locked.id, locked.revision))
        if known is None:
            known = self._terms[locked.id, locked.revision] = _read_terms(connection, locked)
        return known

    def apply(self, connection: Connection, locked: Locked, moves: Moves, now: datetime) -> None:
        """Move totals and counters, and record the milestones that this crosses."""
        terms = self.terms(connection, locked)
        counts = moves.applied_to(locked.standing.counts)
        standing = hourly.change(locked.standing, counts, now, hourly=terms.hourly)
        if terms.hourly and standing.shown_at != locked.standing.shown_at:
            show_counters(connection, locked.id)
        total = standing.shown.counted
        self._store(connection, locked, standing, moves)
        self._move_counters(connection, locked.id, moves)
        _record(
            connection,
            locked,
            crossed(terms.milestones, terms.goal, locked.peak, total),
            terms.goal,
            standing,
        )

    def _store(self, connection: Connection, locked: Locked, standing: Standing, moves: Moves) -> None:
        counts, shown = standing.counts, standing.shown
        last, peak = locked.last_number + moves.numbers, max(locked.peak, shown.counted)
        changed, shown_at = micros(standing.changed), micros(standing.shown_at)
        self._update.rows_of(connection, (*counts, last, peak, changed, *shown, shown_at, locked.id))

    def _move_counters(self, connection: Connection, petition_id: int, moves: Moves) -> None:
        moved = moves.counters()
        risen = [(petition_id, dimension, value, by) for (dimension, value), by in moved if by > 0]
        fallen = [(by, petition_id, dimension, value) for (dimension, value), by in moved if by < 0]
        if risen:
            self._raise_counters.run(connection, risen)
        if fallen:
            self._lower_counter.run_many(connection, fallen)


def show_counters(connection: Connection, petition_id: int) -> None:
    """In hourly mode, let the breakdowns that are shown be those that stand now."""
    connection.execute(
        update(counter)
        .where(counter.c.petition == petition_id, counter.c.shown != counter.c.count)
        .values(shown=counter.c.count)
    )


def show_now(connection: Connection, locked: Locked) -> None:
    """Let hourly mode start from what has been shown so far in live mode."""
    counts = {f"shown_{name}": getattr(locked.standing.counts, name) for name in COUNTS}
    connection.execute(update(totals).where(totals.c.petition == locked.id).values(counts))
    show_counters(connection, locked.id)


def set_counts(connection: Connection, locked: Locked, counts: Counts, last_number: int) -> None:
    """Put totals right that had drifted; in live mode what is shown follows at the next change."""
    values = {name: getattr(counts, name) for name in COUNTS} | {"last_number": last_number}
    connection.execute(update(totals).where(totals.c.petition == locked.id).values(values))


def set_counter(connection: Connection, petition_id: int, fact: Fact, count: int) -> None:
    """Put one counter right."""
    dimension, value = fact
    where = (
        (counter.c.petition == petition_id) & (counter.c.dimension == dimension) & (counter.c.value == value)
    )
    if not connection.execute(update(counter).where(where).values(count=count)).rowcount:
        row = {"petition": petition_id, "dimension": dimension, "value": value, "count": count}
        connection.execute(insert(counter).values(row))


def record_passed(connection: Connection, locked: Locked, thresholds: tuple[int, ...]) -> None:
    """Record milestones that an edit brought, and that lie behind: they are never announced."""
    known = set(
        connection.execute(select(milestone.c.threshold).where(milestone.c.petition == locked.id)).scalars()
    )
    for step in set(thresholds) - known:
        row = {"petition": locked.id, "threshold": step, "total": locked.peak, "at": locked.standing.changed}
        connection.execute(insert(milestone).values(row))


def _read_terms(connection: Connection, locked: Locked) -> Terms:
    stored = connection.execute(select(petition.c.settings).where(petition.c.id == locked.id)).scalar_one()
    settings = decode_settings(stored)
    versions = connection.execute(
        select(text_version.c.sha256, text_version.c.id)
        .join(revision_text, revision_text.c.text_version == text_version.c.id)
        .where(revision_text.c.petition == locked.id, revision_text.c.revision == locked.revision)
    )
    ask = settings["ask"]
    return Terms(
        hourly=settings["totals"] is TotalsMode.HOURLY,
        reaches=frozenset(settings["reach"]),
        answers=frozenset(ask.options if ask else ()),
        milestones=settings["milestones"],
        goal=settings["goal"],
        community_per_minute=settings["hold"].community_per_minute,
        versions={row.sha256: row.id for row in versions},
    )


def _record(
    connection: Connection, locked: Locked, thresholds: tuple[int, ...], goal: int | None, standing: Standing
) -> None:
    """Record milestones; the highest is announced, the others were only passed."""
    if not thresholds:
        return
    total, at = standing.shown.counted, standing.changed
    highest = thresholds[-1]
    made = connection.execute(
        insert(announcement)
        .values(
            petition=locked.id,
            kind="goal" if goal in thresholds else "milestone",
            threshold=highest,
            total=total,
            state="ready",
            at=at,
        )
        .returning(announcement.c.id)
    ).scalar_one()
    rows = [{"petition": locked.id, "threshold": step, "total": total, "at": at} for step in thresholds]
    rows[-1]["announcement"] = made
    for row in rows:
        connection.execute(insert(milestone).values(row))


def _lock() -> Any:
    joined = petition.join(totals, totals.c.petition == petition.c.id)
    columns = [petition.c[name] for name in ("id", "key", "state", "opens", "closes", "revision")]
    counts = [column for column in totals.c if column.name != "petition"]
    # Both rows are locked, so that PostgreSQL reads both anew after waiting for another transaction.
    return (
        select(*columns, *counts)
        .select_from(joined)
        .where(petition.c.id == bindparam("id"))
        .with_for_update(key_share=True)
    )


def _update() -> Any:
    names = [column.name for column in totals.c if column.name != "petition"]
    return (
        update(totals)
        .where(totals.c.petition == bindparam("id"))
        .values({name: bindparam(f"new_{name}") for name in names})
    )


def _lower_counter() -> Any:
    return (
        update(counter)
        .where(
            counter.c.petition == bindparam("its_petition"),
            counter.c.dimension == bindparam("its_dimension"),
            counter.c.value == bindparam("its_value"),
        )
        .values(count=counter.c.count + bindparam("by"))
    )
