"""Statements compiled once for a dialect and run by the driver: what the intake needs to be fast.

Running a statement object costs SQLAlchemy more than SQLite; here it is compiled once, at start. Values go to
the driver as they are: instants as microseconds, enums as their words.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Connection, CursorResult, Table, bindparam, insert
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql.expression import ClauseElement


class Statement:
    """One statement whose bound parameters are named, given in the order of `names`."""

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self.names: tuple[str, ...] = tuple(compiled.positiontup or ())
        self._fixed: dict[str, Any] = dict(compiled.params)

    def run(self, connection: Connection, **values: Any) -> CursorResult[Any]:
        """Run it once."""
        given = self._fixed | values
        return connection.exec_driver_sql(self.text, tuple([given[name] for name in self.names]))

    def run_many(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Run it for each row; a row has the values in the order of `names`."""
        if rows:
            connection.exec_driver_sql(self.text, list(rows))


class RowInsert:
    """A plain INSERT of many rows, given as tuples in the order of `columns`.

    SQLite takes several rows in one statement, of few constant shapes: that is faster than `executemany`, which
    steps (and hands over the interpreter's lock) once a row. asyncpg's `executemany` is fast as it is.
    """

    def __init__(self, table: Table, columns: Sequence[str], dialect: Dialect) -> None:
        one = Statement(insert(table).values({name: bindparam(name) for name in columns}), dialect)
        self._rows_at_once = dialect.name == "sqlite"
        self._one = one
        head, values, row = one.text.partition(" VALUES ")
        self._shapes = [(rows, head + values + ", ".join([row] * rows)) for rows in (256, 64, 16, 4, 1)]

    def run(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert the rows."""
        if not self._rows_at_once:
            self._one.run_many(connection, rows)
            return
        done = 0
        for size, text in self._shapes:
            while len(rows) - done >= size:
                values = tuple(chain.from_iterable(rows[done : done + size]))
                connection.exec_driver_sql(text, values)
                done += size
