"""Who asked to be told what happens to a petition. Implements `bot.ports.Notices`.

An address is encrypted, and found by a hash that matches neither the person's signature nor their notices
about other petitions.
"""

from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.model.account import Account
from bot.ports import Clock
from storage.database import Database
from storage.erasures import Erasure, Erasures, of_notice
from storage.instants import micros
from storage.keys import Keys
from storage.people import FIELD, address_row
from storage.tables import notice, petition
from storage.vault import Vault


class Notices:
    """The notices that were asked for."""

    def __init__(
        self, database: Database, keys: Keys, vault: Vault, erasures: Erasures, clock: Clock
    ) -> None:
        self._database = database
        self._erasures = erasures
        self._keys = keys
        self._vault = vault
        self._clock = clock

    async def ask(self, account: Account, petition_id: int, locale: str) -> None:
        await self._database.write(lambda on: self._ask(on, account, petition_id, locale, self._clock()))

    async def stop(self, account: Account, petition_id: int) -> None:
        def forget(connection: Connection) -> None:
            owner = self._owner(connection, account, petition_id)
            mine = (notice.c.petition == petition_id) & (notice.c.owner == owner)
            since = connection.execute(select(notice.c.since).where(mine)).scalar()
            if since is not None:
                connection.execute(delete(notice).where(mine))
                self._erasures.record(Erasure.FORGOTTEN, of_notice(petition_id, owner, micros(since)))

        await self._database.write(forget)

    async def asked(self, account: Account, petition_id: int) -> bool:
        def found(connection: Connection) -> bool:
            owner = self._owner(connection, account, petition_id)
            wanted = select(notice.c.since).where(notice.c.petition == petition_id, notice.c.owner == owner)
            return connection.execute(wanted).first() is not None

        return await self._database.read(found)

    async def count(self, petition_id: int) -> int:
        wanted = select(func.count()).where(notice.c.petition == petition_id)
        return await self._database.read(lambda on: on.execute(wanted).scalar_one())

    def _ask(
        self, connection: Connection, account: Account, petition_id: int, locale: str, now: datetime
    ) -> None:
        owner = self._owner(connection, account, petition_id)
        address = self._vault.seal(FIELD, address_row(petition_id, owner), [str(account), locale])
        mine = (notice.c.petition == petition_id) & (notice.c.owner == owner)
        if not connection.execute(update(notice).where(mine).values(address=address)).rowcount:
            values = {"petition": petition_id, "owner": owner, "address": address, "since": now}
            connection.execute(insert(notice).values(values))

    def _owner(self, connection: Connection, account: Account, petition_id: int) -> bytes:
        key = connection.execute(select(petition.c.key).where(petition.c.id == petition_id)).scalar_one()
        return self._keys.notice(key, account)
