"""A whole Undersigned on a local Discord: storage, core, adapter, the unmodified discord.py client."""

import asyncio
import contextlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import storage
from adapters.discord.adapter import Discord
from adapters.discord.patience import Patience
from bot.core import Core
from bot.house import House
from bot.model.account import Account
from bot.model.petition import Content, Text
from bot.ports import Ports
from bot.settings import DiscordSettings
from tests.e2e.campaign import Campaign
from tests.e2e.ground import prepared
from tests.wire.discord import DiscordServer, Member, Reply

LETTER = "Dear council,\n\nkeep the library **open** in the evenings.\n\n- for pupils\n- for those who work"
ENGLISH = Text(
    "en", "Save the library", "The city council", "It closes at *four*.", LETTER, "Kept thirty days."
)
SPANISH = Text("es", "Salvad la biblioteca", "El pueblo", "Cierra a las 4.", "Abridla de noche.", "30 días.")
LIBRARY = Content("library", (ENGLISH, SPANISH), goal=4, contact="us@example.org")


class NothingGoesOut:
    """The outbox of a core that has nothing to tell anybody."""

    @contextlib.asynccontextmanager
    async def attached(self, platform, sender):
        yield


@dataclass
class Undersigned(Campaign):
    """Started against one Discord; stopped and started again, it finds its database as it was."""

    accounts_of: ClassVar[str] = "discord"
    library: ClassVar[Content] = LIBRARY

    server: DiscordServer
    folder: Path
    admins: frozenset[Account] = frozenset()
    ahead: timedelta = timedelta()
    moderator_roles: tuple[int, ...] = ()
    patience: Patience = field(default_factory=Patience)
    core: Core = field(init=False)
    ports: Ports = field(init=False)
    task: asyncio.Task[None] = field(init=False)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    @property
    def platform(self) -> Discord:
        settings = DiscordSettings(
            token=self.server.token, api_url=self.server.api_url, moderator_roles=self.moderator_roles
        )
        return Discord(settings, patience=self.patience)

    @contextlib.asynccontextmanager
    async def stored(self):
        url, key = prepared(self.folder, self.now)
        async with storage.open_storage(url, key, self.now) as self.ports:
            yield self

    @contextlib.asynccontextmanager
    async def served(self, *, ports: Ports | None = None, core: Core | None = None, wait: bool = True):
        """The adapter, connected unless told not to `wait`; what it started is ended with it."""
        self.core = core or Core(ports or self.ports, House(admins=self.admins), self.now)
        before = self.server.gateway.identified
        self.task = asyncio.create_task(self.platform.run(self.core))
        try:
            if wait:
                await self.connected(before + 1)
            yield self
        finally:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)
            if core is None:
                await self.core.close()

    async def connected(self, times: int = 1) -> None:
        def standing() -> bool:
            return self.task.done() or (
                self.server.gateway.identified >= times and bool(self.server.commands)
            )

        await self.server.until(standing, "the adapter")
        if self.task.done():
            await self.task


def fact(reply: Reply, label: str) -> str:
    """The value of one line of a receipt, as markdown."""
    found = re.search(rf"^\*\*{re.escape(label)}:\*\* (.*)$", reply.text, re.MULTILINE)
    assert found, f"no {label!r} in {reply.text!r}"
    return found[1]


async def sign(member: Member, place, **answers) -> Reply:
    """`/sign`, the form, its receipt."""
    form = await member.command(place, "sign")
    assert form.modal, form
    return await (await member.submit(form, **answers)).settled()


def read(reply: Reply) -> str:
    """What is said in plain sentences, without the marks that keep them plain."""
    return re.sub(r"\\(\W)", r"\1", reply.text)
