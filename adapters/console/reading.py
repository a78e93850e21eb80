"""Waiting for a line without holding anybody up, and leaving politely on Ctrl-C."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


class Reader:
    """Reads each line in a thread, so that a person who thinks stops nothing.

    A thread that waits for a line can't be stopped; it is a daemon, left behind when the process ends.
    """

    def __init__(self, read: Callable[[], str | None]) -> None:
        self._read = read
        self._waiting: asyncio.Future[str | None] | None = None
        self._ended = False

    async def next(self) -> str | None:
        """The next line; None at the end of input, or once `end` was called, even while waiting."""
        if self._ended:
            return None
        loop = asyncio.get_running_loop()
        self._waiting = loop.create_future()
        threading.Thread(target=self._work, args=(loop, self._waiting), daemon=True).start()
        return await self._waiting

    def end(self) -> None:
        """Let nobody wait any longer."""
        self._ended = True
        if self._waiting:
            _settle(self._waiting, None)

    def _work(self, loop: asyncio.AbstractEventLoop, waiting: asyncio.Future[str | None]) -> None:
        try:
            line = self._read()
        except (EOFError, KeyboardInterrupt, OSError, ValueError):  # ValueError: a file closed meanwhile
            line = None
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(_settle, waiting, line)


def _settle(waiting: asyncio.Future[str | None], line: str | None) -> None:
    if not waiting.done():
        waiting.set_result(line)


@contextmanager
def interrupted(end: Callable[[], None]) -> Iterator[None]:
    """Within this, the first Ctrl-C calls `end` and the next one interrupts as usual."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    usual = signal.getsignal(signal.SIGINT)

    def once(_signal: int, _frame: object) -> None:
        signal.signal(signal.SIGINT, usual)
        loop.call_soon_threadsafe(end)

    signal.signal(signal.SIGINT, once)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
