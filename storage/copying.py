"""Copying a whole database into another, empty one, from SQLite to PostgreSQL or back: all of it or nothing.

The source is read in one snapshot, the target written in one transaction that makes its tables, fills them and
counts them. Nothing is decrypted on the way, so the key file stays as it is.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, NullPool, Table, delete, event, func, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import StorageError
from storage import schema
from storage.addresses import connect
from storage.faults import as_trouble, kind_of
from storage.files import make_private, remove, require_unused, sync
from storage.tables import meta, metadata

AT_A_TIME: Final = 1000
"""Rows that are on their way."""
LOOKS, BETWEEN_LOOKS = 10, 0.2
"""How often, and after how many seconds, it is asked who else uses a server's database."""
Progress = Callable[[int, int], None]


async def copy(source: URL, target: URL, progress: Progress) -> int:
    """Copy everything; how many rows. `progress` is told how many are done, of how many.

    Raises StorageError: the source is in use, the target holds something, or a row got lost; the target is then
    as it was.
    """
    _require_unused_file(source)
    made = _make_file(target)
    try:
        rows = await _copy(source, target, progress)
    except BaseException:
        if made:
            remove(made)
        raise
    if made:
        sync(made)
        sync(made.parent)
    return rows


async def _copy(source: URL, target: URL, progress: Progress) -> int:
    origin, goal = _reading(source), _writing(target)
    try:
        async with origin.connect() as reading, goal.begin() as writing:
            with _clear_errors(source):
                await _require_unused_server(reading)
                counts = await reading.run_sync(_counts)
            with _clear_errors(target):
                await writing.run_sync(_prepare, _where(target))
            done = 0
            for table in metadata.sorted_tables:
                done = await _fill(reading, writing, table, done, sum(counts.values()), progress)
            with _clear_errors(target):
                await writing.run_sync(_finish, counts)
        return done
    except (DBAPIError, OSError) as error:
        raise _trouble(error, target) from error
    finally:
        await origin.dispose()
        await goal.dispose()


async def _fill(
    reading: AsyncConnection, writing: AsyncConnection, table: Table, done: int, of: int, progress: Progress
) -> int:
    """Copy one table; how many rows are done by then, over all tables."""
    found = await reading.stream(select(table), execution_options={"yield_per": AT_A_TIME})
    async for rows in found.mappings().partitions():
        await writing.execute(insert(table), [dict(row) for row in rows])
        done += len(rows)
        progress(done, of)
    return done


# --- the target ---


def _prepare(connection: Connection, where: str) -> None:
    """Make the tables. Raises StorageError if there are any that hold something."""
    present = set(inspect(connection).get_table_names())
    for table in metadata.sorted_tables:
        if table is not meta and table.name in present and _count(connection, table):
            raise StorageError(f"{where} is not empty: its table {table.name} holds rows. Name an empty one.")
    schema.upgrade(connection, where)
    connection.execute(delete(meta))


def _finish(connection: Connection, counts: dict[str, int]) -> None:
    """Compare the counts of all tables, and let new rows come after those that are there."""
    for name, found in _counts(connection).items():
        if found != counts[name]:
            raise StorageError(
                f"Of {counts[name]} rows of the table {name}, {found} arrived. Nothing was kept."
            )
    number_on(connection)


def number_on(connection: Connection) -> None:
    """Have new rows numbered after those that were inserted with their numbers. SQLite does so by itself."""
    for table in metadata.sorted_tables:
        if connection.dialect.name == "postgresql" and table.autoincrement_column is not None:
            connection.execute(_after_last(table.name, table.autoincrement_column.name))


def _after_last(table: str, column: str) -> Any:
    sequence = f"pg_get_serial_sequence('{table}', '{column}')"
    return text(f"SELECT setval({sequence}, coalesce(max({column}), 0) + 1, false) FROM {table}")  # noqa: S608  # our own names


def _counts(connection: Connection) -> dict[str, int]:
    return {table.name: _count(connection, table) for table in metadata.sorted_tables}


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


# --- the two ends ---


def _reading(url: URL) -> AsyncEngine:
    if url.drivername == "sqlite":
        return _sqlite(url, "BEGIN")
    return _postgres(url).execution_options(isolation_level="REPEATABLE READ")


def _writing(url: URL) -> AsyncEngine:
    return _sqlite(url, "BEGIN IMMEDIATE") if url.drivername == "sqlite" else _postgres(url)


def _sqlite(url: URL, begin: str) -> AsyncEngine:
    file = url.set(drivername="sqlite+aiosqlite")
    engine = create_async_engine(file, hide_parameters=True, poolclass=NullPool)
    event.listen(engine.sync_engine, "connect", _leave_transactions_to_us)
    event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _leave_transactions_to_us(connection: Any, record: object) -> None:
    del record
    connection.isolation_level = None


def _postgres(url: URL) -> AsyncEngine:
    return create_async_engine(url, hide_parameters=True, poolclass=NullPool)


def _require_unused_file(url: URL) -> None:
    if url.drivername == "sqlite" and Path(url.database or "").exists():
        require_unused(Path(url.database or ""))


async def _require_unused_server(connection: AsyncConnection) -> None:
    if connection.dialect.name != "postgresql":
        return
    for _ in range(LOOKS):  # a connection that was closed may be listed a moment longer
        if not (await connection.execute(_OTHERS)).scalar_one():
            return
        await asyncio.sleep(BETWEEN_LOOKS)
    raise StorageError("The database is in use. Stop every `undersigned run` and whatever else is connected.")


_OTHERS: Final = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


def _make_file(url: URL) -> Path | None:
    if url.drivername != "sqlite":
        return None
    path = Path(url.database or "")
    make_private(path)
    return path


def _where(url: URL) -> str:
    return connect(url).where


@contextmanager
def _clear_errors(url: URL) -> Iterator[None]:
    try:
        yield
    except (DBAPIError, OSError) as error:
        raise _trouble(error, url) from error


def _trouble(error: Exception, url: URL) -> StorageError:
    where = _where(url)
    return as_trouble(error, where) or StorageError(
        f"{where} refuses what was to be copied: {kind_of(error)}."
    )
