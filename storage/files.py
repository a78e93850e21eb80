"""Database files of SQLite as files: making private ones, and telling what a file is."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from bot.errors import StorageError
from storage.sqlite_faults import of_sqlite

MAGIC: Final = b"SQLite format 3\x00"
COMPANIONS: Final = ("-wal", "-shm", "-journal")


def make_private(path: Path, *, fresh: bool = True) -> None:
    """An empty file that only its owner can read; with `fresh`, never one that is there. Raises StorageError."""
    flags = os.O_RDWR | os.O_CREAT | (os.O_EXCL if fresh else 0)
    try:
        os.close(os.open(path, flags, 0o600))
    except FileExistsError as error:
        raise StorageError(f"{path} is there already and is not overwritten. Name another file.") from error
    except OSError as error:
        raise StorageError(f"{path} can't be created: {error.strerror}. Check its folder.") from error


def require_sqlite(path: Path) -> None:
    """Raise StorageError unless the file is there and starts as SQLite's do."""
    try:
        with path.open("rb") as file:
            start = file.read(len(MAGIC))
    except OSError as error:
        raise StorageError(f"{path} can't be read: {error.strerror}.") from error
    if start != MAGIC:
        raise StorageError(f"{path} is not a database: it is no backup of Undersigned.")


@contextmanager
def connected(path: Path, *, timeout: float = 10, read_only: bool = False) -> Iterator[sqlite3.Connection]:
    """A plain connection; what SQLite reports becomes StorageError."""
    name = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rw'}"
    try:
        with closing(sqlite3.connect(name, uri=True, timeout=timeout, isolation_level=None)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise of_sqlite(error, str(path)) or StorageError(f"{path}: {error}.") from error


class InUseError(StorageError):
    """Somebody else has the database open."""


def require_unused(path: Path) -> None:
    """Leave WAL: that needs the database for itself alone, and leaves a single file. Raises InUseError."""
    try:
        with connected(path, timeout=1) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except StorageError as error:
        if "locked" not in str(error.__cause__):
            raise
        raise InUseError(
            f"The database {path} is in use. Stop `undersigned run` and whatever else has it open first."
        ) from error


def sync(path: Path) -> None:
    """Wait until a file, or a folder's list of files, is on the disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows has no such call for folders
    file = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def remove(path: Path) -> None:
    """Remove a database file and what SQLite keeps beside it."""
    for name in ("", *COMPANIONS):
        path.with_name(path.name + name).unlink(missing_ok=True)


def move(path: Path, target: Path) -> None:
    """Move a database file and what SQLite keeps beside it, so far as they are there."""
    for name in (*COMPANIONS, ""):
        part = path.with_name(path.name + name)
        if part.exists():
            part.replace(target.with_name(target.name + name))
