"""How a community's standing changes, and what goes with it. Plain functions over a connection."""

import os
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, delete, exists, insert, select, update

from bot.model.community import DeliveryState, Follow, Kind, Standing, Wishes
from storage.following import columns_of
from storage.keys import HASH_BYTES
from storage.outreach_tables import announcement, board, community, delivery, follow, link, post
from storage.tables import totals

_ACTIVE, _WAITING, _LEFT = Standing.ACTIVE.value, Standing.WAITING.value, Standing.LEFT.value
DIGEST: Final = Kind.DIGEST.value


def change(connection: Connection, follow_id: int, only: str | None = None, **values: Any) -> bool:
    """Change a follow (one that stands so only); whether there was anything to change."""
    changing = update(follow).where(follow.c.id == follow_id)
    if only is not None:
        changing = changing.where(follow.c.standing == only)
    return bool(connection.execute(changing.values(values)).rowcount)


def enter(
    connection: Connection, community_id: int, petition_id: int, standing: str, locale: str, wishes: Wishes
) -> int:
    """A community's follow: made, or taken up again where it was left, set aside, or waits no longer."""
    its = (follow.c.community == community_id) & (follow.c.petition == petition_id)
    row = connection.execute(select(follow.c.id, follow.c.standing).where(its)).first()
    total = shown_total(connection, petition_id)
    if row is None:
        values = {"community": community_id, "petition": petition_id, "standing": standing, "locale": locale}
        made = insert(follow).values(values | columns_of(wishes) | {"digest_total": total})
        return int(connection.execute(made.returning(follow.c.id)).scalar_one())
    if row.standing == _LEFT:
        change(connection, row.id, standing=standing, locale=locale, digest_total=total)
    elif row.standing == Standing.ASIDE or standing == _ACTIVE:
        change(connection, row.id, standing=_ACTIVE, reason="", untold=False)
    return int(row.id)


def leave(connection: Connection, follow_id: int, community_id: int, now: datetime) -> None:
    """Follow no longer. A community that follows nothing any more has left, and is forgotten later."""
    change(connection, follow_id, standing=_LEFT, reason="", untold=False, digest_at=None)
    drop_due(connection, follow_id, DeliveryState.SKIPPED, "")
    still = exists().where(follow.c.community == community_id, follow.c.standing != _LEFT)
    note_left(connection, community.c.id == community_id, ~still, now=now)


def set_aside(connection: Connection, follow_id: int, reason: str, now: datetime, *, left: bool) -> None:
    """Post there no more. A place that is `left` is forgotten later, unless it is brought back in time."""
    if not change(connection, follow_id, _ACTIVE, standing=Standing.ASIDE.value, reason=reason, untold=True):
        return
    drop_due(connection, follow_id, DeliveryState.FAILED, reason)
    if left:
        its = select(follow.c.community).where(follow.c.id == follow_id).scalar_subquery()
        still = exists().where(follow.c.community == its, follow.c.standing.in_([_ACTIVE, _WAITING]))
        note_left(connection, community.c.id == its, ~still, now=now)


def stay(connection: Connection, follow_id: int) -> None:
    """Keep the community of a follow: it has come back."""
    its = select(follow.c.community).where(follow.c.id == follow_id).scalar_subquery()
    connection.execute(update(community).where(community.c.id == its).values(left_at=None))


def note_left(connection: Connection, *which: ColumnElement[bool], now: datetime) -> None:
    """Note since when communities have left, unless that is noted."""
    leaving = update(community).where(*which, community.c.left_at.is_(None))
    connection.execute(leaving.values(left_at=now))


def drop_due(connection: Connection, follow_id: int, state: DeliveryState, reason: str) -> None:
    """Give up what is due to a community."""
    due = (delivery.c.follow == follow_id) & (delivery.c.state == DeliveryState.DUE.value)
    connection.execute(update(delivery).where(due).values(state=state.value, reason=reason))


def erase(connection: Connection, community_id: int) -> None:
    """Erase whatever leads to a place. The row stays, as a number without a name, for what was counted there."""
    its = select(follow.c.id).where(follow.c.community == community_id).scalar_subquery()
    connection.execute(delete(board).where(board.c.follow.in_(its)))
    connection.execute(delete(post).where(post.c.community == community_id))
    connection.execute(delete(link).where(link.c.community == community_id))
    connection.execute(
        update(follow)
        .where(follow.c.community == community_id)
        .values(standing=_LEFT, reason="", untold=False)
    )
    nothing = {"place": os.urandom(HASH_BYTES), "details": None}
    connection.execute(update(community).where(community.c.id == community_id).values(nothing))


def shown_total(connection: Connection, petition_id: int) -> int:
    """The total as it was shown last."""
    wanted = select(totals.c.shown_counted).where(totals.c.petition == petition_id)
    return connection.execute(wanted).scalar() or 0


def tell_digest(
    connection: Connection,
    its: Follow,
    due: datetime,
    total: int,
    following: datetime | None,
    *,
    tell: bool,
) -> int | None:
    """Announce the digest that was due at `due`, once, and set when the next one is."""
    mine = (follow.c.id == its.id) & (follow.c.digest_at == due)
    wanted = select(follow.c.digest_total).where(mine).with_for_update()
    before: int | None = connection.execute(wanted).scalar()
    if before is None:
        return None
    gained = total - before
    values: dict[str, Any] = {"digest_at": following}
    if tell and gained > 0:
        values["digest_total"] = total
        told = {
            "petition": its.petition_id,
            "kind": DIGEST,
            "total": total,
            "gained": gained,
            "follow": its.id,
        }
        connection.execute(insert(announcement).values(told | {"state": "ready", "at": due}))
    connection.execute(update(follow).where(follow.c.id == its.id).values(values))
    return gained
