"""Waiting for something to become true, without polling and without fixed sleeps."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Changes:
    """Those who wait look again each time something has changed."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def notify(self) -> None:
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, look: Callable[[], T], what: str, within: float) -> T:
        """The first true value that `look` returns; AssertionError after `within` real seconds."""
        try:
            async with asyncio.timeout(within):
                while not (seen := look()):
                    future = asyncio.get_running_loop().create_future()
                    self._waiting.add(future)
                    await future
        except TimeoutError:
            raise AssertionError(f"waited {within} s in vain for {what}") from None
        return seen
