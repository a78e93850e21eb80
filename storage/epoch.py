"""Instants as the database keeps them: whole microseconds since 1970-01-01 UTC (see `storage.instants`)."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """An aware instant as stored. Raises TypeError for a naive one."""
    return (at - EPOCH) // MICROSECOND


def instant(stored: int) -> datetime:
    """A stored instant, aware, in UTC."""
    return EPOCH + timedelta(0, 0, stored)
