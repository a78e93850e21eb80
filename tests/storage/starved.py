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
from bot.model.signature import NotTaken, Signed
from tests.storage.world import request

AT_ONCE = 20


async def main(url: str, key_file: str, limit: str) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # what is beyond fails with an error instead
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    async with storage.open_storage(url, Path(key_file), lambda: datetime.now(UTC)) as ports:
        petition = await ports.petitions.find("park")
        assert petition is not None

        async def sign(names: list[str]) -> list[str]:
            results = await asyncio.gather(
                *(ports.signatures.sign(request(petition, name)) for name in names)
            )
            assert {type(each) for each in results} <= {Signed, NotTaken}, results
            assert all(each.busy for each in results if isinstance(each, NotTaken)), results
            return [str(each.signature.number) for each in results if isinstance(each, Signed)]

        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), hard))
        receipts: list[str] = []
        refused = batch = 0
        while refused < 3:
            given = await sign([f"m{batch}x{number}" for number in range(AT_ONCE)])
            receipts += given
            refused += not given
            batch += 1
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        afterwards = await sign([f"after{number}" for number in range(AT_ONCE)])
        sys.stdout.write(f"full {' '.join(receipts)}\nroom {' '.join(afterwards)}\n")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
