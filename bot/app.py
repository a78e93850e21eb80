"""The composition root: the one place that knows core, storage and adapters, and puts them together."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.errors import ConfigError, OutdatedError
from bot.platform import Platform
from bot.ports import Maintenance, Ports
from bot.ports.watching import Watch
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.core import Core


def now() -> datetime:
    """The clock that everything is wired to."""
    return datetime.now(UTC)


# --- storage ---


def maintenance(settings: Settings) -> Maintenance:
    """What an operator does to the storage as a whole."""
    import storage

    return storage.SqlMaintenance(settings.storage.url, settings.security.key_file, now)


def migrate(settings: Settings) -> Sequence[str]:
    """Bring the database to the newest schema, made if need be; the revisions that were applied."""
    if settings.storage.file is not None:
        _make_folder(settings.storage.file.parent)
    return maintenance(settings).migrate()


def create_keys(settings: Settings) -> bool:
    """Write a fresh key file; False if there is one. Raises ConfigError beside a database that has lost its own."""
    key, database = settings.security.key_file, settings.storage.file
    if database is not None and database.exists() and not key.exists():
        raise ConfigError(
            f"The database {database} is there, and its key file {key} is not. Put it back from its copy, or set "
            "security.key_file: no other key opens this database."
        )
    _make_folder(key.parent)
    return maintenance(settings).create_keys()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"The folder {folder} can't be made: {error.strerror}.") from None


@asynccontextmanager
async def open_ports(settings: Settings, watch: Watch | None = None) -> AsyncIterator[Ports]:
    """The storage as the core sees it; closed, with its intake emptied, on leaving. `watch` is told how it fares."""
    import storage

    key_file = settings.security.key_file
    most = settings.limits.community_signatures
    async with storage.open_storage(
        settings.storage.url, key_file, now, watch, community_per_minute=most
    ) as ports:
        yield ports


@asynccontextmanager
async def open_core(settings: Settings, watch: "Watch | None" = None) -> "AsyncIterator[tuple[Core, Ports]]":
    """The core on this storage, and the storage itself. Migrates it first, if need be."""
    from bot.core import Core

    async with AsyncExitStack() as opened:
        try:
            ports = await opened.enter_async_context(open_ports(settings, watch))
        except OutdatedError:
            migrate(settings)
            ports = await opened.enter_async_context(open_ports(settings, watch))
        core = Core(ports, settings.house, now)
        try:
            yield core, ports
        finally:
            await core.close()


# --- those who watch over it ---


@asynccontextmanager
async def open_monitored(settings: Settings) -> "AsyncIterator[Core]":
    """`open_core`, with metrics at `metrics.listen` if that says where."""
    if not settings.metrics.listen:
        async with open_core(settings) as (core, _):
            yield core
        return
    from adapters import monitoring
    from bot.metrics import Metrics
    from bot.vitals import Vitals

    metrics = Metrics()
    names = [name for name, one in REGISTRY.items() if one.configured(settings)]
    async with open_core(settings, metrics) as (core, ports):
        with metrics.counting_problems():
            async with monitoring.serving(settings.metrics.listen, metrics, Vitals(core, ports, names, now)):
                yield core


# --- platforms ---


class Registered(Struct, frozen=True):
    """A platform that there is an adapter for: whether it has a token, and how it is made."""

    title: str
    configured: Callable[[Settings], bool]
    make: Callable[[Settings], Platform]


def _discord(settings: Settings) -> Platform:
    from adapters import discord

    return discord.platform(settings.discord)


def _telegram(settings: Settings) -> Platform:
    from adapters import telegram

    return telegram.platform(settings.telegram)


REGISTRY: Mapping[str, Registered] = MappingProxyType(
    {
        "discord": Registered("Discord", lambda settings: settings.discord.on, _discord),
        "telegram": Registered("Telegram", lambda settings: settings.telegram.on, _telegram),
    }
)
"""Every chat platform. An SDK is imported when its platform is made: the others cost nothing."""


def platforms(settings: Settings) -> list[Platform]:
    """The platforms that have a token."""
    return [one.make(settings) for one in REGISTRY.values() if one.configured(settings)]


async def converse(core: "Core", *, name: str, locale: str) -> None:
    """Chat in this terminal until the person leaves."""
    from adapters.console import Console

    await Console(core, name=name, locale=locale).run()
