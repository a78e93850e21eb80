"""What the composition root gets: Discord with its token, to be verified, examined and run."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager

import aiohttp
import discord
from msgspec import Struct, field

from adapters.discord import checking
from adapters.discord.calls import Calls
from adapters.discord.client import Client
from adapters.discord.patience import Patience
from adapters.discord.sending import DiscordSender
from bot.core import Core
from bot.log import LOG
from bot.model.account import Place
from bot.platform import Introduction
from bot.ports import Finding
from bot.settings import DiscordSettings

TOKEN_REFUSED = 4004
"""The gateway's close code for a token that is no longer valid."""


class Discord(Struct, frozen=True):
    """Discord as `bot.platform.Platform`."""

    settings: DiscordSettings
    name: str = "discord"
    patience: Patience = field(default_factory=Patience)

    async def introduce(self) -> Introduction:
        return await checking.introduce(self.settings)

    async def examine(
        self, places: Sequence[Place] = (), pinned: Collection[Place] = ()
    ) -> Sequence[Finding]:
        return await checking.examine(self.settings, places, pinned)

    async def run(self, core: Core) -> None:
        """Serve. discord.py reconnects a lost gateway by itself; what it gives up on begins anew."""
        pause = self.patience.first_pause
        while True:
            served, reason = await self._connect(core)
            pause = self.patience.first_pause if served else pause
            LOG.warning("connection lost", platform=self.name, reason=reason, again_in=pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, self.patience.longest_pause)

    async def _connect(self, core: Core) -> tuple[bool, str]:
        """Serve until the connection is given up: whether it ever stood, and why it ended."""
        async with (
            Calls.opened(self.settings) as calls,
            Client(core, self.settings, self.patience, calls) as client,
        ):
            try:
                await client.login(self.settings.token)
                async with self._posting(core, client, calls):
                    await client.connect()
            except discord.LoginFailure:
                raise checking.unknown_token() from None
            except discord.ConnectionClosed as closed:
                if closed.code == TOKEN_REFUSED:
                    raise checking.unknown_token() from None
                return client.is_ready(), f"closed with {closed.code}"
            except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                return client.is_ready(), type(error).__name__
            finally:
                await client.finish()
            return client.is_ready(), "closed"

    @asynccontextmanager
    async def _posting(self, core: Core, client: Client, calls: Calls) -> AsyncIterator[None]:
        """While the token is known to be good, what is announced goes out."""
        me = client.user
        assert me is not None  # noqa: S101 - logging in has told
        async with core.outbox.attached(self.name, DiscordSender(calls, me.id)):
            yield
