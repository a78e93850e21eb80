"""SQLite: one writer thread with one connection, and two readers that can't write.

Sharing one engine would either lose updates (deferred transactions that read, then write) or lock readers out
(immediate ones); hence two. WAL lets them run side by side, `synchronous=FULL` makes a commit durable, and
`secure_delete` overwrites what is deleted.

What waits for a thread goes there together, in one hop and one transaction: handing a thread its work, and a
commit's way to the disk, cost more than most of what is to be done.
"""

import asyncio
import os
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self, TypeVar, cast

import aiosqlite

from bot.errors import OutdatedError, StorageError
from storage.line import LARGEST
from storage.sqlite_faults import of_sqlite
from storage.statements import Driven

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.engine.interfaces import Dialect

T = TypeVar("T")

BUSY_SECONDS = 10
"""How long to wait for another process that writes."""
READERS: Final = 2
"""So that one slow reading does not hold up all the others."""
WRITING: Final = (
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
READING: Final = (f"busy_timeout={BUSY_SECONDS * 1000}", "query_only=ON")


class _Work(NamedTuple):
    """What one caller waits for."""

    do: "Callable[[Connection], Any]"
    result: "asyncio.Future[Any]"


class _Outcome(NamedTuple):
    """What came of it."""

    value: Any = None
    error: BaseException | None = None


class _Driver(aiosqlite.Connection):
    """A connection of aiosqlite's and its thread, for whole functions: one hop for all that is to be done."""

    def __init__(self, path: Path) -> None:
        super().__init__(lambda: connect(path), iter_chunk_size=1)
        self._thread.daemon = True  # a process that is at its end does not wait for one that nobody closed

    @property
    def raw(self) -> sqlite3.Connection:
        """The driver's own connection, for its thread alone."""
        return self._conn

    async def opened(self) -> Self:
        """Itself, once it has opened the file."""
        await self
        return self

    def send(self, work: Callable[[], None]) -> None:
        """Have it run in the thread. It must not raise, and must tell by itself that it is done."""
        self._tx.put_nowait((None, work))

    async def do(self, work: Callable[[], T]) -> T:
        """Run it in the thread."""
        result: T = await self._execute(work)  # type: ignore[no-untyped-call] # aiosqlite's own
        return result


def connect(path: Path) -> sqlite3.Connection:
    """A connection of the driver's."""
    return sqlite3.connect(path, timeout=BUSY_SECONDS, cached_statements=256)


def set_up(connection: sqlite3.Connection, *pragmas: str) -> None:
    """Begin no transaction unasked, and set these pragmas."""
    connection.isolation_level = None
    for pragma in pragmas:
        _patiently(connection, f"PRAGMA {pragma}")


def _patiently(connection: sqlite3.Connection, statement: str) -> None:
    """Run it. Where several set up a new file at once, SQLite tells some of them that it is locked, and waits not."""
    patience = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute(statement)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > patience:
                raise
            time.sleep(0.005)
        else:
            return


class _Clearly:
    """Raises StorageError, in words for an operator, for trouble with the file."""

    def __init__(self, path: Path, where: str) -> None:
        self._name, self._where = str(path), where

    def __enter__(self) -> None:
        # What SQLite writes to a file that was removed while it was open would be lost without a word.
        if not os.access(self._name, os.F_OK):
            raise OutdatedError(f"{self._where} is not there. `undersigned migrate` makes one.")

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        original = getattr(error, "orig", error)  # where SQLAlchemy keeps the driver's
        ours = of_sqlite(original, self._where) if isinstance(original, sqlite3.Error) else None
        if ours is not None:
            raise ours from error


class _Thread:
    """A thread with one connection. What waits for it is done together, in one transaction.

    What one signature costs while nobody else signs is mostly the way there and back, through code that no
    cache of the processor holds any more. So callbacks hand over, not tasks, and the driver begins and ends the
    transactions: SQLAlchemy need not know of them, and is not loaded before work asks for it.
    """

    def __init__(self, path: Path, clearly: "_Clearly", begin: str, *pragmas: str) -> None:
        self._path, self._clearly, self._begin, self._pragmas = path, clearly, begin, pragmas
        self._driver: _Driver | None = None
        self._open: Driven | None = None
        self._waiting: deque[_Work] = deque()
        self._task: asyncio.Task[None] | None = None
        self.idle = True

    def do(self, work: "Callable[[Connection], T]") -> "asyncio.Future[T]":
        """Its result, or its error, when the transaction has ended."""
        loop = asyncio.get_running_loop()
        result: asyncio.Future[T] = loop.create_future()
        self._waiting.append(_Work(work, result))
        if self.idle:
            self.idle = False
            loop.call_soon(self._next, loop)  # with whoever comes in the same breath
        return result

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hand over whatever waits by now."""
        size = min(len(self._waiting), LARGEST)
        batch = [self._waiting.popleft() for _ in range(size)]
        if self._driver is None:
            self._task = loop.create_task(self._begin_with(batch, loop))
        else:
            self._driver.send(partial(self._run, batch, loop))

    async def _begin_with(self, batch: Sequence[_Work], loop: asyncio.AbstractEventLoop) -> None:
        try:
            with self._clearly:
                self._driver = await _Driver(self._path).opened()
        except Exception as error:  # noqa: BLE001 - the file can't be opened: they all learn why
            self._settle(batch, [_Outcome(error=error)] * len(batch), loop)
        else:
            self._driver.send(partial(self._run, batch, loop))

    def _settle(
        self, batch: Sequence[_Work], outcomes: Sequence[_Outcome], loop: asyncio.AbstractEventLoop
    ) -> None:
        for (_, result), (value, error) in zip(batch, outcomes, strict=True):
            if result.done():  # whoever asked may have gone
                continue
            if error is None:
                result.set_result(value)
            else:
                result.set_exception(error)
        if self._waiting:
            self._next(loop)
        else:
            self.idle = True

    def _run(self, batch: Sequence[_Work], loop: asyncio.AbstractEventLoop) -> None:
        """In the thread, as everything below."""
        loop.call_soon_threadsafe(self._settle, batch, self._outcomes(batch), loop)

    def _outcomes(self, batch: Sequence[_Work]) -> list[_Outcome]:
        """All in one transaction. If one of them fails, each in one of its own: the others must not notice."""
        try:
            with self._clearly:
                return [_Outcome(value) for value in self._together(batch)]
        except StorageError as error:  # the storage failed, not one of them
            return [_Outcome(error=error)] * len(batch)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to whoever brought it
            if len(batch) == 1:
                return [_Outcome(error=error)]
            return [outcome for work in batch for outcome in self._outcomes([work])]

    def _together(self, batch: Sequence[_Work]) -> list[Any]:
        connection, driver = self._connection(), self._raw()
        driver.execute(self._begin)
        try:
            results = [work.do(cast("Connection", connection)) for work in batch]
            driver.execute("COMMIT")
        except BaseException:
            if driver.in_transaction:  # SQLite may have ended it by itself: the disk is full, say
                driver.execute("ROLLBACK")
            raise
        return results

    def _raw(self) -> sqlite3.Connection:
        if self._driver is None:
            raise RuntimeError("the connection is made before anything is done on it")
        return self._driver.raw

    def _connection(self) -> Driven:
        """What work is given. It is made once: taking one from a pool costs as much as a query."""
        if self._open is None:
            driver = self._raw()
            set_up(driver, *self._pragmas)
            self._open = Driven(driver)
        return self._open

    async def close(self) -> None:
        """Wait for what is under way, then let go."""
        while not self.idle:
            await asyncio.wait([self.do(lambda _: None)])
        if self._driver is not None:
            await self._driver.do(self._close)
            await self._driver.close()
            self._driver = None

    def _close(self) -> None:
        if self._open is not None:
            self._open.close()


class SqliteDatabase:
    """A database file. `path` must be there before it is used (`files.make_private`)."""

    batches = LARGEST  # any number: those that wait for the writer are written in one transaction

    def __init__(self, path: Path) -> None:
        self.path = path
        self.where = f"The database {self.path}"
        self._clearly = _Clearly(self.path, self.where)
        self._writer = _Thread(self.path, self._clearly, "BEGIN IMMEDIATE", *WRITING)
        # Their transactions are snapshots that neither wait for the writer nor hold it up.
        self._readers = [_Thread(self.path, self._clearly, "BEGIN", *READING) for _ in range(READERS)]

    @property
    def dialect(self) -> "Dialect":
        from storage.engines import dialect  # noqa: PLC0415  # with SQLAlchemy, when it is asked for

        return dialect()

    async def write(self, work: "Callable[[Connection], T]") -> T:
        return await self._writer.do(work)

    async def read(self, work: "Callable[[Connection], T]") -> T:
        idle = next((reader for reader in self._readers if reader.idle), self._readers[0])
        return await idle.do(work)

    async def scan(self, work: "Callable[[Connection], T]") -> T:
        return await asyncio.to_thread(self._scan, work)

    def _scan(self, work: "Callable[[Connection], T]") -> T:
        from storage.engines import scanner  # noqa: PLC0415  # the same

        with self._clearly, scanner(self.path).connect() as connection:
            return work(connection)

    async def close(self) -> None:
        for thread in (*self._readers, self._writer):
            await thread.close()
