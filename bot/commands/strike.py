"""/strike: take a false signature out of the count, or its comment alone; found by number or name."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot import asking, choosing
from bot.answer import Button, Style
from bot.commands.petition import WHICH
from bot.commands.spec import Action, Argument, CommandSpec
from bot.document import Quote, paragraph
from bot.forms.spec import FormKind
from bot.later import Later
from bot.model.petition import Petition
from bot.model.review import Which
from bot.roles import Role
from bot.tokens import token
from bot.turn import Turn
from bot.words import reviewing as said
from bot.words.catalog import Words

if TYPE_CHECKING:
    from bot import reviewing
else:
    reviewing = Later("bot.reviewing")

Arguments = tuple[str, ...]
WHO = Argument("who", said.WHO_ARGUMENT)


async def run(turn: Turn, arguments: Mapping[str, str]) -> None:
    found = await reviewing.meant(turn, arguments, "strike")
    if found is not None:
        await _find(turn, *found)


async def _find(turn: Turn, petition: Petition, text: str) -> None:
    words = text.split()
    only_comment = bool(words) and _is_comment(words[-1], turn.t)
    query = " ".join(words[:-1] if only_comment else words)
    if not query:
        await asking.open_form(turn, FormKind.FIND, petition.key)
    elif only_comment:
        await reviewing.search(turn, petition, query, _ask_comment)
    else:
        await reviewing.search(turn, petition, query)


def _is_comment(word: str, t: Words) -> bool:
    return word.casefold() in {said.COMMENT_WORD.text, t(said.COMMENT_WORD).casefold()}


async def _why(turn: Turn, arguments: Arguments) -> None:
    petition = await choosing.by_key(turn, arguments[0])
    if petition is not None:
        await asking.open_form(turn, FormKind.STRIKE, *arguments[:2])


async def _comment(turn: Turn, arguments: Arguments) -> None:
    petition = await choosing.by_key(turn, arguments[0])
    if petition is not None:
        await _ask_comment(turn, petition, arguments[1])


async def _ask_comment(turn: Turn, petition: Petition, handle: str) -> None:
    """Show the comment, and ask."""
    found = await turn.ports.reviews.page(petition.id, Which.one(handle), limit=1)
    identity = found.cases[0].identity if found.cases else None
    if identity is None or not identity.comment:
        await turn.say_instead(said.COMMENT_NEVER)
        return
    rows = [
        [
            Button(
                turn.t(said.YES_COMMENT_BUTTON),
                token("comment-yes", petition.key, handle),
                style=Style.DANGER,
            )
        ],
        [Button(turn.t(said.NO_BUTTON), token("case", petition.key, handle))],
    ]
    blocks = (turn.t.paragraph(said.ASK_COMMENT), Quote((paragraph(identity.comment),)))
    await turn.answer.replace(turn.page(*blocks, buttons=rows, names_a_person=True))


async def _comment_yes(turn: Turn, arguments: Arguments) -> None:
    petition = await choosing.by_key(turn, arguments[0])
    if petition is None:
        return
    actor = await turn.ports.organisers.actor(turn.account, turn.t.locale)
    gone = await turn.ports.reviews.strike_comment(petition.id, arguments[1], actor=actor)
    await turn.say_instead(said.COMMENT_GONE if gone else said.COMMENT_NONE)


SPEC = CommandSpec(
    "strike",
    said.STRIKE_COMMAND,
    run,
    (WHICH, WHO, Argument("what", said.COMMENT_ARGUMENT)),
    role=Role.ORGANISER,
    opens_form=True,
    actions={
        "strike": Action(choosing.chosen(_find), role=Role.ORGANISER, opens_form=True),
        "strike-why": Action(_why, arguments=2, role=Role.ORGANISER, opens_form=True),
        "comment": Action(_comment, arguments=2, role=Role.ORGANISER),
        "comment-yes": Action(_comment_yes, arguments=2, role=Role.ORGANISER),
    },
)
