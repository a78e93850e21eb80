"""What organisers decide on signatures: laid down as a list, then made in parts, and undone in parts.

The list is what was seen at the preview: nothing that is held later is swept along, and what somebody else changed
meanwhile is passed over. Each part is one transaction under the petition's lock, so that an action that was cut
short is whole up to a part, and is finished, or undone, by asking again.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, Final, NamedTuple

from msgspec import Struct
from sqlalchemy import Connection, Row, bindparam, delete, exists, func, insert, select, update

from bot.model.petition import State
from bot.model.review import Action, Outcome, Preview
from bot.model.signature import Change, Status, status_after
from bot.ports import Clock
from storage import audit, cases
from storage.changes import Changes, scrubbed
from storage.ledger import Locked
from storage.recorded import records
from storage.tables import action, decision, signature
from storage.vault import Vault

PART: Final = 500
KEPT: Final = timedelta(days=1)
"""How long what was laid down waits to be confirmed."""
_DECIDE: Final = (
    update(decision)
    .where(decision.c.action == bindparam("its"), decision.c.position == bindparam("place"))
    .values(state=bindparam("becomes"), at=bindparam("since"))
)


class Way(Struct, frozen=True):
    """One of the two ways through an action: from which state of it, over which decisions, and what they become."""

    under_way: str
    ended: str
    waiting: str
    moved: str
    passed: str


MAKE: Final = Way("begun", "done", "planned", "done", "skipped")
UNDO: Final = Way("undoing", "undone", "done", "undone", "kept")


def add(
    connection: Connection, preview: Preview, reason: bytes | None, actor: str | None, now: datetime
) -> int:
    """Lay an action down, without its decisions; its id. What nobody confirmed is forgotten."""
    _forget_stale(connection, now)
    values = {
        "token": preview.action,
        "petition": preview.petition_id,
        "change": preview.change.value,
        "state": "planned",
        "actor": actor,
        "reason": reason,
        "at": now,
    }
    return int(connection.execute(insert(action).values(values).returning(action.c.id)).scalar_one())


def _forget_stale(connection: Connection, now: datetime) -> None:
    stale = select(action.c.id).where(action.c.state == "planned", action.c.at <= now - KEPT)
    ids = connection.execute(stale).scalars().all()
    connection.execute(delete(decision).where(decision.c.action.in_(ids)))
    connection.execute(delete(action).where(action.c.id.in_(ids)))


class Decided(NamedTuple):
    """What shall become of one signature; `at` is when it was given, in microseconds, as far as that is known."""

    at: int
    form: str
    before: Status
    after: Status


def planned(
    connection: Connection, vault: Vault, pages: Iterable[Sequence[Row[Any]]], change: Change
) -> list[Decided]:
    """What a change does to those that it fits, in the order in which they were given."""
    return sorted(chain.from_iterable(_fitting(connection, vault, page, change) for page in pages))


def _fitting(
    connection: Connection, vault: Vault, rows: Sequence[Row[Any]], change: Change
) -> Iterator[Decided]:
    struck_from: dict[str, str] = {}
    if change is Change.UNSTRIKE:
        strikes = cases.strikes([row.form for row in rows])
        struck_from = {row.form: row.before for row in connection.execute(strikes)}
    contexts = cases.contexts(vault, rows)
    for row, context in zip(rows, contexts, strict=True):
        before = Status(row.status)
        after = status_after(before, change, numbered=row.number is not None)
        if after is not None and not scrubbed(row):
            at = 0 if context is None else context[0]
            yield Decided(at, row.form, before, Status(struck_from.get(row.form, after)))


def decide(connection: Connection, action_id: int, start: int, decided: Sequence[Decided]) -> None:
    """Add decisions to what is laid down."""
    rows = [
        {
            "action": action_id,
            "position": position,
            "form": one.form,
            "before": one.before,
            "after": one.after,
            "state": "planned",
        }
        for position, one in enumerate(decided, start)
    ]
    if rows:
        connection.execute(insert(decision), rows)


def begin(
    connection: Connection, changes: Changes, token: str, way: Way, actor: str | None, clock: Clock
) -> Row[Any] | None:
    """Let it be made, or undone; None if it is not there, or can't be. It may be so already, or have been."""
    row = _locked(connection, changes, token)
    now = clock()
    if row is None or (row.state == "planned" and (way is UNDO or row.at <= now - KEPT)):
        return None
    if row.state == "planned":
        _note(connection, row, row.change, actor, now)
        _set(connection, row, state="begun", actor=actor, at=now)
    elif way is UNDO and row.state in {"begun", "done"}:
        _note(connection, row, f"undo {row.change}", actor, now)
        _set(connection, row, state="undoing")
        rest = (decision.c.action == row.id) & (decision.c.state == "planned")
        connection.execute(update(decision).where(rest).values(state="skipped"))
    return row


