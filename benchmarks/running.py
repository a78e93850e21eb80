"""Running what is measured, on the event loop that `undersigned run` uses."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from bot.operations.run import _fast_loop

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=_fast_loop()) as runner:
        return runner.run(work)
