"""The intake on PostgreSQL, by one, two and four processes, against asyncpg's `executemany`."""

import asyncio
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg
from msgspec.structs import replace

import storage
from benchmarks.figure import Figure
from benchmarks.places import CAMPAIGN, database, folder, made, now, postgres
from benchmarks.running import run
from storage.tables import signature
from tests.storage.world import opened_petition

COUNT, ROUNDS = 40_000, 3
WAITING = 2000
"""How many wait at any instant, over all processes: the same load, however many share it."""
LARGEST = 500
TEN = tuple(f"park-{number}" for number in range(10))
COLUMNS = [column.name for column in signature.c]
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM signature ORDER BY petition, number"  # noqa: S608  # our own names
_PLACES = ", ".join(f"${place}" for place, _ in enumerate(COLUMNS, 1))
_INSERT = f"INSERT INTO signature ({', '.join(COLUMNS)}) VALUES ({_PLACES})"  # noqa: S608  # the same


def figures() -> Iterator[Figure]:
    with folder() as where, postgres() as server:
        url = database(server, "bench")
        made(url, where / "key")
        run(_open_petitions(url, where / "key"))
        rates: dict[tuple[int, int], list[float]] = {
            (petitions, processes): [] for petitions in (1, 10) for processes in (1, 2, 4)
        }
        limits = []
        for _ in range(ROUNDS):
            for (petitions, processes), found in rates.items():
                found.append(_signing(url, where / "key", petitions, processes))
            limits.append(run(_raw(url)))
        yield from _figures({key: median(found) for key, found in rates.items()}, median(limits))


def _figures(rates: dict[tuple[int, int], float], limit: float) -> Iterator[Figure]:
    against = f"asyncpg executemany, the same rows, {LARGEST} a transaction"
    for (petitions, processes), rate in rates.items():
        what = f"intake, PostgreSQL, {_of(petitions, 'petition')}, {_of(processes, 'process')}"
        yield Figure(what, rate, "/s", against, limit, "at least", 0.4)
    for petitions in (1, 10):
        two, one = rates[petitions, 2], rates[petitions, 1]
        what = f"two processes, {_of(petitions, 'petition')}"
        yield Figure(what, two, "/s", "one process", one, "at least", 1.0)


def _of(count: int, thing: str) -> str:
    plural = "es" if thing.endswith("s") else "s"
    return f"{count} {thing}{plural if count > 1 else ''}"


async def _open_petitions(url: str, key_file: Path) -> None:
    async with storage.open_storage(url, key_file, now) as ports:
        for slug in TEN:
            await opened_petition(ports, replace(CAMPAIGN, slug=slug))


def _signing(url: str, key_file: Path, petitions: int, processes: int) -> float:
    """Signatures a second, from the first process that begins to the last that ends. Begins from none."""
    run(_clear(url))
    return asyncio.run(_race(url, key_file, TEN[:petitions], processes))


async def _race(url: str, key_file: Path, slugs: Sequence[str], processes: int) -> float:
    words = [url, str(key_file), ",".join(slugs), str(COUNT // processes), str(WAITING // processes)]
    runners = [await _start([*words, f"p{process}-"]) for process in range(processes)]
    for runner in runners:
        runner.stdin.write(b"\n")
    lines = [await runner.stdout.readline() for runner in runners]
    for runner in runners:
        await runner.wait()
    starts, ends = zip(*(map(float, line.split()) for line in lines), strict=True)
    return COUNT / (max(ends) - min(starts))


async def _start(words: Sequence[str]) -> Any:
    pipe = asyncio.subprocess.PIPE
    runner = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.signers", *words, stdin=pipe, stdout=pipe
    )
    assert runner.stdout is not None
    assert await runner.stdout.readline() == b"ready\n"
    return runner


async def _clear(url: str) -> None:
    connection = await _connect(url)
    await connection.execute("TRUNCATE signature, counter, milestone, announcement CASCADE")
    await connection.execute(
        "UPDATE totals SET counted = 0, shown_counted = 0, last_number = 0, peak = 0; CHECKPOINT"
    )
    await connection.close()


async def _connect(url: str) -> Any:
    return await asyncpg.connect(url.replace("postgresql+asyncpg", "postgresql"))


async def _raw(url: str) -> float:
    """The rows that the intake wrote last, and nothing else."""
    connection = await _connect(url)
    rows = [tuple(row) for row in await connection.fetch(_SELECT)]
    await _clear(url)
    started = time.perf_counter()
    for start in range(0, len(rows), LARGEST):
        async with connection.transaction():
            await connection.executemany(_INSERT, rows[start : start + LARGEST])
    rate = len(rows) / (time.perf_counter() - started)
    await connection.close()
    return rate
