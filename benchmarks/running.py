"""Running what is measured as `undersigned run` does: its event loop, its way with garbage."""

import asyncio
import gc
from collections.abc import Coroutine
from typing import Any, TypeVar

from bot.operations.serving import COLLECT_AFTER, _fast_loop

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    gc.set_threshold(COLLECT_AFTER)
    with asyncio.Runner(loop_factory=_fast_loop()) as runner:
        return runner.run(work)
