"""INSERT that may find the row there."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.engine.interfaces import Dialect


def insert_or(table: Table, dialect: Dialect) -> Any:
    """An INSERT with `on_conflict_do_update`, which each dialect has of its own. Loads the one that is asked for."""
    if dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert  # noqa: PLC0415  see above

        return insert(table)
    from sqlalchemy.dialects import sqlite  # noqa: PLC0415  the same

    return sqlite.insert(table)
