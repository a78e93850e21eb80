"""/forgetme: erase all that is stored about whoever asks, after saying what that means."""

from collections.abc import Mapping
from datetime import timedelta

from bot.answer import Button, Style
from bot.commands.spec import Action, CommandSpec
from bot.document import Block, heading
from bot.model.petition import State
from bot.model.rights import Forgotten, Kept
from bot.model.signature import Status
from bot.tokens import token
from bot.turn import Turn
from bot.words import chat, rights


async def run(turn: Turn, _: Mapping[str, str]) -> None:
    """Say what would be erased, and ask."""
    kept = await turn.ports.rights.kept(turn.account)
    if not kept:
        await turn.say_instead(rights.NOTHING_STORED)
        return
    t = turn.t
    effects = _effects(turn, await _foreseen(turn, kept))
    blocks = (heading(t(rights.FORGET_TITLE)), *effects, t.paragraph(rights.FORGET_FINAL))
    rows = [
        [Button(t(rights.FORGET_YES_BUTTON), token("forget"), style=Style.DANGER)],
        [Button(t(chat.KEEP_BUTTON), token("keep"))],
    ]
    await turn.answer.replace(turn.page(*blocks, buttons=rows))


async def _forget(turn: Turn, _: tuple[str, ...]) -> None:
    done = await turn.ports.rights.forget(turn.account)
    if done.organiser:
        await turn.answer.menu(())
    t = turn.t
    blocks = (
        heading(t(rights.FORGOTTEN_TITLE)),
        *_effects(turn, done),
        _backups(turn),
        t.aside(rights.FORGET_PLATFORM),
    )
    await turn.answer.replace(turn.page(*blocks))


async def _foreseen(turn: Turn, kept: Kept) -> Forgotten:
    """What erasing would do, as things stand."""
    petitions = {each.id: each for each in await turn.ports.petitions.all()}
    states = [(each.status, petitions[each.petition_id].state(turn.now)) for each in kept.signatures]
    delivered = sum(each == (Status.COUNTED, State.DELIVERED) for each in states)
    struck = sum(status is Status.STRUCK for status, _ in states)
    others = len(kept.told) + len(kept.forms)
    return Forgotten(len(states) - delivered - struck, struck, delivered, others, kept.organiser is not None)


def _effects(turn: Turn, forgotten: Forgotten) -> list[Block]:
    """Each effect in a sentence, before it happens and after."""
    t, configured = turn.t, turn.account in turn.house.admins
    counts = (
        (rights.FORGET_WITHDRAWN, forgotten.withdrawn),
        (rights.FORGET_DELIVERED, forgotten.delivered),
        (rights.FORGET_STRUCK, forgotten.struck),
    )
    said: list[Block] = [t.paragraph(message, count=count) for message, count in counts if count]
    if forgotten.others:
        said.append(t.paragraph(rights.FORGET_OTHERS))
    if configured:
        said.append(t.paragraph(rights.FORGET_CONFIGURED))
    elif forgotten.organiser:
        said.append(t.paragraph(rights.FORGET_ORGANISER))
    return said


def _backups(turn: Turn) -> Block:
    days = turn.house.backup_days
    if days is None:
        return turn.t.paragraph(rights.FORGET_BACKUPS_UNSET)
    return turn.t.paragraph(rights.FORGET_BACKUPS, when=(turn.now + timedelta(days=days)).date())


SPEC = CommandSpec(
    "forgetme", rights.FORGETME_COMMAND, run, actions={"forget": Action(_forget, arguments=0, slow=True)}
)
