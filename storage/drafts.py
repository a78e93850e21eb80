"""Half-filled forms. Implements `bot.ports.Drafts`: encrypted, for a day, found by a hash of their owner."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, update

from bot.model.account import Account
from bot.ports import Clock, Draft
from storage.database import Database
from storage.keys import Keys
from storage.tables import draft as table
from storage.vault import Vault

KEPT: Final = timedelta(hours=24)
_FIELD: Final = "draft.answers"


class Drafts:
    """The half-filled forms."""

    def __init__(self, database: Database, keys: Keys, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._vault = vault
        self._clock = clock

    async def save(self, account: Account, draft: Draft) -> None:
        owner = self._keys.form_owner(account)
        sealed = self._vault.seal(_FIELD, _row(draft.form, owner), dict(draft.values))
        now = self._clock()
        await self._database.write(lambda on: _save(on, owner, draft, sealed, now))

    async def get(self, account: Account, form: str) -> Draft | None:
        return await self._one(account, table.c.form == form)

    async def asking(self, account: Account) -> Draft | None:
        return await self._one(account, table.c.asking.is_not(None))

    async def drop(self, account: Account, form: str) -> None:
        owner = self._keys.form_owner(account)
        gone = delete(table).where(table.c.owner == owner, table.c.form == form)
        await self._database.write(lambda on: on.execute(gone))

    async def _one(self, account: Account, condition: Any) -> Draft | None:
        owner = self._keys.form_owner(account)
        wanted = select(table).where(table.c.owner == owner, table.c.expires > self._clock(), condition)
        newest = wanted.order_by(table.c.expires.desc()).limit(1)
        row = await self._database.read(lambda on: on.execute(newest).one_or_none())
        return None if row is None else self._draft(row)

    def _draft(self, row: Row[Any]) -> Draft:
        return Draft(row.form, row.token, row.step, values_of(self._vault, row), row.asking)


def values_of(vault: Vault, row: Row[Any]) -> dict[str, str]:
    """What was given so far, in a row of `draft`."""
    return dict(vault.open(_FIELD, _row(row.form, row.owner), row.answers))


def _save(connection: Connection, owner: bytes, saved: Draft, sealed: bytes, now: datetime) -> None:
    connection.execute(delete(table).where(table.c.expires <= now))
    if saved.asking is not None:
        connection.execute(update(table).where(table.c.owner == owner).values(asking=None))
    values = {
        "token": saved.token,
        "step": saved.step,
        "asking": saved.asking,
        "answers": sealed,
        "expires": now + KEPT,
    }
    mine = (table.c.owner == owner) & (table.c.form == saved.form)
    if not connection.execute(update(table).where(mine).values(values)).rowcount:
        connection.execute(insert(table).values(values | {"form": saved.form, "owner": owner}))


def _row(form: str, owner: bytes) -> str:
    return f"{form}|{owner.hex()}"
