"""Rows of communities that follow, as the model has them; shared by what reads them."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, exists, insert, select

from bot.model.community import TO_ORGANISERS, DeliveryState, Follow, Hears, Kind, Rhythm, Standing, Wishes
from storage.outreach_tables import announcement, board, community, delivery, follow
from storage.places import place_of
from storage.vault import Vault

UNDER_WAY: Final = (DeliveryState.DUE.value, DeliveryState.IN_FLIGHT.value)
HEARD: Final[Mapping[Kind, tuple[Hears, ...]]] = MappingProxyType(
    {
        Kind.MILESTONE: (Hears.ALL, Hears.MILESTONES),
        Kind.GOAL: (Hears.ALL, Hears.MILESTONES),
        Kind.UPDATE: (),  # to persons alone
        **dict.fromkeys(TO_ORGANISERS, ()),
    }
)
"""Who hears a kind of announcement to everyone; the kinds that are not named here, those that hear all."""
PERSONAL: Final = frozenset({Kind.CLOSED, Kind.DELIVERED, Kind.UPDATE})
"""What is also told to the persons who asked for it."""


def follows() -> Select[Any]:
    """Rows for `as_follow`."""
    places = [community.c[name] for name in ("platform", "kind", "place", "details")]
    its = board.alias()
    stands = exists().where(its.c.follow == follow.c.id, its.c.state == "stands")
    joined = follow.join(community, community.c.id == follow.c.community)
    return select(follow, *places, stands.label("board")).select_from(joined)


def as_follow(vault: Vault, row: Row[Any]) -> Follow:
    """A row of `follows` whose place has not been erased."""
    return Follow(
        id=row.id,
        community=row.community,
        petition_id=row.petition,
        place=place_of(vault, row),
        locale=row.locale,
        standing=Standing(row.standing),
        wishes=wishes_of(row),
        reason=row.reason,
        untold=row.untold,
        board=bool(row.board),
    )


def wishes_of(row: Row[Any]) -> Wishes:
    """The wishes in a row of `follow`."""
    return Wishes(
        hears=Hears(row.hears),
        digest=Rhythm(row.digest),
        quiet_from=row.quiet_from,
        quiet_to=row.quiet_to,
        zone=row.zone,
        pinned=row.pinned,
        moves=row.moves,
    )


def columns_of(wishes: Wishes) -> dict[str, Any]:
    """Wishes as columns of `follow`."""
    return {
        "hears": wishes.hears.value,
        "digest": wishes.digest.value,
        "quiet_from": wishes.quiet_from,
        "quiet_to": wishes.quiet_to,
        "zone": wishes.zone,
        "pinned": wishes.pinned,
        "moves": wishes.moves,
    }


def announce_board(connection: Connection, follow_id: int, petition_id: int, now: datetime) -> None:
    """Announce a community's board to it, unless that is under way."""
    its = (announcement.c.follow == follow_id) & (announcement.c.kind == Kind.BOARD.value)
    on_its_way = exists().where(delivery.c.announcement == announcement.c.id, delivery.c.state.in_(UNDER_WAY))
    pending = select(announcement.c.id).where(its & ((announcement.c.state == "ready") | on_its_way))
    if connection.execute(pending).first() is None:
        values = {"petition": petition_id, "kind": Kind.BOARD.value, "total": 0, "follow": follow_id}
        connection.execute(insert(announcement).values(values | {"state": "ready", "at": now}))
