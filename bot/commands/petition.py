"""/petition: the card, and the letter in full."""

from collections.abc import Mapping

from bot import choosing
from bot.answer import Button, Style
from bot.commands.spec import Action, Argument, CommandSpec
from bot.document import Block, heading
from bot.markdown import blocks
from bot.model.petition import Petition, State
from bot.pages import petition as pages
from bot.roles import Role
from bot.tokens import token
from bot.turn import Turn
from bot.words import chat

WHICH = Argument("which", chat.WHICH_ARGUMENT, suggest=choosing.suggest)


async def run(turn: Turn, arguments: Mapping[str, str]) -> None:
    """Show the card."""
    petition = await choosing.choose(turn, arguments.get("which", ""), "petition")
    if petition is not None:
        await show_card(turn, petition)


async def show_card(turn: Turn, petition: Petition) -> None:
    """The card: for the actor alone where the platform can, with what this actor may do."""
    post = Button(turn.t(chat.POST_HERE_BUTTON), token("post", petition.key))
    may_post = turn.place.discreet and turn.place.shared and await turn.role() >= Role.MODERATOR
    rows = [*_buttons(turn, petition), [post] if may_post else []]
    blocks = await _card(turn, petition)
    await turn.answer.replace(turn.page(*blocks, buttons=rows, private=turn.place.discreet))


async def _pressed(turn: Turn, arguments: tuple[str, ...]) -> None:
    petition = await choosing.by_key(turn, arguments[0])
    if petition is not None:
        await show_card(turn, petition)


async def _letter(turn: Turn, arguments: tuple[str, ...]) -> None:
    petition = await choosing.by_key(turn, arguments[0])
    if petition is not None:
        text = petition.text(turn.t.locale)
        whole = (heading(text.title), *blocks(text.background), *pages.letter(text, turn.t))
        await turn.answer.show(turn.page(*whole, buttons=[_sign(turn, petition)]))


async def _post(turn: Turn, arguments: tuple[str, ...]) -> None:
    petition = await choosing.by_key(turn, arguments[0])
    if petition is not None:
        rows = _buttons(turn, petition)
        await turn.answer.show(turn.page(*await _card(turn, petition), buttons=rows, private=False))


async def _card(turn: Turn, petition: Petition) -> tuple[Block, ...]:
    totals = await turn.ports.tally.totals(petition.id)
    return pages.card(petition, totals, turn.now, turn.t)


def _buttons(turn: Turn, petition: Petition) -> list[list[Button]]:
    letter = Button(turn.t(chat.READ_LETTER_BUTTON), token("letter", petition.key))
    return [[*_sign(turn, petition), letter]]


def _sign(turn: Turn, petition: Petition) -> list[Button]:
    if petition.state(turn.now) is not State.OPEN:
        return []
    return [Button(turn.t(chat.SIGN_BUTTON), token("sign", petition.key), style=Style.PRIMARY)]


SPEC = CommandSpec(
    "petition",
    chat.PETITION_COMMAND,
    run,
    (WHICH,),
    private=False,
    actions={
        "petition": Action(_pressed),
        "letter": Action(_letter),
        "post": Action(_post, role=Role.MODERATOR),
    },
)
