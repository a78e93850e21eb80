"""What organisers do to petitions, the same in the chat and at the command line."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot.house import House
from bot.model.community import Kind, Telling
from bot.model.petition import Content, Petition, State
from bot.pages.organisers import exported
from bot.ports import Petitions, Ports

if TYPE_CHECKING:
    from bot.export.manifest import Manifest


class Missing(StrEnum):
    """What signers would look for in vain."""

    CONTACT = "contact"
    PRIVACY = "privacy"


def completed(content: Content, house: House) -> Content:
    """`content` with the contact and the privacy line that it leaves out, if the configuration has them."""
    texts = tuple(text if text.privacy else replace(text, privacy=house.privacy) for text in content.texts)
    return replace(content, texts=texts, contact=content.contact or house.contact)


def missing(content: Content) -> Iterator[Missing]:
    """What neither the petition nor the configuration says."""
    if not content.contact:
        yield Missing.CONTACT
    if any(not text.privacy for text in content.texts):
        yield Missing.PRIVACY


async def complete(
    petitions: Petitions, petition: Petition, house: House, now: datetime, actor: str | None = None
) -> Petition | None:
    """The petition with what the configuration can add to it, stored, as long as nobody can have signed it.

    None if somebody else changed it meanwhile.
    """
    content = completed(petition.content, house)
    if petition.state(now) is not State.DRAFT or content == petition.content:
        return petition
    return await petitions.update(petition.slug, content, seen=petition.revision, actor=actor)


async def tell_exported(
    ports: Ports, petition_id: int, made: "Manifest", *, actor: str | None = None
) -> None:
    """Note an export in the audit log and tell all organisers, before anybody has the file.

    `actor` is the organiser's random id; without one it was done at the command line.
    """
    sealed = "encryption" in made.extras
    rows = f"{made.rows:,} {made.status} {'signature' if made.rows == 1 else 'signatures'}"
    detail = f"{made.format} for {made.audience}, {rows}{', encrypted' if sealed else ''}"
    await ports.audit.record("export", petition_id, detail, actor=actor)
    text = exported(made.format, made.audience, made.status, sealed=sealed, actor=actor)
    await ports.outbox.announce(Telling(petition_id, Kind.EXPORTED, total=made.rows, text=text))
