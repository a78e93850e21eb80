"""The audit log: what was done, when, by which role. Only ever appended to, and nothing in it names a person.

Implements `bot.ports.Audit`.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select

from bot.ports import Clock
from bot.ports.organising import Act
from storage.database import Database
from storage.tables import audit, petition

OPERATOR = "operator"
"""The role of whoever reaches the storage without an account: the command line, a schedule."""


def record(
    connection: Connection, what: str, petition_id: int | None, at: datetime, detail: str = ""
) -> None:
    """Append one line, in the transaction of what it tells of."""
    connection.execute(
        insert(audit).values(at=at, role=OPERATOR, actor=None, what=what, petition=petition_id, detail=detail)
    )


class Audit:
    """Reads the log, and notes what was done elsewhere."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def record(self, what: str, petition_id: int | None, detail: str = "") -> None:
        await self._database.write(lambda on: record(on, what, petition_id, self._clock(), detail))

    async def acts(self, *, petition_id: int | None = None, limit: int | None = None) -> Sequence[Act]:
        columns = [audit.c[name] for name in ("at", "role", "actor", "what", "detail")]
        wanted = (
            select(*columns, petition.c.slug).outerjoin(petition).order_by(audit.c.id.desc()).limit(limit)
        )
        if petition_id is not None:
            wanted = wanted.where(audit.c.petition == petition_id)
        rows = await self._database.read(lambda on: on.execute(wanted).all())
        return [Act(row.at, row.role, row.actor, row.what, row.slug, row.detail) for row in reversed(rows)]
