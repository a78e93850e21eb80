"""Serving one platform: deliveries and board edits, at its pace, through the sender that an adapter attached.

A round takes what may leave within the next quarter of a second. Each request leaves at its own place in time, so
there are no bursts; a slow one holds up no other. What became of jobs is noted together with taking the next.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from bot import incidents
from bot.log import LOG
from bot.model.community import Board, DeliveryState, Displayed, Job, Settled
from bot.model.petition import Petition
from bot.model.signature import Totals
from bot.outbox import boards as rules
from bot.outbox.bell import Bell, rest
from bot.outbox.composing import Composing
from bot.outbox.delivering import Delivering
from bot.outbox.editing import Editing
from bot.outbox.pace import Pace
from bot.outbox.settling import LONGEST_SEND
from bot.ports import Clock, Ports
from bot.sending import Sender
from bot.tokens import random_id

AHEAD: Final = 0.25
"""Seconds: what may leave within them is taken together."""
ROUND: Final = 0.1
"""Seconds between rounds while there is something to do."""
LOOK: Final = 15.0
"""Seconds after which another process's work is found at the latest."""
SECOND_OF_TWO: Final = 10.0
"""Seconds between attempts to become the holder of a platform that another process serves."""
AFTER_TROUBLE: Final = 5.0
FACES_FOR: Final = 1.0
"""Seconds for which totals are good enough for boards."""
IN_STOCK: Final = 100
"""Boards that are read at a time."""
Work = Callable[[], Awaitable[None]]
FAREWELL: Final = 5.0
"""Seconds that requests under way have to end when the platform is detached."""


