"""What an organiser does meanwhile, and what is asked of the storage, whichever platform serves the members."""

from pathlib import Path
from typing import ClassVar

from msgspec.structs import replace

from bot.model.account import Account
from bot.model.petition import Act, Content, Petition
from bot.model.signature import Signature
from bot.outbox.schedule import wakes
from bot.ports import Ports
from tests.e2e.ground import ask

INSTANTS = {"holder": ("until",), "delivery": ("due_at", "left_at"), "board": ("next_at",)}
"""What the outbox waits for, by table."""


def let_pass(folder: Path, seconds: int) -> None:
    """Time passes for what is stored: it is as if nothing had run for so long."""
    for table, columns in INSTANTS.items():
        moved = ", ".join(f"{each} = {each} - {seconds * 1_000_000}" for each in columns)
        ask(folder, f"UPDATE {table} SET {moved}")  # noqa: S608 - the names above


class Campaign:
    """Behind a connected adapter."""

    accounts_of: ClassVar[str]
    library: ClassVar[Content]
    """The petition that is opened unless a test brings its own."""
    ports: Ports

    async def opened(self, content: Content | None = None) -> Petition:
        content = content or self.library
        await self.ports.petitions.add(content)
        await self.act(content.slug, Act.OPEN)
        return await self.ports.petitions.find(content.slug)

    async def opened_quietly(self, content: Content | None = None) -> Petition:
        """The same, told to all who follow so far: to nobody."""
        petition = await self.opened(content)
        while await self.ports.outbox.spread(wakes):
            pass
        return petition

    async def act(self, slug: str, *acts: Act) -> None:
        for act in acts:
            await self.ports.petitions.act(slug, act)

    async def edit(self, slug: str, letter: str) -> None:
        petition = await self.ports.petitions.find(slug)
        texts = (replace(petition.content.texts[0], letter=letter), *petition.content.texts[1:])
        await self.ports.petitions.update(
            slug, replace(petition.content, texts=texts), seen=petition.revision
        )

    async def signatures(self, member) -> list[Signature]:
        return list(await self.ports.signatures.of(Account(self.accounts_of, str(member.id))))

    async def counted(self, petition: Petition) -> int:
        return (await self.ports.tally.totals(petition.id)).counted
