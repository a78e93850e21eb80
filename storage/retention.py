"""Scrubbing a petition that has ended: who signed goes, how many did stays. Implements `bot.ports.Retention`."""

import asyncio
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection, delete, or_, select, update

from bot.model.petition import State
from bot.ports import Clock
from storage import audit
from storage.changes import FORGOTTEN
from storage.database import Database
from storage.erasures import Erasure, Erasures, of_petition
from storage.ledger import Ledger, Locked
from storage.tables import action, announcement, delivery, hold, notice, petition, signature

BATCH: Final = 1000
_LEFT: Final = or_(*(signature.c[name].is_not(None) for name in FORGOTTEN))


class Retention:
    """Scrubs."""

    def __init__(self, database: Database, ledger: Ledger, erasures: Erasures, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._erasures = erasures
        self._clock = clock

    async def anonymise(self, petition_id: int) -> int | None:
        if not await self._database.write(lambda on: self._begin(on, petition_id)):
            return None
        scrubbed, after = 0, ""
        while True:
            done, last = await self._database.write(
                partial(self._batch, petition_id=petition_id, after=after)
            )
            scrubbed += done
            if last is None:
                return scrubbed
            after = last
            await asyncio.sleep(0)  # signers of other petitions first

    def _begin(self, connection: Connection, petition_id: int) -> bool:
        locked, now = self._ledger.lock(connection, petition_id), self._clock()
        if locked.state(now) not in {State.CLOSED, State.DELIVERED}:
            return False
        if begin(connection, locked, now):
            audit.record(connection, "anonymise", petition_id, now)
            self._erasures.record(Erasure.FORGOTTEN, of_petition(locked.key))
        return True

    def _batch(self, connection: Connection, *, petition_id: int, after: str) -> tuple[int, str | None]:
        self._ledger.lock(connection, petition_id)
        return scrub(connection, petition_id, after)


def begin(connection: Connection, locked: Locked, now: datetime) -> bool:
    """Mark the petition as anonymised, so that it is not reopened half way; False if it was marked before.

    Whoever asked to be told what happens is forgotten with it.
    """
    unmarked = (petition.c.id == locked.id) & petition.c.anonymised_at.is_(None)
    marked = connection.execute(update(petition).where(unmarked).values(anonymised_at=now)).rowcount
    connection.execute(delete(notice).where(notice.c.petition == locked.id))
    its = select(announcement.c.id).where(announcement.c.petition == locked.id)
    connection.execute(
        delete(delivery).where(delivery.c.owner.is_not(None), delivery.c.announcement.in_(its))
    )
    connection.execute(update(action).where(action.c.petition == locked.id).values(reason=None))
    return bool(marked)


def scrub(connection: Connection, petition_id: int, after: str) -> tuple[int, str | None]:
    """Scrub the next signatures by id: how many, and the last of them, or None if that was all."""
    left = select(signature.c.form).where(
        signature.c.petition == petition_id, signature.c.form > after, _LEFT
    )
    forms = connection.execute(left.order_by(signature.c.form).limit(BATCH)).scalars().all()
    if forms:
        these = update(signature).where(signature.c.form.in_(forms))
        connection.execute(these.values(dict.fromkeys(FORGOTTEN)))
        connection.execute(delete(hold).where(hold.c.form.in_(forms)))
    return len(forms), forms[-1] if len(forms) == BATCH else None


def scrub_all(connection: Connection, petition_id: int) -> int:
    """Scrub all of them in this transaction; how many."""
    scrubbed, after = 0, ""
    while True:
        done, last = scrub(connection, petition_id, after)
        scrubbed += done
        if last is None:
            return scrubbed
        after = last
