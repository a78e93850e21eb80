"""The communities that follow petitions. Implements `bot.ports.Follows`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, case, exists, func, select, update
from sqlalchemy.exc import IntegrityError

from bot.model.account import Place
from bot.model.community import Follow, Standing, Wishes
from bot.ports import Clock
from storage import places
from storage.boards import drop_boards, end_boards
from storage.database import Database
from storage.following import announce_board, as_follow, columns_of, follows
from storage.keys import Keys
from storage.outreach_tables import board, community, follow
from storage.places import place_of
from storage.standing import (
    change,
    enter,
    erase,
    leave,
    note_left,
    set_aside,
    shown_total,
    stay,
    tell_digest,
)
from storage.vault import Vault

T = TypeVar("T")

_WAITING, _ACTIVE, _ASIDE, _LEFT = (
    standing.value for standing in (Standing.WAITING, Standing.ACTIVE, Standing.ASIDE, Standing.LEFT)
)


class Follows:
    """Who follows what, and how they want it."""

    def __init__(self, database: Database, keys: Keys, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._vault = vault
        self._clock = clock

    async def follow(
        self, place: Place, petition_id: int, locale: str, wishes: Wishes, *, waiting: bool = False
    ) -> Follow:
        def work(connection: Connection) -> Follow:
            now = self._clock()
            community_id = places.store(connection, self._vault, self._keys.place(place), place, now)
            connection.execute(update(community).where(community.c.id == community_id).values(left_at=None))
            standing = _WAITING if waiting else _ACTIVE
            follow_id = enter(connection, community_id, petition_id, standing, locale, wishes)
            return self._serve(connection, follow_id, now)

        try:
            return await self._database.write(work)
        except IntegrityError:  # another process made the community or the row at the same instant
            return await self._database.write(work)

    async def at(self, place: Place) -> Sequence[Follow]:
        here = (community.c.place == self._keys.place(place)) & (follow.c.standing != _LEFT)
        return await self._database.read(lambda on: self._select(on, here))

    async def get(self, follow: int) -> Follow | None:
        return await self._database.read(lambda on: self._get(on, follow))

    async def wish(
        self, follow: int, wishes: Wishes, locale: str, digest_at: datetime | None
    ) -> Follow | None:
        def work(connection: Connection) -> Follow | None:
            found = self._get(connection, follow)
            if found is None:
                return None
            values = columns_of(wishes) | {"locale": locale, "digest_at": digest_at}
            if found.wishes.digest is not wishes.digest:
                values["digest_total"] = shown_total(connection, found.petition_id)
            change(connection, follow, **values)
            return self._get(connection, follow)

        return await self._database.write(work)

    async def unfollow(self, follow: int) -> None:
        def work(connection: Connection) -> None:
            found = self._get(connection, follow)
            if found is not None:
                leave(connection, follow, found.community, self._clock())
                end_boards(connection, follow, self._clock())

        await self._database.write(work)

    async def confirm(self, follow: int) -> bool:
        def work(connection: Connection) -> bool:
            if not change(connection, follow, _WAITING, standing=_ACTIVE):
                return False
            self._serve(connection, follow, self._clock())
            return True

        return await self._database.write(work)

    async def set_aside(self, follow: int, reason: str, *, left: bool = False) -> None:
        await self._database.write(lambda on: set_aside(on, follow, reason, self._clock(), left=left))

    async def bring_back(self, follow: int) -> Follow | None:
        def work(connection: Connection) -> Follow | None:
            if not change(connection, follow, _ASIDE, standing=_ACTIVE, reason="", untold=False):
                return self._get(connection, follow)
            stay(connection, follow)
            return self._serve(connection, follow, self._clock())

        return await self._database.write(work)

    async def board_again(self, follow: int) -> None:
        def work(connection: Connection) -> None:
            found = self._get(connection, follow)
            if found is not None and found.standing is Standing.ACTIVE:
                announce_board(connection, follow, found.petition_id, self._clock())

        await self._database.write(work)

    async def told(self, follow: int) -> None:
        await self._database.write(lambda on: change(on, follow, untold=False))

    async def listed(self, *, after: int = 0, limit: int = 20) -> Sequence[Follow]:
        first = case((follow.c.standing == _WAITING, 0), else_=1)
        wanted = follows().where(follow.c.standing != _LEFT).order_by(first, follow.c.id)

        def work(connection: Connection) -> list[Follow]:
            rows = connection.execute(wanted.offset(after).limit(limit))
            return [as_follow(self._vault, row) for row in rows]

        return await self._database.read(work)

    async def standings(self, petition_id: int | None = None) -> Mapping[tuple[str, Standing], int]:
        joined = follow.join(community, community.c.id == follow.c.community)
        columns = (community.c.platform, follow.c.standing)
        wanted = select(*columns, func.count()).select_from(joined).group_by(*columns)
        if petition_id is not None:
            wanted = wanted.where(follow.c.petition == petition_id)
        rows = await self._database.read(lambda on: on.execute(wanted).all())
        return {(platform, Standing(standing)): count for platform, standing, count in rows}

    async def left(self, place: Place) -> None:
        hashes = await self._database.read(lambda on: self._parts(on, place))

        def work(connection: Connection) -> None:
            its = community.c.place.in_(hashes)
            wanted = select(follow.c.id, follow.c.community).join(community).where(its)
            for each in connection.execute(wanted).all():
                leave(connection, each.id, each.community, self._clock())
                drop_boards(connection, each.id)
            note_left(connection, its, now=self._clock())

        await self._database.write(work)

    async def moved(self, place: Place, to: Place) -> None:
        before, after = self._keys.place(place), self._keys.place(to)
        await self._database.write(lambda on: self._move(on, before, after, to))

    async def forget_left(self, before: datetime) -> int:
        gone = community.c.left_at.is_not(None) & (community.c.left_at < before)

        def work(connection: Connection) -> int:
            wanted = select(community.c.id, community.c.place).where(gone & community.c.details.is_not(None))
            found = connection.execute(wanted).all()
            for row in found:
                erase(connection, row.id)
            return len(found)

        if not (await self._database.read(lambda on: on.execute(select(exists().where(gone))).scalar())):
            return 0
        return await self._database.write(work)

    async def digests_due(self, now: datetime, limit: int = 100) -> Sequence[tuple[Follow, datetime]]:
        due = (follow.c.standing == _ACTIVE) & (follow.c.digest_at <= now)
        wanted = follows().where(due).order_by(follow.c.digest_at).limit(limit)

        def work(connection: Connection) -> list[tuple[Follow, datetime]]:
            return [(as_follow(self._vault, row), row.digest_at) for row in connection.execute(wanted)]

        return await self._database.read(work)

    async def digest(
        self, follow: Follow, due: datetime, total: int, following: datetime | None, *, tell: bool
    ) -> int | None:
        return await self._database.write(
            lambda on: tell_digest(on, follow, due, total, following, tell=tell)
        )

    def _parts(self, connection: Connection, place: Place) -> list[bytes]:
        """A place and its parts that are known, by their hashes. Ids are encrypted, so each is looked at."""
        wanted = select(community).where(
            community.c.platform == place.platform, community.c.details.is_not(None)
        )
        return [row.place for row in connection.execute(wanted) if place_of(self._vault, row).within(place)]

    def _get(self, connection: Connection, follow_id: int) -> Follow | None:
        found = self._select(connection, (follow.c.id == follow_id) & (follow.c.standing != _LEFT))
        return found[0] if found else None

    def _select(self, connection: Connection, condition: Any) -> list[Follow]:
        rows = connection.execute(follows().where(condition).order_by(follow.c.id))
        return [as_follow(self._vault, row) for row in rows]

    def _serve(self, connection: Connection, follow_id: int, now: datetime) -> Follow:
        """The follow as it stands now, its board announced if it is served and has none.

        The row is locked first: two who ask at the same instant get one board.
        """
        connection.execute(select(follow.c.id).where(follow.c.id == follow_id).with_for_update())
        found = self._select(connection, follow.c.id == follow_id)[0]
        if found.standing is Standing.ACTIVE and not found.board:
            announce_board(connection, follow_id, found.petition_id, now)
        return found

    def _move(self, connection: Connection, before: bytes, after: bytes, to: Place) -> None:
        old = connection.execute(select(community.c.id).where(community.c.place == before)).scalar()
        new = connection.execute(select(community.c.id).where(community.c.place == after)).scalar()
        if old is None:
            return
        here = follow.c.community == old
        left_behind = (
            connection.execute(
                select(follow.c.id)
                .join(board, board.c.follow == follow.c.id)
                .where(here, board.c.state == "stands")
            )
            .scalars()
            .all()
        )
        if new is None:
            values = {"place": after} | places.columns(self._vault, after, to)
            connection.execute(update(community).where(community.c.id == old).values(values))
        else:
            self._join(connection, old, new)
        for each in left_behind:  # messages don't move with their place
            drop_boards(connection, each)
            self._serve(connection, each, self._clock())

    def _join(self, connection: Connection, old: int, new: int) -> None:
        """Let what one community follows be followed by another, which keeps what it has."""
        there = select(follow.c.petition).where(follow.c.community == new).scalar_subquery()
        here = follow.c.community == old
        for its in connection.execute(
            select(follow.c.id).where(here, follow.c.petition.in_(there))
        ).scalars():
            leave(connection, its, old, self._clock())
        free = here & (follow.c.standing != _LEFT)
        connection.execute(update(follow).where(free).values(community=new))
