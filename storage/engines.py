"""SQLite through SQLAlchemy: engines on a file, and SQLAlchemy's connection around one of the driver's."""

import sqlite3
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, NullPool, StaticPool, create_engine, event
from sqlalchemy.engine.interfaces import Dialect

from storage.sqlite import READING, WRITING, connect, set_up

_QUIET: Final[dict[str, Any]] = {"hide_parameters": True}


def writer(path: Path) -> Engine:
    """An engine of one connection whose transactions are immediate: no other writer can come between."""
    engine = create_engine("sqlite://", creator=lambda: connect(path), poolclass=StaticPool, **_QUIET)
    event.listen(engine, "connect", lambda connection, _: set_up(connection, *WRITING))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def scanner(path: Path) -> Engine:
    """An engine that can't write, whose transactions are snapshots."""
    engine = create_engine("sqlite://", creator=lambda: connect(path), poolclass=NullPool, **_QUIET)
    event.listen(engine, "connect", lambda connection, _: set_up(connection, *READING))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def wrapped(driver: sqlite3.Connection) -> Connection:
    """SQLAlchemy's connection around this one of the driver's. Whoever has it begins and ends the transactions."""
    given = iter((sqlite3.connect(":memory:"), driver))
    engine = create_engine("sqlite://", creator=lambda: next(given), poolclass=NullPool, **_QUIET)
    engine.connect().close()  # it asks its first connection how SQLite is, and would end a transaction there
    connection = engine.connect()
    connection.begin()  # once for all, as SQLAlchemy sees it: Alembic would end a transaction that it begins
    return connection


def dialect() -> Dialect:
    """What statements for SQLite are compiled for."""
    return create_engine("sqlite://").dialect
