"""Statements as the driver runs them, written out (`Written`) or compiled by SQLAlchemy (`storage.compiled`).

Values go to the driver as they are (instants as microseconds, enums as their words), and come back so. On SQLite
even the driver is called directly, inside a transaction that was begun for it; its errors come as they are. This is
all that a bot needs for its first answers, so SQLAlchemy is not loaded here.
"""

import re
import sqlite3
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from sqlalchemy import Connection

_NAME: Final = re.compile(r":([a-z_]+)")


class Driven:
    """A connection of SQLite's: its driver at hand, and SQLAlchemy's connection, made when something asks for it."""

    def __init__(self, driver: sqlite3.Connection) -> None:
        self.driver = driver
        self._sql: Connection | None = None

    @property
    def sql(self) -> "Connection":
        """SQLAlchemy's."""
        if self._sql is None:
            from storage.engines import wrapped  # noqa: PLC0415  # not before it is asked for

            self._sql = wrapped(self.driver)
        return self._sql

    def __getattr__(self, name: str) -> Any:
        return getattr(self.sql, name)

    def close(self) -> None:
        if self._sql is not None:
            self._sql.close()
            self._sql.engine.dispose()


def sqlalchemy(connection: "Connection | Driven") -> "Connection":
    """SQLAlchemy's own connection, for what must have that very one."""
    return connection.sql if isinstance(connection, Driven) else connection


class Statement:
    """One statement for one dialect, whose bound parameters are named, given in the order of `names`."""

    def __init__(self, text: str, names: Sequence[str], fixed: Mapping[str, Any] | None = None) -> None:
        """`fixed`: values of those that are not given each time."""
        self.text = text
        self.names = tuple(names)
        self._fixed = dict(fixed or {})
        self._row: Callable[[Any], Any] | None = None

    def rows(self, connection: "Connection | Driven", **values: Any) -> Sequence[Any]:
        """Run it once; its rows, whose values are attributes."""
        given = self._fixed | values
        return self.rows_of(connection, [given[name] for name in self.names])

    def run(self, connection: "Connection | Driven", **values: Any) -> None:
        """Run it once."""
        self.rows(connection, **values)

    def rows_of(self, connection: "Connection | Driven", values: Sequence[Any]) -> Sequence[Any]:
        """The same, with the values in the order of `names`."""
        if not isinstance(connection, Driven):
            result = connection.exec_driver_sql(self.text, tuple(values))
            return result.all() if result.returns_rows else ()
        cursor = connection.driver.execute(self.text, values)
        if cursor.description is None:
            return ()
        row = self._row or self._learn_row(cursor.description)
        return [row(found) for found in cursor]

    def run_many(self, connection: "Connection | Driven", rows: Sequence[tuple[Any, ...]]) -> None:
        """Run it for each row; a row has the values in the order of `names`."""
        if isinstance(connection, Driven):
            connection.driver.executemany(self.text, rows)
        elif rows:
            connection.exec_driver_sql(self.text, list(rows))

    def _learn_row(self, description: Sequence[Sequence[Any]]) -> Callable[[Any], Any]:
        names = [column[0] for column in description]
        make: Any = namedtuple  # noqa: PYI024  # its fields are known by the query alone
        row: Callable[[Any], Any] = make("Row", names)._make
        self._row = row
        return row


class Written:
    """A statement written out, in the SQL that SQLite and PostgreSQL share; `:name` is a value."""

    def __init__(self, sql: str) -> None:
        names = _NAME.findall(sql)
        self._sqlite = Statement(_NAME.sub("?", sql), names)
        places = {name: f"${place}" for place, name in enumerate(dict.fromkeys(names), 1)}
        self._postgres = Statement(_NAME.sub(lambda found: places[found[1]], sql), tuple(places))

    def rows(self, connection: "Connection | Driven", **values: Any) -> Sequence[Any]:
        """Run it once; its rows, whose values are attributes."""
        sqlite = isinstance(connection, Driven) or connection.dialect.name == "sqlite"
        return (self._sqlite if sqlite else self._postgres).rows(connection, **values)

    def run(self, connection: "Connection | Driven", **values: Any) -> None:
        """Run it once."""
        self.rows(connection, **values)
