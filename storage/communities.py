"""The places that petitions are signed from. Implements `bot.ports.Communities`."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeVar

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from bot.model.account import Place
from bot.ports import Clock, Link, Post
from storage import places, posts
from storage.database import Database
from storage.keys import Keys
from storage.outreach_tables import community
from storage.vault import Vault

T = TypeVar("T")

_REMEMBERED: Final = 10_000
_FOR: Final = timedelta(hours=1)
"""So long is a place taken to be the community that was found: later it may have been left, and erased."""


class Communities:
    """The communities: found by a hash of the place, whose id and name are kept encrypted."""

    def __init__(self, database: Database, keys: Keys, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._vault = vault
        self._clock = clock
        self._known: OrderedDict[Place, tuple[int, datetime]] = OrderedDict()
        self._wholes: dict[int, str] = {}

    async def ensure(self, place: Place) -> int:
        number, until = self._known.get(place, (0, None))
        if until is None or self._clock() >= until:
            number = await self._ensure(place)
            self._known[place] = number, self._clock() + _FOR
            self._known.move_to_end(place)
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return number

    async def last_post(self, community: int, petition_id: int) -> Post | None:
        return await self._database.read(lambda on: posts.last_post(on, self._vault, community, petition_id))

    async def posted(self, community: int, petition_id: int, post: Post) -> None:
        def note(connection: Connection) -> None:
            posts.store_post(connection, self._vault, community, petition_id, post)

        await self._write(note)

    async def link(self, community: int, petition_id: int) -> str:
        found = await self._database.read(lambda on: posts.find_link(on, community, petition_id))
        if found is None:
            found = await self._write(lambda on: posts.make_link(on, community, petition_id))
        return found

    async def follow_link(self, link: str) -> Link | None:
        return await self._database.read(lambda on: posts.follow_link(on, link))

    async def revoke_links(self, community: int) -> None:
        await self._database.write(lambda on: posts.revoke_links(on, community))

    async def names(self, communities: Sequence[int]) -> Mapping[int, str]:
        known = community.c.id.in_(communities) & community.c.details.is_not(None)
        wanted = select(community).where(known)

        def work(connection: Connection) -> dict[int, str]:
            rows = connection.execute(wanted)
            return {row.id: places.place_of(self._vault, row).name for row in rows}

        return await self._database.read(work)

    async def whole(self, community: int) -> str:
        known = self._wholes.get(community)
        if known is None:
            found = await self._database.read(lambda on: places.find(on, self._vault, community))
            if len(self._wholes) >= _REMEMBERED:
                self._wholes.clear()
            known = self._wholes[community] = found.whole if found else ""
        return known

    async def _write(self, work: Callable[[Connection], T]) -> T:
        """Write what is made once, although another process may make it at the same instant."""
        try:
            return await self._database.write(work)
        except IntegrityError:
            return await self._database.write(work)

    async def _ensure(self, place: Place) -> int:
        hashed = self._keys.place(place)
        return await self._write(lambda on: places.store(on, self._vault, hashed, place, self._clock()))
