"""Statements compiled once for a dialect and run by the driver: what the intake needs to be fast.

Running a statement object costs SQLAlchemy more than SQLite; here it is compiled once, at start. Values go to
the driver as they are: instants as microseconds, enums as their words.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult
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
