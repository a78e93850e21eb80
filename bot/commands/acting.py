"""Opening, closing, pausing, delivering a petition in the chat: what it means is said first, then it is confirmed."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import Struct

from bot import choosing
from bot.answer import Button, Style
from bot.commands.petition import WHICH
from bot.commands.spec import Action, CommandSpec
from bot.document import Block, Moment, heading
from bot.later import Later
from bot.model.petition import TARGETS, TRANSITIONS, Act, Petition, State
from bot.model.signature import ActRefused
from bot.organising import complete, completed
from bot.roles import Role
from bot.tokens import token
from bot.turn import Turn
from bot.words import organising as said
from bot.words.catalog import Message

if TYPE_CHECKING:
    from bot.pages import missing as pages_missing
else:
    pages_missing = Later("bot.pages.missing")


class Wording(Struct, frozen=True):
    """What is said about one act: as a command, as a question, as its button, and once it is done."""

    command: Message
    question: Message
    yes: Message
    done: Message
    means: tuple[Message, ...] = ()
    final: bool = False


WORDINGS: Mapping[Act, Wording] = MappingProxyType(
    {
        Act.OPEN: Wording(
            said.OPEN_COMMAND, said.OPEN_TITLE, said.OPEN_YES, said.OPENED, (said.ACT_IS_TOLD,)
        ),
        Act.CLOSE: Wording(
            said.CLOSE_COMMAND,
            said.CLOSE_TITLE,
            said.CLOSE_YES,
            said.CLOSED,
            (said.CLOSE_MEANS, said.ACT_IS_TOLD),
        ),
        Act.REOPEN: Wording(
            said.REOPEN_COMMAND, said.REOPEN_TITLE, said.REOPEN_YES, said.OPENED, (said.ACT_IS_TOLD,)
        ),
        Act.PAUSE: Wording(
            said.PAUSE_COMMAND, said.PAUSE_TITLE, said.PAUSE_YES, said.PAUSED, (said.PAUSE_MEANS,)
        ),
        Act.RESUME: Wording(said.RESUME_COMMAND, said.RESUME_TITLE, said.RESUME_YES, said.OPENED),
        Act.DELIVER: Wording(
            said.DELIVER_COMMAND,
            said.DELIVER_TITLE,
            said.DELIVER_YES,
            said.DELIVERED,
            (said.DELIVER_MEANS, said.ACT_IS_TOLD),
            final=True,
        ),
    }
)
_REFUSALS: Mapping[State, Message] = MappingProxyType(
    {
        State.DRAFT: said.REFUSED_DRAFT,
        State.OPEN: said.REFUSED_OPEN,
        State.PAUSED: said.REFUSED_PAUSED,
        State.CLOSED: said.REFUSED_CLOSED,
        State.DELIVERED: said.REFUSED_DELIVERED,
    }
)


def spec(act: Act) -> CommandSpec:
    """The command that does this act, asking first."""

    async def run(turn: Turn, arguments: Mapping[str, str]) -> None:
        def fits(petition: Petition) -> bool:
            return (petition.state(turn.now), act) in TRANSITIONS

        which = arguments.get("which", "")
        petition = await choosing.choose(turn, which, f"may-{act}", fits=fits)
        if petition is not None:
            await ask(turn, petition)

    async def ask(turn: Turn, petition: Petition) -> None:
        await _ask(turn, petition, act)

    async def do(turn: Turn, petition: Petition) -> None:
        await _do(turn, petition, act)

    actions = {
        f"may-{act}": Action(choosing.pressed(ask), role=Role.ORGANISER),
        f"do-{act}": Action(choosing.pressed(do), role=Role.ORGANISER),
    }
    return CommandSpec(act.value, WORDINGS[act].command, run, (WHICH,), role=Role.ORGANISER, actions=actions)


async def _ask(turn: Turn, petition: Petition, act: Act) -> None:
    """Say what it means, and ask; or why it can't be."""
    if await _told_why_not(turn, petition, act):
        return
    t, wording = turn.t, WORDINGS[act]
    totals = await turn.ports.tally.totals(petition.id, live=True)
    blocks: list[Block] = [heading(t(wording.question, title=petition.text(t.locale).title))]
    if totals.counted:
        blocks.append(t.paragraph(said.SIGNED_SO_FAR, count=totals.counted))
    blocks += [*_times(turn, petition, act), *_warnings(turn, petition, act)]
    blocks += [t.paragraph(message) for message in wording.means]
    style = Style.DANGER if wording.final else Style.PRIMARY
    rows = [
        [Button(t(wording.yes), token(f"do-{act}", petition.key), style=style)],
        [Button(t(said.NO_BUTTON), token("keep"))],
    ]
    await turn.answer.replace(turn.page(*blocks, buttons=rows))


def _times(turn: Turn, petition: Petition, act: Act) -> Iterator[Block]:
    opens, closes = petition.content.opens, petition.content.closes
    if act is Act.OPEN and opens is not None and opens > turn.now:
        yield turn.t.paragraph(said.OPENS_ITSELF, when=Moment(opens))
    if act not in {Act.OPEN, Act.REOPEN, Act.RESUME} or closes is None:
        return
    if closes > turn.now:
        yield turn.t.paragraph(said.OPENS_UNTIL, when=Moment(closes))
    elif act is Act.REOPEN:
        yield turn.t.paragraph(said.REOPENS_WITHOUT_END)


def _warnings(turn: Turn, petition: Petition, act: Act) -> Iterator[Block]:
    """What signers would miss, said before they can sign."""
    if act is not Act.OPEN:
        return
    content = completed(petition.content, turn.house)
    if content != petition.content:
        yield turn.t.paragraph(said.FROM_CONFIGURATION)
    yield from pages_missing.warnings(content, turn.t)


async def _do(turn: Turn, petition: Petition, act: Act) -> None:
    title = petition.text(turn.t.locale).title
    if await _told_why_not(turn, petition, act):
        return
    actor = await turn.ports.organisers.actor(turn.account, turn.t.locale)
    if act is Act.OPEN and not await complete(turn.ports.petitions, petition, turn.house, turn.now, actor):
        await turn.say_instead(said.CHANGED_MEANWHILE, title=title)
        return
    result = await turn.ports.petitions.act(petition.slug, act, actor=actor)
    if isinstance(result, ActRefused):  # it was moved since it was read
        await turn.say_instead(_REFUSALS[result.state], title=title)
    else:
        await turn.say_instead(WORDINGS[act].done if result.moved else said.STANDS_ALREADY, title=title)


async def _told_why_not(turn: Turn, petition: Petition, act: Act) -> bool:
    title, state = petition.text(turn.t.locale).title, petition.state(turn.now)
    if act is Act.REOPEN and petition.anonymised is not None:
        await turn.say_instead(said.REFUSED_ANONYMISED, title=title)
        return True
    if (state, act) in TRANSITIONS:
        return False
    await turn.say_instead(WORDINGS[act].done if state is TARGETS[act] else _REFUSALS[state], title=title)
    return True
