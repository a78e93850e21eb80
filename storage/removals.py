"""What is to be removed from chats, and when. Implements `bot.ports.Removals`: encrypted, forgotten once it is gone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from bot.model.account import Account
from bot.ports import Clock
from bot.ports.organising import Removal
from storage.database import Database
from storage.keys import Keys, random_id
from storage.tables import removal
from storage.vault import Vault

_FIELD: Final = "removal.reference"
MARGIN: Final = timedelta(minutes=1)
"""So long before the last instant at which it can be removed."""


class Removals:
    """What stands in chats for a while."""

    def __init__(self, database: Database, keys: Keys, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._vault = vault
        self._clock = clock

    async def plan(
        self, account: Account, reference: str, within: timedelta, until: datetime | None = None
    ) -> datetime:
        number, due = random_id(), self._clock() + within
        if until is not None:
            due = min(due, until - MARGIN)
        row = {
            "id": number,
            "owner": self._keys.organiser(account),
            "platform": account.platform,
            "reference": self._vault.seal(_FIELD, number, reference),
            "due": due,
        }
        await self._database.write(lambda on: on.execute(insert(removal).values(row)))
        return due

    async def due(self, platform: str) -> Sequence[Removal]:
        its, now = removal.c.platform == platform, removal.c.due <= self._clock()
        wanted = select(removal).where(its, now).order_by(removal.c.due)
        rows = await self._database.read(lambda on: on.execute(wanted).all())
        return [
            Removal(row.id, str(self._vault.open(_FIELD, row.id, row.reference)), row.due) for row in rows
        ]

    async def settle(self, removal_id: str) -> None:
        gone = delete(removal).where(removal.c.id == removal_id)
        await self._database.write(lambda on: on.execute(gone))


def hasten(connection: Connection, owner: bytes, now: datetime) -> None:
    """Remove it as soon as may be."""
    connection.execute(update(removal).where(removal.c.owner == owner).values(due=now))
