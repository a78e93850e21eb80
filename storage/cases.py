"""Reading signatures for review: which they are, what held them, and what they say. Plain functions over a connection.

Why a signature is held stands in clear (`hold`), so that the database groups by it. Where somebody came from does
not: it is read from the contexts of those that are held, which are few.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, func, or_, select, text, tuple_

from bot.model.holding import Rule
from bot.model.petition import Reach
from bot.model.review import Backlog, Case, Cases, Which
from bot.model.signature import Change, Status
from storage.tables import action, decision, hold, signature
from storage.vault import Vault

CHUNK: Final = 1000
LARGEST: Final = 2**31 - 1
"""The largest number that the column holds; people may ask for larger ones."""
NOWHERE: Final = 0
"""Stands for the community of those who came by none."""
HELD: Final = text("signature.status = 'held'")
"""Written as in the index that finds them."""
_COLUMNS: Final = tuple(
    signature.c[name]
    for name in ("form", "number", "status", "reach", "day", "platform", "identity", "context")
)


def chosen(petition_id: int, which: Which) -> Select[Any]:
    """Those that the database can choose: all that `which` says but the community. In no order."""
    s = signature.c
    wanted = select(*_COLUMNS).where(s.petition == petition_id, _of_status(which))
    if which.rule is not None:
        wanted = wanted.where(_held_by(which.rule))
    if which.day is not None:
        wanted = wanted.where(s.day == which.day.isoformat())
    if which.numbers:
        ranges = ((min(low, LARGEST), min(high, LARGEST)) for low, high in which.numbers)
        wanted = wanted.where(or_(*(s.number.between(low, high) for low, high in ranges)))
    return wanted.where(s.form.in_(which.handles)) if which.handles else wanted


def _of_status(which: Which) -> Any:
    if which.statuses == {Status.HELD}:
        return HELD
    return signature.c.status.in_([status.value for status in which.statuses])


def _held_by(rule: Rule) -> ColumnElement[bool]:
    by_it = select(hold.c.form).where(hold.c.form == signature.c.form, hold.c.rule == rule.value)
    return by_it.exists()


def pages(
    connection: Connection, vault: Vault, petition_id: int, which: Which, after: str | None = None
) -> Iterator[Sequence[Row[Any]]]:
    """Them by day (by number, if they were asked for so), behind the one whose handle is `after`: some at a time."""
    by = signature.c.number if which.numbers else signature.c.day
    ordered = chosen(petition_id, which).order_by(by, signature.c.form).limit(CHUNK)
    while page := connection.execute(ordered if after is None else ordered.where(_behind(after, by))).all():
        yield _from_community(vault, page, which.community)
        after = page[-1].form


def _behind(form: str, by: ColumnElement[Any]) -> ColumnElement[bool]:
    its = select(by).where(signature.c.form == form).scalar_subquery()
    return tuple_(by, signature.c.form) > tuple_(its, form)


def _from_community(vault: Vault, rows: Sequence[Row[Any]], community: int | None) -> Sequence[Row[Any]]:
    if community is None:
        return rows
    return [row for row, place in zip(rows, _places(vault, rows), strict=True) if place == community]


def _places(vault: Vault, rows: Sequence[Row[Any]]) -> Iterator[int | None]:
    """The communities that signatures came by; None where that is not known any more."""
    return (None if context is None else context[2] or NOWHERE for context in contexts(vault, rows))


def contexts(vault: Vault, rows: Sequence[Row[Any]]) -> list[Any]:
    """When, in which language, where, and what was answered; None where that is not known any more."""
    forms = [row.form.encode() for row in rows]
    return vault.open_all("signature.context", forms, [row.context for row in rows])


def backlog(connection: Connection, vault: Vault, petition_id: int) -> Backlog:
    """What waits, and how it divides."""
    s = signature.c
    waits = (s.petition == petition_id) & HELD
    days = connection.execute(select(s.day, func.count()).where(waits).group_by(s.day).order_by(s.day)).all()
    by_rule = select(hold.c.rule, func.count()).join(signature, s.form == hold.c.form).where(waits)
    rules = {Rule(rule): count for rule, count in connection.execute(by_rule.group_by(hold.c.rule))}
    places: Counter[int | None] = Counter()
    for rows in pages(connection, vault, petition_id, Which()):
        places.update(_places(vault, rows))
    return Backlog(
        held=sum(count for _, count in days),
        rules={rule: rules[rule] for rule in Rule if rule in rules},
        days={date.fromisoformat(day): count for day, count in days},
        communities={community: count for community, count in places.most_common() if community is not None},
    )


def page(
    connection: Connection, vault: Vault, petition_id: int, which: Which, after: str | None, limit: int
) -> Cases:
    """The next of them."""
    found = chain.from_iterable(pages(connection, vault, petition_id, which, after))
    rows = list(islice(found, limit + 1))
    more = rows[limit - 1].form if len(rows) > limit else None
    return Cases(cases(connection, vault, rows[:limit]), more)


def cases(connection: Connection, vault: Vault, rows: Sequence[Row[Any]]) -> tuple[Case, ...]:
    """Rows of `chosen` as organisers see them."""
    forms = [row.form for row in rows]
    rules = _rules(connection, forms)
    reasons = _reasons(connection, vault, [row.form for row in rows if row.status == Status.STRUCK])
    return tuple(
        Case(
            handle=row.form,
            number=row.number,
            status=Status(row.status),
            reach=Reach(row.reach),
            day=date.fromisoformat(row.day),
            platform=row.platform,
            identity=vault.open_identity(row.form, row.identity),
            context=vault.open_context(row.form, row.context),
            rules=rules.get(row.form, frozenset()),
            reason=reasons.get(row.form, ""),
        )
        for row in rows
    )


def _rules(connection: Connection, forms: Sequence[str]) -> dict[str, frozenset[Rule]]:
    found: dict[str, frozenset[Rule]] = {}
    for form, rule in connection.execute(select(hold.c.form, hold.c.rule).where(hold.c.form.in_(forms))):
        found[form] = found.get(form, frozenset()) | {Rule(rule)}
    return found


def _reasons(connection: Connection, vault: Vault, forms: Sequence[str]) -> Mapping[str, str]:
    columns = (action.c.token, action.c.reason)
    rows = connection.execute(strikes(forms).add_columns(*columns))
    return {row.form: reason(vault, row) for row in rows}


def strikes(forms: Sequence[str]) -> Select[Any]:
    """What struck these and still stands, the latest last."""
    mine = decision.c.form.in_(forms) & (decision.c.state == "done")
    joined = select(decision.c.form, decision.c.before).join(action, action.c.id == decision.c.action)
    struck = action.c.change == Change.STRIKE.value
    return joined.where(mine, struck).order_by(decision.c.at, decision.c.action)


def reason(vault: Vault, row: Row[Any]) -> str:
    """Why, in a row with `token` and `reason` of an action."""
    return "" if row.reason is None else str(vault.open("action.reason", row.token, row.reason))
