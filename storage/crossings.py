"""Milestones that were crossed, and bursts of signatures: of a burst the highest is told, the others stay recorded.

A burst lasts for as long as somebody signs every few seconds, at most a minute from its first milestone on: however
many batches it is written in, and however slow a machine is, each community is told of it once.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, exists, select, update

from bot.model.community import DeliveryState, Kind, Voice
from storage.columns import Instant
from storage.outreach_tables import announcement, delivery
from storage.tables import totals

PAUSE: Final = timedelta(seconds=3)
"""Without a signature: so a burst ends."""
LONGEST: Final = timedelta(minutes=1)
"""After so long a milestone is told though people still sign."""
_KINDS: Final = (Kind.MILESTONE.value, Kind.GOAL.value)


def at(now: datetime) -> dict[str, datetime]:
    """The parameters of `HELD`."""
    return {
        "paused": now - PAUSE,
        "paused_ahead": now + PAUSE,
        "longest": now - LONGEST,
        "longest_ahead": now + LONGEST,
    }


def _waits(table: Any) -> ColumnElement[bool]:
    """A milestone that nobody has been told of yet."""
    by_itself = table.c.kind.in_(_KINDS) & (table.c.voice == Voice.BOT.value)
    return and_(by_itself, table.c.follow.is_(None), table.c.state == "ready", table.c.spread_to == 0)


def _within(time: str, column: Any) -> ColumnElement[bool]:
    """Less than this time ago, or ahead, if clocks differ a little."""
    ago, ahead = (bindparam(name, type_=Instant) for name in (time, f"{time}_ahead"))
    return and_(column > ago, column < ahead)


def _held() -> ColumnElement[bool]:
    lower = announcement.alias()
    behind = exists().where(
        _waits(lower), lower.c.petition == announcement.c.petition, lower.c.id < announcement.c.id
    )
    lately = _within("paused", totals.c.changed_at)
    signing = exists().where(totals.c.petition == announcement.c.petition, lately)
    return _waits(announcement) & (behind | (signing & _within("longest", announcement.c.at)))


HELD: Final = _held()
"""Whether an announcement is a milestone that still waits: for its burst to end, or behind a lower one.

Whoever spreads locks the lowest, and so all of one petition. Made once: making it takes longer than asking it.
"""


def highest(connection: Connection, told: Row[Any]) -> Row[Any]:
    """What is told instead of this announcement: the highest milestone that waits, if it is one of them.

    The lower ones pass with it, also where they are due and have not been posted yet. Reaching the goal is told
    even if more has been reached.
    """
    if not _is_crossing(told) or told.spread_to:
        return told
    same = _waits(announcement) & (announcement.c.petition == told.petition)
    waiting = connection.execute(select(announcement).where(same).order_by(announcement.c.id)).all()
    *passed, last = waiting
    kind = Kind.GOAL if any(each.kind == Kind.GOAL for each in waiting) else Kind(last.kind)
    ids = [each.id for each in passed]
    connection.execute(update(announcement).where(announcement.c.id.in_(ids)).values(state="spread"))
    its = announcement.c.id == last.id
    connection.execute(update(announcement).where(its).values(kind=kind.value))
    _skip_due(connection, last)
    return connection.execute(select(announcement).where(its)).one()


def _is_crossing(told: Row[Any]) -> bool:
    return told.kind in _KINDS and told.voice == Voice.BOT and told.follow is None


def _skip_due(connection: Connection, told: Row[Any]) -> None:
    """Let those who are still to be told of a lower milestone (after quiet hours, say) be told of this one."""
    same = (announcement.c.petition == told.petition) & (announcement.c.voice == Voice.BOT.value)
    milestones = same & (announcement.c.kind == Kind.MILESTONE.value) & (announcement.c.id < told.id)
    lower = select(announcement.c.id).where(milestones)
    waiting = (delivery.c.state == DeliveryState.DUE.value) & delivery.c.announcement.in_(lower)
    connection.execute(update(delivery).where(waiting).values(state=DeliveryState.SKIPPED.value))
