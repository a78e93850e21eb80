"""/sign: read, confirm a name, choose who sees it, sign."""

from collections.abc import Mapping

from bot import asking, choosing
from bot.commands.petition import WHICH
from bot.commands.spec import Action, CommandSpec
from bot.forms import sign
from bot.model.petition import Petition
from bot.turn import Turn
from bot.words import chat


async def run(turn: Turn, arguments: Mapping[str, str]) -> None:
    petition = await choosing.choose(turn, arguments.get("which", ""), "sign")
    if petition is not None:
        await _open(turn, petition)


async def _pressed(turn: Turn, arguments: tuple[str, ...]) -> None:
    petition = await choosing.by_key(turn, arguments[0])
    if petition is not None:
        await _open(turn, petition)


async def _open(turn: Turn, petition: Petition) -> None:
    await asking.open_form(turn, sign.KIND, *sign.about(petition, petition.text(turn.t.locale)))


SPEC = CommandSpec(
    "sign",
    chat.SIGN_COMMAND,
    run,
    (WHICH,),
    opens_form=True,
    actions={"sign": Action(_pressed, opens_form=True), **asking.ACTIONS},
)
