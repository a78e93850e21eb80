"""The counts. Implements `bot.ports.Tally`: one row for totals, one for each value of a breakdown."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from bot.model.petition import TotalsMode
from bot.model.signature import Dimension, Totals
from bot.ports import Clock
from storage.compiled import compiled
from storage.content import decode_settings
from storage.database import Database
from storage.hourly import Counts, roll
from storage.ledger import standing_of
from storage.tables import counter, history, petition, totals


class Tally:
    """Totals and breakdowns."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._standing = compiled(_standing(), database.dialect)

    async def totals(self, petition_id: int, *, live: bool = False) -> Totals:
        return await self._database.read(lambda on: self._totals(on, petition_id, live=live))

    async def breakdown(
        self, petition_id: int, dimension: Dimension, *, live: bool = False
    ) -> Mapping[str, int]:
        return await self._database.read(lambda on: self._breakdown(on, petition_id, dimension, live=live))

    async def before(self, petition_id: int, at: datetime) -> int:
        noted = (history.c.petition == petition_id) & (history.c.at <= at)
        wanted = select(history.c.total).where(noted).order_by(history.c.at.desc()).limit(1)
        return await self._database.read(lambda on: on.execute(wanted).scalar() or 0)

    def _totals(self, connection: Connection, petition_id: int, *, live: bool) -> Totals:
        row = self._row(connection, petition_id)
        now = self._clock()
        standing = standing_of(row)
        if live or not _hourly(row):
            return _as_totals(standing.counts, now, row.peak)
        shown = roll(standing, now)
        return _as_totals(shown.shown, shown.shown_at, row.peak)

    def _breakdown(
        self, connection: Connection, petition_id: int, dimension: Dimension, *, live: bool
    ) -> dict[str, int]:
        row = self._row(connection, petition_id)
        standing = standing_of(row)
        due = live or not _hourly(row) or roll(standing, self._clock()) is not standing
        count = counter.c.count if due else counter.c.shown
        wanted = select(counter.c.value, count).where(
            counter.c.petition == petition_id, counter.c.dimension == dimension.value, count > 0
        )
        return dict(connection.execute(wanted.order_by(counter.c.value)).all())

    def _row(self, connection: Connection, petition_id: int) -> Row[Any]:
        found = self._standing.rows(connection, its_petition=petition_id)
        if not found:
            raise LookupError("There is no such petition.")
        row: Row[Any] = found[0]
        return row


def _standing() -> Any:
    joined = totals.join(petition, petition.c.id == totals.c.petition)
    columns = [column for column in totals.c if column.name != "petition"]
    wanted = select(*columns, petition.c.settings).select_from(joined)
    return wanted.where(totals.c.petition == bindparam("its_petition"))


def _hourly(row: Row[Any]) -> bool:
    return decode_settings(row.settings)["totals"] is TotalsMode.HOURLY


def _as_totals(counts: Counts, at: datetime, peak: int) -> Totals:
    return Totals(counts.counted, counts.held, counts.withdrawn, counts.struck, at, peak)
