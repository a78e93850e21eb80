"""A value that is asked for far more often than it changes: read once for everybody, then kept for a moment."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """Read by `read` when it is older than `seconds`, or empty, or when `forget` has said that it changed."""

    def __init__(self, read: Callable[[], Awaitable[T]], seconds: float) -> None:
        self._ask, self._seconds = read, seconds
        self._value: tuple[T, ...] = ()
        self._until = -math.inf
        self._reading: asyncio.Task[T] | None = None

    async def get(self) -> T:
        """The value, at most so old. A crowd shares one reading."""
        now = asyncio.get_running_loop().time()
        if now < self._until:
            return self._value[0]
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read(now))
        return await asyncio.shield(self._reading)

    def forget(self) -> None:
        """It has changed: what is read before this is no answer to whoever asks after it."""
        self._until, self._reading = -math.inf, None

    async def _read(self, begun: float) -> T:
        value = await self._ask()
        # Nothing is not kept: the first that comes is seen at once.
        if value and self._reading is asyncio.current_task():
            self._value, self._until = (value,), begun + self._seconds
        return value