class Worker:
    """Serves one platform until it is told to stop."""

    def __init__(
        self, platform: str, sender: Sender, ports: Ports, clock: Clock, composing: Composing, bell: Bell
    ) -> None:
        self._platform, self._sender, self._ports, self._clock = platform, sender, ports, clock
        self._bell = bell
        self._time = asyncio.get_running_loop().time
        self._pace = Pace(sender.per_second)
        self._holder = random_id()
        self._deliver = Delivering(sender, ports, clock, composing, self._pace)
        self._edit = Editing(sender, ports, clock, composing, self._pace)
        self._tasks: set[asyncio.Task[None]] = set()
        self._settled: list[Settled] = []
        self._displayed: list[Displayed] = []
        self._stock: deque[Board] = deque()
        self._busy: set[int] = set()  # boards that are being edited
        self._known: dict[int, tuple[Petition, Totals]] = {}
        self._known_at = float("-inf")
        self._rung = asyncio.Event()
        self._stopping = False
        self._second_until = float("-inf")

    async def run(self) -> None:
        """Serve. What goes wrong is logged, and tried again a little later."""
        with self._bell.listening(self._rung):
            while not self._stopping:
                await rest(self._rung, ROUND, await self._safe_round())
        await self._finish()

    def stop(self) -> None:
        """Take no more; `run` ends when what is under way has ended."""
        self._stopping = True
        self._rung.set()

    async def _safe_round(self) -> float:
        try:
            return await self._round()
        except Exception as error:  # noqa: BLE001 - whatever it is, the next round must come
            incidents.note(error, "Outbox", self._platform)
            return AFTER_TROUBLE

    async def _round(self) -> float:
        """One round; the seconds until the next, unless the bell rings."""
        now = self._clock()
        fresh_in = await self._look()
        idle = max(await self._idle_for(now), self._second_until - self._time())
        if idle > 0 and not self._settled and not self._displayed:
            return min(idle, fresh_in)
        if not await self._take(self._pace.room(self._time(), AHEAD)):
            self._stock.clear()
            self._second_until = self._time() + SECOND_OF_TWO
            return SECOND_OF_TWO
        displayed, self._displayed = self._displayed, []
        await self._ports.boards.display(displayed)
        self._busy -= {each.board for each in displayed}
        await self._take_boards(self._pace.room(self._time(), AHEAD), now)
        return ROUND

    async def _look(self) -> float:
        """Know petitions and totals as they stand, near enough; seconds until there may be something newer."""
        if (age := self._time() - self._known_at) < FACES_FOR:
            return FACES_FOR - age
        totals = self._ports.tally.totals
        self._known = {each.id: (each, await totals(each.id)) for each in await self._ports.petitions.all()}
        self._known_at = self._time()
        return LOOK

    async def _idle_for(self, now: datetime) -> float:
        """Seconds for which there is nothing to do."""
        if self._stock:
            return 0.0
        soonest = [
            await self._ports.outbox.soonest(self._platform),
            await self._ports.boards.soonest(self._platform, self._faces(now)),
        ]
        due = min((at for at in soonest if at is not None), default=None)
        return LOOK if due is None else min(LOOK, (due - now).total_seconds())

    async def _take(self, room: int) -> bool:
        """Note what became of jobs, and begin with the next; False if the platform is another holder's."""
        settled, self._settled = self._settled, []
        try:
            jobs = await self._ports.outbox.advance(self._platform, self._holder, settled, room)
        except BaseException:
            self._settled = settled + self._settled
            raise
        for job in jobs or ():
            self._begin(partial(self._job, job, self._pace.take(self._time())))
        return jobs is not None

    async def _take_boards(self, room: int, now: datetime) -> None:
        if room <= 0:
            return
        if not self._stock:
            faces = self._faces(now)
            stale = await self._ports.boards.stale(self._platform, faces, now, IN_STOCK)
            self._stock.extend(board for board in stale if board.id not in self._busy)
            self._edit.boards = await self._ports.boards.count(self._platform)
        for _ in range(min(room, len(self._stock))):
            board = self._stock.popleft()
            self._busy.add(board.id)
            self._begin(partial(self._board, board, self._pace.take(self._time())))

    def _faces(self, now: datetime) -> dict[int, str]:
        return {
            number: rules.face(petition, totals, now) for number, (petition, totals) in self._known.items()
        }

    async def _job(self, job: Job, place: float) -> None:
        """One delivery, at its place in time."""
        settled = Settled(job, DeliveryState.DUE, again=self._clock())  # true for as long as nothing has left
        if job.suspect is not None:
            settled = Settled(job, DeliveryState.IN_FLIGHT, again=self._clock())
        try:
            await self._until(place)
            known = self._known.get(job.announcement.telling.petition_id)
            if known is None:
                return
            settled = Settled(job, DeliveryState.IN_FLIGHT, again=self._clock() + LONGEST_SEND)
            settled = await self._deliver.one(job, *known)
        finally:
            self._settled.append(settled)
            self._rung.set()

    async def _board(self, board: Board, place: float) -> None:
        """One edit of a board, at its place in time."""
        later = self._clock() + timedelta(seconds=AFTER_TROUBLE)
        displayed = Displayed(board.id, later, strikes=board.strikes)
        try:
            await self._until(place)
            known = self._known.get(board.follow.petition_id)
            if known is not None:
                displayed = await self._edit.one(board, *known)
        finally:
            self._displayed.append(displayed)
            self._rung.set()

    async def _until(self, place: float) -> None:
        wait = place - self._time()
        if wait > 0:
            await asyncio.sleep(wait)

    def _begin(self, work: Work) -> None:
        task = asyncio.create_task(self._logged(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _logged(self, work: Work) -> None:
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - one that fails must not end the others
            incidents.note(error, "Outbox", self._platform)

    async def _finish(self) -> None:
        """End what is under way, note what became of it, and let another process serve the platform."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=FAREWELL)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        try:
            await self._ports.outbox.advance(self._platform, self._holder, self._settled, 0)
            await self._ports.boards.display(self._displayed)
            await self._ports.outbox.release(self._platform, self._holder)
        except Exception as error:  # noqa: BLE001 - what is not noted is settled by whoever serves next
            incidents.note(error, "Outbox", self._platform)
        LOG.info("outbox detached", platform=self._platform)
