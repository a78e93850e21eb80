"""Giving, changing and taking back signatures. Implements `bot.ports.Signatures`."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

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
from storage.changes import Changes
from storage.database import Database
from storage.intake import Intake
from storage.keys import normal_code
from storage.records import PUBLIC, STANDING, Records, accounts, records
from storage.statements import Statement
from storage.tables import signature


class Signatures:
    """The signatures."""

    def __init__(
        self,
        database: Database,
        intake: Intake,
        changes: Changes,
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
        self._on = Statement(_on(), database.dialect)

    async def sign(self, request: SignRequest) -> SignResult:
        result = await self._intake.sign(request)
        if isinstance(result, NotOpen | TextChanged):
            self._stale()
        return result

    async def of(self, account: Account) -> Sequence[Signature]:
        rows = await self._database.read(lambda on: self._of(on, account))
        found = [self._records.signature(row) for row in rows]
        return sorted(found, key=_given_at)

    async def on(self, petition: Petition, account: Account) -> Signature | None:
        hashed = self._records.keys.account(petition.key, account)
        rows = await self._database.read(lambda on: self._on.rows(on, account=hashed))
        return self._records.signature(rows[0]) if rows else None

    def _of(self, connection: Connection, account: Account) -> Sequence[Row[Any]]:
        hashes = accounts(connection, self._records.keys, account)
        return connection.execute(records().where(signature.c.account.in_(hashes), STANDING)).all()

    async def get(self, form: str, account: Account) -> Signature | None:
        row = await self._database.read(
            lambda on: on.execute(records().where(signature.c.form == form)).one_or_none()
        )
        if row is None or row.account != self._records.keys.account(row.key, account):
            return None
        return self._records.signature(row)

    async def by_code(self, code: str) -> Signature | None:
        index = self._records.keys.code_index(normal_code(code))
        row = await self._database.read(
            lambda on: on.execute(records().where(signature.c.code == index)).one_or_none()
        )
        return None if row is None else self._records.bare(row)

    async def withdraw(self, form: str) -> ChangeResult:
        return await self._database.write(lambda on: self._changes.withdraw(on, form, self._clock()))

    async def amend(self, form: str, account: Account, identity: Identity, reach: Reach) -> ChangeResult:
        return await self._database.write(
            lambda on: self._changes.amend(on, form, account, identity, reach, self._clock())
        )

    async def public(
        self, petition_id: int, *, after: int = 0, limit: int = 50, before: date | None = None
    ) -> Sequence[tuple[int, Identity]]:
        s = signature.c
        wanted = (
            select(s.number, s.form, s.identity)
            .where(s.petition == petition_id, s.number > after, PUBLIC)
            .order_by(s.number)
            .limit(limit)
        )
        if before is not None:
            wanted = wanted.where(s.day < before.isoformat())
        rows = await self._database.read(lambda on: on.execute(wanted).all())
        opened = [(row.number, self._records.vault.open_identity(row.form, row.identity)) for row in rows]
        return [(number, identity) for number, identity in opened if identity is not None]


def _on() -> Any:
    """By what stands for the account, which is another on each petition."""
    return records().where(signature.c.account == bindparam("account"), STANDING)


def _given_at(found: Signature) -> datetime:
    return found.context.at if found.context else datetime.combine(found.day, time(), UTC)
