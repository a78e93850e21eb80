"""/mysignatures: the receipts, and what can still be changed."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot import asking
from bot.answer import Button, Style
from bot.commands.spec import Action, CommandSpec
from bot.document import Block, Rule, heading
from bot.forms.spec import FormKind
from bot.later import Later
from bot.model.petition import Petition
from bot.model.signature import Signature
from bot.pages import receipt as pages
from bot.tokens import token
from bot.turn import Turn
from bot.words import chat

if TYPE_CHECKING:
    from bot.forms import change
else:
    change = Later("bot.forms.change")


async def run(turn: Turn, _: Mapping[str, str]) -> None:
    own = await turn.ports.signatures.of(turn.account)
    if not own:
        await turn.say_instead(chat.NO_SIGNATURES)
        return
    petitions = {each.id: each for each in await turn.ports.petitions.all()}
    pairs = [(petitions[each.petition_id], each) for each in own]
    blocks: list[Block] = [heading(turn.t(chat.MY_SIGNATURES))]
    for petition, signature in pairs:
        blocks += [Rule(), *pages.body(petition, signature, turn.t)]
    rows = [_buttons(turn, *pair, several=len(pairs) > 1) for pair in pairs]
    await turn.answer.replace(turn.page(*blocks, buttons=rows, names_a_person=True))


def _buttons(turn: Turn, petition: Petition, signature: Signature, *, several: bool) -> list[Button]:
    if not change.changeable(petition, signature, turn):
        return []
    title = petition.text(turn.t.locale).title
    change_it = turn.t(chat.CHANGE_ONE_BUTTON, title=title) if several else turn.t(chat.CHANGE_BUTTON)
    withdraw = turn.t(chat.WITHDRAW_ONE_BUTTON, title=title) if several else turn.t(chat.WITHDRAW_BUTTON)
    return [
        Button(change_it, token("change", signature.form)),
        Button(withdraw, token("withdraw", signature.form), style=Style.DANGER),
    ]


async def _mine(turn: Turn, _: tuple[str, ...]) -> None:
    await run(turn, {})


async def _change(turn: Turn, arguments: tuple[str, ...]) -> None:
    await asking.open_form(turn, FormKind.CHANGE, arguments[0])


SPEC = CommandSpec(
    "mysignatures",
    chat.MYSIGNATURES_COMMAND,
    run,
    actions={"mine": Action(_mine, arguments=0), "change": Action(_change, opens_form=True)},
)
