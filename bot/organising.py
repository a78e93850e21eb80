"""What organisers do to petitions, the same in the chat and at the command line."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from bot.house import House
from bot.model.petition import Content, Petition, State
from bot.ports import Petitions


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
