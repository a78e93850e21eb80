"""Deliveries under way: what became of them is noted, and the next are taken, in one transaction.

A delivery is marked as in flight before its request leaves. `due_at` of one in flight is when it may be looked at
again: then whoever took it has died, or does not know whether it arrived.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec.structs import replace
from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.model.account import Account
from bot.model.community import TO_ORGANISERS, DeliveryState, Job, Kind, Settled
from storage.boards import place_board
from storage.following import UNDER_WAY, as_follow, follows
from storage.organisers import reached
from storage.outreach_tables import announcement, delivery, follow, holder
from storage.people import address_of
from storage.spreading import AT_ONCE, IN_TURN
from storage.tables import notice, organiser
from storage.telling import as_announcement
from storage.vault import Vault

HELD: Final = timedelta(seconds=20)
"""How long a platform is held without a sign of life."""
LEASED: Final = timedelta(seconds=45)
"""How long a delivery in flight is its taker's alone."""
_IN_FLIGHT: Final = DeliveryState.IN_FLIGHT.value


def hold(connection: Connection, platform: str, name: str, now: datetime) -> bool:
    """Hold the platform for a while; False if somebody else does."""
    mine = (holder.c.platform == platform) & ((holder.c.name == name) | (holder.c.until < now))
    values = {"name": name, "until": now + HELD}
    if connection.execute(update(holder).where(mine).values(values)).rowcount:
        return True
    if connection.execute(select(holder.c.name).where(holder.c.platform == platform)).first():
        return False
    try:
        with connection.begin_nested():
            connection.execute(insert(holder).values(values | {"platform": platform}))
    except IntegrityError:  # somebody else came first, at the same instant
        return False
    return True


def release(connection: Connection, platform: str, name: str) -> None:
    """Hold it no longer."""
    mine = (holder.c.platform == platform) & (holder.c.name == name)
    connection.execute(delete(holder).where(mine))


def count_held(connection: Connection) -> int:
    """How many deliveries and announcements a restore held back."""
    counts = (select(func.count()).where(table.c.state == "held_back") for table in (delivery, announcement))
    return sum(connection.execute(count).scalar_one() for count in counts)


def release_held(connection: Connection, now: datetime, *, send: bool) -> None:
    """Send them after all, or drop them. What may have gone out before the backup may then come twice."""
    state = DeliveryState.DUE if send else DeliveryState.SKIPPED
    held = update(delivery).where(delivery.c.state == "held_back")
    connection.execute(held.values(state=state.value, born_at=now, due_at=now, left_at=None))
    unspread = update(announcement).where(announcement.c.state == "held_back")
    connection.execute(unspread.values(state="ready" if send else "spread"))


def settle(connection: Connection, vault: Vault, settled: Settled, now: datetime) -> None:
    """Note what became of a job, unless somebody else has taken it meanwhile."""
    job, state = settled.job, settled.state
    values: dict[str, Any] = {"state": state.value, "reason": settled.reason[:100]}
    if settled.again is not None:
        values["due_at"] = settled.again
    if state is not DeliveryState.IN_FLIGHT:
        values["left_at"] = None
    if state is DeliveryState.SENT:
        values["sent_at"] = now
    mine = (delivery.c.id == job.id) & (delivery.c.state == _IN_FLIGHT) & (delivery.c.tries == job.tries + 1)
    if not connection.execute(update(delivery).where(mine).values(values)).rowcount:
        return
    if state is DeliveryState.SENT:
        _afterwards(connection, vault, settled, now)


def _afterwards(connection: Connection, vault: Vault, settled: Settled, now: datetime) -> None:
    """A board stands now; a person who was told of the delivery has been told all that they asked for."""
    telling = settled.job.announcement.telling
    its = connection.execute(select(delivery).where(delivery.c.id == settled.job.id)).one()
    if settled.face and settled.reference is not None:
        joined = select(
            follow.c.id.label("follow"), follow.c.petition, follow.c.standing, delivery.c.platform
        )
        joined = joined.join(delivery, delivery.c.follow == follow.c.id).where(delivery.c.id == its.id)
        row = connection.execute(joined).one()
        place_board(connection, vault, row, settled, now)
    if telling.kind is Kind.DELIVERED and its.owner is not None:
        forget_person(connection, telling.petition_id, its.owner)


