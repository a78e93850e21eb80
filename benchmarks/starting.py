"""Starting: `undersigned --help` beside the bare interpreter; `run` to its first answer beside a bare bot's.

The first answer is the form that a member gets who was there before the bot (Telegram keeps what they said), or who
asks as soon as it is connected (on Discord nobody can ask before). The commands take turns, and everything is
compiled as pip leaves it: Python is often told to write no bytecode where people develop, and would compile us anew at
each start, but not the libraries.
"""

import asyncio
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial

from benchmarks import signing
from benchmarks.figure import Figure

HELPS, STARTS = 15, 7


def figures() -> Iterator[Figure]:
    with _compiled():
        yield from _figures()


def _figures() -> Iterator[Figure]:
    help_, bare = _in_turn(
        HELPS,
        lambda: _command("-m", "bot", "--help"),
        lambda: _command("-c", "pass"),
    )
    yield Figure("undersigned --help", help_, "ms", "the bare interpreter", bare, "at most", 5.0)
    for platform in signing.PLACES:
        ours, limit = _in_turn(
            STARTS, partial(_first, platform, ours=True), partial(_first, platform, ours=False)
        )
        what = f"run to the first answer, {platform.title()}"
        yield Figure(what, ours, "ms", "a bare bot's first answer", limit, "at most", 1.5)


@contextlib.contextmanager
def _compiled() -> Iterator[None]:
    """Processes that start meanwhile keep their bytecode, in a folder of their own."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"PYTHONPYCACHEPREFIX": folder, "PYTHONDONTWRITEBYTECODE": ""}
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def _in_turn(times: int, *measures: Callable[[], float]) -> list[float]:
    """The median of each, in milliseconds, after once to warm up."""
    for measure in measures:
        measure()
    taken = [[measure() * 1e3 for measure in measures] for _ in range(times)]
    return [statistics.median(column) for column in zip(*taken, strict=True)]


def _command(*arguments: str) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def _first(platform: str, *, ours: bool) -> float:
    async def measured() -> float:
        async with signing.PLACES[platform](ours=ours) as bot:
            await bot.ask("Member A")
            return time.perf_counter() - bot.begun

    return asyncio.run(measured())
