"""Whether a key file belongs to a database: check values of its secrets are kept in `meta`."""

import json
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, insert, inspect, select

from bot.errors import KeyMismatchError
from storage.keys import Keys
from storage.tables import meta

NAME: Final = "key_checks"


def bind(connection: Connection, keys: Keys) -> None:
    """Bind the database to these keys; of one that is bound, only newer data keys are added."""
    connection.execute(delete(meta).where(meta.c.name == NAME))
    connection.execute(insert(meta).values(name=NAME, value=json.dumps(keys.checks())))


def require_match(connection: Connection, keys: Keys, where: str, key_file: Path) -> None:
    """Raise KeyMismatchError unless the key file holds every secret that the database was bound to."""
    stored = json.loads(_read(connection) or "{}")
    present = keys.checks()
    if any(present.get(name) != check for name, check in stored.items()):
        raise KeyMismatchError(
            f"{where} was not encrypted under the key file {key_file}. Point security.key_file at the right one,"
            " or put back its copy."
        )


def _read(connection: Connection) -> str | None:
    if not inspect(connection).has_table(meta.name):
        return None
    return connection.execute(select(meta.c.value).where(meta.c.name == NAME)).scalar()
