"""What is to be told, and to whom it still has to be. Implements `bot.ports.Outbox`."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import IntegrityError

from bot.model.community import Announcement, DeliveryState, Fanout, Job, Settled, Telling, Undelivered
from bot.ports import Clock, Wakes
from storage import deliveries, hours, spreading, telling
from storage.database import Database
from storage.ledger import Ledger
from storage.outreach_tables import announcement, community, delivery, follow
from storage.places import place_of
from storage.vault import Vault

T = TypeVar("T")

_TROUBLE = (DeliveryState.FAILED.value, DeliveryState.UNKNOWN.value)


class Outbox:
    """Announcements and their deliveries."""

    def __init__(self, database: Database, ledger: Ledger, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._vault = vault
        self._clock = clock

    async def announce(self, telling_: Telling) -> int | None:
        if await self._database.read(lambda on: telling_.key is not None and telling.announced(on, telling_)):
            return None
        try:
            return await self._write(lambda on: telling.announce(on, telling_, self._clock()))
        except IntegrityError:  # another process announced it at the same instant
            return None

    async def propose(self, telling_: Telling) -> Announcement:
        def work(connection: Connection) -> Announcement:
            made = telling.announce(connection, telling_, self._clock(), state="proposed")
            row = connection.execute(select(announcement).where(announcement.c.id == made)).one()
            return telling.as_announcement(row)

        return await self._write(work)

    async def announcement(self, token: str) -> Announcement | None:
        return await self._database.read(lambda on: telling.find(on, token))

    async def confirm(self, token: str, *, most: int | None, since: datetime) -> bool:
        def work(connection: Connection) -> bool:
            if most is not None:
                telling.take_turns(connection)
                if telling.to_everybody(connection, since) >= most:
                    return False
            return telling.confirm(connection, token, self._clock())

        return await self._write(work)

    async def to_everybody(self, since: datetime) -> int:
        return await self._database.read(lambda on: telling.to_everybody(on, since))

    async def spread(self, wakes: Wakes, limit: int = 500) -> bool:
        if not await self._database.read(lambda on: spreading.is_due(on, self._clock())):
            return False
        return await self._write(lambda on: spreading.spread(on, self._vault, wakes, limit, self._clock()))

    async def waits(self) -> bool:
        return await self._database.read(spreading.is_unspread)

    async def advance(
        self, platform: str, holder: str, settled: Sequence[Settled], limit: int
    ) -> Sequence[Job] | None:
        def work(connection: Connection) -> list[Job] | None:
            now = self._clock()
            for each in settled:
                deliveries.settle(connection, self._vault, each, now)
            if not deliveries.hold(connection, platform, holder, now):
                return None
            return deliveries.take(connection, self._vault, platform, limit, now)

        return await self._write(work)

    async def release(self, platform: str, holder: str) -> None:
        await self._write(lambda on: deliveries.release(on, platform, holder))

    async def soonest(self, platform: str) -> datetime | None:
        return await self._database.read(lambda on: deliveries.soonest(on, platform))

    async def states(self) -> Mapping[tuple[str, DeliveryState], int]:
        columns = (delivery.c.platform, delivery.c.state)
        wanted = select(*columns, func.count()).group_by(*columns)
        rows = await self._database.read(lambda on: on.execute(wanted).all())
        return {(platform, DeliveryState(state)): count for platform, state, count in rows}

    async def fanout(self, announcement: int) -> Fanout:
        return await self._database.read(lambda on: _fanout(on, announcement))

    async def undelivered(self, announcement: int, limit: int = 50) -> Sequence[Undelivered]:
        return await self._database.read(lambda on: self._undelivered(on, announcement, limit))

    async def failed(self, petition_id: int, since: datetime) -> int:
        recent = (announcement.c.petition == petition_id) & (announcement.c.at >= since)
        joined = delivery.join(announcement, announcement.c.id == delivery.c.announcement)
        wanted = select(func.count()).select_from(joined).where(recent, delivery.c.state.in_(_TROUBLE))
        return await self._database.read(lambda on: on.execute(wanted).scalar_one())

    async def held_back(self) -> int:
        return await self._database.read(deliveries.count_held)

    async def release_held(self, *, send: bool) -> None:
        await self._write(lambda on: deliveries.release_held(on, self._clock(), send=send))

    async def hours(self, now: datetime) -> None:
        due = await self._database.read(lambda on: hours.due(on, now))
        for petition_id in due:
            await self._write(lambda on, its=petition_id: hours.note(on, self._ledger, its, now))  # type: ignore[misc]

    async def tidy(self, now: datetime) -> None:
        await self._write(lambda on: telling.tidy(on, now))

    async def _write(self, work: Callable[[Connection], T]) -> T:
        return await self._database.write(work)

    def _undelivered(self, connection: Connection, announcement_id: int, limit: int) -> list[Undelivered]:
        places = [community.c[name] for name in ("kind", "place", "details")]
        joined = delivery.outerjoin(follow, follow.c.id == delivery.c.follow).outerjoin(
            community, community.c.id == follow.c.community
        )
        wanted = select(delivery.c.platform, delivery.c.state, delivery.c.reason, *places).select_from(joined)
        troubled = (delivery.c.announcement == announcement_id) & delivery.c.state.in_(_TROUBLE)
        rows = connection.execute(wanted.where(troubled).order_by(delivery.c.id).limit(limit))
        return [
            Undelivered(
                row.platform,
                place_of(self._vault, row).name if row.details else "",
                DeliveryState(row.state),
                row.reason,
            )
            for row in rows
        ]


def _fanout(connection: Connection, announcement_id: int) -> Fanout:
    its = delivery.c.announcement == announcement_id
    states = select(delivery.c.state, func.count()).where(its).group_by(delivery.c.state)
    reasons = select(delivery.c.reason, func.count()).where(its, delivery.c.state.in_(_TROUBLE))
    spread = select(announcement.c.state).where(announcement.c.id == announcement_id)
    return Fanout(
        {DeliveryState(state): count for state, count in connection.execute(states)},
        dict(connection.execute(reasons.group_by(delivery.c.reason)).all()),
        spread=connection.execute(spread).scalar() == "spread",
    )
