"""Announcements: asked for once each, proposed and confirmed. Plain functions over a connection."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from bot.model.community import Announcement, Kind, Telling, Voice
from bot.model.petition import Act
from storage.hourly import roll
from storage.instants import micros
from storage.keys import random_id
from storage.ledger import Locked
from storage.outreach_tables import announcement
from storage.tables import petition

KEPT: Final = timedelta(days=1)
"""How long a proposal waits for its confirmation."""
TOLD: Final = {
    Act.OPEN: Kind.OPENED,
    Act.REOPEN: Kind.OPENED,
    Act.CLOSE: Kind.CLOSED,
    Act.DELIVER: Kind.DELIVERED,
}
"""What is announced of an act."""


def announce(connection: Connection, telling: Telling, now: datetime, *, state: str = "ready") -> int | None:
    """Announce, in the transaction of what is told; None if it was announced before."""
    if telling.key is not None and announced(connection, telling):
        return None
    made = insert(announcement).values(_columns(telling) | {"state": state, "at": now, "token": random_id()})
    return int(connection.execute(made.returning(announcement.c.id)).scalar_one())


def announced(connection: Connection, telling: Telling) -> bool:
    """Whether there is one of this petition, kind and key."""
    same = (announcement.c.petition == telling.petition_id) & (announcement.c.kind == telling.kind.value)
    wanted = select(announcement.c.id).where(same, announcement.c.key == telling.key)
    return connection.execute(wanted).first() is not None


def tell_act(connection: Connection, locked: Locked, act: Act, now: datetime) -> None:
    """Announce what an organiser did to a petition, if that is news."""
    if act in TOLD:
        total = roll(locked.standing, now).shown.counted
        announce(connection, Telling(locked.id, TOLD[act], total=total, key=str(micros(now))), now)


def find(connection: Connection, token: str) -> Announcement | None:
    """An announcement by its token."""
    row = connection.execute(select(announcement).where(announcement.c.token == token)).one_or_none()
    return None if row is None else as_announcement(row)


def confirm(connection: Connection, token: str, now: datetime) -> bool:
    """Let a proposal go out, once."""
    proposed = (announcement.c.token == token) & (announcement.c.state == "proposed")
    still = announcement.c.at > now - KEPT
    ready = update(announcement).where(proposed, still).values(state="ready", at=now)
    return bool(connection.execute(ready).rowcount)


def to_everybody(connection: Connection, since: datetime) -> int:
    """How many of the organisers' announcements to every community went out since then."""
    kinds = announcement.c.kind.in_([Kind.TEXT.value, Kind.MILESTONE.value])
    theirs = kinds & (announcement.c.voice == Voice.ORGANISERS.value) & announcement.c.follow.is_(None)
    wanted = select(func.count()).where(
        theirs, announcement.c.state != "proposed", announcement.c.at >= since
    )
    return connection.execute(wanted).scalar_one()


def take_turns(connection: Connection) -> None:
    """Let nobody else confirm anything until the transaction ends: all petitions are locked, in their order."""
    connection.execute(select(petition.c.id).order_by(petition.c.id).with_for_update()).all()


def tidy(connection: Connection, now: datetime) -> None:
    """Forget proposals that were not confirmed."""
    stale = (announcement.c.state == "proposed") & (announcement.c.at <= now - KEPT)
    connection.execute(delete(announcement).where(stale))


def as_announcement(row: Row[Any]) -> Announcement:
    """A row of `announcement`."""
    telling = Telling(
        petition_id=row.petition,
        kind=Kind(row.kind),
        voice=Voice(row.voice),
        total=row.total,
        threshold=row.threshold,
        gained=row.gained,
        text=row.text,
        follow=row.follow,
        key=row.key,
    )
    return Announcement(row.id, row.token or "", row.at, telling, confirmed=row.state != "proposed")


def _columns(telling: Telling) -> dict[str, Any]:
    return {
        "petition": telling.petition_id,
        "kind": telling.kind.value,
        "voice": telling.voice.value,
        "total": telling.total,
        "threshold": telling.threshold,
        "gained": telling.gained,
        "text": telling.text,
        "follow": telling.follow,
        "key": telling.key,
    }
