"""PostgreSQL: a pool of connections; a transaction that the server asks to run again is run again."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from sqlalchemy import URL, Connection, NullPool, event
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.errors import ConfigError
from storage.faults import as_trouble, may_run_again

T = TypeVar("T")

ATTEMPTS: Final = 6
POOL: Final = 8
CONNECT_SECONDS: Final = 10


class PostgresDatabase:
    """A database on a server."""

    def __init__(self, url: URL) -> None:
        host = url.host or url.query.get("host") or "localhost"
        self.where = f"The database {url.database} at {host}"
        try:
            self._engine = create_async_engine(
                url,
                pool_size=POOL,
                pool_pre_ping=True,
                hide_parameters=True,
                connect_args={"timeout": CONNECT_SECONDS},
            )
        except ModuleNotFoundError as error:
            raise ConfigError(
                "PostgreSQL needs the package asyncpg: pip install 'undersigned[postgres]'."
            ) from error

        event.listen(self._engine.sync_engine, "connect", _prefer_indexes)
        # One snapshot for all statements of a `read`; the level goes with BEGIN and costs nothing.
        self._snapshots = self._engine.execution_options(isolation_level="REPEATABLE READ")

    @property
    def dialect(self) -> Dialect:
        return self._engine.dialect

    async def write(self, work: Callable[[Connection], T]) -> T:
        async def once() -> T:
            async with self._engine.begin() as connection:
                return await connection.run_sync(work)

        return await self._persist(once)

    async def read(self, work: Callable[[Connection], T]) -> T:
        async def once() -> T:
            async with self._snapshots.connect() as connection:
                return await connection.run_sync(work)

        return await self._persist(once)

    async def scan(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.to_thread(asyncio.run, self._scan(work))

    async def _scan(self, work: Callable[[Connection], T]) -> T:
        # Its connection belongs to this thread's own loop, so that what `work` computes holds up no other.
        engine = create_async_engine(self._engine.url, hide_parameters=True, poolclass=NullPool)
        with self._clear_errors():
            async with engine.execution_options(isolation_level="REPEATABLE READ").connect() as connection:
                return await connection.run_sync(work)

    async def close(self) -> None:
        await self._engine.dispose()

    async def _persist(self, once: Callable[[], Awaitable[T]]) -> T:
        with self._clear_errors():
            for attempt in range(1, ATTEMPTS):
                try:
                    return await once()
                except DBAPIError as error:
                    if not may_run_again(error):
                        raise
                # Whoever collided with us waits another while than we do.
                await asyncio.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311  # no secret
            return await once()

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            trouble = as_trouble(error, self.where)
            if trouble is None:
                raise
            raise trouble from error


def _prefer_indexes(connection: Any, record: object) -> None:
    """Every short statement of ours has its index, and its plan is kept for as long as the connection.

    A plan that was made while a table was small would go on reading all of it when it has grown.
    """
    del record
    cursor = connection.cursor()
    cursor.execute("SET enable_seqscan = off")
    cursor.execute("SET jit = off")
    cursor.close()
    connection.commit()
