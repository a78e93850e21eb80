"""A whole Undersigned on a local Discord: storage on SQLite, core, adapter, the unmodified discord.py client."""

import asyncio
import contextlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import storage
from adapters.discord import platform
from bot.core import Core
from bot.house import House
from bot.model.account import Account
from bot.model.petition import Act, Content, Petition, Text
from bot.settings import DiscordSettings
from tests.wire.discord import DiscordServer

LETTER = "Dear council,\n\nkeep the library **open** in the evenings.\n\n- for pupils\n- for those who work"
ENGLISH = Text("en", "Save the library", "The city council", "It closes at *four*.", LETTER, "Kept thirty days.")
SPANISH = Text("es", "Salvad la biblioteca", "El ayuntamiento", "Cierra a las cuatro.", "Abridla de noche.", "Treinta días.")
LIBRARY = Content("library", (ENGLISH, SPANISH), goal=4, contact="us@example.org")


@dataclass
class Undersigned:
    """Started against one Discord; stopped and started again, it finds its database as it was."""

    server: DiscordServer
    folder: Path
    admins: frozenset[Account] = frozenset()
    ahead: timedelta = timedelta()
    core: Core = field(init=False)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    @contextlib.asynccontextmanager
    async def stored(self):
        url, key = f"sqlite+aiosqlite:///{self.folder / 'u.db'}", self.folder / "u.key"
        office = storage.SqlMaintenance(url, key, self.now)
        office.create_keys()
        office.migrate()
        async with storage.open_storage(url, key, self.now) as self.ports:
            yield self

    @contextlib.asynccontextmanager
    async def served(self):
        """The adapter, connected; what it started is ended with it."""
        self.core = Core(self.ports, House(admins=self.admins), self.now)
        settings = DiscordSettings(token=self.server.token, api_url=self.server.api_url)
        before = self.server.gateway.identified
        task = asyncio.create_task(platform(settings).run(self.core))
        try:
            await self.server.identified(before + 1)
            await self.server.until(lambda: self.server.commands or task.done(), "commands")
            if task.done():
                await task
            yield self
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def opened(self, content: Content = LIBRARY) -> Petition:
        await self.ports.petitions.add(content)
        await self.act(content.slug, Act.OPEN)
        return await self.ports.petitions.find(content.slug)

    async def act(self, slug: str, *acts: Act) -> None:
        for act in acts:
            await self.ports.petitions.act(slug, act)

    async def edit(self, slug: str, letter: str) -> None:
        petition = await self.ports.petitions.find(slug)
        texts = (replace(petition.content.texts[0], letter=letter), *petition.content.texts[1:])
        await self.ports.petitions.update(slug, replace(petition.content, texts=texts), seen=petition.revision)

    async def counted(self, petition: Petition) -> int:
        return (await self.ports.tally.totals(petition.id)).counted
