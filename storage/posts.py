"""Cards and deep links of communities: what stands there, and where its links lead."""

from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from bot.ports import Link, Post
from storage.keys import random_id
from storage.tables import link, post
from storage.vault import Vault

_FIELD: Final = "post.reference"


def last_post(connection: Connection, vault: Vault, community: int, petition_id: int) -> Post | None:
    """The newest card that was posted there."""
    wanted = select(post).where(post.c.community == community, post.c.petition == petition_id)
    row = connection.execute(wanted).one_or_none()
    return Post(vault.open(_FIELD, f"{community}|{petition_id}", row.reference), row.at) if row else None


def store_post(connection: Connection, vault: Vault, community: int, petition_id: int, posted: Post) -> None:
    """Note the card that stands there now."""
    values = {
        "reference": vault.seal(_FIELD, f"{community}|{petition_id}", posted.reference),
        "at": posted.at,
    }
    there = (post.c.community == community) & (post.c.petition == petition_id)
    if not connection.execute(update(post).where(there).values(values)).rowcount:
        connection.execute(insert(post).values(values | {"community": community, "petition": petition_id}))


def find_link(connection: Connection, community: int, petition_id: int) -> str | None:
    """The id of the deep link from there to the petition."""
    wanted = select(link.c.id).where(link.c.community == community, link.c.petition == petition_id)
    return connection.execute(wanted).scalar()


def make_link(connection: Connection, community: int, petition_id: int) -> str:
    """The same, made if there is none."""
    found = find_link(connection, community, petition_id)
    if found is None:
        found = random_id()
        connection.execute(insert(link).values(id=found, community=community, petition=petition_id))
    return found


def follow_link(connection: Connection, link_id: str) -> Link | None:
    """Where a deep link leads."""
    row = connection.execute(select(link).where(link.c.id == link_id)).one_or_none()
    return Link(row.petition, row.community) if row else None


def revoke_links(connection: Connection, community: int) -> None:
    """Make every deep link from there lead nowhere."""
    connection.execute(delete(link).where(link.c.community == community))
