"""A community's row: found by a keyed hash of its place, whose id and name are kept encrypted."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select, update

from bot.model.account import Place, PlaceKind
from storage.outreach_tables import community
from storage.vault import Vault

_FIELD: Final = "community.details"


def store(connection: Connection, vault: Vault, hashed: bytes, place: Place, now: datetime) -> int:
    """The id of this community, made if there is none. `hashed` is the place's hash (`Keys.place`)."""
    values = columns(vault, hashed, place)
    found = connection.execute(select(community.c.id).where(community.c.place == hashed)).scalar()
    if found is not None:
        connection.execute(update(community).where(community.c.id == found).values(values))
        return int(found)
    made = insert(community).values(values | {"platform": place.platform, "place": hashed, "since": now})
    return int(connection.execute(made.returning(community.c.id)).scalar_one())


def find(connection: Connection, vault: Vault, number: int) -> Place | None:
    """The place of this community; None if there is none, or it has been erased."""
    wanted = select(community).where(community.c.id == number, community.c.details.is_not(None))
    row = connection.execute(wanted).one_or_none()
    return place_of(vault, row) if row else None


def columns(vault: Vault, hashed: bytes, place: Place) -> dict[str, Any]:
    """What is stored of a place beside its hash."""
    details = [place.place_id, place.name, place.discreet]
    return {"kind": place.kind.value, "details": vault.seal(_FIELD, hashed.hex(), details)}


def place_of(vault: Vault, row: Row[Any]) -> Place:
    """The place in a row of `community` (`platform`, `kind`, `place`, `details`) that has not been erased."""
    place_id, name, discreet = vault.open(_FIELD, row.place.hex(), row.details)
    return Place(row.platform, place_id, PlaceKind(row.kind), name, discreet=discreet)
