"""A process that makes an action of a review: `python -m tests.storage.reviewer URL KEY_FILE ACTION PARTS WHERE`.

In parts of three it makes so many, then says `here` and waits for ever: `between` two parts, or `within` one, with
everything of it written and nothing committed.
"""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import storage
from storage import actions
from storage.changes import Changes


def wait() -> None:
    sys.stdout.write("here\n")
    sys.stdout.flush()
    sys.stdin.readline()


async def main(url: str, key_file: str, action: str, parts: str, where: str) -> None:
    actions.PART = 3  # type: ignore[misc]
    left = int(parts)
    move_all = Changes.move_all

    def moved(*given: Any) -> None:
        nonlocal left
        move_all(*given)
        left -= 1
        if where == "within" and left < 0:
            wait()

    def progress(_done: int, _of: int) -> None:
        if where == "between" and left == 0:
            wait()

    Changes.move_all = moved  # type: ignore[method-assign]
    async with storage.open_storage(url, Path(key_file), lambda: datetime.now(UTC)) as ports:
        await ports.reviews.settle(action, progress=progress)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
