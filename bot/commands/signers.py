"""/signers: the names of those who chose to be seen by everyone."""

from collections.abc import Mapping

from bot import choosing
from bot.answer import Button
from bot.commands.petition import WHICH
from bot.commands.spec import Action, CommandSpec
from bot.document import Block, Listing, Paragraph, Span, heading
from bot.model.petition import Petition, Reach, TotalsMode
from bot.model.signature import Dimension, Identity
from bot.tokens import token
from bot.turn import Turn
from bot.words import chat

A_PAGE = 25


async def run(turn: Turn, arguments: Mapping[str, str]) -> None:
    petition = await choosing.choose(turn, arguments.get("which", ""), "signers")
    if petition is not None:
        await _show(turn, petition, after=0)


async def _pressed(turn: Turn, arguments: tuple[str, ...]) -> None:
    petition = await choosing.by_key(turn, arguments[0])
    after = arguments[1] if len(arguments) > 1 else "0"
    if petition is not None:
        known = after.isascii() and after.isdecimal()
        await _show(turn, petition, after=int(after[:12]) if known else 0)


async def _show(turn: Turn, petition: Petition, *, after: int) -> None:
    """A page of names. In hourly mode only those of earlier days, so that nobody can watch who signs."""
    hourly = petition.content.totals is TotalsMode.HOURLY
    before = turn.now.date() if hourly else None
    listed = await turn.ports.signatures.public(petition.id, after=after, limit=A_PAGE + 1, before=before)
    page, more = listed[:A_PAGE], listed[A_PAGE:]
    t = turn.t
    blocks: list[Block] = [heading(t(chat.SIGNERS_TITLE, title=petition.text(t.locale).title))]
    blocks += [_names([identity for _, identity in page])] if page else [t.paragraph(chat.SIGNERS_NONE)]
    if hourly:
        blocks.append(t.aside(chat.SIGNERS_HOURLY))
    elif not more:
        blocks += await _others(turn, petition)
    next_page = (
        [Button(t(chat.MORE_BUTTON), token("signers", petition.key, str(page[-1][0])))] if more else []
    )
    await turn.answer.replace(turn.page(*blocks, buttons=[next_page], names_a_person=True))


def _names(identities: list[Identity]) -> Block:
    return Listing(tuple((_line(identity),) for identity in identities))


def _line(identity: Identity) -> Block:
    comment = (Span(": " + identity.comment, italic=True),) if identity.comment else ()
    return Paragraph((Span(identity.name), *comment))


async def _others(turn: Turn, petition: Petition) -> list[Block]:
    reaches = await turn.ports.tally.breakdown(petition.id, Dimension.REACH)
    others = sum(count for reach, count in reaches.items() if reach != Reach.EVERYONE)
    return [turn.t.paragraph(chat.SIGNERS_OTHERS, count=others)] if others else []


SPEC = CommandSpec("signers", chat.SIGNERS_COMMAND, run, (WHICH,), actions={"signers": Action(_pressed)})
