"""Half-filled forms. Implements `bot.ports.Drafts`: encrypted, for a day, found by a hash of their owner."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, select, update
from sqlalchemy.engine.interfaces import Dialect

from bot.model.account import Account
from bot.ports import Clock, Draft
from storage.database import Database
from storage.instants import micros
from storage.keys import Keys
from storage.statements import Statement
from storage.tables import draft as table
from storage.upsert import insert_or
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
        self._said = _Statements(database.dialect)

    async def save(self, account: Account, draft: Draft) -> None:
        owner = self._keys.form_owner(account)
        sealed = self._vault.seal(_FIELD, _row(draft.form, owner), dict(draft.values))
        now = self._clock()
        await self._database.write(lambda on: self._said.save(on, owner, draft, sealed, now))

    async def get(self, account: Account, form: str) -> Draft | None:
        return await self._one(self._said.get, account, form=form)

    async def asking(self, account: Account) -> Draft | None:
        return await self._one(self._said.asking, account)

    async def drop(self, account: Account, form: str) -> None:
        owner = self._keys.form_owner(account)
        await self._database.write(lambda on: self._said.drop.run(on, owner=owner, form=form))

    async def _one(self, wanted: Statement, account: Account, **which: str) -> Draft | None:
        owner, now = self._keys.form_owner(account), micros(self._clock())
        rows = await self._database.read(lambda on: wanted.rows(on, owner=owner, now=now, **which))
        return self._draft(rows[0]) if rows else None

    def _draft(self, row: Row[Any]) -> Draft:
        return Draft(row.form, row.token, row.step, values_of(self._vault, row), row.asking)


class _Statements:
    """What is said to the database, at each step of each form."""

    def __init__(self, dialect: Dialect) -> None:
        mine = table.c.owner == bindparam("owner")
        living = select(table).where(mine, table.c.expires > bindparam("now"))
        newest = table.c.expires.desc()
        self.get = Statement(living.where(table.c.form == bindparam("form")), dialect)
        self.asking = Statement(living.where(table.c.asking.is_not(None)).order_by(newest).limit(1), dialect)
        self.drop = Statement(delete(table).where(mine, table.c.form == bindparam("form")), dialect)
        self._expire = Statement(delete(table).where(table.c.expires <= bindparam("now")), dialect)
        ask_nothing = update(table).where(mine, table.c.asking.is_not(None)).values(asking=None)
        self._ask_nothing = Statement(ask_nothing, dialect)
        self._save = Statement(_save(dialect), dialect)

    def save(self, connection: Connection, owner: bytes, draft: Draft, sealed: bytes, now: datetime) -> None:
        """Store a draft; if it asks something, no other one of its owner does any longer."""
        self._expire.run(connection, now=micros(now))
        if draft.asking is not None:
            self._ask_nothing.run(connection, owner=owner)
        self._save.run(
            connection,
            form=draft.form,
            owner=owner,
            token=draft.token,
            step=draft.step,
            asking=draft.asking,
            answers=sealed,
            expires=micros(now + KEPT),
        )


def _save(dialect: Dialect) -> Any:
    made = insert_or(table, dialect).values({column.name: bindparam(column.name) for column in table.c})
    changed = {name: made.excluded[name] for name in ("token", "step", "asking", "answers", "expires")}
    return made.on_conflict_do_update(index_elements=["form", "owner"], set_=changed)


def values_of(vault: Vault, row: Row[Any]) -> dict[str, str]:
    """What was given so far, in a row of `draft`."""
    return dict(vault.open(_FIELD, _row(row.form, row.owner), row.answers))


def _row(form: str, owner: bytes) -> str:
    return f"{form}|{owner.hex()}"
