"""The ground of a journey: a SQLite file in its folder, or a database on a PostgreSQL server."""

import asyncio
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg

from bot.ports import Clock
from storage import SqlMaintenance, keycheck
from storage.maintenance import run

_ON_SERVERS: dict[Path, str] = {}


@contextmanager
def on_server(folder: Path, url: str) -> Iterator[str]:
    """Whatever takes place in this folder takes place there."""
    _ON_SERVERS[folder] = url
    yield url
    del _ON_SERVERS[folder]


def database_of(folder: Path) -> str:
    """The address of the database of this folder."""
    return _ON_SERVERS.get(folder) or f"sqlite:///{folder / 'u.db'}"


def prepared(folder: Path, clock: Clock) -> tuple[str, Path]:
    """The same, with its tables, and the key file of this folder: made if this is the first time."""
    url, key, file = database_of(folder), folder / "u.key", folder / "u.db"
    if folder not in _ON_SERVERS and not file.exists():
        file.write_bytes(_tables())
    office = SqlMaintenance(url, key, clock)
    office.create_keys()
    office.migrate()
    return url, key


@cache
def _tables() -> bytes:
    """A SQLite file that has all tables, and belongs to no key file yet: ten times as quick to copy as to make."""
    with tempfile.TemporaryDirectory() as made:
        file = Path(made, "u.db")
        office = SqlMaintenance(f"sqlite:///{file}", Path(made, "u.key"), lambda: datetime.now(UTC))
        office.create_keys()
        office.migrate()
        with closing(sqlite3.connect(file)) as database:
            database.execute("DELETE FROM meta WHERE name = ?", (keycheck.NAME,))
            database.commit()
        return file.read_bytes()


def address_in(folder: Path) -> str:
    """The same as somebody in that folder writes it."""
    return _ON_SERVERS.get(folder, "sqlite:///u.db")


def ask(folder: Path, *statements: str) -> list[list[tuple[Any, ...]]]:
    """The rows of each statement, run behind the back of whoever works there."""
    url = _ON_SERVERS.get(folder)
    if url is not None:
        return run(_ask_server(url, statements))
    with closing(sqlite3.connect(folder / "u.db", isolation_level=None)) as database:
        return [database.execute(statement).fetchall() for statement in statements]


async def _ask_server(url: str, statements: Sequence[str]) -> list[list[tuple[Any, ...]]]:
    async with asyncio.timeout(20):
        connection = await asyncpg.connect(url)
        rows = [list(map(tuple, await connection.fetch(statement))) for statement in statements]
        await connection.close()
        return rows
