"""One edit of a board: it shows what stands now, or says goodbye."""

import asyncio
from datetime import timedelta

from bot.answer import Page
from bot.model.community import Board, Displayed, Standing
from bot.model.petition import Petition
from bot.model.signature import Totals
from bot.outbox import boards as rules
from bot.outbox.composing import Composing
from bot.outbox.delivering import attempt
from bot.outbox.pace import Pace
from bot.pages.board import farewell, moved
from bot.ports import Clock, Ports
from bot.sending import Gone, Later, Lost, Sender, Sent


class Editing:
    """Edits boards on one platform. `boards` is how many stand there."""

    def __init__(self, sender: Sender, ports: Ports, clock: Clock, composing: Composing, pace: Pace) -> None:
        self._sender, self._ports, self._clock = sender, ports, clock
        self._composing, self._pace = composing, pace
        self.boards = 0

    async def one(self, board: Board, petition: Petition, totals: Totals) -> Displayed:
        """Edit a board."""
        follow, now = board.follow, self._clock()
        shown = rules.face(petition, totals, now)
        page = await self._page(board, petition, totals)
        outcome = await attempt(self._sender.edit(follow.place, board.reference, page), self._sender)
        if isinstance(outcome, Later) and outcome.everywhere:
            self._pace.pause(asyncio.get_running_loop().time() + outcome.seconds)
        if isinstance(outcome, Sent) and outcome.place is not None:
            await self._ports.follows.moved(follow.place, outcome.place)
        between = rules.interval(
            self.boards, now - board.since, self._sender.per_second, discreet=follow.place.discreet
        )
        displayed = rules.edited(board, outcome, shown, self._clock(), between)
        if displayed is not None:
            return displayed
        if isinstance(outcome, Gone):
            why = outcome.why
            await self._ports.follows.set_aside(follow.id, why.value, left=why is Lost.REMOVED)
        return Displayed(board.id, now + timedelta(hours=1), strikes=board.strikes)

    async def _page(self, board: Board, petition: Petition, totals: Totals) -> Page:
        if not board.leaving:
            return await self._composing.board(board.follow, petition, totals)
        goodbye = farewell if board.follow.standing is Standing.LEFT else moved
        return goodbye(petition, board.follow.locale)
