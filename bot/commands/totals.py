"""/totals: how many have signed."""

from collections.abc import Mapping
from datetime import timedelta

from msgspec.structs import replace

from bot import choosing
from bot.commands.petition import WHICH, show_card
from bot.commands.spec import Action, CommandSpec
from bot.document import Block, Moment, facts, heading
from bot.model.milestones import following
from bot.model.petition import Petition, State, TotalsMode
from bot.model.signature import Dimension, Totals
from bot.pages.petition import progress, state_line
from bot.roles import Role
from bot.turn import Turn
from bot.words import chat, outreach
from bot.words.catalog import Message, Words

NAMED = 10
"""Communities that organisers see by name; the others are one line."""


async def run(turn: Turn, arguments: Mapping[str, str]) -> None:
    petition = await choosing.choose(turn, arguments.get("which", ""), "totals")
    if petition is not None:
        await _show(turn, petition)


async def _show(turn: Turn, petition: Petition) -> None:
    """The totals; where all would see them, the common card, which tells the total and is not repeated."""
    if not turn.place.discreet:
        await show_card(turn, petition)
        return
    totals = await turn.ports.tally.totals(petition.id)
    t = turn.t
    blocks: list[Block] = [
        heading(t(chat.TOTALS_TITLE, title=petition.text(t.locale).title)),
        *progress(petition, totals, t),
        *(_ahead(petition, totals, t) if petition.state(turn.now) in {State.OPEN, State.PAUSED} else ()),
        *_not_counted(totals, t),
        state_line(petition, turn.now, t),
        *await _lately(turn, petition, totals),
        *await _breakdowns(turn, petition),
        *await _communities(turn, petition),
        t.aside(chat.TOTALS_AS_OF, when=Moment(totals.at)),
    ]
    picture = await turn.outbox.composing.chart_soon(petition, t.locale)
    await turn.answer.replace(replace(turn.page(*blocks), picture=picture))


def _ahead(petition: Petition, totals: Totals, t: Words) -> list[Block]:
    """The next milestone that will be announced: not again one that is no longer met."""
    content = petition.content
    milestone = following(content.milestones, content.goal, max(totals.counted, totals.peak))
    worth_telling = milestone is not None and milestone != content.goal
    return [t.aside(chat.NEXT_MILESTONE, milestone=milestone)] if milestone and worth_telling else []


def _not_counted(totals: Totals, t: Words) -> list[Block]:
    counts = (
        (chat.TOTALS_HELD, totals.held),
        (chat.TOTALS_WITHDRAWN, totals.withdrawn),
        (chat.TOTALS_STRUCK, totals.struck),
    )
    said = [t(message, count=count) for message, count in counts if count]
    return [t.paragraph(chat.TOTALS_NOT_COUNTED, list=", ".join(said))] if said else []


async def _breakdowns(turn: Turn, petition: Petition) -> list[Block]:
    """By platform and by answer; in hourly mode neither, since they move with every signature."""
    if petition.content.totals is TotalsMode.HOURLY:
        return [turn.t.aside(chat.TOTALS_HOURLY)]
    platforms = await turn.ports.tally.breakdown(petition.id, Dimension.PLATFORM)
    answers = await turn.ports.tally.breakdown(petition.id, Dimension.ANSWER)
    by_platform = {name.capitalize(): count for name, count in platforms.items()}
    ask = petition.content.ask
    labels = ask.said(turn.t.locale)[1] if ask else {}
    by_answer = {label: answers[option] for option, label in labels.items() if option in answers}
    return [
        *(_table(chat.BY_PLATFORM, by_platform, turn.t) if len(by_platform) > 1 else []),
        *_table(chat.BY_ANSWER, by_answer, turn.t),
    ]


async def _lately(turn: Turn, petition: Petition, totals: Totals) -> list[Block]:
    """What today and the last day brought; in hourly mode neither."""
    if petition.content.totals is TotalsMode.HOURLY:
        return []
    t, tally = turn.t, turn.ports.tally
    days = await tally.breakdown(petition.id, Dimension.DAY)
    today = days.get(turn.now.date().isoformat(), 0)
    before = await tally.before(petition.id, turn.now - timedelta(days=1))
    lately = ((outreach.TODAY, today), (outreach.LAST_DAY, totals.counted - before))
    return [facts((t(message), t.value(count)) for message, count in lately)]


async def _communities(turn: Turn, petition: Petition) -> list[Block]:
    """By community: all of them for organisers; for its own moderators this one, in tens."""
    if await turn.role() is Role.ORGANISER:
        counts = await turn.ports.tally.breakdown(petition.id, Dimension.COMMUNITY, live=True)
        most = sorted(counts.items(), key=lambda each: -each[1])[:NAMED]
        names = await turn.ports.communities.names([int(number) for number, _ in most])
        rows = [(names.get(int(number)) or f"#{number}", turn.t.value(count)) for number, count in most]
        if rest := sum(counts.values()) - sum(count for _, count in most):
            rows.append((turn.t(outreach.OTHER_COMMUNITIES), turn.t.value(rest)))
        return [heading(turn.t(outreach.BY_COMMUNITY), 2), facts(rows)] if rows else []
    if not (turn.place.shared and turn.actor.moderates) or petition.content.totals is TotalsMode.HOURLY:
        return []
    here = str(await turn.ports.communities.ensure(turn.place))
    count = (await turn.ports.tally.breakdown(petition.id, Dimension.COMMUNITY)).get(here, 0)
    tens = count // 10 * 10
    said = turn.t.paragraph(outreach.FROM_HERE if tens else outreach.FROM_HERE_FEW, count=tens or 10)
    return [said]


def _table(title: Message, counts: Mapping[str, int], t: Words) -> list[Block]:
    if not counts:
        return []
    return [heading(t(title), 2), facts((name, t.value(count)) for name, count in counts.items())]


SPEC = CommandSpec(
    "totals",
    chat.TOTALS_COMMAND,
    run,
    (WHICH,),
    private=False,
    role_matters=True,
    actions={"totals": Action(choosing.pressed(_show), private=False)},
)
