"""/unfollow: let a community follow a petition no longer."""

from collections.abc import Mapping

from bot.answer import Button
from bot.commands.follow import SHARED, found
from bot.commands.petition import WHICH
from bot.commands.spec import Action, CommandSpec
from bot.model.community import Follow
from bot.model.petition import Petition
from bot.roles import Role
from bot.tokens import token
from bot.turn import Turn
from bot.words import chat, outreach


async def run(turn: Turn, arguments: Mapping[str, str]) -> None:
    which = arguments.get("which", "").strip().casefold()
    petitions = {each.id: each for each in await turn.ports.petitions.all()}
    followed = [(each, petitions[each.petition_id]) for each in await turn.ports.follows.at(turn.place)]
    named = [pair for pair in followed if _is_meant(pair[1], which, turn)] if which else followed
    if not followed:
        await turn.say_instead(outreach.FOLLOWS_NOTHING)
    elif len(named) == 1:
        await _leave(turn, *named[0])
    else:
        rows = [
            [Button(petition.text(turn.t.locale).title, token("unfollow", str(follow.id)))]
            for follow, petition in named or followed
        ]
        lead = turn.t.paragraph(chat.WHICH_PETITION)
        await turn.answer.replace(turn.page(lead, buttons=rows, here=True))


def _is_meant(petition: Petition, which: str, turn: Turn) -> bool:
    return which in petition.slug or which in petition.text(turn.t.locale).title.casefold()


async def _pressed(turn: Turn, arguments: tuple[str, ...]) -> None:
    its = await found(turn, arguments[0])
    if its is not None:
        await _leave(turn, *its)


async def _leave(turn: Turn, follow: Follow, petition: Petition) -> None:
    await turn.ports.follows.unfollow(follow.id)
    await turn.say_instead(outreach.UNFOLLOWED, title=petition.text(turn.t.locale).title)


SPEC = CommandSpec(
    "unfollow",
    outreach.UNFOLLOW_COMMAND,
    run,
    (WHICH,),
    places=SHARED,
    role=Role.MODERATOR,
    private=False,
    actions={"unfollow": Action(_pressed, role=Role.MODERATOR, private=False)},
)
