"""The version of the schema, and bringing a database to it (Alembic, in one transaction).

Alembic, and SQLAlchemy with it, is loaded when there is something to bring: most starts find all in order.
"""

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.errors import OutdatedError, StorageError
from storage.statements import Driven, Written, sqlalchemy

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from sqlalchemy import Connection

MIGRATIONS: Final = Path(__file__).parent / "migrations"
_LOCK: Final = 0x756E6465  # "unde": PostgreSQL's advisory locks are numbers
_VERSION: Final = Written("SELECT version_num FROM alembic_version")
_TABLE: Final = Written("SELECT name FROM sqlite_master WHERE type = 'table' AND name = :name")


def revisions() -> list[str]:
    """Every revision, the oldest first: each stands at the beginning of its file's name."""
    return sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def newest() -> str:
    """The revision that this version of Undersigned works with."""
    known = revisions()
    if not known:
        raise StorageError(
            "Undersigned is not installed whole: its migrations are missing. Install it again."
        )
    return known[-1]


def current(connection: "Connection") -> str | None:
    """The revision of a database; None if it has none of our tables."""
    rows = _VERSION.rows(connection) if has_table(connection, "alembic_version") else ()
    return next((str(row.version_num) for row in rows), None)


def has_table(connection: "Connection | Driven", name: str) -> bool:
    """Whether the database has a table of this name."""
    if isinstance(connection, Driven):
        return bool(_TABLE.rows(connection, name=name))
    from sqlalchemy import inspect  # noqa: PLC0415  # see above

    return bool(inspect(connection).has_table(name))


def require_current(revision: str | None, where: str) -> None:
    """Raise StorageError, saying what to do, unless `revision` is the newest."""
    if revision == newest():
        return
    if revision is None:
        raise OutdatedError(f"{where} has not been set up. Run `undersigned migrate`.")
    require_known(revision, where)
    raise OutdatedError(f"{where} is of an older version ({revision}). Run `undersigned migrate`.")


def require_known(revision: str, where: str) -> None:
    """Raise StorageError if a newer version of Undersigned made this revision."""
    if revision not in revisions():
        raise StorageError(
            f"{where} was written by a newer version of Undersigned ({revision}). Install that version."
        )


def upgrade(connection: "Connection", where: str) -> list[str]:
    """Apply what is missing; the revisions that were applied. The caller's transaction commits them.

    Two processes can't migrate at once: SQLite's transaction is immediate, PostgreSQL takes an advisory lock.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    before = current(connection)
    if before is not None:
        require_known(before, where)
    pending = [revision for revision in revisions() if before is None or revision > before]
    if pending:
        from alembic import command  # noqa: PLC0415  # see above

        config = _config()
        config.attributes["connection"] = sqlalchemy(connection)
        command.upgrade(config, "head")
        new = " It is new and empty." if before is None else ""
        logging.getLogger(__name__).info("%s is now at schema %s.%s", where, pending[-1], new)
    return pending


def _config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415  # see above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _script() -> "ScriptDirectory":
    from alembic.script import ScriptDirectory  # noqa: PLC0415  # see above

    return ScriptDirectory.from_config(_config())
