"""What is due by the clock, and making out deliveries: done again and again, by any process, and each thing once."""

import asyncio
from datetime import datetime, timedelta

from msgspec import Struct, field

from bot.model.community import Kind, Telling
from bot.model.petition import Petition, State
from bot.outbox import schedule
from bot.ports import Clock, Ports

FORGET_AFTER = timedelta(days=6)
"""So long after a community has left are its ids erased: within seven days, whatever the hour."""
BETWEEN_TIDYING = timedelta(hours=1)


class Steward(Struct):
    """Looks at the clock, and spreads what was announced."""

    ports: Ports
    clock: Clock
    waits: bool = False
    """Whether a milestone waits for the end of a burst: then the next pass is due soon."""
    _told: set[tuple[int, Kind, datetime]] = field(default_factory=set)
    _tidied: datetime | None = None

    async def attend(self) -> bool:
        """One pass; whether there is something new to deliver."""
        now = self.clock()
        for petition in await self.ports.petitions.all():
            await self._tell_events(petition, now)
        await self.ports.outbox.hours(now)
        await self._digests(now)
        await self._tidy(now)
        spread = False
        while await self.ports.outbox.spread(schedule.wakes):
            spread = True
            await asyncio.sleep(0)  # signers first
        self.waits = await self.ports.outbox.waits()
        return spread

    async def _tell_events(self, petition: Petition, now: datetime) -> None:
        for kind, instant in schedule.events(petition, now):
            event = (petition.id, kind, instant)
            if event not in self._told:
                total = (await self.ports.tally.totals(petition.id)).counted
                key = instant.isoformat()
                await self.ports.outbox.announce(Telling(petition.id, kind, total=total, key=key))
                self._told.add(event)

    async def _digests(self, now: datetime) -> None:
        due = await self.ports.follows.digests_due(now)
        petitions = {each.id: each for each in await self.ports.petitions.all()} if due else {}
        for follow, at in due:
            following = schedule.next_digest(follow.wishes.digest, follow.wishes.zone, now)
            tell = petitions[follow.petition_id].state(now) is State.OPEN
            total = (await self.ports.tally.totals(follow.petition_id)).counted
            await self.ports.follows.digest(follow, at, total, following, tell=tell)

    async def _tidy(self, now: datetime) -> None:
        if self._tidied is None or now - self._tidied >= BETWEEN_TIDYING:
            self._tidied = now
            await self.ports.outbox.tidy(now)
            await self.ports.reviews.remind()
            await self.ports.follows.forget_left(now - FORGET_AFTER)
