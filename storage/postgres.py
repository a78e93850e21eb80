"""PostgreSQL: a pool of connections; a transaction that the server asks to run again is run again.

A server that says nothing is given up after `SILENCE_SECONDS`, and so are all connections that were made before.
What became of a transaction that was being committed is not known then. Whoever asked is told to try again, and
what is asked for again leads to the first result, if there was one.
"""

import asyncio
import random
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from sqlalchemy import URL, Connection, NullPool, event
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import ConfigError
from storage.faults import as_trouble, may_run_again

T = TypeVar("T")

ATTEMPTS: Final = 6
POOL: Final = 8
BATCHES: Final = 3
"""Measured with ten petitions and one to four bots: more at once cost the server more than they gain."""
CONNECT_SECONDS: Final = 10
SILENCE_SECONDS = 30.0
"""For how long one statement of a bot that serves may go unanswered. Work for an operator takes its time."""
_KEEPING: Final = (
    # (option of a TCP socket, seconds or times): a peer that has gone without a word is noticed in a minute.
    ("TCP_KEEPIDLE", 30),
    ("TCP_KEEPINTVL", 10),
    ("TCP_KEEPCNT", 3),
)
_SETTINGS: Final = {
    # Every short statement of ours has its index, and its plan is kept for as long as the connection: one that was
    # made while a table was small would go on reading all of it when it has grown.
    "enable_seqscan": "off",
    "jit": "off",
    # The server looks after us in the same way. It ignores these on a Unix socket.
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}


class PostgresDatabase:
    """A database on a server. One that is `patient` waits for an answer as long as it takes."""

    batches = BATCHES

    def __init__(self, url: URL, *, patient: bool = True) -> None:
        host = url.host or url.query.get("host") or "localhost"
        self.where = f"The database {url.database} at {host}"
        silence = None if patient else SILENCE_SECONDS
        try:
            self._engine = _engine(url, silence, pool_size=POOL)
        except ModuleNotFoundError as error:
            raise ConfigError(
                "PostgreSQL needs the package asyncpg: pip install 'undersigned[postgres]'."
            ) from error

        event.listen(self._engine.sync_engine, "checkout", _check)
        event.listen(self._engine.sync_engine, "checkin", _note)
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
        engine = _engine(self._engine.url, None, poolclass=NullPool)
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


def _engine(url: URL, silence: float | None, **pool: Any) -> AsyncEngine:
    """An engine whose statements wait `silence` seconds for an answer, or for ever."""
    driver = {"timeout": CONNECT_SECONDS, "command_timeout": silence}
    engine = create_async_engine(url, hide_parameters=True, connect_args=driver, **pool)
    settings = dict(_SETTINGS)
    if silence:  # a transaction whose bot has gone must not hold a petition's lock; it begins where ours ends
        settings["idle_in_transaction_session_timeout"] = str(int(silence * 1000))
    event.listen(engine.sync_engine, "connect", lambda connection, _: _prepare(connection, settings))
    event.listen(engine.sync_engine, "handle_error", _give_up)
    return engine


def _prepare(connection: Any, settings: dict[str, str]) -> None:
    """Set up a new connection, in one statement."""
    _keep_alive(connection.driver_connection)
    calls = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in settings.items())
    cursor = connection.cursor()
    cursor.execute(f"SELECT {calls}")
    cursor.close()
    connection.commit()


def _keep_alive(driver: Any) -> None:
    """Let the system notice that the server's machine has gone, also while nothing waits for an answer."""
    transport = getattr(driver, "_transport", None)  # asyncpg has no other way to it
    socket_ = transport.get_extra_info("socket") if transport else None
    if socket_ is None or socket_.family not in {socket.AF_INET, socket.AF_INET6}:
        return
    socket_.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEPING:
        if hasattr(socket, name):  # not every system has them all
            socket_.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _give_up(context: Any) -> None:
    """After silence no connection is worth anything: neither this one nor those that wait in the pool."""
    if isinstance(context.original_exception, TimeoutError):
        context.is_disconnect = True


def _note(_: Any, record: Any) -> None:
    record.info["used"] = True


def _check(connection: Any, record: Any, _: Any) -> None:
    """Before a connection is used again it must answer. The pool's own ping takes silence for no answer yet."""
    if "used" not in record.info:
        return
    try:
        connection.ping()
    except Exception as error:
        raise InvalidatePoolError from error
