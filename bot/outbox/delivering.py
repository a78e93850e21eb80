"""One delivery: what is posted, and what comes of it."""

import asyncio
from collections.abc import Awaitable

from msgspec.structs import replace

from bot import incidents
from bot.answer import Page
from bot.model.community import DeliveryState, Job, Kind, Settled
from bot.model.petition import Petition
from bot.model.signature import Totals
from bot.outbox import settling
from bot.outbox.boards import face
from bot.outbox.composing import Composing
from bot.outbox.pace import Pace
from bot.outbox.settling import LONGEST_SEND, Step
from bot.ports import Clock, Ports
from bot.sending import Gone, Later, Lost, Outcome, Sender, Sent, Unknown


class Delivering:
    """Makes deliveries on one platform."""

    def __init__(self, sender: Sender, ports: Ports, clock: Clock, composing: Composing, pace: Pace) -> None:
        self._sender, self._ports, self._clock = sender, ports, clock
        self._composing, self._pace = composing, pace

    async def one(self, job: Job, petition: Petition, totals: Totals) -> Settled:
        """Make a delivery, or settle one that may have been made."""
        step = settling.step(job, self._clock(), repeatable=self._sender.repeatable)
        if step is Step.LEAVE:
            return settling.left(job)
        settled = await (self._find(job) if step is Step.FIND else self._post(job, petition, totals))
        if settled.state is not DeliveryState.SENT or not job.becomes_board:
            return settled
        if job.announcement.telling.kind is Kind.BOARD:
            await self._pin(settled)
        else:  # it shows the total that it tells of
            totals = replace(totals, counted=job.announcement.telling.total)
        return replace(settled, face=face(petition, totals, self._clock()))

    async def _post(self, job: Job, petition: Petition, totals: Totals) -> Settled:
        page = await self._composing.page(job, petition, totals)
        if page is None:
            return Settled(job, DeliveryState.SKIPPED)
        picture = await self._composing.picture(job, petition)
        if job.follow is not None:
            outcome = await attempt(
                self._sender.post(job.follow.place, page, job.token, picture), self._sender
            )
        else:
            outcome = await self._write(job, page)
        await self._heed(job, outcome)
        return settling.posted(job, outcome, self._clock(), repeatable=self._sender.repeatable)

    async def _write(self, job: Job, page: Page) -> Outcome:
        if job.account is None:
            return Gone(Lost.BLOCKED)
        return await attempt(self._sender.write(job.account, page, job.token), self._sender)

    async def _heed(self, job: Job, outcome: Outcome) -> None:
        """What an outcome says about more than this job."""
        match outcome:
            case Later(seconds, everywhere=True):
                self._pace.pause(asyncio.get_running_loop().time() + seconds)
            case Sent(_, place) if place is not None and job.follow is not None:
                await self._ports.follows.moved(job.follow.place, place)
            case Gone(why) if job.follow is not None and why is not Lost.MESSAGE:
                await self._ports.follows.set_aside(job.follow.id, why.value, left=why is Lost.REMOVED)
            case Gone() if job.account is not None:
                await self._ports.notices.stop(job.account, job.announcement.telling.petition_id)

    async def _find(self, job: Job) -> Settled:
        """Look for what may stand there already."""
        if job.follow is None or job.suspect is None:
            return settling.left(job)
        try:
            async with asyncio.timeout(LONGEST_SEND.total_seconds()):
                reference = await self._sender.find(job.follow.place, job.token, job.suspect)
        except LookupError:
            return settling.left(job)
        except Exception as error:  # noqa: BLE001 - an SDK's trouble; it is looked for again
            incidents.note(error, "Outbox", job.follow.place.platform)
            return settling.in_doubt(job, self._clock())
        return settling.found(job, reference, self._clock())

    async def _pin(self, settled: Settled) -> None:
        """Pin a board, if its community wants that; one that can't be pinned stands all the same."""
        follow = settled.job.follow
        pinned = follow is not None and follow.wishes.pinned and not settled.job.unwanted
        if follow is not None and pinned and settled.reference is not None:
            self._pace.take(asyncio.get_running_loop().time())
            await attempt(self._sender.pin(follow.place, settled.reference), self._sender)


async def attempt(request: Awaitable[Outcome], sender: Sender) -> Outcome:
    """The outcome of a request; one that takes too long or raises may have arrived."""
    try:
        async with asyncio.timeout(LONGEST_SEND.total_seconds()):
            return await request
    except TimeoutError:
        return Unknown()
    except Exception as error:  # noqa: BLE001 - a sender should not raise; whatever it is, others are waiting
        incidents.note(error, "Outbox", type(sender).__name__)
        return Unknown()
