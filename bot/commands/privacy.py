"""/privacy: what is stored, who can read it, for how long, whom to write to."""

from collections.abc import Mapping, Sequence

from bot import choosing
from bot.commands.spec import CommandSpec
from bot.document import Block, heading, paragraph
from bot.model.petition import Petition
from bot.pages import holding
from bot.quiet import said_lately
from bot.turn import Turn
from bot.words import chat, limits
from bot.words.catalog import Words


async def run(turn: Turn, _: Mapping[str, str]) -> None:
    if await said_lately(turn, "privacy"):
        return
    t, petitions = turn.t, await choosing.visible(turn)
    blocks = [
        heading(t(chat.PRIVACY_TITLE)),
        heading(t(chat.PRIVACY_STORED_TITLE), 2),
        t.paragraph(chat.PRIVACY_STORED),
        t.paragraph(chat.PRIVACY_ENCRYPTED),
        heading(t(chat.PRIVACY_READERS_TITLE), 2),
        t.paragraph(chat.PRIVACY_READERS),
        heading(t(chat.PRIVACY_KEEP_TITLE), 2),
        *_kept(turn),
        heading(t(chat.PRIVACY_RIGHTS_TITLE), 2),
        t.paragraph(chat.PRIVACY_RIGHTS),
        heading(t(chat.PRIVACY_PLATFORM_TITLE), 2),
        t.paragraph(chat.PRIVACY_PLATFORM),
        *_rate(turn),
        *_of_petitions(turn, petitions),
        *_contact(turn, petitions),
    ]
    await turn.answer.replace(turn.page(*blocks))


def _kept(turn: Turn) -> list[Block]:
    said = (
        (chat.PRIVACY_KEEP_DELIVERY, turn.house.days_after_delivery),
        (chat.PRIVACY_KEEP_CLOSE, turn.house.days_after_close),
    )
    kept = [turn.t.paragraph(message, count=days) for message, days in said if days is not None]
    return [*kept] or [turn.t.paragraph(chat.PRIVACY_KEEP_UNSET)]


def _rate(turn: Turn) -> list[Block]:
    """What holds signatures of every petition, whatever it says of itself."""
    most = turn.house.community_signatures
    if not most:
        return []
    return [heading(turn.t(limits.RATE_TITLE), 2), turn.t.paragraph(limits.RATE, count=most)]


def _of_petitions(turn: Turn, petitions: Sequence[Petition]) -> list[Block]:
    """What the petitions themselves promise, and whom each says to write to if that is somebody else."""
    usual = turn.house.contact
    return [block for each in petitions for block in _of_petition(each, usual, turn.t)]


def _of_petition(petition: Petition, usual: str, t: Words) -> list[Block]:
    text, contact = petition.text(t.locale), petition.content.contact
    said: list[Block] = [paragraph(text.privacy)] if text.privacy else []
    said += holding.public(petition.content.hold, t)
    said += [t.paragraph(chat.PRIVACY_CONTACT, contact=contact)] if contact not in {"", usual} else []
    return [heading(text.title, 2), *said] if said else []


def _contact(turn: Turn, petitions: Sequence[Petition]) -> list[Block]:
    """Whom to write to about whatever else, or that there is nobody to write to at all."""
    contact = turn.house.contact
    if contact:
        return [turn.t.paragraph(chat.PRIVACY_CONTACT, contact=contact)]
    named = any(each.content.contact for each in petitions)
    return [] if named else [turn.t.paragraph(chat.PRIVACY_NO_CONTACT)]


SPEC = CommandSpec("privacy", chat.PRIVACY_COMMAND, run, private=False, role_matters=True)
