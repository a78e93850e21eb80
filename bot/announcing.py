"""From what somebody wants to tell to what goes out: seen first, confirmed by a button, then followed to its end."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from bot.answer import Button, Style
from bot.document import Block, Facts, Progress, Quote, Rule, Span, facts, heading, paragraph
from bot.model.community import (
    Announcement,
    DeliveryState,
    Fanout,
    Kind,
    Standing,
    Telling,
    Undelivered,
    Voice,
)
from bot.model.petition import Petition
from bot.pages.announcement import blocks
from bot.roles import Role
from bot.sending import Lost
from bot.tokens import token
from bot.turn import Turn
from bot.words import chat, outreach
from bot.words.catalog import Message, Words

MOST_IN_A_WEEK = 3
WEEK = timedelta(days=7)
SHOWN = 15
"""Places that a report names."""
_WHY: Mapping[str, Message] = MappingProxyType(
    {
        Lost.REMOVED: outreach.WHY_REMOVED,
        Lost.FORBIDDEN: outreach.WHY_FORBIDDEN,
        Lost.BLOCKED: outreach.WHY_BLOCKED,
        Lost.MESSAGE: outreach.WHY_MESSAGE,
        "unknown": outreach.WHY_UNKNOWN,
        "busy": outreach.WHY_BUSY,
    }
)


async def too_often(turn: Turn) -> bool:
    """Whether organisers have written to everybody as often as they may; they have been told so then."""
    count = await turn.ports.outbox.to_everybody(turn.now - WEEK)
    if count >= MOST_IN_A_WEEK:
        await turn.say_instead(outreach.TOO_OFTEN, count=count)
    return count >= MOST_IN_A_WEEK


async def preview(turn: Turn, telling: Telling, petition: Petition) -> None:
    """Show what would go out, to how many, with the button that sends it."""
    lead = await _lead(turn, telling, petition)
    if lead is None:
        return
    proposed = await turn.ports.outbox.propose(telling)
    rows = [
        [Button(turn.t(outreach.CONFIRM_BUTTON), token("say", proposed.token), style=Style.PRIMARY)],
        [Button(turn.t(outreach.DISCARD_BUTTON), token("discard", proposed.token))],
    ]
    shown = (lead, Rule(), Quote(blocks(telling, petition, turn.t)))
    await turn.answer.replace(turn.page(*shown, buttons=rows, here=True))


async def _lead(turn: Turn, telling: Telling, petition: Petition) -> Block | None:
    """To whom it would go; None after telling that there is nobody."""
    t, title = turn.t, petition.text(turn.t.locale).title
    if telling.follow is not None:
        return t.paragraph(outreach.PREVIEW_HERE)
    if telling.kind is Kind.UPDATE:
        people = await turn.ports.notices.count(petition.id)
        if not people:
            await turn.say_instead(outreach.NOBODY_ASKED, title=title)
            return None
        return t.paragraph(outreach.PREVIEW_PEOPLE, count=people)
    served = await _served(turn, petition)
    if not served:
        await turn.say_instead(outreach.NOBODY_FOLLOWS, title=title)
        return None
    seconds = max(count / turn.outbox.rate(platform) for platform, count in served.items())
    return t.paragraph(outreach.PREVIEW_ALL, count=sum(served.values()), time=_about(seconds, t))


async def _served(turn: Turn, petition: Petition) -> dict[str, int]:
    standings = await turn.ports.follows.standings(petition.id)
    return {platform: n for (platform, standing), n in standings.items() if standing is Standing.ACTIVE}


def _about(seconds: float, t: Words) -> str:
    """A time as people say it, rather too long than too short."""
    if seconds < 60:  # noqa: PLR2004 - a minute
        return t(outreach.SECONDS, count=max(5, round(seconds / 5 + 0.5) * 5))
    return t(outreach.MINUTES, count=int(seconds // 60) + 1)


async def confirmed(turn: Turn, arguments: tuple[str, ...]) -> None:
    """Send what was seen."""
    proposed = await _proposed(turn, arguments[0])
    if proposed is None:
        return
    telling = proposed.telling
    everybody = telling.follow is None and telling.kind is not Kind.UPDATE
    most = MOST_IN_A_WEEK if everybody else None
    if not await turn.ports.outbox.confirm(proposed.token, most=most, since=turn.now - WEEK):
        if proposed.confirmed or not everybody or not await too_often(turn):
            await turn.say_instead(outreach.SENT_BEFORE)
        return
    turn.outbox.ring()
    if telling.follow is not None:
        await turn.say_instead(outreach.ON_ITS_WAY)
        return
    async for fanout in turn.outbox.watch(proposed.id):
        await _report(turn, proposed, fanout)


async def discarded(turn: Turn, arguments: tuple[str, ...]) -> None:
    """Keep it to oneself."""
    if await _proposed(turn, arguments[0]) is not None:
        await turn.say_instead(outreach.DISCARDED)


async def progress(turn: Turn, arguments: tuple[str, ...]) -> None:
    """How far it has got by now."""
    told = await _proposed(turn, arguments[0])
    if told is not None:
        await _report(turn, told, await turn.ports.outbox.fanout(told.id))


async def _proposed(turn: Turn, written: str) -> Announcement | None:
    """An announcement that this actor may send here; None after telling that there is none."""
    found = await turn.ports.outbox.announcement(written)
    if found is not None and await _may_send(turn, found.telling):
        return found
    await turn.say_instead(chat.UNKNOWN_BUTTON)
    return None


async def _may_send(turn: Turn, telling: Telling) -> bool:
    if telling.follow is None or telling.voice is Voice.ORGANISERS:
        return await turn.role() is Role.ORGANISER
    here = await turn.ports.follows.at(turn.place) if turn.place.shared else ()
    return any(each.id == telling.follow for each in here)


async def _report(turn: Turn, told: Announcement, fanout: Fanout) -> None:
    """How many have it, and at its end who has not, and why."""
    t, done = turn.t, fanout.spread and not fanout.waiting
    total = sum(fanout.counts.values())
    sent = fanout.counts.get(DeliveryState.SENT, 0)
    blocks: list[Block] = [
        heading(t(outreach.PROGRESS_DONE_TITLE if done else outreach.PROGRESS_TITLE)),
        *([t.paragraph(outreach.PROGRESS_SENT, done=sent, total=total)] if total or done else []),
        *([Progress(sent, total)] if total else []),
        *([] if done else [t.aside(outreach.PROGRESS_LATER)]),
    ]
    troubled = sum(fanout.reasons.values())
    if troubled and turn.place.discreet:
        lost = await turn.ports.outbox.undelivered(told.id, SHOWN)
        blocks += [heading(t(outreach.NOT_DELIVERED), 2), _reasons(fanout, t), *_named(lost, troubled, t)]
    again = [] if done else [[Button(t(outreach.PROGRESS_BUTTON), token("progress", told.token))]]
    await turn.answer.replace(turn.page(*blocks, buttons=again, here=True))


def _reasons(fanout: Fanout, t: Words) -> Facts:
    return facts((_why(reason, t), t.value(count)) for reason, count in fanout.reasons.items())


def _named(lost: Sequence[Undelivered], troubled: int, t: Words) -> list[Block]:
    names = [f"{each.name or t(outreach.A_PERSON)} ({each.platform.capitalize()})" for each in lost]
    more = [t(outreach.AND_MORE, count=troubled - len(lost))] if troubled > len(lost) else []
    return [paragraph(Span(", ".join([*names, *more])))]


def _why(reason: str, t: Words) -> str:
    return t(_WHY.get(reason, outreach.WHY_OTHER))
