"""SQLite: one writer thread with one connection, and two readers that can't write.

Sharing one engine would either lose updates (deferred transactions that read, then write) or lock readers out
(immediate ones); hence two. WAL lets them run side by side, `synchronous=FULL` makes a commit durable, and
`secure_delete` overwrites what is deleted.

What waits for a thread goes there together, in one hop and one transaction: handing a thread its work, and a
commit's way to the disk, cost more than most of what is to be done.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple, Self, TypeVar

import aiosqlite
from sqlalchemy import URL, Connection, Engine, NullPool, StaticPool, create_engine, event
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import DBAPIError

from bot.errors import StorageError
from storage.faults import as_trouble
from storage.line import Line

T = TypeVar("T")

BUSY_SECONDS = 10
"""How long to wait for another process that writes."""
READERS: Final = 2
"""So that one slow reading does not hold up all the others."""
_QUIET: Final[dict[str, Any]] = {"hide_parameters": True}
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
    return _writing(
        create_engine("sqlite://", creator=lambda: _connect(path), poolclass=StaticPool, **_QUIET)
    )


def _writing(engine: Engine) -> Engine:
    event.listen(engine, "connect", _prepare_writer)
    event.listen(engine, "begin", _begin_writing)
    return engine


def _reading(engine: Engine) -> Engine:
    """Its transactions are snapshots that neither wait for the writer nor hold it up."""
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


class _Work(NamedTuple):
    """What one caller waits for."""

    do: Callable[[Connection], Any]
    result: "asyncio.Future[Any]"


class _Outcome(NamedTuple):
    """What came of it."""

    value: Any = None
    error: Exception | None = None


class _Driver(aiosqlite.Connection):
    """A connection of aiosqlite's and its thread, for whole functions: one hop for all that is to be done."""

    def __init__(self, path: Path) -> None:
        super().__init__(lambda: _connect(path), iter_chunk_size=1)
        self._thread.daemon = True  # a process that is at its end does not wait for one that nobody closed

    @property
    def raw(self) -> sqlite3.Connection:
        """The driver's own connection, for its thread alone."""
        return self._conn

    async def opened(self) -> Self:
        """Itself, once it has opened the file."""
        await self
        return self

    async def do(self, work: Callable[..., T], *arguments: Any) -> T:
        """Run it in the thread."""
        result: T = await self._execute(work, *arguments)  # type: ignore[no-untyped-call] # aiosqlite's own
        return result


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_SECONDS, cached_statements=256)


class _Thread:
    """A thread with one connection. What waits for it is done together, in one transaction."""

    def __init__(
        self, path: Path, clear_errors: Callable[[], Any], prepared: Callable[[Engine], Engine]
    ) -> None:
        self._path, self._clear_errors = path, clear_errors
        self._engine = prepared(create_engine("sqlite://", creator=self._raw, poolclass=StaticPool, **_QUIET))
        self._driver: _Driver | None = None
        self._open: Connection | None = None
        self._line: Line[_Work] = Line(self._settle)

    @property
    def dialect(self) -> Dialect:
        return self._engine.dialect

    @property
    def idle(self) -> bool:
        return self._line.idle

    async def do(self, work: Callable[[Connection], T]) -> T:
        """Its result, or its error, when the transaction has ended."""
        result: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._line.add(_Work(work, result))
        return await result

    async def _settle(self, batch: Sequence[_Work]) -> None:
        outcomes = await self._outcomes(batch)
        for (_, result), (value, error) in zip(batch, outcomes, strict=True):
            if result.done():  # whoever asked may have gone
                continue
            if error is None:
                result.set_result(value)
            else:
                result.set_exception(error)

    async def _outcomes(self, batch: Sequence[_Work]) -> list[_Outcome]:
        try:
            with self._clear_errors():
                driver = self._driver = self._driver or await _Driver(self._path).opened()
        except Exception as error:  # noqa: BLE001 - the file can't be opened: they all learn why
            return [_Outcome(error=error)] * len(batch)
        return await driver.do(self._run, batch)

    def _raw(self) -> sqlite3.Connection:
        if self._driver is None:
            raise RuntimeError("the connection is made before anything is done on it")
        return self._driver.raw

    def _run(self, batch: Sequence[_Work]) -> list[_Outcome]:
        """All in one transaction. If one of them fails, each in one of its own: the others must not notice."""
        try:
            return [_Outcome(value) for value in self._together(batch)]
        except StorageError as error:  # the storage failed, not one of them
            return [_Outcome(error=error)] * len(batch)
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to whoever brought it
            if len(batch) == 1:
                return [_Outcome(error=error)]
            return [outcome for work in batch for outcome in self._run([work])]

    def _together(self, batch: Sequence[_Work]) -> list[Any]:
        with self._clear_errors():
            if self._open is None:
                self._open = self._engine.connect()  # once: taking it from the pool costs as much as a query
            with self._open.begin():
                return [work.do(self._open) for work in batch]

    async def close(self) -> None:
        """Wait for what is under way, then let go."""
        await self._line.done()
        if self._driver is not None:
            await self._driver.do(self._close)
            await self._driver.close()
            self._driver = None

    def _close(self) -> None:
        if self._open is not None:
            self._open.close()
        self._engine.dispose()


class SqliteDatabase:
    """A database file. `path` must be there before it is used (`files.make_private`)."""

    def __init__(self, url: URL) -> None:
        self.path = Path(url.database or "")
        self.where = f"The database {self.path}"
        self._writer = _Thread(self.path, self._clear_errors, _writing)
        self._readers = [_Thread(self.path, self._clear_errors, _reading) for _ in range(READERS)]

    @property
    def dialect(self) -> Dialect:
        return self._writer.dialect

    async def write(self, work: Callable[[Connection], T]) -> T:
        return await self._writer.do(work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        idle = next((reader for reader in self._readers if reader.idle), self._readers[0])
        return await idle.do(work)

    async def scan(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.to_thread(self._scan, work)

    def _scan(self, work: Callable[[Connection], T]) -> T:
        engine = create_engine("sqlite://", creator=lambda: _connect(self.path), poolclass=NullPool, **_QUIET)
        with self._clear_errors(), _reading(engine).connect() as connection:
            return work(connection)

    async def close(self) -> None:
        for thread in (*self._readers, self._writer):
            await thread.close()

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
