"""/petition: the card, and the letter in full."""

from collections.abc import Mapping

from bot import choosing
from bot.answer import Button, Offer
from bot.commands.spec import Action, Argument, CommandSpec
from bot.document import Block, heading
from bot.markdown import blocks
from bot.model.petition import Petition, State
from bot.pages import board
from bot.pages import petition as pages
from bot.ports import Post
from bot.quiet import QUIET_FOR
from bot.roles import Role
from bot.tokens import token
from bot.turn import Rows, Turn
from bot.words import chat

WHICH = Argument("which", chat.WHICH_ARGUMENT, suggest=choosing.suggest)


async def run(turn: Turn, arguments: Mapping[str, str]) -> None:
    """Show the card."""
    petition = await choosing.choose(turn, arguments.get("which", ""), "petition")
    if petition is not None:
        await show_card(turn, petition)


async def _show(turn: Turn, arguments: tuple[str, ...]) -> None:
    petition = await choosing.by_key(turn, arguments[0])
    if petition is not None:
        await show_card(turn, petition, "".join(arguments[1:2]))


async def show_card(turn: Turn, petition: Petition, link: str = "") -> None:
    """The card: for the actor alone where the platform can, else the one card that all see.

    `link`: of the community that they came from.
    """
    if not turn.place.discreet:
        await _common_card(turn, petition)
        return
    post = Button(turn.t(chat.POST_HERE_BUTTON), token("post", petition.key))
    draft = petition.state(turn.now) is State.DRAFT
    may_post = turn.place.shared and not draft and await turn.role() >= Role.MODERATOR
    rows = [*_buttons(turn, petition, link), [post] if may_post else []]
    await turn.answer.replace(turn.page(*await _card(turn, petition), buttons=rows))


async def _common_card(turn: Turn, petition: Petition) -> None:
    """One card in ten minutes, which replaces the one before; its button leads into the private chat."""
    community = await turn.ports.communities.ensure(turn.place)
    before = await turn.ports.communities.last_post(community, petition.id)
    if before is not None and turn.now - before.at < QUIET_FOR:
        return
    link = await turn.ports.communities.link(community, petition.id)
    rows = _buttons(turn, petition, link)
    page = turn.page(*await _card(turn, petition), buttons=rows, private=False)
    reference = await turn.answer.show(page)
    if reference is not None:
        await turn.ports.communities.posted(community, petition.id, Post(reference, turn.now))
    if before is not None:
        await turn.answer.remove(before.reference)


async def browse(turn: Turn, partial: str) -> None:
    """Offer the cards of all open petitions, to be posted anywhere; the same for everyone."""
    offers = []
    for petition in await turn.ports.petitions.all():
        text = petition.text(turn.t.locale)
        if petition.state(turn.now) is State.OPEN and choosing.matches(petition, partial, turn.t.locale):
            page = turn.page(*await _card(turn, petition), buttons=_buttons(turn, petition), private=False)
            summary = turn.t(chat.TO, to=text.to)
            offers.append(Offer(petition.key, text.title, summary, page))
    await turn.answer.offer(offers[-choosing.MOST :])


async def _letter(turn: Turn, arguments: tuple[str, ...]) -> None:
    petition = await choosing.by_key(turn, arguments[0])
    if petition is not None:
        text, link = petition.text(turn.t.locale), "".join(arguments[1:2])
        whole = (heading(text.title), *blocks(text.background), *pages.letter(text, turn.t))
        await turn.answer.show(turn.page(*whole, buttons=[board.sign(petition, turn.now, turn.t, link)]))


async def _post(turn: Turn, arguments: tuple[str, ...]) -> None:
    petition = await choosing.by_key(turn, arguments[0])
    if petition is not None and petition.state(turn.now) is State.DRAFT:
        await turn.say(chat.CANT_POST_DRAFT)
    elif petition is not None:
        rows = _buttons(turn, petition)
        await turn.answer.show(turn.page(*await _card(turn, petition), buttons=rows, private=False))


async def _card(turn: Turn, petition: Petition) -> tuple[Block, ...]:
    totals = await turn.ports.tally.totals(petition.id)
    return pages.card(petition, totals, turn.now, turn.t)


def _buttons(turn: Turn, petition: Petition, link: str = "") -> Rows:
    return board.buttons(petition, turn.now, turn.t, link)


SPEC = CommandSpec(
    "petition",
    chat.PETITION_COMMAND,
    run,
    (WHICH,),
    private=False,
    role_matters=True,
    actions={
        "petition": Action(_show, private=False),
        "letter": Action(_letter),
        "post": Action(_post, role=Role.MODERATOR),
    },
)
