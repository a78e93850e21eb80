"""Which petition is meant: the one named, the only one that is open, or the only one that is followed here."""

from collections.abc import Awaitable, Callable, Sequence

from bot.answer import Button, Choice
from bot.document import Block
from bot.model.petition import Petition, State
from bot.ports import Draft
from bot.quiet import said_lately
from bot.roles import Role
from bot.tokens import random_id, token
from bot.turn import Turn
from bot.words import chat

MOST = 20
"""Petitions offered at once, the newest ones."""
_SAID = "said"


Fits = Callable[[Petition], bool]
Arguments = tuple[str, ...]


async def choose(
    turn: Turn, which: str, action: str, *, here: bool = False, fits: Fits | None = None, said: str = ""
) -> Petition | None:
    """The petition meant by `which`, or None after offering a choice of buttons with this action.

    `here`: the buttons act where they stand, though all may see them: a moderator's. `fits`: which are meant
    when nothing is named. Without either it is the one that is open, of several the one that this place follows.
    `said`: what else the command said; it is kept until the choice, for `chosen`.
    """
    seen = await visible(turn)
    found = _named(seen, which, turn.t.locale) if which.strip() else _evident(seen, turn, fits)
    if len(found) > 1 and not (which.strip() or here or fits):
        found = await _followed(turn, found)
    if len(found) == 1:
        return found[0]
    kept = (await _keep(turn, action, said),) if said else ()
    await _offer(turn, found or seen, which if not found else "", (action, kept), here=here)
    return None


async def _keep(turn: Turn, action: str, said: str) -> str:
    """Keep what was said beside the petition: a button can't carry it, and it may be a name."""
    draft = Draft(random_id(), token(action), 0, {_SAID: said})
    await turn.ports.drafts.save(turn.account, draft)
    return draft.form


def chosen(
    show: Callable[[Turn, Petition, str], Awaitable[None]],
) -> Callable[[Turn, Arguments], Awaitable[None]]:
    """What such a button does: `show` the petition, with what else the command said; after a day nothing."""

    async def press(turn: Turn, arguments: Arguments) -> None:
        petition = await by_key(turn, arguments[0])
        draft = await turn.ports.drafts.get(turn.account, arguments[1]) if len(arguments) > 1 else None
        if petition is not None:
            await show(turn, petition, draft.values.get(_SAID, "") if draft else "")

    return press


async def suggest(turn: Turn, partial: str) -> Sequence[Choice]:
    """Petitions whose title or slug contains what is typed so far."""
    seen = await visible(turn)
    locale = turn.t.locale
    found = [each for each in seen if matches(each, partial, locale)]
    return [Choice(each.slug, each.text(locale).title) for each in found[:MOST]]


def matches(petition: Petition, partial: str, locale: str) -> bool:
    """Whether the title in this language, or the slug, contains what is typed."""
    wanted = _folded(partial)
    return wanted in _folded(petition.text(locale).title) or wanted in petition.slug


async def visible(turn: Turn) -> list[Petition]:
    """The petitions that may be shown to this actor here, newest first: drafts to organisers alone."""
    petitions = list(reversed(await turn.ports.petitions.all()))
    public = [each for each in petitions if each.state(turn.now) is not State.DRAFT]
    if len(public) == len(petitions) or not turn.place.discreet:
        return public
    return petitions if await turn.role() is Role.ORGANISER else public


async def by_key(turn: Turn, key: str) -> Petition | None:
    """The petition that a button stands for, if this actor may see it; None after saying that it is gone."""
    petition = next((each for each in await visible(turn) if each.key == key), None)
    if petition is None:
        await turn.say_instead(chat.UNKNOWN_BUTTON)
    return petition


def pressed(
    show: Callable[[Turn, Petition], Awaitable[None]],
) -> Callable[[Turn, Arguments], Awaitable[None]]:
    """What a button does that stands for a petition, by its key, and nothing else: `show` it."""

    async def press(turn: Turn, arguments: Arguments) -> None:
        petition = await by_key(turn, arguments[0])
        if petition is not None:
            await show(turn, petition)

    return press


async def by_id(turn: Turn, petition_id: int) -> Petition | None:
    """The petition that something stored belongs to, whoever asks."""
    return next((each for each in await turn.ports.petitions.all() if each.id == petition_id), None)


def _evident(seen: list[Petition], turn: Turn, fits: Fits | None) -> list[Petition]:
    """What is meant when nothing is named: what is open (or fits), or else whatever there is."""
    if fits is None:
        return [each for each in seen if each.state(turn.now) is State.OPEN] or seen
    return [each for each in seen if fits(each)] or seen


async def _followed(turn: Turn, found: list[Petition]) -> list[Petition]:
    """Those of them that this place follows; all, if it follows none."""
    here = await turn.ports.follows.at(turn.place) if turn.place.shared else ()
    followed = {each.petition_id for each in here}
    return [each for each in found if each.id in followed] or found


def _named(seen: list[Petition], which: str, locale: str) -> list[Petition]:
    wanted = _folded(which)
    exact = [
        each for each in seen if wanted in {each.slug, _folded(each.text(locale).title), _folded(each.title)}
    ]
    return exact or [each for each in seen if matches(each, which, locale)]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


async def _offer(
    turn: Turn, petitions: list[Petition], unknown: str, leads_to: tuple[str, Arguments], *, here: bool
) -> None:
    """`leads_to`: the buttons' action, and what their tokens carry beside the petition."""
    if await said_lately(turn, "choice"):
        return
    if not petitions:
        await turn.say_instead(chat.NO_PETITION_YET)
        return
    t, (action, kept) = turn.t, leads_to
    lead: Block = (
        t.paragraph(chat.NO_SUCH_PETITION, which=unknown[:100])
        if unknown
        else t.paragraph(chat.WHICH_PETITION)
    )
    known = [(each, kept or (() if here else await _came_from(turn, each))) for each in petitions[:MOST]]
    buttons = [[Button(each.text(t.locale).title, token(action, each.key, *more))] for each, more in known]
    await turn.answer.replace(turn.page(lead, buttons=buttons, here=here))


async def _came_from(turn: Turn, petition: Petition) -> Arguments:
    """The community's link, where all see the buttons: whoever presses one in private comes from there."""
    if turn.place.discreet:
        return ()
    community = await turn.ports.communities.ensure(turn.place)
    return (await turn.ports.communities.link(community, petition.id),)
