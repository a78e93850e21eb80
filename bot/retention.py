"""For how long names are kept: organisers are reminded in time, then who signed is scrubbed, by any process."""

import asyncio
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct, field

from bot import incidents
from bot.house import House
from bot.model.community import Kind, Telling
from bot.model.petition import Petition, State
from bot.ports import Clock, Ports

REMINDERS: Final = (timedelta(days=1), timedelta(days=7))
"""So long before the end are organisers reminded; the nearest first."""
BETWEEN: Final = 600.0
"""Seconds between looks at the clock."""


def ends(petition: Petition, house: House, now: datetime) -> datetime | None:
    """When names and accounts of this petition are erased, by the configuration; None while nothing is due.

    The days after delivery count for one that was delivered, the days after closing for one that was not.
    """
    since = petition.ended(now)
    delivered = petition.state(now) is State.DELIVERED
    days = house.days_after_delivery if delivered else house.days_after_close
    return None if since is None or days is None else since + timedelta(days=days)


def reminder(ends_at: datetime, now: datetime) -> timedelta | None:
    """Of which reminder it is time: how long before the end it stands for."""
    return next((ahead for ahead in REMINDERS if ends_at - ahead <= now < ends_at), None)


class Keeper(Struct):
    """Looks at the clock, reminds and scrubs. Doing the same twice, here or in another process, does no harm."""

    ports: Ports
    house: House
    clock: Clock
    _reminded: set[tuple[int, str]] = field(default_factory=set)
    _scrubbed: set[int] = field(default_factory=set)

    async def keep(self) -> None:
        """Look again and again, until cancelled. What goes wrong is logged."""
        await self.ports.loaded()
        while True:
            try:
                await self.attend()
            except Exception as error:  # noqa: BLE001 - whatever it is, the next look must come
                incidents.note(error, "Retention", "storage")
            await asyncio.sleep(BETWEEN)

    async def attend(self) -> None:
        """One look."""
        await self.ports.organisers.configured(self.house.admins)
        now = self.clock()
        for petition in await self.ports.petitions.all():
            ends_at = ends(petition, self.house, now)
            if petition.anonymised is not None or (ends_at is not None and ends_at <= now):
                await self._scrub(petition)
            elif ends_at is not None and (ahead := reminder(ends_at, now)) is not None:
                await self._remind(petition, ends_at, ahead)

    async def _scrub(self, petition: Petition) -> None:
        """Scrub, or finish what another process, or this one before it was stopped, has begun."""
        if petition.id not in self._scrubbed:
            await self.ports.retention.anonymise(petition.id)
            self._scrubbed.add(petition.id)

    async def _remind(self, petition: Petition, ends_at: datetime, ahead: timedelta) -> None:
        key = f"{ends_at:%Y-%m-%dT%H:%M:%S} {ahead.days}"
        if (petition.id, key) not in self._reminded:
            told = Telling(petition.id, Kind.RETENTION, text=ends_at.isoformat(), key=key)
            await self.ports.outbox.announce(told)
            self._reminded.add((petition.id, key))
