"""Statements compiled once for a dialect and run by the driver: what the intake needs to be fast.

Running a statement object costs SQLAlchemy more than SQLite; here it is compiled once, at start. Values go to
the driver as they are (instants as microseconds, enums as their words), and come back so. On SQLite's writer
even the driver is called directly, inside the transaction that SQLAlchemy began; its errors come as they are.
"""

import sqlite3
from bisect import bisect
from collections import namedtuple
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, Final

from sqlalchemy import Column, Connection, Engine, LargeBinary, String, Table, bindparam, insert
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql.expression import ClauseElement

from storage.line import LARGEST

SHAPES: Final = (*range(1, 15), *(LARGEST >> halved for halved in range(5, -1, -1)))
"""How many rows SQLite takes in one statement: any few of them, half a full batch, a full one."""


class Driven(Connection):
    """A connection with the `sqlite3.Connection` behind it at hand: to ask for it takes as long as a query."""

    def __init__(self, engine: Engine, driver: sqlite3.Connection) -> None:
        super().__init__(engine)
        self.driver = driver
        self.begin()  # once for all, as SQLAlchemy sees it: Alembic would end a transaction that it begins


class Statement:
    """One statement whose bound parameters are named, given in the order of `names`."""

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self.names: tuple[str, ...] = tuple(compiled.positiontup or ())
        self._fixed: dict[str, Any] = dict(compiled.params)
        self._row: Callable[[Any], Any] | None = None

    def rows(self, connection: Connection, **values: Any) -> Sequence[Any]:
        """Run it once; its rows, whose values are attributes."""
        given = self._fixed | values
        return self.rows_of(connection, [given[name] for name in self.names])

    def run(self, connection: Connection, **values: Any) -> None:
        """Run it once."""
        self.rows(connection, **values)

    def rows_of(self, connection: Connection, values: Sequence[Any]) -> Sequence[Any]:
        """The same, with the values in the order of `names`."""
        if not isinstance(connection, Driven):
            result = connection.exec_driver_sql(self.text, tuple(values))
            return result.all() if result.returns_rows else ()
        cursor = connection.driver.execute(self.text, values)
        if cursor.description is None:
            return ()
        row = self._row or self._learn_row(cursor.description)
        return [row(found) for found in cursor]

    def run_many(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
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


class RowInsert:
    """A plain INSERT of many rows, given as tuples in the order of `columns`.

    Row by row is slow everywhere: on SQLite each row is a step that hands over the interpreter's lock, on
    PostgreSQL a message. So SQLite takes as many rows in one statement as there are, of few constant shapes (the
    largest is a full batch), and PostgreSQL all of them as one array for each column.
    """

    def __init__(
        self, table: Table, columns: Sequence[str], dialect: Dialect, *, adding: str | None = None
    ) -> None:
        """`adding`: a column that is added to where a row with the same primary key is there already."""
        one = Statement(insert(table).values({name: bindparam(name) for name in columns}), dialect)
        head, values, row = one.text.partition(" VALUES ")
        tail = _adding(table, adding) if adding else ""
        self._shapes = [(size, head + values + ", ".join([row] * size) + tail) for size in SHAPES]
        arrays = (f"${place}::{_array(table.c[name])}" for place, name in enumerate(columns, 1))
        self._arrays = f"{head} SELECT * FROM unnest({', '.join(arrays)}){tail}"  # noqa: S608  # our own names only

    def run(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert the rows, of which there is one at least."""
        if not isinstance(connection, Driven):
            connection.exec_driver_sql(self._arrays, tuple(map(list, zip(*rows, strict=True))))
            return
        done, count = 0, len(rows)
        while done < count:
            size, text = self._shapes[bisect(SHAPES, count - done) - 1]
            connection.driver.execute(text, tuple(chain.from_iterable(rows[done : done + size])))
            done += size


def _array(column: Column[Any]) -> str:
    if isinstance(column.type, LargeBinary):
        return "BYTEA[]"
    return "TEXT[]" if isinstance(column.type, String) else "BIGINT[]"


def _adding(table: Table, column: str) -> str:
    """As SQLite and PostgreSQL both have it."""
    key = ", ".join(each.name for each in table.primary_key)
    return f" ON CONFLICT ({key}) DO UPDATE SET {column} = {table.name}.{column} + excluded.{column}"
