"""/update: organisers write to those who asked to be told what happens."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot import asking, choosing
from bot.commands.spec import Action, Argument, CommandSpec
from bot.document import paragraph
from bot.forms.spec import FormKind, Remark
from bot.later import Later
from bot.model.petition import Petition
from bot.roles import Role
from bot.turn import Turn
from bot.words import outreach

if TYPE_CHECKING:
    from bot import announcing
    from bot.forms import announce as form
else:
    announcing = Later("bot.announcing")
    form = Later("bot.forms.announce")


async def run(turn: Turn, arguments: Mapping[str, str]) -> None:
    text = arguments.get("text", "").strip()
    petition = await choosing.choose(turn, "", "update", said=text)
    if petition is not None:
        await _write(turn, petition, text)


async def _write(turn: Turn, petition: Petition, text: str) -> None:
    if text:
        told = await form.compose(turn, petition, form.PEOPLE, text)
        if isinstance(told, Remark):
            await turn.answer.replace(turn.page(paragraph(told.text)))
        elif told is not None:
            await announcing.preview(turn, told, petition)
    else:
        await asking.open_form(turn, FormKind.ANNOUNCE, petition.key, form.PEOPLE)


SPEC = CommandSpec(
    "update",
    outreach.UPDATE_COMMAND,
    run,
    (Argument("text", outreach.TEXT_ARGUMENT),),
    role=Role.ORGANISER,
    opens_form=True,
    actions={"update": Action(choosing.chosen(_write), role=Role.ORGANISER, opens_form=True)},
)
