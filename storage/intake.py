"""The way in for signatures: requests that wait are written together, each petition's in a line of its own.

A batch is whatever waits while the batch before it is written; nothing is delayed on purpose. Only after the
commit does anybody get a result.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row

from bot.errors import KeyMismatchError, StorageError
from bot.model.signature import AlreadySigned, NotTaken, Signature, Signed, SignRequest, SignResult, Status
from bot.ports import Clock
from bot.ports.watching import Watch
from storage.batch import Batch, Echo, Found, Fresh, Outcome
from storage.database import Database
from storage.faults import kind_of
from storage.line import Line
from storage.preparation import Preparation, Prepared
from storage.records import Records

WAITING: Final = 10_000
"""How many requests may wait, over all petitions, before people are told to try again."""
log = logging.getLogger(__name__)


class _Waiting:
    """One request in the queue."""

    __slots__ = ("prepared", "request", "result", "since")
    prepared: Prepared

    def __init__(self, request: SignRequest, result: "asyncio.Future[SignResult]") -> None:
        self.request = request
        self.result = result
        self.since = time.monotonic()

    def settle(self, result: SignResult) -> None:
        if not self.result.done():  # whoever asked may have gone
            self.result.set_result(result)


class Intake:
    """Signs. One for each process; made and used in one event loop."""

    def __init__(
        self, database: Database, batch: Batch, records: Records, clock: Clock, watch: Watch
    ) -> None:
        self._database = database
        self._clock = clock
        self._preparation = Preparation(database, records.keys, records.vault, clock)
        self._records = records
        self._batch = batch
        self._lines: dict[int, Line[_Waiting]] = {}
        self._room = asyncio.Semaphore(database.batches)
        self._watch = watch
        self._taken = 0
        self._closed = False
        self._idle = asyncio.Event()
        watch.queue(lambda: self._taken)

    async def sign(self, request: SignRequest) -> SignResult:
        """Sign. Returns only when the result is durable."""
        busy = self._closed or self._taken >= WAITING
        result = NotTaken(busy=True) if busy else await self._take(request)
        self._watch.signed(result)
        return result

    async def _take(self, request: SignRequest) -> SignResult:
        waiting = _Waiting(request, asyncio.get_running_loop().create_future())
        self._taken += 1
        self._line(request.petition_id).add(waiting)
        try:
            return await waiting.result
        finally:
            self._taken -= 1
            if self._closed and not self._taken:
                self._idle.set()

    async def aclose(self) -> None:
        """Take no more, and write what waits."""
        self._closed = True
        if self._taken:
            self._idle.clear()
            await self._idle.wait()
        for line in self._lines.values():
            await line.done()

    def _line(self, petition_id: int) -> Line[_Waiting]:
        line = self._lines.get(petition_id)
        if line is None:
            line = self._lines[petition_id] = Line(self._settle, self._room)
        return line

    async def _settle(self, batch: Sequence[_Waiting]) -> None:
        self._watch.batch(len(batch), time.monotonic() - batch[0].since)
        try:
            prepared = await self._preparation.prepare([waiting.request for waiting in batch])
        except StorageError as error:
            self._not_now(batch, error)
            return
        ready = []
        for waiting, each in zip(batch, prepared, strict=True):
            if each is None:
                waiting.settle(NotTaken(busy=False))
            else:
                waiting.prepared = each
                ready.append(waiting)
        if ready:
            await self._write(ready)

    async def _write(self, batch: Sequence[_Waiting]) -> None:
        """Write a batch. One that fails is tried again in halves, until the bad request stands alone."""
        prepared = [waiting.prepared for waiting in batch]
        try:
            outcomes = await self._database.write(lambda on: self._batch.write(on, prepared, self._clock()))
            self._answer(batch, outcomes)
        except StorageError as error:
            self._not_now(batch, error)
        except Exception as error:  # noqa: BLE001  # whatever a request holds, the others must not notice
            if len(batch) == 1:
                log.warning("A signature was refused by the database: %s", kind_of(error))
                batch[0].settle(NotTaken(busy=False))
                return
            for half in (batch[: len(batch) // 2], batch[len(batch) // 2 :]):
                await self._write(half)

    def _not_now(self, batch: Sequence[_Waiting], error: StorageError) -> None:
        log.error("%d signatures could not be taken: %s", len(batch), error)
        for waiting in batch:
            waiting.settle(NotTaken(busy=True))

    def _answer(self, batch: Sequence[_Waiting], outcomes: Sequence[Outcome]) -> None:
        for waiting, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Fresh):
                waiting.settle(Signed(_signature(waiting.prepared, outcome.number)))
            else:
                waiting.settle(self._result(batch, outcome))

    def _result(self, batch: Sequence[_Waiting], outcome: Outcome) -> SignResult:
        match outcome:
            case Fresh():
                raise AssertionError("answered before")
            case Echo(index, number, replay):
                first = _signature(batch[index].prepared, number)
                return Signed(first) if replay else AlreadySigned(first)
            case Found(row, replay):
                return self._found(row, replay=replay)
            case NotTaken():
                log.error("A signature asked for a reach or an answer that its petition does not offer.")
                return outcome
            case _:
                return outcome

    def _found(self, row: Row[Any], *, replay: bool) -> SignResult:
        try:
            signature = self._records.signature(row)
        except (KeyMismatchError, StorageError) as error:
            log.error("A signature can't be read: %s", error)  # noqa: TRY400  # one clear line
            return NotTaken(busy=False)
        return Signed(signature) if replay else AlreadySigned(signature)


def _signature(prepared: Prepared, number: int | None) -> Signature:
    request = prepared.request
    status = Status.HELD if number is None else Status.COUNTED
    context = prepared.kind.context
    return Signature(  # in order, for speed: names of arguments take a third of the time
        request.petition_id, request.form, number, status, request.reach, request.text_version,
        context.at.date(), request.account.platform, request.identity, context, prepared.code,
    )  # fmt: skip
