"""What tables are made of: their names for constraints, row numbers, instants, columns that hold one of some words."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Integer, MetaData, String
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.types import TypeDecorator

from storage.instants import instant, micros

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "uq": "%(table_name)s_%(column_0_N_name)s_unique",
        "ix": "%(table_name)s_%(column_0_N_name)s",
        "fk": "%(table_name)s_%(column_0_name)s_of_%(referred_table_name)s",
        "ck": "%(table_name)s_%(constraint_name)s",
    }
)
# SQLite numbers rows by INTEGER PRIMARY KEY only; PostgreSQL gets 64 bits.
Id = BigInteger().with_variant(Integer(), "sqlite")

# Ids are compared byte by byte: a PostgreSQL that sorts them by a language's rules is many times slower.
FormId = String(64).with_variant(String(64, collation="C"), "postgresql")


class Instant(TypeDecorator[datetime]):
    """A column of instants."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        del dialect
        return None if value is None else micros(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        del dialect
        return None if value is None else instant(value)


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """The column holds one of these words."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=column)
