"""What the storage tests share: a clock that is told the time, petitions, requests, and a home for a storage."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection

import storage
from bot.model.account import Account
from bot.model.holding import Rule
from bot.model.petition import Act, Content, Petition, Text
from bot.model.review import Which
from bot.model.signature import (
    Change,
    Changed,
    Identity,
    NoSuchSignature,
    NotPossible,
    Signed,
    SignRequest,
)
from bot.ports import Ports
from storage.database import Database
from storage.keys import random_id
from storage.maintenance import opened

NOON = datetime(2026, 3, 8, 12, 0, tzinfo=UTC)
ENGLISH = Text("en", "Save the park", "The Mayor", "It is old.", "Keep the park.", "Kept for a month.")
SPANISH = Text("es", "Salvad el parque", "La alcaldía", "Es antiguo.", "Conservad el parque.", "Un mes.")
PARK = Content("park", (ENGLISH, SPANISH), goal=1000)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        self.now += by


@dataclass
class Home:
    """Where one storage lives: its address and its key file."""

    url: str
    key_file: Path
    clock: Clock = field(default_factory=Clock)

    @property
    def path(self) -> Path:
        return Path(self.url.removeprefix("sqlite:///"))

    @property
    def maintenance(self) -> storage.SqlMaintenance:
        return storage.SqlMaintenance(self.url, self.key_file, self.clock)

    @asynccontextmanager
    async def ports(self, community_per_minute: int = 0) -> AsyncIterator[Ports]:
        async with storage.open_storage(
            self.url, self.key_file, self.clock, community_per_minute=community_per_minute
        ) as ports:
            yield ports

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Database]:
        async with opened(self.url) as database:
            yield database

    async def run(self, statement: Any) -> Any:
        """Run one SQLAlchemy statement behind the storage's back; rows, if it gives any."""

        def work(connection: Connection) -> Any:
            result = connection.execute(statement)
            return result.all() if result.returns_rows else result.rowcount

        async with self.database() as database:
            return await database.write(work)


def member(name: str = "ana", platform: str = "telegram") -> Account:
    return Account(platform, f"9000{name}")


def request(petition: Petition, who: str = "ana", **changes: Any) -> SignRequest:
    """What this member asks for when they sign with everything as it is offered first."""
    made = SignRequest(
        petition_id=petition.id,
        account=member(who),
        form=random_id(),
        text_version=petition.content.texts[0].version,
        identity=Identity(who.title()),
        reach=petition.content.reach[0],
        language="en",
    )
    return replace(made, **changes)


async def opened_petition(ports: Ports, content: Content = PARK) -> Petition:
    """This petition, open."""
    added = await ports.petitions.add(content)
    assert added is not None
    await ports.petitions.act(content.slug, Act.OPEN)
    return await found(ports, content.slug)


async def found(ports: Ports, slug: str = "park") -> Petition:
    petition = await ports.petitions.find(slug)
    assert petition is not None
    return petition


async def signed(ports: Ports, petition: Petition, who: str = "ana", **changes: Any) -> Any:
    """The signature that this member now has."""
    result = await ports.signatures.sign(request(petition, who, **changes))
    assert isinstance(result, Signed), result
    return result.signature


async def held(ports: Ports, petition: Petition, who: str = "mallory", **changes: Any) -> Any:
    """The signature of somebody who is held for review."""
    return await signed(ports, petition, who, **{"hold": frozenset({Rule.ACCOUNT_AGE})} | changes)


async def change(ports: Ports, form: str, what: Change) -> Any:
    """What comes of changing this signature, as its signer or an organiser does: `signature` is a case then."""
    if what is Change.WITHDRAW:
        return await ports.signatures.withdraw(form)
    one = Which.one(form)
    for petition in await ports.petitions.all():
        preview = await ports.reviews.preview(petition.id, one, what)
        outcome: Any = await ports.reviews.settle(preview.action)
        for case in (await ports.reviews.page(petition.id, one)).cases:
            made: Any = case
            return Changed(made) if outcome.changed else NotPossible(case.status, petition.stored_state)
    return NoSuchSignature()
