"""What happens on the hour: each total is noted, and hourly totals move, with the milestones that they cross."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from bot.model.petition import State
from storage.hourly import HOUR, next_hour, roll
from storage.ledger import Ledger
from storage.moves import Moves
from storage.outreach_tables import history
from storage.tables import petition


def due(connection: Connection, now: datetime) -> list[int]:
    """The petitions whose total has not been noted since the last full hour."""
    noted = select(history.c.petition).where(history.c.at == _hour(now)).scalar_subquery()
    silent = [State.DRAFT.value, State.DELIVERED.value]
    wanted = select(petition.c.id).where(petition.c.state.not_in(silent), petition.c.id.not_in(noted))
    return list(connection.execute(wanted).scalars())


def note(connection: Connection, ledger: Ledger, petition_id: int, now: datetime) -> None:
    """Note the total as it is shown; where it moves on the hour, let it."""
    locked = ledger.lock(connection, petition_id)
    standing = locked.standing
    if ledger.terms(connection, locked).hourly and roll(standing, now) is not standing:
        ledger.apply(connection, locked, Moves(), now)
        standing = ledger.lock(connection, petition_id).standing
    at = _hour(now)
    if connection.execute(
        select(history.c.at).where(history.c.petition == petition_id, history.c.at == at)
    ).first():
        return
    row = {"petition": petition_id, "at": at, "total": standing.shown.counted}
    connection.execute(insert(history).values(row))


def _hour(now: datetime) -> datetime:
    return next_hour(now) - HOUR
