"""/new: make a petition from a page that is pasted or attached."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.answer import Button
from bot.commands.spec import Action, Argument, CommandSpec
from bot.later import Later
from bot.model.petition import Petition
from bot.organising import completed
from bot.roles import Role
from bot.tokens import token
from bot.turn import Turn
from bot.words import chat, organising
from bot.words import drafting as said

if TYPE_CHECKING:
    from bot import receiving
    from bot.petition_file.reading import Reading
else:
    receiving = Later("bot.receiving")

FILE = Argument("file", said.FILE_ARGUMENT, file=True)


async def run(turn: Turn, _: Mapping[str, str]) -> None:
    await receiving.begin(turn, None)


async def _keep(turn: Turn, arguments: tuple[str, ...]) -> None:
    """Store what was shown, as a new draft or as an edit of what was seen."""
    found = await receiving.confirmed_page(turn, arguments[0])
    if found is None:
        return
    draft, petition, reading = found
    if petition is None:
        stored = await _add(turn, reading)
    else:
        stored = await _change(turn, petition, reading, arguments[1] if len(arguments) > 1 else "")
    if stored:
        await turn.ports.drafts.drop(turn.account, draft.form)


async def _add(turn: Turn, reading: "Reading") -> bool:
    if reading.content is None:  # its times may have passed since it was shown
        await turn.say_instead(said.PAGE_GONE)
        return False
    content = completed(reading.content, turn.house)
    actor = await turn.ports.organisers.actor(turn.account, turn.t.locale)
    petition = await turn.ports.petitions.add(content, actor=actor)
    if petition is None:
        await turn.say_instead(said.SLUG_TAKEN, slug=content.slug)
        return False
    rows = [
        [Button(turn.t(chat.READ_LETTER_BUTTON), token("letter", petition.key))],
        [Button(turn.t(organising.OPEN_YES), token("may-open", petition.key))],
    ]
    await turn.say_instead(said.KEPT, buttons=rows, title=petition.title)
    return True


async def _change(turn: Turn, petition: Petition, reading: "Reading", seen: str) -> bool:
    changed = None
    if reading.content is not None and seen == str(petition.revision):
        actor = await turn.ports.organisers.actor(turn.account, turn.t.locale)
        content = completed(reading.content, turn.house)
        changed = await turn.ports.petitions.update(
            petition.slug, content, seen=petition.revision, actor=actor
        )
    if changed is None:
        await turn.say_instead(organising.CHANGED_MEANWHILE, title=petition.text(turn.t.locale).title)
        return False
    await turn.say_instead(said.CHANGED, title=changed.text(turn.t.locale).title)
    return True


SPEC = CommandSpec(
    "new",
    said.NEW_COMMAND,
    run,
    (FILE,),
    role=Role.ORGANISER,
    opens_form=True,
    actions={
        "page-all": Action(receiving.all_there, role=Role.ORGANISER),
        "page-again": Action(receiving.again, role=Role.ORGANISER, opens_form=True),
        "page-drop": Action(receiving.drop, role=Role.ORGANISER),
        "page-keep": Action(_keep, role=Role.ORGANISER),
    },
)
