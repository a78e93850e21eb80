"""What `undersigned check` says of key file and database. Looks, and changes nothing."""

import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

from bot.errors import UndersignedError
from bot.ports import Finding, Level
from storage import keycheck, keys, rotation, schema
from storage.addresses import connect, parse_url
from storage.database import Database
from storage.sqlite import SqliteDatabase

OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


async def examine(url: str, key_file: Path) -> list[Finding]:
    """A finding for each thing that was looked at; what can't be looked at is a finding too."""
    secrets, findings = _keys(key_file)
    try:
        database = connect(parse_url(url))
    except UndersignedError as error:
        return [*findings, Finding(Level.ERROR, str(error))]
    try:
        if isinstance(database, SqliteDatabase):
            findings += _file(database.path, key_file)
        findings += await database.read(lambda on: _database(on, database, secrets, key_file))
    except UndersignedError as error:
        findings.append(Finding(Level.ERROR, str(error)))
    finally:
        await database.close()
    return findings


def _keys(key_file: Path) -> tuple[keys.Keys | None, list[Finding]]:
    try:
        secrets = keys.load(key_file)
    except UndersignedError as error:
        return None, [Finding(Level.ERROR, str(error))]
    if _open_to_others(key_file):
        text = f"Other users of this machine can read the key file {key_file}."
        return secrets, [Finding(Level.WARNING, text, f"chmod 600 {key_file}")]
    return secrets, [Finding(Level.OK, f"The key file {key_file} can be read by its owner only.")]


def _file(path: Path, key_file: Path) -> list[Finding]:
    findings = []
    if path.exists() and _open_to_others(path):
        text = f"Other users of this machine can read the database {path}."
        findings.append(Finding(Level.WARNING, text, f"chmod 600 {path}"))
    if path.resolve().parent == key_file.resolve().parent:
        text = f"The key file and the database share the folder {path.resolve().parent}: a copy of it takes both."
        remedy = "Move the key file elsewhere and set security.key_file."
        findings.append(Finding(Level.WARNING, text, remedy))
    return findings


def _open_to_others(path: Path) -> bool:
    return sys.platform != "win32" and bool(path.stat().st_mode & OTHERS)


def _database(
    connection: Connection, database: Database, secrets: keys.Keys | None, key_file: Path
) -> list[Finding]:
    findings = list(_integrity(connection, database.where))
    try:
        schema.require_current(schema.current(connection), database.where)
        findings.append(Finding(Level.OK, f"{database.where} is of the current version ({schema.newest()})."))
        if secrets is not None:
            keycheck.require_match(connection, secrets, database.where, key_file)
            findings.append(Finding(Level.OK, "The database was encrypted under this key file."))
        findings += _rotation(connection)
    except UndersignedError as error:
        findings.append(Finding(Level.ERROR, str(error)))
    return findings


def _rotation(connection: Connection) -> Iterator[Finding]:
    if rotation.begun(connection):
        yield Finding(
            Level.WARNING,
            "A key rotation has begun and not ended: some names are still encrypted under an older key.",
            "If none is running now: undersigned key rotate. It goes on where it stood.",
        )


def _integrity(connection: Connection, where: str) -> Iterator[Finding]:
    """SQLite checks its own pages; a PostgreSQL server does so by itself."""
    if connection.dialect.name != "sqlite":
        return
    said = connection.execute(text("PRAGMA quick_check(1)")).scalar()
    if said == "ok":
        yield Finding(Level.OK, f"{where} is whole.")
    else:
        yield Finding(Level.ERROR, f"{where} is damaged: {said}.", "`undersigned restore` a backup.")
