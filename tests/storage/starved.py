"""A process whose files can't grow: `python -m tests.storage.starved URL KEY_FILE BYTES`.

Signs until it is told to try again three times, then has room again. Says the numbers of the receipts that it was given
while the disk filled up, and of those that it was given afterwards.
"""

import asyncio
import resource
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import storage
from tests.storage.crowd import Crowd

AT_ONCE = 20


async def main(url: str, key_file: str, limit: str) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # what is beyond fails with an error instead
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    async with storage.open_storage(url, Path(key_file), lambda: datetime.now(UTC)) as ports:
        petition = await ports.petitions.find("park")
        assert petition is not None
        crowd = Crowd(ports, petition, AT_ONCE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), hard))
        receipts = await crowd.come_until_full()
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        afterwards = await crowd.come()
    sys.stdout.write(f"full {' '.join(map(str, receipts))}\nroom {' '.join(map(str, afterwards))}\n")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