def part(
    connection: Connection, changes: Changes, token: str, way: Way, after: int, clock: Clock
) -> int | None:
    """Make, or undo, the next part behind this position: where it ends; None if nothing is left to do."""
    row = _locked(connection, changes, token)
    if row is None or row.state != way.under_way:
        return None
    locked = changes.ledger.lock(connection, row.petition)
    rows = connection.execute(_next(row.id, way, after)).all()
    _move(connection, changes, locked, rows, way, clock())
    if len(rows) == PART:
        return int(rows[-1].position)
    _set(connection, row, state=way.ended)
    return None


def _locked(connection: Connection, changes: Changes, token: str) -> Row[Any] | None:
    """The action, read after its petition was locked."""
    wanted = select(action).where(action.c.token == token)
    found = connection.execute(wanted).one_or_none()
    if found is None:
        return None
    changes.ledger.lock(connection, found.petition)
    return connection.execute(wanted).one_or_none()


def _next(action_id: int, way: Way, after: int) -> Any:
    d = decision.c
    waiting = (d.action == action_id) & (d.state == way.waiting) & (d.position > after)
    joined = records().add_columns(d.action, d.position, d.before, d.after, d.at)
    joined = joined.join(decision, d.form == signature.c.form).add_columns(_overtaken().label("overtaken"))
    return joined.where(waiting).order_by(d.position).limit(PART)


def _overtaken() -> Any:
    """Whether another decision followed, and stands."""
    later, d = decision.alias(), decision.c
    behind = (later.c.at > d.at) | ((later.c.at == d.at) & (later.c.action > d.action))
    return exists().where(later.c.form == d.form, later.c.state == "done", behind)


def _move(
    connection: Connection,
    changes: Changes,
    locked: Locked,
    rows: Sequence[Row[Any]],
    way: Way,
    now: datetime,
) -> None:
    delivered = locked.state(now) is State.DELIVERED
    moved: list[tuple[Row[Any], Status]] = []
    decided: list[dict[str, Any]] = []
    for row in rows:
        was, becomes = (row.before, row.after) if way is MAKE else (row.after, row.before)
        fits = row.status == was and not scrubbed(row) and not delivered
        fits &= way is MAKE or not row.overtaken
        if fits:
            moved.append((row, Status(becomes)))
        state, at = (way.moved if fits else way.passed), (now if way is MAKE else row.at)
        decided.append({"its": row.action, "place": row.position, "becomes": state, "since": at})
    changes.move_all(connection, locked, moved, now)
    if decided:
        connection.execute(_DECIDE, decided)


def _set(connection: Connection, row: Row[Any], **values: Any) -> None:
    connection.execute(update(action).where(action.c.id == row.id).values(values))


def _note(connection: Connection, row: Row[Any], what: str, actor: str | None, now: datetime) -> None:
    """In the audit log: what, and how many signatures it is about."""
    wanted = select(func.count()).where(decision.c.action == row.id)
    count = connection.execute(wanted).scalar_one()
    audit.record(connection, what, row.petition, now, f"signatures: {count:,}", actor=actor)


def outcome(connection: Connection, row: Row[Any]) -> Outcome:
    """How far an action has got."""
    counts = select(decision.c.state, func.count()).where(decision.c.action == row.id)
    states: Counter[str] = Counter(dict(connection.execute(counts.group_by(decision.c.state)).all()))
    way = UNDO if row.state in {"undoing", "undone"} else MAKE
    return Outcome(
        action=row.token,
        petition_id=row.petition,
        change=Change(row.change),
        changed=states[way.moved],
        skipped=states[way.passed],
        undone=way is UNDO,
        left=states[way.waiting] if row.state == way.under_way else 0,
    )


def read(connection: Connection, token: str) -> Row[Any] | None:
    """An action, unless it was only laid down."""
    wanted = select(action).where(action.c.token == token, action.c.state != "planned")
    return connection.execute(wanted).one_or_none()


def latest(connection: Connection, petition_id: int, limit: int) -> Sequence[Row[Any]]:
    """What was done on a petition, the newest first."""
    mine = (action.c.petition == petition_id) & (action.c.state != "planned")
    return connection.execute(select(action).where(mine).order_by(action.c.id.desc()).limit(limit)).all()


def as_action(connection: Connection, row: Row[Any], open_reason: Callable[[Row[Any]], str]) -> Action:
    """A row of `action` as organisers look back on it."""
    return Action(
        row.token, Change(row.change), row.at, row.actor, open_reason(row), outcome(connection, row)
    )
