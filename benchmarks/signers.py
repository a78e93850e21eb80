"""A process that signs: `python -m benchmarks.signers URL KEY_FILE SLUGS COUNT WAITING TAG`.

Says `ready`, waits for a line, signs so many times (in turn on each of the petitions, whose slugs are separated
by commas), and says when it began and ended, by the clock that all processes of a machine share.
"""

import asyncio
import sys
import time
from itertools import chain
from pathlib import Path

import storage
from benchmarks.places import now, requests, sign_all
from benchmarks.running import run


async def main(url: str, key_file: str, slugs: str, count: str, waiting: str, tag: str) -> None:
    async with storage.open_storage(url, Path(key_file), now) as ports:
        found = [await ports.petitions.find(slug) for slug in slugs.split(",")]
        each = int(count) // len(found)
        lists = [requests(petition, each, tag) for petition in found if petition is not None]
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        started = time.monotonic()
        await sign_all(ports, chain.from_iterable(zip(*lists, strict=True)), int(waiting))
        print(started, time.monotonic(), flush=True)


if __name__ == "__main__":
    run(main(*sys.argv[1:]))
