"""What the storage tests share: a clock that is told the time, petitions, requests, and a home for a storage."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

import storage
from bot.model.account import Account
from bot.model.petition import Act, Content, Petition, Text
from bot.model.signature import Change, Identity, Signed, SignRequest, Status
from bot.ports import Ports
from storage.changes import Changes
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
    async def ports(self) -> AsyncIterator[Ports]:
        async with storage.open_storage(self.url, self.key_file, self.clock) as ports:
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


async def change(ports: Ports, form: str, what: Change) -> Any:
    """A change that no port offers yet (accept, strike, unstrike), as one will make it."""
    signatures: Any = ports.signatures
    changes: Changes = signatures._changes
    return await signatures._database.write(lambda on: changes.change(on, form, what, signatures._clock()))


async def hold(ports: Ports, form: str) -> None:
    """Make a counted signature one that was held from the start (there are no hold rules yet)."""
    signatures: Any = ports.signatures

    def work(connection: Connection) -> None:
        locked, row = signatures._changes._locked(connection, form)
        signatures._changes.move(connection, locked, row, Status.HELD, signatures._clock())

    await signatures._database.write(work)
