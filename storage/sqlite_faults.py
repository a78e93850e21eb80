"""What an error of SQLite means. Apart from `storage.faults`, which needs SQLAlchemy."""

import sqlite3
from typing import Final

from bot.errors import StorageError

_SQLITE: Final = (
    (
        "database or disk is full",
        "{where} can't grow: the disk is full. Free some space; nothing stored is lost.",
    ),
    ("readonly", "{where} is read-only. Give this user the right to write it and its folder."),
    ("read-only", "{where} is read-only. Give this user the right to write it and its folder."),
    (
        "locked",
        "{where} is locked by another process. Try again, or end what holds it (`undersigned check`).",
    ),
    ("unable to open", "{where} can't be opened. Check that its folder exists and may be written."),
    (
        "not a database",
        "{where} is not a database of Undersigned, or is damaged. `undersigned restore` a backup.",
    ),
    ("malformed", "{where} is damaged. `undersigned restore` a backup."),
    (
        "disk i/o error",
        "{where} can't be read or written: the disk reports an error. Look at the system's log.",
    ),
    ("no such table", "{where} has not been set up. Run `undersigned migrate`."),
    ("no such column", "{where} is of another version. Run `undersigned migrate`."),
)


def of_sqlite(error: sqlite3.Error, where: str) -> StorageError | None:
    """An error of SQLite as trouble with the file; None if it is about what was to be stored."""
    if isinstance(error, sqlite3.IntegrityError | sqlite3.DataError | sqlite3.InterfaceError):
        return None
    said = str(error).lower()
    known = next((text for sign, text in _SQLITE if sign in said), None)
    if known is None and type(error) not in {sqlite3.OperationalError, sqlite3.DatabaseError}:
        return None
    return StorageError((known or "{where} failed: " + str(error) + ".").format(where=where))
