"""Who became an organiser by a claim code. Implements `bot.ports.Organisers`."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from bot.model.account import Account
from bot.model.rights import Organising
from bot.ports import Clock
from storage import audit
from storage.database import Database
from storage.keys import Keys, random_id
from storage.tables import claim, organiser
from storage.vault import Vault

LOCALE: Final = ""
"""Nobody knows yet which language they speak: they are written to in the petition's."""
_ADDRESS: Final = "organiser.address"
_KEY: Final = "organiser.recipient"


class Organisers:
    """The organisers. Their address is kept, encrypted: they agreed to be reached by taking the role.

    Those of the configuration have a row too, for their address and the id that stands for them in the audit log;
    it does not make them organisers.
    """

    def __init__(self, database: Database, keys: Keys, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._vault = vault
        self._clock = clock

    async def includes(self, account: Account) -> bool:
        mine = organiser.c.account == self._keys.organiser(account)
        wanted = select(organiser.c.since).where(mine, organiser.c.claimed)
        return await self._database.read(lambda on: on.execute(wanted).first()) is not None

    async def count(self) -> int:
        wanted = select(func.count()).select_from(organiser).where(organiser.c.claimed)
        return await self._database.read(lambda on: int(on.execute(wanted).scalar_one()))

    async def claim(self, code: str, account: Account) -> bool:
        hashed = self._keys.claim(code)
        return await self._database.write(lambda on: self._claim(on, hashed, account, self._clock()))

    async def configured(self, accounts: Collection[Account]) -> None:
        await self._database.write(lambda on: self._configured(on, accounts, self._clock()))

    async def actor(self, account: Account, locale: str) -> str:
        found = await self._database.read(lambda on: self._row(on, account))
        if found is not None and organising(self._vault, found).locale == locale:
            return str(found.actor)
        return await self._database.write(lambda on: self._known(on, account, locale, self._clock()).actor)

    async def key(self, account: Account) -> str | None:
        found = await self._database.read(lambda on: self._row(on, account))
        return None if found is None else organising(self._vault, found).key

    async def set_key(self, account: Account, key: str | None) -> None:
        def work(connection: Connection) -> None:
            row = self._row(connection, account) or self._insert(connection, account, LOCALE, self._clock())
            sealed = None if key is None else self._vault.seal(_KEY, row.account.hex(), key)
            mine = organiser.c.account == row.account
            connection.execute(update(organiser).where(mine).values(recipient=sealed))
            audit.record(connection, "key" if key else "key removed", None, self._clock(), actor=row.actor)

        await self._database.write(work)

    def _claim(self, connection: Connection, code: bytes, account: Account, now: datetime) -> bool:
        good = (claim.c.code == code) & claim.c.used_at.is_(None) & (claim.c.expires > now)
        if not connection.execute(update(claim).where(good).values(used_at=now)).rowcount:
            return False
        row = self._row(connection, account)
        if row is None or not row.claimed:
            row = row or self._insert(connection, account, LOCALE, now)
            mine = organiser.c.account == row.account
            connection.execute(update(organiser).where(mine).values(claimed=True))
            audit.record(connection, "claim", None, now, actor=row.actor)
        return True

    def _configured(self, connection: Connection, accounts: Collection[Account], now: datetime) -> None:
        hashes = [self._keys.organiser(account) for account in accounts]
        stale = organiser.c.account.not_in(hashes) & ~organiser.c.claimed
        connection.execute(delete(organiser).where(stale))
        for account in sorted(accounts, key=str):
            if self._row(connection, account) is None:
                self._insert(connection, account, LOCALE, now, claimed=False)

    def _known(self, connection: Connection, account: Account, locale: str, now: datetime) -> Row[Any]:
        """The organiser's row, with the language that they speak now; made if they have none."""
        row = self._row(connection, account)
        if row is None:
            return self._insert(connection, account, locale, now, claimed=False)
        address = self._vault.seal(_ADDRESS, row.account.hex(), [str(account), locale])
        mine = organiser.c.account == row.account
        connection.execute(update(organiser).where(mine).values(address=address))
        return row

    def _row(self, connection: Connection, account: Account) -> Row[Any] | None:
        wanted = select(organiser).where(organiser.c.account == self._keys.organiser(account))
        return connection.execute(wanted).one_or_none()

    def _insert(
        self, connection: Connection, account: Account, locale: str, now: datetime, *, claimed: bool = True
    ) -> Row[Any]:
        hashed = self._keys.organiser(account)
        values = {
            "account": hashed,
            "address": self._vault.seal(_ADDRESS, hashed.hex(), [str(account), locale]),
            "actor": random_id(),
            "claimed": claimed,
            "since": now,
        }
        connection.execute(insert(organiser).values(values))
        return connection.execute(select(organiser).where(organiser.c.account == hashed)).one()


def reached(vault: Vault, row: Row[Any]) -> tuple[str, str]:
    """Account and locale in a row of `organiser`."""
    written = vault.open(_ADDRESS, row.account.hex(), row.address)
    if isinstance(written, str):  # as it was written before organisers were written to
        return written, LOCALE
    account, locale = written
    return str(account), str(locale)


def organising(vault: Vault, row: Row[Any]) -> Organising:
    """A row of `organiser` as its owner may see it."""
    key = None if row.recipient is None else str(vault.open(_KEY, row.account.hex(), row.recipient))
    return Organising(row.actor, row.since, reached(vault, row)[1], row.claimed, key)


def add_claim(connection: Connection, code: bytes, expires: datetime, now: datetime) -> None:
    """Let a code (its hash) be claimed once; adding it again renews it. Expired ones are forgotten."""
    connection.execute(delete(claim).where((claim.c.expires <= now) | (claim.c.code == code)))
    connection.execute(insert(claim).values(code=code, expires=expires))
