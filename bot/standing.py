"""Whether we can still post in a community: what its platform tells of that, and telling its moderators."""

from bot.answer import Button
from bot.model.community import Follow, Standing
from bot.sending import Lost
from bot.tokens import token
from bot.turn import Turn
from bot.words import outreach
from bot.words.catalog import Message

_REASONS = {
    Lost.REMOVED: outreach.ASIDE_REMOVED,
    Lost.FORBIDDEN: outreach.ASIDE_FORBIDDEN,
    Lost.MESSAGE: outreach.ASIDE_FORBIDDEN,
    Lost.BLOCKED: outreach.ASIDE_FORBIDDEN,
}


async def membership(turn: Turn, *, present: bool) -> None:
    """The bot was added or removed. What was set aside because it was away is served again."""
    follows = turn.ports.follows
    if not present:
        await follows.left(turn.place)
        return
    for each in await follows.at(turn.place):
        if each.standing is Standing.ASIDE and each.reason == Lost.REMOVED:
            await follows.bring_back(each.id)


async def tell_moderator(turn: Turn) -> None:
    """Tell the first moderator who speaks here why nothing is posted any more, with a way to go on."""
    if not (turn.place.shared and turn.actor.moderates):
        return
    untold = [each for each in await turn.ports.follows.at(turn.place) if each.untold]
    for each in untold:
        await turn.ports.follows.told(each.id)
        petitions = {one.id: one for one in await turn.ports.petitions.all()}
        title = petitions[each.petition_id].text(turn.t.locale).title
        again = Button(turn.t(outreach.TRY_AGAIN_HERE_BUTTON), token("resume", str(each.id)))
        page = turn.page(turn.t.paragraph(reason(each), title=title), buttons=[[again]], here=True)
        await turn.answer.show(page)


def reason_word(follow: Follow) -> Message:
    """The same in a few words."""
    return outreach.WHY_REMOVED if follow.reason == Lost.REMOVED else outreach.WHY_FORBIDDEN


def reason(follow: Follow) -> Message:
    """Why a community was set aside, in words."""
    return _REASONS[Lost(follow.reason)] if follow.reason in set(Lost) else outreach.ASIDE_FORBIDDEN
