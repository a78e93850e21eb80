"""Statements that SQLAlchemy builds, compiled once for a dialect and run by the driver, as the intake needs it.

Running a statement object costs SQLAlchemy more than SQLite.
"""

from bisect import bisect
from collections.abc import Sequence
from itertools import chain
from typing import Any, Final

from sqlalchemy import Column, Connection, LargeBinary, String, Table, bindparam, insert
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql.expression import ClauseElement

from storage.line import LARGEST
from storage.statements import Driven, Statement

SHAPES: Final = (*range(1, 15), *(LARGEST >> halved for halved in range(5, -1, -1)))
"""How many rows SQLite takes in one statement: any few of them, half a full batch, a full one."""


def compiled(statement: ClauseElement, dialect: Dialect) -> Statement:
    """The statement for this dialect, with the names of its bound parameters."""
    made: Any = statement.compile(dialect=dialect)
    return Statement(str(made), made.positiontup or (), made.params)


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
        one = compiled(insert(table).values({name: bindparam(name) for name in columns}), dialect)
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
