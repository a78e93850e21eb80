"""Many updates at a time, those of one member one after another."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

Work = Callable[[Any], Awaitable[None]]


class Turns:
    """Hands every item to `work`, which must not raise. Items with the same key keep their order."""

    def __init__(self, work: Work, *, at_once: int = 256, room: int = 4096) -> None:
        """`at_once`: items in work. `room`: items in work or waiting, beyond which `vacancy` waits."""
        self._work, self._room = work, room
        self._slots = asyncio.Semaphore(at_once)
        self._last: dict[int, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, key: int, item: Any) -> asyncio.Task[None]:
        """Take an item; the task is done when it is."""
        task = asyncio.create_task(self._turn(self._last.get(key), key, item))
        self._last[key] = task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def vacancy(self) -> None:
        """Wait until there is room for more."""
        while len(self._tasks) >= self._room:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    async def finish(self, seconds: float) -> bool:
        """Give what was taken so long to be done; the rest is given up. Whether all was done."""
        late: set[asyncio.Task[None]] = set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=1.0)
        return not late

    async def _turn(self, before: asyncio.Task[None] | None, key: int, item: Any) -> None:
        try:
            if before is not None:
                await asyncio.wait((before,))
            async with self._slots:
                await self._work(item)
        finally:
            if self._last.get(key) is asyncio.current_task():
                del self._last[key]
