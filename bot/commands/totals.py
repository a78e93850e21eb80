"""/totals: how many have signed."""

from collections.abc import Mapping

from bot import choosing
from bot.commands.petition import WHICH, show_card
from bot.commands.spec import Action, CommandSpec
from bot.document import Block, Moment, facts, heading
from bot.model.milestones import following
from bot.model.petition import Petition, TotalsMode
from bot.model.signature import Dimension, Totals
from bot.pages.petition import progress, state_line
from bot.turn import Turn
from bot.words import chat
from bot.words.catalog import Message, Words


async def run(turn: Turn, arguments: Mapping[str, str]) -> None:
    petition = await choosing.choose(turn, arguments.get("which", ""), "totals")
    if petition is not None:
        await _show(turn, petition)


async def _pressed(turn: Turn, arguments: tuple[str, ...]) -> None:
    petition = await choosing.by_key(turn, arguments[0])
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
        *_ahead(petition, totals, t),
        *_not_counted(totals, t),
        state_line(petition, turn.now, t),
        *await _breakdowns(turn, petition),
        t.aside(chat.TOTALS_AS_OF, when=Moment(totals.at)),
    ]
    await turn.answer.replace(turn.page(*blocks))


def _ahead(petition: Petition, totals: Totals, t: Words) -> list[Block]:
    content = petition.content
    milestone = following(content.milestones, content.goal, totals.counted)
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
    actions={"totals": Action(_pressed, private=False)},
)
