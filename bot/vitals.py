"""How a running process fares: whether its database answers, its platforms are served, and what is late."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from bot.core import Core
from bot.errors import UndersignedError
from bot.model.community import DeliveryState
from bot.outbox.boards import face
from bot.ports import Clock, Ports

PATIENCE: Final = 5.0
"""Seconds that the database may take."""


class Measured(Struct, frozen=True):
    """What only the database knows."""

    deliveries: Mapping[tuple[str, DeliveryState], int]
    late: Mapping[str, tuple[float, float]]
    """By platform, in seconds: since when the oldest delivery is due, and the oldest board may be edited."""


class Vitals(Struct, frozen=True):
    """Asks the core and the database. `names` are the platforms that should be served."""

    core: Core
    ports: Ports
    names: Sequence[str]
    clock: Clock

    def platforms(self) -> dict[str, bool]:
        """The platforms, and whether each is served now: its token was taken, and updates are awaited."""
        return {name: name in self.core.outbox.attached_to for name in self.names}

    async def wrong(self) -> list[str]:
        """What keeps this process from serving, a line each; nothing that an outsider should not know."""
        away = [f"{name}: not connected" for name, up in self.platforms().items() if not up]
        return away if await self._answers() else ["database: does not answer", *away]

    async def measured(self) -> Measured | None:
        """None if the database does not answer."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._measured(self.clock())
        except (UndersignedError, TimeoutError):
            return None

    async def _answers(self) -> bool:
        try:
            async with asyncio.timeout(PATIENCE):
                await self.ports.petitions.all()
        except (UndersignedError, TimeoutError):
            return False
        return True

    async def _measured(self, now: datetime) -> Measured:
        totals = self.ports.tally.totals
        petitions = await self.ports.petitions.all()
        faces = {each.id: face(each, await totals(each.id), now) for each in petitions}
        late = {}
        for name in self.names:
            delivery = await self.ports.outbox.soonest(name)
            board = await self.ports.boards.soonest(name, faces)
            late[name] = (_late(delivery, now), _late(board, now))
        return Measured(await self.ports.outbox.states(), late)


def _late(due: datetime | None, now: datetime) -> float:
    return 0.0 if due is None else max(0.0, (now - due).total_seconds())
