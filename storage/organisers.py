"""Who became an organiser by a claim code. Implements `bot.ports.Organisers`."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from bot.model.account import Account
from bot.ports import Clock
from storage import audit
from storage.database import Database
from storage.keys import Keys, random_id
from storage.tables import claim, organiser
from storage.vault import Vault


class Organisers:
    """The organisers. Their address is kept, encrypted: they agreed to be reached by taking the role."""

    def __init__(self, database: Database, keys: Keys, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._vault = vault
        self._clock = clock

    async def includes(self, account: Account) -> bool:
        wanted = select(organiser.c.since).where(organiser.c.account == self._keys.organiser(account))
        return await self._database.read(lambda on: on.execute(wanted).first()) is not None

    async def claim(self, code: str, account: Account) -> bool:
        hashed = self._keys.claim(code)
        return await self._database.write(lambda on: self._claim(on, hashed, account, self._clock()))

    def _claim(self, connection: Connection, code: bytes, account: Account, now: datetime) -> bool:
        good = (claim.c.code == code) & claim.c.used_at.is_(None) & (claim.c.expires > now)
        if not connection.execute(update(claim).where(good).values(used_at=now)).rowcount:
            return False
        hashed = self._keys.organiser(account)
        if connection.execute(select(organiser.c.since).where(organiser.c.account == hashed)).first() is None:
            address = self._vault.seal("organiser.address", hashed.hex(), str(account))
            values = {"account": hashed, "address": address, "actor": random_id(), "since": now}
            connection.execute(insert(organiser).values(values))
            audit.record(connection, "claim", None, now)
        return True


def add_claim(connection: Connection, code: bytes, expires: datetime, now: datetime) -> None:
    """Let a code (its hash) be claimed once; adding it again renews it. Expired ones are forgotten."""
    connection.execute(delete(claim).where((claim.c.expires <= now) | (claim.c.code == code)))
    connection.execute(insert(claim).values(code=code, expires=expires))
