"""Giving, changing and taking back signatures. Implements `bot.ports.Signatures`."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from bot.model.account import Account
from bot.model.petition import Petition, Reach
from bot.model.signature import (
    ChangeResult,
    Identity,
    NotOpen,
    Signature,
    SignRequest,
    SignResult,
    TextChanged,
)
from bot.ports import Clock
from storage.database import Database
from storage.keys import normal_code
from storage.records import COLUMNS, PUBLIC, STANDING, Records, accounts
from storage.statements import Written

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from storage.changes import Changes
    from storage.intake import Intake

_RECORDS: Final = f"""
    SELECT {", ".join(f"signature.{name}" for name in COLUMNS)}, text_version.sha256, petition.key
    FROM signature
    JOIN text_version ON text_version.id = signature.text_version
    JOIN petition ON petition.id = signature.petition"""
_ON: Final = Written(f"{_RECORDS} WHERE signature.account = :account AND {STANDING}")
_BY_FORM: Final = Written(f"{_RECORDS} WHERE signature.form = :form")
_BY_CODE: Final = Written(f"{_RECORDS} WHERE signature.code = :code")
_PUBLIC: Final = Written(f"""
    SELECT number, form, identity FROM signature
    WHERE petition = :petition AND number > :after AND day < :before AND {PUBLIC}
    ORDER BY number LIMIT :most""")
_NEVER: Final = "9999-12-31"
_STALE: Final = (NotOpen, TextChanged)
"""What comes of a petition that was another one than it seemed."""


class Signatures:
    """The signatures. What writes them is loaded when somebody signs, or changes what they signed."""

    def __init__(
        self,
        database: Database,
        intake: Callable[[], "Intake"],
        changes: Callable[[], "Changes"],
        records: Records,
        clock: Clock,
        stale: Callable[[], None],
    ) -> None:
        """`stale` is told when the petitions must be others than they seemed to whoever signed."""
        self._database = database
        self._intake = intake
        self._changes = changes
        self._records = records
        self._clock = clock
        self._stale = stale

    async def sign(self, request: SignRequest) -> SignResult:
        result = await self._intake().sign(request)
        if isinstance(result, _STALE):
            self._stale()
        return result

    async def of(self, account: Account) -> Sequence[Signature]:
        rows = await self._database.read(lambda on: self._of(on, account))
        found = [self._records.signature(row) for row in rows]
        return sorted(found, key=_given_at)

    def _of(self, connection: "Connection", account: Account) -> list[Any]:
        hashes = accounts(connection, self._records.keys, account)
        return [row for hashed in hashes for row in _ON.rows(connection, account=hashed)]

    async def on(self, petition: Petition, account: Account) -> Signature | None:
        hashed = self._records.keys.account(petition.key, account)
        return self._signature(await self._row(_ON, account=hashed))

    async def get(self, form: str, account: Account) -> Signature | None:
        row = await self._row(_BY_FORM, form=form)
        if row is None or row.account != self._records.keys.account(row.key, account):
            return None
        return self._signature(row)

    async def by_code(self, code: str) -> Signature | None:
        row = await self._row(_BY_CODE, code=self._records.keys.code_index(normal_code(code)))
        return None if row is None else self._records.bare(row)

    async def _row(self, wanted: Written, **which: Any) -> Any:
        rows = await self._database.read(lambda on: wanted.rows(on, **which))
        return rows[0] if rows else None

    def _signature(self, row: Any) -> Signature | None:
        return None if row is None else self._records.signature(row)

    async def withdraw(self, form: str) -> ChangeResult:
        changes = self._changes()
        return await self._database.write(lambda on: changes.withdraw(on, form, self._clock()))

    async def amend(self, form: str, account: Account, identity: Identity, reach: Reach) -> ChangeResult:
        changes = self._changes()
        return await self._database.write(
            lambda on: changes.amend(on, form, account, identity, reach, self._clock())
        )

    async def public(
        self, petition_id: int, *, after: int = 0, limit: int = 50, before: date | None = None
    ) -> Sequence[tuple[int, Identity]]:
        until = _NEVER if before is None else before.isoformat()
        rows = await self._database.read(
            lambda on: _PUBLIC.rows(on, petition=petition_id, after=after, before=until, most=limit)
        )
        opened = [(row.number, self._records.vault.open_identity(row.form, row.identity)) for row in rows]
        return [(number, identity) for number, identity in opened if identity is not None]


def _given_at(found: Signature) -> datetime:
    return found.context.at if found.context else datetime.combine(found.day, time(), UTC)
