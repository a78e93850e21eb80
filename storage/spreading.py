"""Making out the deliveries of an announcement: a part at a time, each part in one transaction, none twice."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select, update

from bot.model.account import Account
from bot.model.community import TO_ORGANISERS, DeliveryState, Hears, Kind, Standing
from bot.ports import Wakes
from storage import crossings
from storage.following import HEARD, PERSONAL, wishes_of
from storage.keys import random_id
from storage.organisers import reached
from storage.outreach_tables import announcement, community, delivery, follow
from storage.people import address_of
from storage.tables import notice, organiser
from storage.vault import Vault

LEAST: Final = 20
"""Deliveries that an announcement counts for, at least: what is told to one community each (a board) takes as long."""
AT_ONCE, IN_TURN = 0, 1
"""Urgency: somebody waits for it in the chat, or it is one of many."""
_READY: Final = announcement.c.state == "ready"
_OLDEST: Final = select(announcement).where(_READY, ~crossings.HELD).order_by(announcement.c.id).limit(1)
_LOCKED: Final = _OLDEST.with_for_update(skip_locked=True, of=announcement)


def spread(connection: Connection, vault: Vault, wakes: Wakes, limit: int, now: datetime) -> bool:
    """Make out the next deliveries, those of the oldest announcements first; False if there are none."""
    room = limit
    while room > 0 and (told := _next(connection, now)) is not None:
        room -= max(LEAST, _spread(connection, vault, wakes, told, room, now))
    return room < limit


def is_due(connection: Connection, now: datetime) -> bool:
    """Whether there are deliveries to be made out now."""
    return connection.execute(_OLDEST, crossings.at(now)).first() is not None


def is_unspread(connection: Connection) -> bool:
    """Whether there are announcements whose deliveries have not all been made out."""
    return connection.execute(select(announcement.c.id).where(_READY).limit(1)).first() is not None


def _next(connection: Connection, now: datetime) -> Row[Any] | None:
    told = connection.execute(_LOCKED, crossings.at(now)).first()
    return None if told is None else crossings.highest(connection, told)


def _spread(
    connection: Connection, vault: Vault, wakes: Wakes, told: Row[Any], limit: int, now: datetime
) -> int:
    """Make out the next deliveries of an announcement; how many."""
    communities = _communities(connection, told, limit)
    rows = [_to_community(told, its, wakes, now) for its in communities]
    values: dict[str, Any] = {"spread_to": communities[-1].id} if communities else {}
    room = limit - len(communities)
    people = _people(connection, told, room)
    rows += [_to_person(vault, told, its, now) for its in people]
    if people:
        values["spread_owner"] = people[-1].owner
    if room > len(people):
        values["state"] = "spread"
    if rows:
        connection.execute(insert(delivery), rows)
    connection.execute(update(announcement).where(announcement.c.id == told.id).values(values))
    return len(rows)


def _communities(connection: Connection, told: Row[Any], limit: int) -> Sequence[Row[Any]]:
    """The next communities to tell, by id."""
    served = (follow.c.standing == Standing.ACTIVE.value) & (follow.c.petition == told.petition)
    if told.follow is None:
        hears = HEARD.get(Kind(told.kind), (Hears.ALL,))
        served &= follow.c.hears.in_([each.value for each in hears])
    else:
        served &= follow.c.id == told.follow
    joined = follow.join(community, community.c.id == follow.c.community)
    wanted = select(follow, community.c.platform).select_from(joined)
    wanted = wanted.where(served, follow.c.id > told.spread_to).order_by(follow.c.id).limit(limit)
    return connection.execute(wanted).all()


def _people(connection: Connection, told: Row[Any], limit: int) -> Sequence[Row[Any]]:
    """The next persons to write to, if this is told to persons. `owner` is what stands for each."""
    if Kind(told.kind) in TO_ORGANISERS:
        return _organisers(connection, told, limit)
    if Kind(told.kind) not in PERSONAL or told.follow is not None or not limit:
        return []
    wanted = select(notice).where(notice.c.petition == told.petition).order_by(notice.c.owner).limit(limit)
    if told.spread_owner is not None:
        wanted = wanted.where(notice.c.owner > told.spread_owner)
    return connection.execute(wanted).all()


def _organisers(connection: Connection, told: Row[Any], limit: int) -> Sequence[Row[Any]]:
    wanted = select(organiser, organiser.c.account.label("owner")).order_by(organiser.c.account).limit(limit)
    if told.spread_owner is not None:
        wanted = wanted.where(organiser.c.account > told.spread_owner)
    return connection.execute(wanted).all()


def _to_community(told: Row[Any], its: Row[Any], wakes: Wakes, now: datetime) -> dict[str, Any]:
    asked_for = told.follow is not None and told.kind != Kind.DIGEST
    due = now if asked_for else wakes(wishes_of(its), now)
    urgency = AT_ONCE if asked_for else IN_TURN
    return _row(told, its.platform, urgency, now) | {"follow": its.id, "owner": None, "due_at": due}


def _to_person(vault: Vault, told: Row[Any], its: Row[Any], now: datetime) -> dict[str, Any]:
    written_to = reached if Kind(told.kind) in TO_ORGANISERS else address_of
    account, _ = written_to(vault, its)
    platform = Account.parse(account).platform
    return _row(told, platform, IN_TURN, now) | {"follow": None, "owner": its.owner, "due_at": now}


def _row(told: Row[Any], platform: str, urgency: int, now: datetime) -> dict[str, Any]:
    return {
        "announcement": told.id,
        "platform": platform,
        "token": random_id(),
        "urgency": urgency,
        "state": DeliveryState.DUE.value,
        "born_at": now,
    }
