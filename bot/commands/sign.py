"""/sign: read, confirm a name, choose who sees it, sign."""

from collections.abc import Mapping

from bot import asking, choosing
from bot.commands import notices
from bot.commands.petition import WHICH
from bot.commands.spec import Action, CommandSpec
from bot.forms import sign
from bot.forms.spec import FormKind, Values
from bot.model.petition import Petition
from bot.turn import Turn
from bot.words import chat


async def run(turn: Turn, arguments: Mapping[str, str]) -> None:
    petition = await choosing.choose(turn, arguments.get("which", ""), "sign")
    if petition is not None:
        await _open(turn, petition)


async def _go(turn: Turn, arguments: tuple[str, ...]) -> None:
    """A deep link from a community's card: it is remembered where the signer came from."""
    link = await turn.ports.communities.follow_link(arguments[0])
    for petition in await choosing.visible(turn) if link else ():
        if link and petition.id == link.petition_id:
            await _open(turn, petition, {sign.VIA: str(link.community)})
            return
    await turn.say_instead(chat.UNKNOWN_BUTTON)


async def _open(turn: Turn, petition: Petition, values: Values | None = None) -> None:
    about = sign.about(petition, petition.text(turn.t.locale))
    await asking.open_form(turn, FormKind.SIGN, *about, values=values or {})


async def _remove(turn: Turn, _: tuple[str, ...]) -> None:
    await turn.answer.remove()


SPEC = CommandSpec(
    "sign",
    chat.SIGN_COMMAND,
    run,
    (WHICH,),
    opens_form=True,
    actions={
        "sign": Action(choosing.pressed(_open), opens_form=True),
        "go": Action(_go, opens_form=True),
        "remove": Action(_remove, arguments=0),
        "step": Action(asking.press, arguments=3),
        "reopen": Action(asking.reopen, opens_form=True),
        **notices.ACTIONS,
    },
)
