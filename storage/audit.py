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

OPERATOR, ORGANISER = "operator", "organiser"
"""The role of whoever reaches the storage without an account (the command line, a schedule), and in the chat."""


def record(
    connection: Connection,
    what: str,
    petition_id: int | None,
    at: datetime,
    detail: str = "",
    *,
    actor: str | None = None,
) -> None:
    """Append one line, in the transaction of what it tells of. `actor` is an organiser's random id."""
    role = ORGANISER if actor else OPERATOR
    values = {"at": at, "role": role, "actor": actor, "what": what, "petition": petition_id, "detail": detail}
    connection.execute(insert(audit).values(values))


class Audit:
    """Reads the log, and notes what was done elsewhere."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def record(
        self, what: str, petition_id: int | None, detail: str = "", *, actor: str | None = None
    ) -> None:
        now = self._clock()
        await self._database.write(lambda on: record(on, what, petition_id, now, detail, actor=actor))

    async def acts(
        self, *, petition_id: int | None = None, actor: str | None = None, limit: int | None = None
    ) -> Sequence[Act]:
        columns = [audit.c[name] for name in ("at", "role", "actor", "what", "detail")]
        wanted = (
            select(*columns, petition.c.slug).outerjoin(petition).order_by(audit.c.id.desc()).limit(limit)
        )
        if petition_id is not None:
            wanted = wanted.where(audit.c.petition == petition_id)
        if actor is not None:
            wanted = wanted.where(audit.c.actor == actor)
        rows = await self._database.read(lambda on: on.execute(wanted).all())
        return [Act(row.at, row.role, row.actor, row.what, row.slug, row.detail) for row in reversed(rows)]
