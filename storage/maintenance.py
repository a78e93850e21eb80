"""What an operator does to the storage as a whole. Implements `bot.ports.Maintenance`."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection

from bot.errors import StorageError
from bot.ports import Clock, Finding, Level, Restored
from storage import backup, keycheck, keys, organisers, schema
from storage.addresses import connect, parse_url
from storage.database import Database
from storage.erasures import Erasures
from storage.examine import examine
from storage.files import make_private
from storage.opening import require_ready
from storage.records import Records
from storage.rotation import Rotation
from storage.sqlite import SqliteDatabase
from storage.vault import Vault
from storage.verify import Verifier

T = TypeVar("T")


class SqlMaintenance:
    """Maintenance of one database and its key file."""

    def __init__(self, url: str, key_file: Path, clock: Clock) -> None:
        self._url = url
        self._key_file = key_file
        self._clock = clock

    def create_keys(self) -> bool:
        return keys.create(self._key_file)

    def migrate(self) -> Sequence[str]:
        secrets = keys.load(self._key_file)
        return run(self._migrate(secrets))

    def examine(self) -> Sequence[Finding]:
        return run(examine(self._url, self._key_file))

    async def verify(
        self, *, repair: bool = False, progress: Callable[[int, int], None] = lambda *_: None
    ) -> Sequence[Finding]:
        async with self._ready() as (database, secrets):
            reading, erasures = Records(secrets, Vault(secrets)), Erasures(self._key_file, secrets)
            return await Verifier(database, reading, erasures, progress).verify(repair=repair)

    async def rotate_key(self, progress: Callable[[int, int], None]) -> tuple[int, int]:
        async with self._ready() as (database, secrets):
            return await Rotation(database, self._key_file, secrets).run(self._clock(), progress)

    def backup(self, file: Path) -> None:
        path = self._path("backed up", f"pg_dump --format=custom --file={file} …")
        backup.back_up(path, file, self._clock())

    def prune(self, folder: Path, days: int) -> Sequence[Path]:
        path = self._path("backed up", "pg_dump …, and old dumps are yours to delete")
        return backup.prune(folder, path, self._clock() - timedelta(days=days))

    def restore(self, file: Path, *, replace: bool = False) -> Restored:
        path = self._path("restored", f"pg_restore --clean --if-exists --dbname=… {file}")
        secrets = keys.load(self._key_file)
        return backup.restore(file, path, self._key_file, secrets, self._clock(), replace=replace)

    def _path(self, done: str, command: str) -> Path:
        url = parse_url(self._url)
        if url.drivername != "sqlite":
            raise StorageError(f"PostgreSQL is {done} with its own tools: {command}")
        return Path(url.database or "")

    async def copy(self, to: str, progress: Callable[[int, int], None]) -> tuple[int, Sequence[Finding]]:
        from storage import copying  # noqa: PLC0415  with PostgreSQL's engine, which few need

        source, target = parse_url(self._url), parse_url(to)
        _require_sound(await self.verify())
        rows = await copying.copy(source, target, progress)
        return rows, _require_sound(await SqlMaintenance(to, self._key_file, self._clock).verify())

    async def add_claim(self, code: str, expires: datetime) -> None:
        async with self._ready() as (database, secrets):
            hashed, now = secrets.claim(code), self._clock()
            await database.write(lambda on: organisers.add_claim(on, hashed, expires, now))

    @asynccontextmanager
    async def _ready(self) -> AsyncIterator[tuple[Database, keys.Keys]]:
        secrets = keys.load(self._key_file)
        async with opened(self._url) as database:
            await database.read(lambda on: require_ready(on, secrets, database.where, self._key_file))
            yield database, secrets

    async def _migrate(self, secrets: keys.Keys) -> list[str]:
        async with opened(self._url) as database:
            if isinstance(database, SqliteDatabase):
                make_private(database.path, fresh=False)

            def upgrade(connection: Connection) -> list[str]:
                keycheck.require_match(connection, secrets, database.where, self._key_file)
                applied = schema.upgrade(connection, database.where)
                keycheck.bind(connection, secrets)
                return applied

            return await database.write(upgrade)


def _require_sound(findings: Sequence[Finding]) -> Sequence[Finding]:
    wrong = next((finding for finding in findings if finding.level is Level.ERROR), None)
    if wrong is not None:
        raise StorageError(f"Counted again, this was found, see `undersigned verify`: {wrong.text}")
    return findings


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """The database at a url, for one piece of work."""
    database = connect(parse_url(url))
    try:
        yield database
    finally:
        await database.close()


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end from synchronous code, also below a running event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
