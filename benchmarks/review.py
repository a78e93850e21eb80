"""Looking for a name among a million, and deciding on many signatures at once, while everything else goes on."""

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

import storage
from benchmarks import export
from benchmarks.figure import Figure
from benchmarks.places import CAMPAIGN, WAITING, folder, made, now, requests, sign_all
from benchmarks.running import run
from bot.model.holding import Rule
from bot.model.review import Which
from bot.model.signature import Change
from storage import keys
from storage.vault import Vault
from tests.storage.world import opened_petition

T = TypeVar("T")

MANY = 20_000
PAUSE = 50.0
"""Milliseconds that nobody notices."""
NOBODY = "Zaphod Beeblebrox"


def figures() -> Iterator[Figure]:
    with folder() as path:
        export.populate(path)
        seconds, pause = run(_search(path))
        yield Figure(
            "search of 1,000,000 encrypted names for one that is not there", export.MANY / seconds, "/s",
            "reading and decrypting them, and nothing else", export.MANY / _decrypt(path), "at least", 0.4,
        )  # fmt: skip
        yield Figure(
            "the longest that anything else waited for it", pause, "ms", "the limit", PAUSE, "at most", 1
        )
    with folder() as path:
        signing, accepting, pause = run(_accept(path))
        yield Figure(
            f"counting {MANY:,} that were held, each part durable", accepting, "/s",
            "taking them in", signing, "at least", 0.5,
        )  # fmt: skip
        yield Figure(
            "the longest that anything else waited for it", pause, "ms", "the limit", PAUSE, "at most", 1
        )


async def _paused(work: Awaitable[T]) -> tuple[T, float]:
    """What came of it, and the longest, in milliseconds, that the event loop was kept from anything else."""
    longest = 0.0

    async def beat() -> None:
        nonlocal longest
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - before - 0.001)

    beating = asyncio.create_task(beat())
    try:
        return await work, longest * 1000
    finally:
        beating.cancel()


async def _search(path: Path) -> tuple[float, float]:
    async with storage.open_storage(f"sqlite:///{path}/undersigned.db", path / "key", now) as ports:
        park = await ports.petitions.find("park")
        assert park is not None
        started = time.perf_counter()
        found, pause = await _paused(ports.reviews.find(park.id, NOBODY))
        assert found.cases == ()
        return time.perf_counter() - started, pause


def _decrypt(path: Path) -> float:
    """Seconds that opening every name takes without an event loop, an order or a look at it."""
    vault = Vault(keys.load(path / "key"))
    started = time.perf_counter()
    with sqlite3.connect(path / "undersigned.db") as connection:
        rows = connection.execute("SELECT form, identity FROM signature WHERE petition = 1")
        while page := rows.fetchmany(2000):
            _open(vault, page)
    return time.perf_counter() - started


def _open(vault: Vault, page: Sequence[tuple[str, bytes]]) -> None:
    forms, identities = zip(*page, strict=True)
    vault.open_all("signature.identity", [form.encode() for form in forms], identities)


async def _accept(path: Path) -> tuple[float, float, float]:
    url = f"sqlite:///{path}/undersigned.db"
    made(url, path / "key")
    async with storage.open_storage(url, path / "key", now) as ports:
        petition = await opened_petition(ports, CAMPAIGN)
        young = frozenset({Rule.ACCOUNT_AGE})
        wanted = [replace(each, hold=young) for each in requests(petition, MANY)]
        started = time.perf_counter()
        await sign_all(ports, wanted, WAITING)
        signing = MANY / (time.perf_counter() - started)
        preview = await ports.reviews.preview(petition.id, Which(), Change.ACCEPT)
        started = time.perf_counter()
        outcome, pause = await _paused(ports.reviews.settle(preview.action))
        assert outcome is not None
        assert outcome.changed == MANY
        return signing, MANY / (time.perf_counter() - started), pause
