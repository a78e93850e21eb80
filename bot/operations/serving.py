"""Serving every platform that has a token. It needs no library of the command line's, so that a start need not wait."""

import asyncio
import gc
import logging
import signal
from typing import TYPE_CHECKING

from bot.errors import UndersignedError

if TYPE_CHECKING:
    from bot.operations.invocation import Invocation
    from bot.settings import Settings

COLLECT_AFTER = 20_000
"""New objects after which the youngest are looked through for garbage: at Python's 700 that takes a sixth of a
signing's time."""


def serve(invocation: "Invocation") -> None:
    """Until told to stop (Ctrl-C, or SIGTERM). Raises UndersignedError."""
    gc.disable()  # what a start loads is not garbage
    from bot import app, log

    config = invocation.settings()
    log.configure(config.secrets, level=logging.DEBUG if invocation.debug else logging.INFO)
    if not app.platforms(config):
        raise UndersignedError(
            "No platform has a token. Put one into the config file, or into UNDERSIGNED_DISCORD__TOKEN or "
            "UNDERSIGNED_TELEGRAM__TOKEN; 'undersigned setup' tells where to get one."
        )
    with asyncio.Runner(loop_factory=_fast_loop()) as runner:
        runner.run(_serve(config))


def _fast_loop() -> "type[asyncio.AbstractEventLoop] | None":
    """uvloop's, where it is installed."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.Loop


async def _serve(config: "Settings") -> None:
    from bot import app
    from bot.log import LOG
    from bot.serving import Serving

    stop = asyncio.Event()
    _listen_for_signals(stop)
    async with app.open_monitored(config) as core:
        platforms = app.platforms(config)
        gc.freeze()
        gc.set_threshold(COLLECT_AFTER)
        gc.enable()
        LOG.info("serving", platforms=[platform.name for platform in platforms])
        keeping = asyncio.create_task(core.keeper.keep(), name="retention")
        try:
            await Serving(core).until(stop, platforms)
        finally:
            keeping.cancel()
            await asyncio.wait([keeping])
        LOG.info("stopping")
    LOG.info("stopped")


def _listen_for_signals(stop: asyncio.Event) -> None:
    """The first signal stops cleanly; the second one has its usual effect."""
    loop = asyncio.get_running_loop()

    def told(number: signal.Signals) -> None:
        stop.set()
        loop.remove_signal_handler(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, told, number)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
