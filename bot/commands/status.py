"""/status: how petitions fare, what could not be delivered, and what waits for an organiser's decision."""

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot import choosing
from bot.commands.petition import WHICH
from bot.commands.spec import CommandSpec
from bot.document import Block, Inline, Listing, Moment, Paragraph, facts, heading
from bot.later import Later
from bot.model.community import Standing
from bot.model.petition import Petition, State
from bot.model.signature import Dimension, Totals
from bot.organising import completed
from bot.retention import ends
from bot.roles import Role
from bot.turn import Turn
from bot.words import chat, reviewing
from bot.words import organising as said
from bot.words.catalog import Message

if TYPE_CHECKING:
    from bot.pages import missing as pages_missing
else:
    pages_missing = Later("bot.pages.missing")

SOON = timedelta(days=3)
ERASED_SOON = timedelta(days=14)
WEEK = timedelta(days=7)
MOST = 10
STATES: Mapping[State, Message] = MappingProxyType(
    {
        State.DRAFT: said.STATE_WORD_DRAFT,
        State.OPEN: said.STATE_WORD_OPEN,
        State.PAUSED: said.STATE_WORD_PAUSED,
        State.CLOSED: said.STATE_WORD_CLOSED,
        State.DELIVERED: said.STATE_WORD_DELIVERED,
    }
)


async def run(turn: Turn, arguments: Mapping[str, str]) -> None:
    which = arguments.get("which", "").strip()
    seen = await choosing.visible(turn)
    if which:
        petition = await choosing.choose(turn, which, "petition")
        seen = [petition] if petition else []
        if not seen:
            return
    if not seen:
        await turn.say_instead(said.STATUS_NONE)
        return
    blocks: list[Block] = []
    for petition in seen[:MOST]:
        blocks += [
            heading(petition.text(turn.t.locale).title, 2),
            facts([row async for row in _rows(turn, petition)]),
        ]
    blocks.append(heading(turn.t(said.DECIDE_TITLE), 2))
    waiting = [line async for line in _decisions(turn, seen)]
    blocks.append(
        Listing(tuple((line,) for line in waiting)) if waiting else turn.t.paragraph(said.DECIDE_NOTHING)
    )
    await turn.answer.replace(turn.page(*blocks))


async def _rows(turn: Turn, petition: Petition) -> AsyncIterator[tuple[str, str | Inline]]:
    t, state = turn.t, petition.state(turn.now)
    totals = await turn.ports.tally.totals(petition.id, live=True)
    yield t(said.STATUS_STATE), t(STATES[state])
    yield t(said.STATUS_SIGNED), _signed(turn, petition, totals)
    if state in {State.OPEN, State.PAUSED}:
        yield t(said.STATUS_PACE), await _pace(turn, petition)
    if totals.held:
        yield t(said.STATUS_HELD), t.value(totals.held)
    for row in _times(turn, petition):
        yield row
    if communities := await _communities(turn, petition):
        yield t(said.STATUS_COMMUNITIES), communities
    if told := await turn.ports.notices.count(petition.id):
        yield t(said.STATUS_TOLD), t.value(told)
    if failed := await turn.ports.outbox.failed(petition.id, turn.now - WEEK):
        yield t(said.STATUS_FAILED), t(said.STATUS_FAILED_VALUE, count=failed)


def _signed(turn: Turn, petition: Petition, totals: Totals) -> str:
    goal = petition.content.goal
    if goal is None:
        return turn.t.value(totals.counted)
    return turn.t(chat.SIGNED_OF_GOAL, count=totals.counted, goal=goal)


async def _pace(turn: Turn, petition: Petition) -> str:
    days = await turn.ports.tally.breakdown(petition.id, Dimension.DAY, live=True)
    today = turn.now.date()
    week = sum(count for day, count in days.items() if day > (today - WEEK).isoformat())
    return turn.t(said.STATUS_PACE_VALUE, today=days.get(today.isoformat(), 0), week=week)


def _times(turn: Turn, petition: Petition) -> Iterator[tuple[str, str | Inline]]:
    opens, closes, t = petition.content.opens, petition.content.closes, turn.t
    if opens is not None and opens > turn.now:
        yield t(said.STATUS_OPENS), Moment(opens)
    if closes is not None and closes > turn.now:
        yield t(said.STATUS_CLOSES), Moment(closes)
    erased = ends(petition, turn.house, turn.now)
    if petition.anonymised is None and erased is not None:
        yield t(said.STATUS_ERASED), Moment(erased)


async def _communities(turn: Turn, petition: Petition) -> str:
    counts: dict[Standing, int] = {}
    for (_, standing), count in (await turn.ports.follows.standings(petition.id)).items():
        counts[standing] = counts.get(standing, 0) + count
    parts = (
        (Standing.ACTIVE, said.STATUS_FOLLOW),
        (Standing.WAITING, said.STATUS_WAITING),
        (Standing.ASIDE, said.STATUS_ASIDE),
    )
    return ", ".join(turn.t(word, count=counts[standing]) for standing, word in parts if counts.get(standing))


async def _decisions(turn: Turn, seen: list[Petition]) -> AsyncIterator[Paragraph]:
    """What nobody but an organiser can settle, the most pressing first."""
    standings = await turn.ports.follows.standings()
    waiting = sum(count for (_, standing), count in standings.items() if standing is Standing.WAITING)
    for message, count in (
        (said.DECIDE_WAITING, waiting),
        (said.DECIDE_HELD_BACK, await turn.ports.outbox.held_back()),
    ):
        if count:
            yield turn.t.paragraph(message, count=count)
    for petition in seen:
        if held := (await turn.ports.tally.totals(petition.id, live=True)).held:
            title = petition.text(turn.t.locale).title
            yield turn.t.paragraph(reviewing.DECIDE_HELD, count=held, title=title)
        for line in _decide(turn, petition):
            yield line


def _decide(turn: Turn, petition: Petition) -> Iterator[Paragraph]:
    t, state, closes = turn.t, petition.state(turn.now), petition.content.closes
    title = petition.text(t.locale).title
    erased = ends(petition, turn.house, turn.now)
    if erased is not None and petition.anonymised is None and erased - turn.now <= ERASED_SOON:
        yield t.paragraph(said.DECIDE_ERASED, title=title, when=Moment(erased))
    if state in {State.OPEN, State.PAUSED} and closes is not None and closes - turn.now <= SOON:
        yield t.paragraph(said.DECIDE_CLOSING, title=title, when=Moment(closes))
    if state is State.CLOSED:
        yield t.paragraph(said.DECIDE_DELIVER, title=title)
    if state is State.DRAFT and petition.content.opens is None:
        yield t.paragraph(said.DECIDE_DRAFT, title=title)
    if state in {State.DRAFT, State.OPEN, State.PAUSED}:
        content = completed(petition.content, turn.house) if state is State.DRAFT else petition.content
        yield from pages_missing.decisions(petition, content, t)


SPEC = CommandSpec("status", said.STATUS_COMMAND, run, (WHICH,), role=Role.ORGANISER)
