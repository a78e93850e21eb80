"""What tables are made of: their names for constraints, row numbers, and columns that hold one of some words."""

from collections.abc import Iterable

from sqlalchemy import BigInteger, CheckConstraint, Integer, MetaData, String

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


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """The column holds one of these words."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=column)
