"""Whether a key file belongs to a database: check values of its secrets are kept in `meta`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.errors import KeyMismatchError
from storage.keys import Keys
from storage.schema import has_table
from storage.statements import Written

if TYPE_CHECKING:
    from sqlalchemy import Connection

NAME: Final = "key_checks"
_FORGET: Final = Written("DELETE FROM meta WHERE name = :name")
_NOTE: Final = Written("INSERT INTO meta (name, value) VALUES (:name, :value)")
_READ: Final = Written("SELECT value FROM meta WHERE name = :name")


def bind(connection: "Connection", keys: Keys) -> None:
    """Bind the database to these keys; of one that is bound, only newer data keys are added."""
    _FORGET.run(connection, name=NAME)
    _NOTE.run(connection, name=NAME, value=json.dumps(keys.checks()))


def require_match(connection: "Connection", keys: Keys, where: str, key_file: Path) -> None:
    """Raise KeyMismatchError unless the key file holds every secret that the database was bound to."""
    stored = json.loads(_read(connection) or "{}")
    present = keys.checks()
    if any(present.get(name) != check for name, check in stored.items()):
        raise KeyMismatchError(
            f"{where} was not encrypted under the key file {key_file}. Point security.key_file at the right one,"
            " or put back its copy."
        )


def _read(connection: "Connection") -> str | None:
    rows = _READ.rows(connection, name=NAME) if has_table(connection, "meta") else ()
    return next((str(row.value) for row in rows), None)
