"""One door to the database: `write` for everything that changes it, `read` for everything that does not.

What goes through the door is a plain function over a SQLAlchemy `Connection`, so that the repositories are
written once, synchronously, for SQLite and PostgreSQL alike.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy import URL, Connection, make_url
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import ArgumentError

from bot.errors import ConfigError
from storage.sqlite import SqliteDatabase

T = TypeVar("T")


class Database(Protocol):
    """A database that is open."""

    where: str
    """How to name it to a person; never holds a password."""
    batches: int
    """How many batches of the intake may be written beside one another: more would only be more and smaller ones."""

    @property
    def dialect(self) -> Dialect:
        """What statements are compiled for."""

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction, durable on return, rolled back if it raises.

        `work` may be run again from the start, so it must not change anything else. Raises StorageError for
        trouble with the storage, and SQLAlchemy's own errors for what was to be stored.
        """

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on one consistent snapshot; it can't change anything."""

    async def scan(self, work: Callable[[Connection], T]) -> T:
        """The same for long reading, in a thread and on a connection of its own: nothing else waits for it."""

    async def close(self) -> None:
        """Wait for what is running, then let go."""


def parse_url(url: str) -> URL:
    """`storage.url` in its normal form. Raises ConfigError, and never repeats a password."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigError(
            "storage.url is not a database address: write sqlite:///undersigned.sqlite or"
            " postgresql://user:password@host/database."
        ) from error
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return _sqlite_url(parsed)
    if backend in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+asyncpg")
    raise ConfigError(f"storage.url names {backend}, and Undersigned knows sqlite and postgresql.")


def _sqlite_url(parsed: URL) -> URL:
    if not parsed.database or parsed.database == ":memory:" or parsed.database.startswith("file:"):
        raise ConfigError("storage.url must name a file, such as sqlite:///undersigned.sqlite.")
    return URL.create("sqlite", database=parsed.database)


def connect(url: URL, *, patient: bool = True) -> Database:
    """The database at a normal url. Nothing is opened before it is used.

    Whoever serves people is not `patient` with a server that says nothing.
    """
    if url.drivername == "sqlite":
        return SqliteDatabase(url)
    from storage.postgres import PostgresDatabase  # noqa: PLC0415  a tenth of a second for those on SQLite

    return PostgresDatabase(url, patient=patient)
