"""SQLite: one writer thread with one connection, and a few readers that can't write.

Sharing one engine would either lose updates (deferred transactions that read, then write) or lock readers out
(immediate ones); hence two. WAL lets them run side by side, `synchronous=FULL` makes a commit durable, and
`secure_delete` overwrites what is deleted.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import URL, Connection, Engine, NullPool, StaticPool, create_engine, event
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import StorageError
from storage.faults import as_trouble

T = TypeVar("T")

BUSY_SECONDS = 10
"""How long to wait for another process that writes."""
READERS = 4
_QUIET: Final[dict[str, Any]] = {"hide_parameters": True, "connect_args": {"timeout": BUSY_SECONDS}}
_PRAGMAS = (
    f"busy_timeout={BUSY_SECONDS * 1000}",
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "foreign_keys=ON",
    # Indexes of hashes are written all over: a batch needs its pages at hand (32 MiB), and a page that many
    # batches change is copied into the database less often (every 16 MiB of log).
    "cache_size=-32768",
    "wal_autocheckpoint=4096",
)


def writer(path: Path) -> Engine:
    """An engine of one connection whose transactions are immediate: no other writer can come between."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=StaticPool,
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False, "cached_statements": 256},
    )
    event.listen(engine, "connect", _prepare_writer)
    event.listen(engine, "begin", _begin_writing)
    return engine


def reader(path: Path) -> AsyncEngine:
    """An engine for reading: snapshots that neither wait for the writer nor hold it up."""
    url = URL.create("sqlite+aiosqlite", database=str(path))
    engine = create_async_engine(url, pool_size=READERS, max_overflow=0, **_QUIET)
    _reading(engine.sync_engine)
    return engine


def _reading(engine: Engine) -> Engine:
    event.listen(engine, "connect", _prepare_reader)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def _prepare_writer(connection: Any, record: object) -> None:
    del record
    connection.isolation_level = None
    _pragmas(connection, *_PRAGMAS)


def _begin_writing(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    driver.execute("BEGIN IMMEDIATE")


def _prepare_reader(connection: Any, record: object) -> None:
    del record
    connection.isolation_level = None
    _pragmas(connection, f"busy_timeout={BUSY_SECONDS * 1000}", "query_only=ON")


def _pragmas(connection: Any, *pragmas: str) -> None:
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class SqliteDatabase:
    """A database file. `path` must be there before it is used (`files.make_private`)."""

    def __init__(self, url: URL) -> None:
        self.path = Path(url.database or "")
        self.where = f"The database {self.path}"
        self._writer = writer(self.path)
        self._reader = reader(self.path)
        self._open: Connection | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="undersigned-writer")

    @property
    def dialect(self) -> Dialect:
        return self._writer.dialect

    async def write(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._write, work)

    def _write(self, work: Callable[[Connection], T]) -> T:
        with self._clear_errors():
            if self._open is None:
                self._open = self._writer.connect()  # once: taking it from the pool costs as much as a query
            with self._open.begin():
                return work(self._open)

    async def read(self, work: Callable[[Connection], T]) -> T:
        with self._clear_errors():
            async with self._reader.connect() as connection:
                return await connection.run_sync(work)

    async def scan(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.to_thread(self._scan, work)

    def _scan(self, work: Callable[[Connection], T]) -> T:
        url = URL.create("sqlite", database=str(self.path))
        engine = _reading(create_engine(url, **_QUIET, poolclass=NullPool))
        with self._clear_errors(), engine.connect() as connection:
            return work(connection)

    async def close(self) -> None:
        await self._reader.dispose()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    def _close(self) -> None:
        if self._open is not None:
            self._open.close()
        self._writer.dispose()

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        if not self.path.exists():
            raise StorageError(f"{self.where} is not there. `undersigned migrate` makes one.")
        try:
            yield
        except (DBAPIError, sqlite3.Error) as error:
            trouble = as_trouble(error, self.where)
            if trouble is None:
                raise
            raise trouble from error
