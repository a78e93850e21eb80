"""Key rotation: a new data key, and everything encrypted anew under it, while others go on reading and writing.

First the database notes which key it is to be, then the key file gets that key, then values are rewritten in batches.
Whatever is interrupted is finished by doing it again. The old keys stay in the file: backups need them.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, Table, delete, func, insert, or_, select, tuple_, update

from storage import audit, keycheck
from storage.database import Database
from storage.keyfile import NOTICED, extend
from storage.keys import Keys
from storage.sealed import SEALED, Sealed
from storage.tables import meta
from storage.vault import ID_BYTES, Vault

BATCH: Final = 500
MARK: Final = "key_rotation"

Progress = Callable[[int, int], None]
"""Told how many values are done, of how many."""
Key = tuple[Any, ...]
"""A row's primary key."""


class Rotation:
    """Rotates the key of one database."""

    def __init__(self, database: Database, key_file: Path, keys: Keys) -> None:
        self._database = database
        self._key_file = key_file
        self._keys = keys

    async def run(self, now: datetime, progress: Progress) -> tuple[int, int]:
        """Rotate, or finish a rotation that was interrupted: the key's id, and how many values were rewritten."""
        key_id = await self._database.write(lambda on: _begin(on, self._keys))
        keys = await asyncio.to_thread(extend, self._key_file, key_id)
        await self._database.write(lambda on: keycheck.bind(on, keys))
        done = await self._rewrite(Vault(keys), key_id, progress)
        await self._database.write(lambda on: _finish(on, key_id, done, now))
        return key_id, done

    async def _rewrite(self, vault: Vault, key_id: int, progress: Progress) -> int:
        """Pass over everything until nothing is left that a running process wrote before it noticed the new key."""
        total = await self._database.read(lambda on: _count(on, key_id))
        done, settled = 0, False
        while not settled:
            settled = await self._database.read(lambda on: _count(on, key_id)) == 0
            if settled:
                await asyncio.sleep(NOTICED)
            for table in SEALED:
                async for more in self._batches(table, vault, key_id):
                    done += more
                    progress(min(done, total), total)
        return done

    async def _batches(self, table: Table, vault: Vault, key_id: int) -> AsyncIterator[int]:
        after: Key | None = ()
        while after is not None:
            work = partial(_batch, table=table, vault=vault, key_id=key_id, after=after)
            rewritten, after = await self._database.write(work)
            yield rewritten


def begun(connection: Connection) -> int | None:
    """The key's id, if a rotation to it has begun and not ended."""
    marked = connection.execute(select(meta.c.value).where(meta.c.name == MARK)).scalar()
    return None if marked is None else int(marked)


def _begin(connection: Connection, keys: Keys) -> int:
    key_id = begun(connection)
    if key_id is not None:
        return key_id
    key_id = max(keys.key_ids) + 1
    connection.execute(insert(meta).values(name=MARK, value=str(key_id)))
    return key_id


def _finish(connection: Connection, key_id: int, done: int, now: datetime) -> None:
    connection.execute(delete(meta).where(meta.c.name == MARK))
    audit.record(connection, "key rotate", None, now, f"to key {key_id}, {done:,} values")


def _count(connection: Connection, key_id: int) -> int:
    """How many values are under another key."""
    counts = (
        select(func.count()).select_from(table).where(_stale(sealed, key_id))
        for table, columns in SEALED.items()
        for sealed in columns
    )
    return sum(connection.execute(count).scalar_one() for count in counts)


def _stale(sealed: Sealed, key_id: int) -> Any:
    """Under another key: its id is what a value begins with. Never true of null."""
    return func.substr(sealed.column, 1, ID_BYTES) != key_id.to_bytes(ID_BYTES, "big")


def _batch(
    connection: Connection, *, table: Table, vault: Vault, key_id: int, after: Key
) -> tuple[int, Key | None]:
    """Rewrite the next rows behind `after` (empty: all): how many values, and the last row's key, None at the end."""
    columns = SEALED[table]
    rows = connection.execute(_next(table, columns, key_id, after)).all()
    rewritten = sum(_rewrite(connection, table, sealed, vault, row) for row in rows for sealed in columns)
    if len(rows) < BATCH:
        return rewritten, None
    return rewritten, tuple(getattr(rows[-1], column.name) for column in table.primary_key)


def _next(table: Table, columns: tuple[Sealed, ...], key_id: int, after: Key) -> Select[Any]:
    key = list(table.primary_key)
    needed = {column.name: column for each in columns for column in (each.column, *each.needs)}
    wanted = select(*key, *needed.values()).where(or_(*(_stale(each, key_id) for each in columns)))
    if after:
        wanted = wanted.where(tuple_(*key) > tuple_(*after))
    return wanted.order_by(*key).limit(BATCH)


def _rewrite(connection: Connection, table: Table, sealed: Sealed, vault: Vault, row: Row[Any]) -> int:
    """Rewrite one value, unless it changed since it was read: what changed it used a key of its own."""
    old = getattr(row, sealed.column.name)
    if old is None or vault.current(old):
        return 0
    new = vault.reseal(sealed.field, sealed.row_of(row), old)
    mine = [column == getattr(row, column.name) for column in table.primary_key]
    changed = update(table).where(*mine, sealed.column == old).values({sealed.column.name: new})
    return connection.execute(changed).rowcount
