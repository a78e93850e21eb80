"""The ground of a journey: a SQLite file in its folder, or a database on a PostgreSQL server."""

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import asyncpg

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
