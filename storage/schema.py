"""The version of the schema, and bringing a database to it (Alembic, in one transaction)."""

import logging
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.errors import StorageError

MIGRATIONS: Final = Path(__file__).parent / "migrations"
_LOCK: Final = 0x756E6465  # "unde": PostgreSQL's advisory locks are numbers


def newest() -> str:
    """The revision that this version of Undersigned works with."""
    head = _script().get_current_head()
    if head is None:
        raise StorageError(
            "Undersigned is not installed whole: its migrations are missing. Install it again."
        )
    return head


def current(connection: Connection) -> str | None:
    """The revision of a database; None if it has none of our tables."""
    return MigrationContext.configure(connection).get_current_revision()


def require_current(revision: str | None, where: str) -> None:
    """Raise StorageError, saying what to do, unless `revision` is the newest."""
    if revision == newest():
        return
    if revision is None:
        raise StorageError(f"{where} has not been set up. Run `undersigned migrate`.")
    require_known(revision, where)
    raise StorageError(f"{where} is of an older version ({revision}). Run `undersigned migrate`.")


def require_known(revision: str, where: str) -> None:
    """Raise StorageError if a newer version of Undersigned made this revision."""
    if revision not in {script.revision for script in _script().walk_revisions()}:
        raise StorageError(
            f"{where} was written by a newer version of Undersigned ({revision}). Install that version."
        )


def upgrade(connection: Connection, where: str) -> list[str]:
    """Apply what is missing; the revisions that were applied. The caller's transaction commits them.

    Two processes can't migrate at once: SQLite's transaction is immediate, PostgreSQL takes an advisory lock.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    before = current(connection)
    if before is not None:
        require_known(before, where)
    pending = [script.revision for script in _script().iterate_revisions("head", before or "base")]
    if pending:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        logging.getLogger(__name__).info("The schema is now at %s.", pending[0])
    return pending[::-1]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())
