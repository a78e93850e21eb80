"""Instants as the database keeps them: whole microseconds since 1970-01-01 UTC, in a 64-bit integer.

One form for SQLite and PostgreSQL, exact, ordered, and the same in every session time zone. Days are ISO
dates (`2024-11-24`), in UTC.
"""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """An aware instant as stored. Raises TypeError for a naive one."""
    return (at - EPOCH) // MICROSECOND


def instant(stored: int) -> datetime:
    """A stored instant, aware, in UTC."""
    return EPOCH + timedelta(microseconds=stored)
