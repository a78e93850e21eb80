"""A process that signs: `python -m tests.storage.signer URL KEY_FILE SLUG ACCOUNTS AT_ONCE`.

Says `ready`, waits for a line, then signs as each of the accounts (separated by commas; `*` for ever new ones)
and prints `form number` for each receipt, at the instant it is given.
"""

import asyncio
import itertools
import sys
from datetime import UTC, datetime
from pathlib import Path

import storage
from bot.model.signature import Signed
from tests.storage.world import request


async def main(url: str, key_file: str, slug: str, accounts: str, at_once: str) -> None:
    async with storage.open_storage(url, Path(key_file), lambda: datetime.now(UTC)) as ports:
        petition = await ports.petitions.find(slug)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.readline)
        names = map(str, itertools.count()) if accounts == "*" else iter(accounts.split(","))

        async def sign_on() -> None:
            for name in names:
                result = await ports.signatures.sign(request(petition, name))
                if isinstance(result, Signed):
                    sys.stdout.write(f"{result.signature.form} {result.signature.number}\n")
                    sys.stdout.flush()

        await asyncio.gather(*(sign_on() for _ in range(int(at_once))))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
