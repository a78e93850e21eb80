"""A line of things that wait to be written, a batch at a time.

A batch is whatever waits while the batch before it is written, and until there is room beside those of other lines;
nothing is delayed on purpose. (Handing the next
batch over before the one before it was done gained nothing: writer and event loop share the interpreter's lock,
and two small transactions write nearly twice the pages of a large one.)
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Generic, TypeVar

Item = TypeVar("Item")

LARGEST: Final = 500
"""The most things of one batch."""


class Line(Generic[Item]):
    """Hands batches to `settle`, which must not raise, one after the other, as soon as there is `room`."""

    def __init__(self, settle: Callable[[Sequence[Item]], Awaitable[None]], room: asyncio.Semaphore) -> None:
        self._settle = settle
        self._room = room
        self._waiting: deque[Item] = deque()
        self._task: asyncio.Task[None] | None = None

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return self._task is None

    def add(self, item: Item) -> None:
        """Let one more wait. An idle line sets off at once, with whoever comes in the same breath."""
        self._waiting.append(item)
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    async def done(self) -> None:
        """Wait until nothing waits."""
        while self._task is not None:
            await self._task

    async def _run(self) -> None:
        while self._waiting:
            async with self._room:
                size = min(len(self._waiting), LARGEST)
                await self._settle([self._waiting.popleft() for _ in range(size)])
        self._task = None
