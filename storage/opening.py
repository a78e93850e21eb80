"""Opening the storage: the checks that must pass, and the ports over one database.

What a bot needs for its first answers is ready when the storage is open: petitions, half-filled forms, who has
signed. The rest, and SQLAlchemy with it, is loaded a moment later (`Ports.loaded`), or when something asks for it.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from bot.ports import Clock, Ports
from bot.ports.watching import Unwatched, Watch
from storage import keycheck, keys, schema
from storage.database import Database, serving
from storage.drafts import Drafts
from storage.keyfile import KeyWatch
from storage.petitions import Petitions
from storage.records import Records
from storage.signatures import Signatures
from storage.vault import Vault

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from storage.intake import Intake
    from storage.repositories import Repositories

T = TypeVar("T")

BREATH: Final = 0.5
"""Seconds left to those who ask first, before the rest is loaded."""
_REST: Final = "storage.repositories"


@asynccontextmanager
async def open_storage(
    url: str,
    key_file: Path,
    clock: Clock,
    watch: Watch | None = None,
    *,
    community_per_minute: int = 0,
) -> AsyncIterator[Ports]:
    """The storage, as long as the context lasts; what waits to be written is written before it ends.

    `watch` is told how the intake fares. Of more signatures than `community_per_minute` from one community those
    beyond are held for review; 0: none for that.

    Raises ConfigError (url, key file), StorageError (database) or KeyMismatchError.
    """
    secrets = keys.load(key_file)
    database = serving(url)
    try:
        await database.read(lambda on: require_ready(on, secrets, database.where, key_file))
        opened = _Opened(database, secrets, key_file, clock, watch or Unwatched(), community_per_minute)
        try:
            yield opened.ports()
        finally:
            await opened.aclose()
    finally:
        await database.close()


class _Opened:
    """The ports over one database that is open."""

    def __init__(
        self,
        database: Database,
        secrets: keys.Keys,
        key_file: Path,
        clock: Clock,
        watch: Watch,
        community_per_minute: int,
    ) -> None:
        self._database, self._secrets, self._key_file, self._clock = database, secrets, key_file, clock
        self._watch, self._community_per_minute = watch, community_per_minute
        self._vault = Vault(secrets, KeyWatch(key_file))
        self._records = Records(secrets, self._vault)
        self._petitions = Petitions(database, lambda: self.rest.petition_changes)

    @cached_property
    def rest(self) -> "Repositories":
        """What is not needed at once."""
        from storage.repositories import Repositories  # noqa: PLC0415  # see above

        return Repositories(self._database, self._records, self._petitions, self._key_file, self._clock)

    @cached_property
    def intake(self) -> "Intake":
        return self.rest.intake(self._watch, self._community_per_minute)

    def ports(self) -> Ports:
        return Ports(
            petitions=self._petitions,
            signatures=Signatures(
                self._database,
                lambda: self.intake,
                lambda: self.rest.changes,
                self._records,
                self._clock,
                self._petitions.forget,
            ),
            drafts=Drafts(self._database, self._secrets, self._vault, self._clock),
            tally=_later(lambda: self.rest.tally),
            organisers=_later(lambda: self.rest.organisers),
            communities=_later(lambda: self.rest.communities),
            notices=_later(lambda: self.rest.notices),
            audit=_later(lambda: self.rest.audit),
            roster=_later(lambda: self.rest.roster),
            follows=_later(lambda: self.rest.follows),
            boards=_later(lambda: self.rest.boards),
            outbox=_later(lambda: self.rest.outbox),
            rights=_later(lambda: self.rest.rights),
            retention=_later(lambda: self.rest.retention),
            reviews=_later(lambda: self.rest.reviews),
            limits=_later(lambda: self.rest.limits),
            removals=_later(lambda: self.rest.removals),
            loaded=_loaded,
        )

    async def aclose(self) -> None:
        """Write what waits."""
        if "intake" in self.__dict__:
            await self.intake.aclose()


async def _loaded() -> None:
    if _REST not in sys.modules:
        await asyncio.sleep(BREATH)
        await asyncio.to_thread(import_module, _REST)  # nobody waits for it who asks meanwhile


class _Later:
    """Stands for what `make` gives, from when something is first asked of it."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    def __getattr__(self, name: str) -> Any:
        return getattr(self._make(), name)


def _later(make: Callable[[], T]) -> T:
    return cast("T", _Later(make))


def require_ready(connection: "Connection", secrets: keys.Keys, where: str, key_file: Path) -> None:
    """Raise StorageError or KeyMismatchError unless schema and keys are those that we work with."""
    schema.require_current(schema.current(connection), where)
    keycheck.require_match(connection, secrets, where, key_file)
