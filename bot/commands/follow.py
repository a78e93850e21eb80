"""/follow: let a community follow a petition, and set what it hears and when."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot import choosing
from bot.answer import Button
from bot.commands.petition import WHICH
from bot.commands.spec import Action, CommandSpec
from bot.document import paragraph
from bot.later import Later
from bot.model.account import PlaceKind
from bot.model.community import Follow, Hears, Rhythm, Standing, Wishes
from bot.model.petition import Petition
from bot.outbox.schedule import ZONES, next_digest
from bot.roles import Role
from bot.tokens import token
from bot.turn import Turn
from bot.words import chat, outreach
from bot.words.catalog import Message, Words

if TYPE_CHECKING:
    from bot.pages import following as pages
else:
    pages = Later("bot.pages.following")

SHARED = frozenset({PlaceKind.GROUP, PlaceKind.CHANNEL})


async def run(turn: Turn, arguments: Mapping[str, str]) -> None:
    petition = await choosing.choose(turn, arguments.get("which", ""), "follow", here=True)
    if petition is not None:
        await _follow(turn, petition)


async def _pressed(turn: Turn, arguments: tuple[str, ...]) -> None:
    petition = await choosing.by_key(turn, arguments[0])
    if petition is not None and turn.place.shared:
        await _follow(turn, petition)
    elif petition is not None:
        await turn.say_instead(chat.UNKNOWN_BUTTON)


async def _follow(turn: Turn, petition: Petition) -> None:
    before = [each for each in await turn.ports.follows.at(turn.place) if each.petition_id == petition.id]
    waiting = turn.house.ask_to_follow and await turn.role() is not Role.ORGANISER
    language = Words(turn.inbound.place_locale or turn.t.locale).language
    follow = await turn.ports.follows.follow(turn.place, petition.id, language, Wishes(), waiting=waiting)
    if follow.standing is Standing.WAITING:
        lead = outreach.FOLLOW_WAITS
    elif before and follow.board:
        lead = outreach.FOLLOWS_ALREADY
    else:
        lead = outreach.FOLLOWS_NOW
    await show(turn, follow, petition, lead)


async def show(turn: Turn, follow: Follow, petition: Petition, lead: Message) -> None:
    """The settings of a community, changed by the buttons below them."""
    t = turn.t
    said = t.paragraph(lead, title=petition.text(t.locale).title)
    blocks = (*pages.settings(follow, petition, t), said)
    await turn.answer.replace(turn.page(*blocks, buttons=pages.buttons(follow, t), here=True))


async def found(turn: Turn, number: str) -> tuple[Follow, Petition] | None:
    """This place's own follow by its number, with its petition; None after telling that there is none."""
    for follow in await turn.ports.follows.at(turn.place) if turn.place.shared else ():
        petition = await choosing.by_id(turn, follow.petition_id) if str(follow.id) == number else None
        if petition:
            return follow, petition
    await turn.say_instead(chat.UNKNOWN_BUTTON)
    return None


async def _wish(turn: Turn, arguments: tuple[str, ...]) -> None:
    """Show what a setting may be, or set it."""
    number, name, *value = arguments
    its = await found(turn, number)
    choices = pages.choices(name, turn.t)
    if its is None:
        return
    if not choices:
        await turn.say_instead(chat.UNKNOWN_BUTTON)
    elif value and any(choice.value == value[0] for choice in choices):
        await _set(turn, *its, name, value[0])
    else:
        rows = [[Button(each.label, token("wish", number, name, each.value))] for each in choices]
        lead = paragraph(turn.t(pages.TITLES[name]))
        await turn.answer.replace(turn.page(lead, buttons=_side_by_side(rows), here=True))


async def _set(turn: Turn, follow: Follow, petition: Petition, name: str, value: str) -> None:
    wishes, locale = wished(follow.wishes, name, value), follow.locale
    if name == pages.LANGUAGE:
        locale = value
    digest_at = next_digest(wishes.digest, wishes.zone, turn.now)
    changed = await turn.ports.follows.wish(follow.id, wishes, locale, digest_at)
    if changed is not None:
        await show(turn, changed, petition, outreach.SETTINGS_CHANGED)


def wished(wishes: Wishes, name: str, value: str) -> Wishes:
    """The wishes with one setting changed. `value` is one of its choices."""
    match name:
        case pages.HEARS:
            return replace(wishes, hears=Hears(value))
        case pages.DIGEST:
            return replace(wishes, digest=Rhythm(value))
        case pages.QUIET:
            start, end = pages.QUIETS[int(value)] or (None, None)
            return replace(wishes, quiet_from=start, quiet_to=end)
        case pages.ZONE:
            return replace(wishes, zone=ZONES[int(value)])
        case pages.PIN:
            return replace(wishes, pinned=value == "yes")
        case pages.MOVES:
            return replace(wishes, moves=value == "yes")
    return wishes


async def _board(turn: Turn, arguments: tuple[str, ...]) -> None:
    its = await found(turn, arguments[0])
    if its is not None:
        follow, petition = its
        await turn.ports.follows.board_again(follow.id)
        await show(turn, follow, petition, outreach.NEW_BOARD_COMES)


async def _resume(turn: Turn, arguments: tuple[str, ...]) -> None:
    its = await found(turn, arguments[0])
    if its is not None:
        follow, petition = its
        again = await turn.ports.follows.bring_back(follow.id) or follow
        await show(turn, again, petition, outreach.GOES_ON)


def _side_by_side(rows: list[list[Button]]) -> list[list[Button]]:
    """Few as they are; many three to a row."""
    if len(rows) <= 4:  # noqa: PLR2004 - as many as are read at a glance
        return rows
    each = [button for row in rows for button in row]
    return [each[at : at + 3] for at in range(0, len(each), 3)]


SPEC = CommandSpec(
    "follow",
    outreach.FOLLOW_COMMAND,
    run,
    (WHICH,),
    places=SHARED,
    role=Role.MODERATOR,
    private=False,
    actions={
        "follow": Action(_pressed, role=Role.MODERATOR, private=False),
        "wish": Action(_wish, arguments=2, role=Role.MODERATOR, private=False),
        "board": Action(_board, role=Role.MODERATOR, private=False),
        "resume": Action(_resume, role=Role.MODERATOR, private=False),
    },
)
