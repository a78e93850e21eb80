"""One door to the database: `write` for everything that changes it, `read` for everything that does not.

What goes through the door is a plain function over a SQLAlchemy `Connection`, so that the repositories are
written once, synchronously, for SQLite and PostgreSQL alike.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from storage.sqlite import SqliteDatabase

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.engine.interfaces import Dialect

T = TypeVar("T")

_FILE: Final = re.compile(r"sqlite(?:\+aiosqlite)?:///(?!:memory:|file:)(.+)", re.DOTALL)


class Database(Protocol):
    """A database that is open."""

    where: str
    """How to name it to a person; never holds a password."""
    batches: int
    """How many batches of the intake may be written beside one another: more would only be more and smaller ones."""

    @property
    def dialect(self) -> "Dialect":
        """What statements are compiled for."""

    async def write(self, work: "Callable[[Connection], T]") -> T:
        """Run `work` in one transaction, durable on return, rolled back if it raises.

        `work` may be run again from the start, so it must not change anything else. Raises StorageError for
        trouble with the storage, and SQLAlchemy's own errors for what was to be stored.
        """

    async def read(self, work: "Callable[[Connection], T]") -> T:
        """Run `work` on one consistent snapshot; it can't change anything."""

    async def scan(self, work: "Callable[[Connection], T]") -> T:
        """The same for long reading, in a thread and on a connection of its own: nothing else waits for it."""

    async def close(self) -> None:
        """Wait for what is running, then let go."""


def file_of(url: str) -> Path | None:
    """The file that an address of SQLite's names, letter by letter; None for any other address."""
    file = _FILE.fullmatch(url)
    return Path(file[1]) if file else None


def serving(url: str) -> Database:
    """The database at `storage.url` for whoever serves people. Raises ConfigError."""
    if file := file_of(url):
        return SqliteDatabase(file)
    from storage.addresses import connect, parse_url  # noqa: PLC0415  # with SQLAlchemy, which a file can do without

    return connect(parse_url(url), patient=False)
