"""What every command is called with, and how it gets to its configuration and the storage."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    import typer

    from bot.ports import Ports
    from bot.settings import Settings

T = TypeVar("T")


class Invocation(Struct, frozen=True):
    """The options that stand before or after any command."""

    config: Path | None = None
    debug: bool = False

    def settings(self) -> "Settings":
        """The configuration. Raises ConfigError."""
        from bot import config

        return config.load(config.find_file(self.config))


def settings(ctx: "typer.Context") -> "Settings":
    """The configuration that this command was called with. Raises ConfigError."""
    invocation: Invocation = ctx.obj
    return invocation.settings()


@asynccontextmanager
async def storage(settings: "Settings") -> "AsyncIterator[Ports]":
    """The storage, brought to its newest schema and open."""
    from bot import app

    app.migrate(settings)
    async with app.open_ports(settings) as ports:
        yield ports


def run(work: Coroutine[None, None, T]) -> T:
    """Await `work` from a command."""
    return asyncio.run(work)
