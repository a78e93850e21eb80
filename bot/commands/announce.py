"""/announce: tell this community something about a petition; organisers also every community."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot import asking, choosing
from bot.answer import Button
from bot.commands.spec import Action, Argument, CommandSpec
from bot.document import paragraph
from bot.forms.spec import FormKind, Remark
from bot.later import Later
from bot.model.community import Follow, Kind, Standing, Telling
from bot.model.petition import Petition
from bot.roles import Role
from bot.tokens import token
from bot.turn import Turn
from bot.words import outreach

if TYPE_CHECKING:
    from bot import announcing
    from bot.forms import announce as form
else:
    announcing = Later("bot.announcing")
    form = Later("bot.forms.announce")


async def run(turn: Turn, arguments: Mapping[str, str]) -> None:
    text = arguments.get("text", "").strip()
    petition = await _meant(turn, text)
    if petition is not None:
        await _begin(turn, petition, text)


async def _begin(turn: Turn, petition: Petition, text: str) -> None:
    if text:
        await _show(turn, petition, await _where(turn, petition), text)
    else:
        await _offer(turn, petition)


async def _meant(turn: Turn, text: str) -> Petition | None:
    """The petition that this place follows, or the only one there is; else a choice is offered."""
    followed = {each.petition_id for each in await _followed(turn)}
    petitions = [each for each in await choosing.visible(turn) if each.id in followed]
    if len(petitions) == 1:
        return petitions[0]
    if not petitions and await turn.role() is not Role.ORGANISER:
        await turn.say_instead(outreach.FOLLOWS_NOTHING)
        return None
    return await choosing.choose(turn, "", "announce", here=True, said=text)


async def _followed(turn: Turn) -> list[Follow]:
    here = await turn.ports.follows.at(turn.place) if turn.place.shared else ()
    return [each for each in here if each.standing is Standing.ACTIVE]


async def _where(turn: Turn, petition: Petition) -> str:
    followed = any(each.petition_id == petition.id for each in await _followed(turn))
    return form.HERE if followed else form.ALL


async def _offer(turn: Turn, petition: Petition) -> None:
    """What can be announced from here, by this actor."""
    t, key = turn.t, petition.key
    rows = []
    if await _where(turn, petition) == form.HERE:
        rows.append(
            [
                Button(t(outreach.WRITE_HERE_BUTTON), token("write", key, form.HERE)),
                Button(t(outreach.TOTAL_HERE_BUTTON), token("figure", key, form.HERE)),
            ]
        )
    if await turn.role() is Role.ORGANISER:
        rows.append(
            [
                Button(t(outreach.WRITE_ALL_BUTTON), token("write", key, form.ALL)),
                Button(t(outreach.TOTAL_ALL_BUTTON), token("figure", key, form.ALL)),
            ]
        )
    if not rows:
        await turn.say_instead(outreach.FOLLOWS_NOTHING)
        return
    lead = t.paragraph(outreach.ANNOUNCE_WHAT, title=petition.text(t.locale).title)
    await turn.answer.replace(turn.page(lead, buttons=rows, here=True))


async def _write(turn: Turn, arguments: tuple[str, ...]) -> None:
    if not turn.place.discreet:  # nothing that is typed there may be taken for an answer
        await turn.say_instead(outreach.TEXT_BEHIND, name="announce")
        return
    await asking.open_form(turn, FormKind.ANNOUNCE, *arguments[:2])


async def _figure(turn: Turn, arguments: tuple[str, ...]) -> None:
    """Announce how many have signed so far."""
    petition = await choosing.by_key(turn, arguments[0])
    found = await form.scope(turn, petition, arguments[1]) if petition else None
    if petition is not None and found is not None:
        voice, follow = found
        total = (await turn.ports.tally.totals(petition.id)).counted
        number = follow.id if follow else None
        telling = Telling(petition.id, Kind.MILESTONE, voice, total, threshold=total, follow=number)
        await announcing.preview(turn, telling, petition)


async def _show(turn: Turn, petition: Petition, where: str, text: str) -> None:
    told = await form.compose(turn, petition, where, text)
    if isinstance(told, Remark):
        await turn.answer.replace(turn.page(paragraph(told.text)))
    elif told is not None:
        await announcing.preview(turn, told, petition)


SPEC = CommandSpec(
    "announce",
    outreach.ANNOUNCE_COMMAND,
    run,
    (Argument("text", outreach.TEXT_ARGUMENT),),
    role=Role.MODERATOR,
    private=False,
    actions={
        "announce": Action(choosing.chosen(_begin), role=Role.MODERATOR, private=False),
        "write": Action(_write, arguments=2, role=Role.MODERATOR, private=False, opens_form=True),
        "figure": Action(_figure, arguments=2, role=Role.MODERATOR, private=False),
        "say": Action(announcing.confirmed, role=Role.MODERATOR, private=False, slow=True),
        "discard": Action(announcing.discarded, role=Role.MODERATOR, private=False),
        "progress": Action(announcing.progress, role=Role.MODERATOR, private=False),
    },
)
