"""The audit log: what was done, when, by which role. Only ever appended to, and nothing in it names a person."""

from datetime import datetime

from sqlalchemy import Connection, insert

from storage.tables import audit

OPERATOR = "operator"
"""The role of whoever reaches the storage without an account: the command line, a schedule."""


def record(
    connection: Connection, what: str, petition_id: int | None, at: datetime, detail: str = ""
) -> None:
    """Append one line, in the transaction of what it tells of."""
    connection.execute(
        insert(audit).values(at=at, role=OPERATOR, actor=None, what=what, petition=petition_id, detail=detail)
    )
