"""How those who wait learn that there is something to do: in this process at once, else by looking now and then."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Bell:
    """Rings for everybody who listens."""

    def __init__(self) -> None:
        self._listening: set[asyncio.Event] = set()

    def ring(self) -> None:
        """Wake those who listen."""
        for rung in self._listening:
            rung.set()

    @contextmanager
    def listening(self, rung: asyncio.Event) -> Iterator[None]:
        """Let each ring set this event; whoever listens clears it."""
        self._listening.add(rung)
        try:
            yield
        finally:
            self._listening.discard(rung)


async def rest(rung: asyncio.Event, least: float, most: float) -> None:
    """Wait for the bell, at most `most` seconds; `least` seconds in any case, so that many rings are one."""
    await asyncio.sleep(least)
    if most > least:
        with suppress(TimeoutError):  # not wait_for: until 3.12 it forgets to end if the bell rings meanwhile
            async with asyncio.timeout(most - least):
                await rung.wait()
    rung.clear()
