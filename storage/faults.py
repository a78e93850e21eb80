"""What a database's error means: something to tell the operator in one line, or bad data in one request."""

import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.errors import StorageError
from storage.sqlite_faults import of_sqlite

# A server that can't write its log of changes, WAL, gives up in mid-sentence, and can't say any more why.
_DOWN: Final = "Try again when it is up; its server's log says why: a full disk, perhaps."
# PostgreSQL's SQLSTATE classes, https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRES: Final = (
    ("53100", "{where} can't grow: the server's disk is full. Free some space; nothing stored is lost."),
    ("53300", "{where} has too many connections. Raise max_connections, or run fewer processes."),
    ("53", "{where} is out of resources. Look at its server's log."),
    ("28", "{where} refuses the user or password of storage.url. Mend storage.url."),
    ("3D000", "{where} does not exist. Create it (`createdb`), or mend storage.url."),
    ("42P01", "{where} has not been set up. Run `undersigned migrate`."),
    ("42703", "{where} is of another version. Run `undersigned migrate`."),
    ("42501", "{where} does not let this user do that. Grant it the rights on the schema."),
    ("25006", "{where} is read-only: it may be a standby. Point storage.url at the primary server."),
    ("55P03", "{where} is locked by another process. Try again."),
    ("57", f"{{where}} is going down or was interrupted. {_DOWN}"),
    ("08", f"{{where}} broke the connection. {_DOWN}"),
    ("58", "{where} reports a system error. Look at its server's log."),
    ("XX", "{where} reports an internal error. Look at its server's log."),
)
_AGAIN = {"40001", "40P01"}  # serialization failure, deadlock: the transaction is to be run again


def sqlstate(error: BaseException) -> str:
    """The SQLSTATE of an error from PostgreSQL, or an empty string."""
    original = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(original, "sqlstate", None) or "")


def may_run_again(error: BaseException) -> bool:
    """Whether PostgreSQL asks to run the whole transaction again."""
    return sqlstate(error) in _AGAIN


def is_taken(error: BaseException) -> bool:
    """Whether a row was refused because another one has what it must have alone (or for another rule of its table)."""
    return isinstance(error, IntegrityError)


def as_trouble(error: BaseException, where: str) -> StorageError | None:
    """The error as trouble with the whole storage; None if it is about what was to be stored."""
    if isinstance(error, StorageError):
        return error
    if isinstance(error, TimeoutError):
        return StorageError(f"{where} does not answer. Is its server, and the network there, well?")
    if isinstance(error, PoolTimeoutError):
        return StorageError(f"{where} has no connection left: all of them wait for an answer. Try again.")
    if isinstance(error, OSError) and not isinstance(error, DBAPIError):
        return StorageError(f"{where} can't be reached: {error.strerror or error}. Is it running?")
    if isinstance(error, sqlite3.Error):
        return of_sqlite(error, where)
    if isinstance(error, DBAPIError):
        return _of_postgres(error, where) if sqlstate(error) else _of_driver(error, where)
    state = sqlstate(error)
    return _by_prefix(state, where) if state else None


def _of_postgres(error: DBAPIError, where: str) -> StorageError | None:
    return _by_prefix(sqlstate(error), where) or (_lost(where) if error.connection_invalidated else None)


def _of_driver(error: DBAPIError, where: str) -> StorageError | None:
    original = error.orig
    if isinstance(original, sqlite3.Error):
        return of_sqlite(original, where)
    return _lost(where) if error.connection_invalidated else None


def _by_prefix(state: str, where: str) -> StorageError | None:
    known = next((text for prefix, text in _POSTGRES if state.startswith(prefix)), None)
    return StorageError(known.format(where=where)) if known else None


def _lost(where: str) -> StorageError:
    return StorageError(f"{where} broke the connection. {_DOWN}")


def kind_of(error: BaseException) -> str:
    """What kind of error it is, for the log: types and codes only, since a message may quote what was stored."""
    original = error.orig if isinstance(error, DBAPIError) else None
    names = [type(error).__name__, *([type(original).__name__] if original else []), sqlstate(error)]
    return " ".join(filter(None, names))
