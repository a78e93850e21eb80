"""The places that petitions are signed from. Implements `bot.ports.Communities`."""

from collections import OrderedDict
from typing import Final

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.model.account import Place
from bot.ports import Clock
from storage.database import Database
from storage.keys import Keys
from storage.tables import community
from storage.vault import Vault

_FIELD: Final = "community.details"
_REMEMBERED: Final = 10_000


class Communities:
    """The communities: found by a hash of the place, whose id and name are kept encrypted."""

    def __init__(self, database: Database, keys: Keys, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._vault = vault
        self._clock = clock
        self._known: OrderedDict[Place, int] = OrderedDict()

    async def ensure(self, place: Place) -> int:
        known = self._known.get(place)
        if known is None:
            known = self._known[place] = await self._ensure(place)
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return known

    async def _ensure(self, place: Place) -> int:
        hashed = self._keys.place(place)
        try:
            return await self._database.write(lambda on: self._write(on, place, hashed))
        except IntegrityError:  # another process made it at the same instant
            return await self._database.write(lambda on: self._write(on, place, hashed))

    def _write(self, connection: Connection, place: Place, hashed: bytes) -> int:
        details = self._vault.seal(_FIELD, hashed.hex(), [place.place_id, place.name])
        found = connection.execute(select(community.c.id).where(community.c.place == hashed)).scalar()
        if found is not None:
            values = {"details": details, "kind": place.kind.value}
            connection.execute(update(community).where(community.c.id == found).values(values))
            return int(found)
        values = {"platform": place.platform, "kind": place.kind.value, "place": hashed}
        made = insert(community).values(values | {"details": details, "since": self._clock()})
        return int(connection.execute(made.returning(community.c.id)).scalar_one())
