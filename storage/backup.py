"""Copies of an SQLite database, and putting one in its place."""

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, exists, insert, select, update

from bot.errors import StorageError
from bot.ports import Restored
from storage import keycheck, schema
from storage.engines import writer
from storage.erasing import erase_again
from storage.erasures import Erasures
from storage.files import (
    InUseError,
    connected,
    make_private,
    move,
    remove,
    require_sqlite,
    require_unused,
    sync,
)
from storage.instants import instant, micros
from storage.keys import Keys
from storage.tables import announcement, delivery, follow, meta, notice

MADE: Final = "backup_made"
RESTORED: Final = "restored_at"


def back_up(path: Path, file: Path, now: datetime) -> None:
    """Copy the database at `path` to a new `file`, whole and of one instant, while others read and write.

    Raises StorageError, and leaves no half file.
    """
    require_sqlite(path)
    make_private(file)
    try:
        with connected(path) as source, connected(file) as copy:
            source.backup(copy)  # in one step: a reader's snapshot, which WAL keeps out of writers' way
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
            copy.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (MADE, str(micros(now))))
        sync(file)
        sync(file.parent)
    except BaseException:
        remove(file)
        raise


def prune(folder: Path, path: Path, before: datetime) -> list[Path]:
    """Delete the backups of the database at `path` that lie in `folder` and were made `before`; which ones.

    What is no backup of that very database (by the check value of its pepper) is left alone.
    """
    mine = _marks(path)
    made = [(file, _marks(file)) for file in sorted(folder.iterdir()) if _is_backup(file)]
    old = [
        file
        for file, marks in made
        if MADE in marks and marks.get(_OF) == mine.get(_OF) and instant(int(marks[MADE])) < before
    ]
    for file in old:
        remove(file)
    return old


_OF: Final = "pepper"


def _is_backup(file: Path) -> bool:
    try:
        require_sqlite(file)
    except StorageError:
        return False
    return file.is_file() and not file.is_symlink()


def _marks(file: Path) -> dict[str, str]:
    """What a database says of itself: when it was made as a backup, and the pepper it belongs to."""
    with connected(file, read_only=True) as connection:
        try:
            rows = dict(connection.execute("SELECT name, value FROM meta").fetchall())
        except sqlite3.DatabaseError:
            return {}
    checks = json.loads(rows.get(keycheck.NAME, "{}"))
    return {name: value for name, value in ((MADE, rows.get(MADE)), (_OF, checks.get(_OF))) if value}


def restore(file: Path, path: Path, key_file: Path, keys: Keys, now: datetime, *, replace: bool) -> Restored:
    """Put the backup `file` in place of the database at `path`, which is kept aside.

    All is done on a copy first: a backup that does not fit changes nothing. Raises StorageError or
    KeyMismatchError.
    """
    require_sqlite(file)
    if path.exists() and not replace:
        raise StorageError(
            f"The database {path} is there. `--replace` puts the backup in its place and keeps it aside."
        )
    staged = path.with_name(f"{path.name}.restoring")
    remove(staged)
    make_private(staged)
    try:
        restored = _stage(file, staged, key_file, keys, now)
        _put_aside(path, now)
        staged.replace(path)
        sync(path.parent)
    except BaseException:
        remove(staged)
        raise
    return restored


def _stage(file: Path, staged: Path, key_file: Path, keys: Keys, now: datetime) -> Restored:
    with connected(file) as source, connected(staged) as copy:
        source.backup(copy)
        if copy.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            raise StorageError(f"The backup {file} is damaged. Take another one.")
    engine = writer(staged)
    try:
        with engine.begin() as connection:
            restored = _prepare(connection, file, key_file, keys, now)
    finally:
        engine.dispose()
    with connected(staged) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")
    sync(staged)
    return restored


def _prepare(connection: Connection, file: Path, key_file: Path, keys: Keys, now: datetime) -> Restored:
    where = f"The backup {file}"
    if schema.current(connection) is None:
        raise StorageError(f"{file} is no backup of Undersigned: it has none of its tables.")
    keycheck.require_match(connection, keys, where, key_file)
    schema.upgrade(connection, where)
    keycheck.bind(connection, keys)
    made = connection.execute(select(meta.c.value).where(meta.c.name == MADE)).scalar()
    connection.execute(delete(meta).where(meta.c.name.in_([MADE, RESTORED])))
    connection.execute(insert(meta).values(name=RESTORED, value=str(micros(now))))
    return Restored(
        made=instant(int(made)) if made else datetime.fromtimestamp(file.stat().st_mtime, UTC),
        erased=erase_again(connection, Erasures(key_file, keys), keys, now),
        held_back=_hold_back(connection, now),
    )


def _hold_back(connection: Connection, now: datetime) -> int:
    """Keep what was due or under way, and may have gone out since, until an organiser decides."""
    may_be_out = (delivery.c.state == "in_flight") | (delivery.c.state == "due") & (delivery.c.due_at <= now)
    due = update(delivery).where(may_be_out).values(state="held_back")
    follows = exists().where(follow.c.petition == announcement.c.petition)
    asked = exists().where(notice.c.petition == announcement.c.petition)
    heard = (announcement.c.state == "ready") & (follows | asked)
    unspread = update(announcement).where(heard).values(state="held_back")
    return connection.execute(due).rowcount + connection.execute(unspread).rowcount


def _put_aside(path: Path, now: datetime) -> None:
    """Move the present database away, unless somebody has it open. A damaged one is moved as it is."""
    if path.exists():
        try:
            require_unused(path)
        except InUseError:
            raise
        except StorageError:
            pass
    move(path, path.with_name(f"{path.name}.before-restore-{now:%Y%m%dT%H%M%SZ}"))