def forget_person(connection: Connection, petition_id: int, owner: bytes) -> None:
    """Erase the address of a person who asked to be told."""
    connection.execute(delete(notice).where(notice.c.petition == petition_id, notice.c.owner == owner))


def take(connection: Connection, vault: Vault, platform: str, limit: int, now: datetime) -> list[Job]:
    """The next deliveries, marked as in flight."""
    jobs: list[Job] = []
    for urgency in (AT_ONCE, IN_TURN):
        for row in _due(connection, platform, urgency, limit - len(jobs), now):
            job = _job(connection, vault, row)
            if job is None:
                _skip(connection, row)
                continue
            left = row.left_at or now
            values = {"state": _IN_FLIGHT, "due_at": now + LEASED, "left_at": left, "tries": row.tries + 1}
            connection.execute(update(delivery).where(delivery.c.id == row.id).values(values))
            jobs.append(job)
    return jobs


def soonest(connection: Connection, platform: str) -> datetime | None:
    """When the next is due."""
    under_way = (delivery.c.platform == platform) & delivery.c.state.in_(UNDER_WAY)
    instants = [
        connection.execute(
            select(func.min(delivery.c.due_at)).where(under_way, delivery.c.urgency == urgency)
        ).scalar()
        for urgency in (AT_ONCE, IN_TURN)
    ]
    return min((at for at in instants if at is not None), default=None)


def _due(
    connection: Connection, platform: str, urgency: int, limit: int, now: datetime
) -> Sequence[Row[Any]]:
    due = (delivery.c.platform == platform) & (delivery.c.urgency == urgency) & (delivery.c.due_at <= now)
    wanted = select(delivery).where(due, delivery.c.state.in_(UNDER_WAY))
    wanted = wanted.order_by(delivery.c.due_at, delivery.c.id).limit(max(limit, 0))
    return connection.execute(wanted.with_for_update(skip_locked=True)).all()


def _job(connection: Connection, vault: Vault, row: Row[Any]) -> Job | None:
    """The job of a row; None where nobody is there any more to whom it could be told."""
    told = connection.execute(select(announcement).where(announcement.c.id == row.announcement)).one()
    base = Job(
        id=row.id,
        token=row.token,
        announcement=as_announcement(told),
        due=row.due_at,
        born=row.born_at,
        tries=row.tries,
        suspect=row.left_at,
    )
    return (
        _to_community(connection, vault, row, base)
        if row.follow
        else _to_person(connection, vault, row, base)
    )


def _to_community(connection: Connection, vault: Vault, row: Row[Any], base: Job) -> Job | None:
    """A board that may stand already is a job also where nothing is posted any more: somebody has to know of it."""
    is_board = base.announcement.telling.kind is Kind.BOARD
    its = connection.execute(follows().where(follow.c.id == row.follow)).one()
    if its.details is None or (its.standing != "active" and not (is_board and base.suspect)):
        return None
    found = as_follow(vault, its)
    return replace(base, follow=found, locale=found.locale)


def _to_person(connection: Connection, vault: Vault, row: Row[Any], base: Job) -> Job | None:
    petition_id = base.announcement.telling.petition_id
    if base.announcement.telling.kind in TO_ORGANISERS:
        return _to_organiser(connection, vault, row, base)
    asked = (notice.c.petition == petition_id) & (notice.c.owner == row.owner)
    its = connection.execute(select(notice).where(asked)).one_or_none()
    if its is None:
        return None
    account, locale = address_of(vault, its)
    return replace(base, account=Account.parse(account), locale=locale)


def _to_organiser(connection: Connection, vault: Vault, row: Row[Any], base: Job) -> Job | None:
    its = connection.execute(select(organiser).where(organiser.c.account == row.owner)).one_or_none()
    if its is None:
        return None
    account, locale = reached(vault, its)
    return replace(base, account=Account.parse(account), locale=locale)


def _skip(connection: Connection, row: Row[Any]) -> None:
    skipped = {"state": DeliveryState.SKIPPED.value, "left_at": None}
    connection.execute(update(delivery).where(delivery.c.id == row.id).values(skipped))
