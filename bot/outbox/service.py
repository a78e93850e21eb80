"""The outbox of one process: what adapters attach to, and what the core rings when something has changed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

from bot import incidents
from bot.model.community import Fanout
from bot.outbox.bell import Bell, rest
from bot.outbox.composing import Composing
from bot.outbox.steward import Steward
from bot.outbox.worker import LOOK, Worker
from bot.pictures import Pictures
from bot.ports import Clock, Ports
from bot.removing import Removing
from bot.sending import Sender

BETWEEN: Final = 1.0
"""Seconds between looks at the clock, however often the bell rings."""
USUAL_RATE: Final = 25.0
"""Messages a second, of a platform that this process does not serve."""
WATCH: Final = 3.0
"""Seconds between reports of progress."""
WATCHES: Final = 200
FAREWELL: Final = 20.0
"""Seconds that the storage has to note what became of what was under way, when a platform is detached."""


class Outbox:
    """Everything that goes out unasked."""

    def __init__(self, ports: Ports, clock: Clock, pictures: Pictures) -> None:
        self._ports, self._clock, self._pictures = ports, clock, pictures
        self.composing = Composing(ports, clock, pictures)
        self._bell = Bell()
        self._steward = Steward(ports, clock)
        self._rates: dict[str, float] = {}
        self._attached: set[str] = set()

    async def close(self) -> None:
        """End what draws pictures."""
        await self._pictures.close()

    def ring(self) -> None:
        """Something has changed: what it causes goes out at once, if there is anything."""
        self._bell.ring()

    @property
    def attached_to(self) -> frozenset[str]:
        """The platforms that are served by this process now."""
        return frozenset(self._attached)

    def rate(self, platform: str) -> float:
        """About how many messages a second go out there."""
        return self._rates.get(platform, USUAL_RATE)

    @asynccontextmanager
    async def attached(self, platform: str, sender: Sender) -> AsyncIterator[None]:
        """Post through `sender` for as long as the context lasts; what is under way is finished on leaving."""
        self._rates[platform] = sender.per_second
        worker = Worker(platform, sender, self._ports, self._clock, self.composing, self._bell)
        # The clock is looked at for as long as anybody is attached; twice, for two, does no harm.
        removal = Removing(platform, sender, self._ports.removals, self._clock)
        attending, removing, serving = (
            asyncio.create_task(self._once_loaded(work))
            for work in (partial(self._attend, platform), partial(self._remove, removal), worker.run)
        )
        self._attached.add(platform)
        try:
            yield
        finally:
            self._attached.discard(platform)
            attending.cancel()
            removing.cancel()
            worker.stop()
            _, late = await asyncio.wait((attending, removing, serving), timeout=FAREWELL)
            for task in late:
                task.cancel()

    async def watch(self, announcement: int) -> AsyncIterator[Fanout]:
        """How far an announcement has got, every now and then, until it is done or a quarter of an hour is over."""
        for _ in range(WATCHES):
            fanout = await self._ports.outbox.fanout(announcement)
            yield fanout
            if fanout.spread and not fanout.waiting:
                return
            await asyncio.sleep(WATCH)

    async def _once_loaded(self, work: Callable[[], Awaitable[None]]) -> None:
        await self._ports.loaded()
        await work()

    async def _remove(self, removing: Removing) -> None:
        rung = asyncio.Event()
        with self._bell.listening(rung):
            while True:
                await removing.attend()
                await rest(rung, BETWEEN, LOOK)

    async def _attend(self, platform: str) -> None:
        rung = asyncio.Event()
        with self._bell.listening(rung):
            while True:
                try:
                    if await self._steward.attend():
                        self._bell.ring()
                        rung.clear()
                except Exception as error:  # noqa: BLE001 - whatever it is, the next look must come
                    incidents.note(error, "Schedule", platform)
                await rest(rung, BETWEEN, BETWEEN if self._steward.waits else LOOK)
