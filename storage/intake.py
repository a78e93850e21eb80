"""The way in for signatures: requests that wait are written together, each petition's in a line of its own.

A batch is whatever waits while the batch before it is written; nothing is delayed on purpose. Only after the
commit does anybody get a result.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Row

from bot.errors import KeyMismatchError, StorageError
from bot.model.signature import AlreadySigned, NotTaken, Signature, Signed, SignRequest, SignResult, Status
from bot.ports import Clock
from bot.ports.watching import Watch
from storage.batch import Batch
from storage.database import Database
from storage.deciding import Echo, Found, Fresh, Outcome
from storage.faults import kind_of
from storage.line import Line
from storage.preparation import Preparation, Prepared
from storage.records import Records

WAITING: Final = 10_000
"""How many requests may wait, over all petitions, before people are told to try again."""
log = logging.getLogger(__name__)

Result = asyncio.Future[SignResult]
"""Whoever waits for it may have gone meanwhile."""


class _Waiting(Struct, eq=False):
    """One request in the queue, and since when it is there (in seconds of a clock that is never set)."""

    request: SignRequest
    since: float
    result: Result


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
        result: SignResult
        if self._full():
            result = NotTaken(busy=True)
        else:
            self._taken += 1
            try:
                result = await self._wait(request)
            finally:
                self._taken -= 1
                if self._closed and not self._taken:
                    self._idle.set()
        self._watch.signed(result)
        return result

    def _full(self) -> bool:
        return self._closed or self._taken >= WAITING

    def _wait(self, request: SignRequest) -> Result:
        waiting = _Waiting(request, time.monotonic(), asyncio.get_running_loop().create_future())
        self._line(request.petition_id).add(waiting)
        return waiting.result

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
            _not_now([waiting.result for waiting in batch], error)
            return
        results, ready = list[Result](), list[Prepared]()
        for waiting, each in zip(batch, prepared, strict=True):
            if each is None:
                _give(waiting.result, NotTaken(busy=False))
            else:
                results.append(waiting.result)
                ready.append(each)
        if ready:
            await self._write(results, ready)

    async def _write(
        self, results: Sequence[Result], batch: Sequence[Prepared], *, again: bool = False
    ) -> None:
        """Write a batch. One that fails is tried again, then in halves, until the bad request stands alone."""
        crowd = self._batch.crowds.batch()
        try:
            outcomes = await self._database.write(
                lambda on: self._batch.write(on, batch, crowd, self._clock(), again=again)
            )
            for result, prepared, outcome in zip(results, batch, outcomes, strict=True):
                _give(result, self._result(batch, prepared, outcome))
        except StorageError as error:
            _not_now(results, error)
        except Exception as error:  # noqa: BLE001  # whatever a request holds, the others must not notice
            if not again:
                await self._write(results, batch, again=True)
            elif len(batch) == 1:
                log.warning("A signature was refused by the database: %s", kind_of(error))
                _give(results[0], NotTaken(busy=False))
            else:
                for half in (slice(len(batch) // 2), slice(len(batch) // 2, None)):
                    await self._write(results[half], batch[half], again=True)

    def _result(self, batch: Sequence[Prepared], prepared: Prepared, outcome: Outcome) -> SignResult:
        match outcome:
            case Fresh(number):
                return Signed(_signature(prepared, number))
            case Echo(index, number, replay):
                first = _signature(batch[index], number)
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


def _give(result: Result, value: SignResult) -> None:
    if not result.done():
        result.set_result(value)


def _not_now(results: Sequence[Result], error: StorageError) -> None:
    log.error("%d signatures could not be taken: %s", len(results), error)
    for result in results:
        _give(result, NotTaken(busy=True))


def _signature(prepared: Prepared, number: int | None) -> Signature:
    request = prepared.request
    status = Status.HELD if number is None else Status.COUNTED
    context = prepared.kind.context
    return Signature(  # in order, for speed: names of arguments take a third of the time
        request.petition_id, request.form, number, status, request.reach, request.text_version,
        context.at.date(), prepared.kind.platform, request.identity, context, prepared.code,
    )  # fmt: skip
