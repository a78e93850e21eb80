"""Half-filled forms. Implements `bot.ports.Drafts`: encrypted, for a day, found by a hash of their owner."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from bot.model.account import Account
from bot.ports import Clock, Draft
from storage.database import Database
from storage.instants import micros
from storage.keys import Keys
from storage.statements import Written
from storage.vault import Vault

if TYPE_CHECKING:
    from sqlalchemy import Connection

KEPT: Final = timedelta(hours=24)
_FIELD: Final = "draft.answers"
_LIVING: Final = (
    "SELECT form, owner, token, step, asking, answers FROM draft WHERE owner = :owner AND expires > :now"
)
_GET: Final = Written(f"{_LIVING} AND form = :form")
_ASKING: Final = Written(f"{_LIVING} AND asking IS NOT NULL ORDER BY expires DESC LIMIT 1")
_DROP: Final = Written("DELETE FROM draft WHERE owner = :owner AND form = :form")
_EXPIRE: Final = Written("DELETE FROM draft WHERE expires <= :now")
_ASK_NOTHING: Final = Written("UPDATE draft SET asking = NULL WHERE owner = :owner AND asking IS NOT NULL")
_SAVE: Final = Written("""
    INSERT INTO draft (form, owner, token, step, asking, answers, expires)
    VALUES (:form, :owner, :token, :step, :asking, :answers, :expires)
    ON CONFLICT (form, owner) DO UPDATE SET token = excluded.token, step = excluded.step,
        asking = excluded.asking, answers = excluded.answers, expires = excluded.expires""")


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
        return await self._one(_GET, account, form=form)

    async def asking(self, account: Account) -> Draft | None:
        return await self._one(_ASKING, account)

    async def drop(self, account: Account, form: str) -> None:
        owner = self._keys.form_owner(account)
        await self._database.write(lambda on: _DROP.run(on, owner=owner, form=form))

    async def _one(self, wanted: Written, account: Account, **which: str) -> Draft | None:
        owner, now = self._keys.form_owner(account), micros(self._clock())
        rows = await self._database.read(lambda on: wanted.rows(on, owner=owner, now=now, **which))
        return self._draft(rows[0]) if rows else None

    def _draft(self, row: Any) -> Draft:
        return Draft(row.form, row.token, row.step, values_of(self._vault, row), row.asking)


def _save(connection: "Connection", owner: bytes, draft: Draft, sealed: bytes, now: datetime) -> None:
    """Store a draft; if it asks something, no other one of its owner does any longer."""
    _EXPIRE.run(connection, now=micros(now))
    if draft.asking is not None:
        _ASK_NOTHING.run(connection, owner=owner)
    _SAVE.run(
        connection,
        form=draft.form,
        owner=owner,
        token=draft.token,
        step=draft.step,
        asking=draft.asking,
        answers=sealed,
        expires=micros(now + KEPT),
    )


def values_of(vault: Vault, row: Any) -> dict[str, str]:
    """What was given so far, in a row of `draft`."""
    return dict(vault.open(_FIELD, _row(row.form, row.owner), row.answers))


def _row(form: str, owner: bytes) -> str:
    return f"{form}|{owner.hex()}"
