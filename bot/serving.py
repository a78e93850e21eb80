"""Keeping platforms connected: each on its own, so that one that fails does not take the others down."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from msgspec import Struct

from bot.breakdowns import described
from bot.core import Core
from bot.errors import UndersignedError
from bot.log import LOG
from bot.platform import Platform

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 300.0
"""Seconds between attempts: doubled from the first to the longest."""
STEADY = 60.0
"""A platform that served for so many seconds starts from the first pause again."""
FAREWELL = 15.0
"""Seconds that platforms have to finish the answers under way when they are told to stop."""

Sleep = Callable[[float], Awaitable[None]]


class Serving(Struct, frozen=True):
    """Serves platforms until `stop` is set. Time comes from the event loop and can be given in tests."""

    core: Core
    sleep: Sleep = asyncio.sleep

    async def until(self, stop: asyncio.Event, platforms: Sequence[Platform]) -> None:
        """Serve all of them. Raises UndersignedError if every one of them has refused its token."""
        tasks = [asyncio.create_task(self._keep(platform), name=platform.name) for platform in platforms]
        stopping = asyncio.create_task(stop.wait(), name="stop")
        all_off = asyncio.gather(*tasks, return_exceptions=True)
        try:
            await asyncio.wait((stopping, all_off), return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _end([stopping, *tasks])
        if not stop.is_set():
            raise UndersignedError(
                "No platform is left to serve; the lines above say why. See: undersigned check"
            )

    async def _keep(self, platform: Platform) -> None:
        """Serve one platform, again and again, until its token is refused."""
        log = LOG.bind(platform=platform.name)
        clock = asyncio.get_running_loop().time
        pause = FIRST_PAUSE
        while True:
            started = clock()
            try:
                await platform.run(self.core)
                why: dict[str, object] = {"reason": "it ended by itself"}
            except UndersignedError as error:
                log.error("platform off", reason=str(error))  # noqa: TRY400 - one line, meant for a person
                return
            except Exception as error:  # noqa: BLE001 - whatever an SDK raises, the others must go on
                why = described(error)
            pause = FIRST_PAUSE if clock() - started > STEADY else pause
            log.warning("platform failed", **why, again_in=pause)
            await self.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


async def _end(tasks: Sequence[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    _, late = await asyncio.wait(tasks, timeout=FAREWELL)
    for task in late:
        LOG.warning("platform did not stop in time", platform=task.get_name())
