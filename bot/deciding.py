"""Changes in review: what one would make of the total is shown, then it is confirmed, made, and can be undone."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from bot import choosing
from bot.answer import Button, Style
from bot.model.petition import Petition
from bot.model.review import Outcome
from bot.model.signature import Change
from bot.pages import reviewing as pages
from bot.ports.reviewing import Progress
from bot.reviewing import back, chosen
from bot.tokens import token
from bot.turn import Turn
from bot.words import reviewing as said

EVERY: Final = 3.0
"""Seconds between words of progress."""


async def propose(turn: Turn, petition: Petition, scope: str, change: Change, reason: str = "") -> None:
    """Say what a change would make of the total, and ask."""
    which = await chosen(turn, petition, scope)
    if which is None:
        await turn.say_instead(said.LIST_NONE)
        return
    actor = await turn.ports.organisers.actor(turn.account, turn.t.locale)
    made = await turn.ports.reviews.preview(petition.id, which, change, reason=reason, actor=actor)
    if not made.count:
        await turn.say_instead(said.ASK_NONE, title=petition.text(turn.t.locale).title)
        return
    style = Style.DANGER if change is Change.STRIKE else Style.PRIMARY
    rows = [
        [Button(turn.t(pages.YES[change]), token("settle", made.action), style=style)],
        [Button(turn.t(said.NO_BUTTON), token("review", petition.key))],
    ]
    await turn.answer.replace(turn.page(*pages.preview(made, reason, turn.t), buttons=rows))


async def settle(turn: Turn, action: str) -> None:
    """Make a change that was shown."""
    await _carry_out(turn, turn.ports.reviews.settle, action)


async def undo(turn: Turn, action: str) -> None:
    """Undo it."""
    await _carry_out(turn, turn.ports.reviews.undo, action)


Work = Callable[..., Awaitable[Outcome | None]]


async def _carry_out(turn: Turn, work: Work, action: str) -> None:
    """Do it, while a message counts along, and say what was done."""
    actor = await turn.ports.organisers.actor(turn.account, turn.t.locale)
    made = await counting(turn, lambda progress: work(action, actor=actor, progress=progress))
    petition = await choosing.by_id(turn, made.petition_id) if made else None
    if made is None or petition is None:
        await turn.say_instead(said.ACTION_GONE)
        return
    totals = await turn.ports.tally.totals(petition.id, live=True)
    undo_it = (
        [] if made.undone or not made.changed else [Button(turn.t(said.UNDO_BUTTON), token("undo", action))]
    )
    rows = [undo_it, [back(turn, petition)]]
    await turn.answer.replace(turn.page(*pages.outcome(made, totals, turn.t), buttons=rows))


async def counting(turn: Turn, work: Callable[[Progress], Awaitable[Outcome | None]]) -> Outcome | None:
    """Do some work, and tell every few seconds how far it is."""
    at = (0, 0)

    def progress(done: int, total: int) -> None:  # from whatever thread
        nonlocal at
        at = done, total

    async def tell() -> None:
        while True:
            await asyncio.sleep(EVERY)
            await turn.answer.replace(turn.page(*pages.working(*at, turn.t)))

    telling = asyncio.create_task(tell())
    try:
        return await work(progress)
    finally:
        telling.cancel()
        with suppress(asyncio.CancelledError, ConnectionError):
            await telling


async def show_actions(turn: Turn, petition: Petition) -> None:
    """What was done lately, each with a button that undoes it, or finishes what was cut short."""
    found = await turn.ports.reviews.actions(petition.id)
    undoable = [
        Button(turn.t(said.UNDO_ONE_BUTTON, at=at), token("undo", each.token))
        for at, each in enumerate(found, 1)
        if each.outcome.changed and not each.outcome.undone
    ]
    left = [
        Button(
            turn.t(said.GO_ON_BUTTON, at=at), token("undo" if each.outcome.undone else "settle", each.token)
        )
        for at, each in enumerate(found, 1)
        if each.outcome.left
    ]
    rows = [left[:5], undoable[:5], undoable[5:], [back(turn, petition)]]
    await turn.answer.replace(turn.page(*pages.actions(petition, found, turn.t), buttons=rows))
