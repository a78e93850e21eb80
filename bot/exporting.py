"""The list of signers in the chat: written while a message counts along, told to all organisers, then handed over."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Final

from msgspec import Struct

from bot.answer import File, Handed
from bot.document import Block, Moment, Progress, heading
from bot.errors import LostError
from bot.export.manifest import Manifest, path_of
from bot.export.request import Audience, Request
from bot.export.writing import Job, write
from bot.model.petition import Petition
from bot.model.signature import Dimension, Status
from bot.organising import tell_exported
from bot.pages.organisers import APART, AUDIENCES
from bot.private_files import passing_file
from bot.turn import Turn
from bot.words import exporting as said

EVERY: Final = 3.0
"""Seconds between words of progress."""
STAYS: Final = timedelta(minutes=15)
"""For so long, at most, does a list stay in the chat."""


class TooLargeError(Exception):
    """The file has grown beyond what the platform takes."""


class Growing(Struct):
    """A list that is being written: how far it is, as the thread that writes it tells."""

    file: IO[bytes]
    largest: int | None
    rows: int = 0

    def grown(self, rows: int) -> None:
        """Note how many rows there are. Raises TooLargeError as soon as nobody would take the file."""
        self.rows = rows
        self.check(self.file.tell())

    def check(self, size: int) -> None:
        """Raise TooLargeError for a file of this size, in bytes, that would not be taken."""
        if self.largest is not None and size > self.largest:
            raise TooLargeError


async def hand_out(turn: Turn, petition: Petition, request: Request, key: str | None) -> None:
    """Write the list, note and tell that it was written before anybody has it, and hand it over with its manifest."""
    await turn.say_instead(said.EXPORT_WORKING)
    job = _job(turn, petition, request, key)
    with passing_file() as (file, path):
        try:
            made = await _written(turn, petition, job, Growing(file, turn.answer.largest_file))
        except TooLargeError:
            await turn.say_instead(said.EXPORT_TOO_LARGE, command=_command(petition, request))
            return
        except LostError as error:
            await turn.answer.replace(turn.page(*_lost(turn, error)))
            return
        if not made.rows and not made.counts.get("others"):
            await turn.say_instead(said.EXPORT_EMPTY)
            return
        if not made.bytes:  # no platform takes an empty file
            await turn.say_instead(said.EXPORT_ALL_OTHERS, count=made.counts["others"])
            return
        file.flush()
        actor = await turn.ports.organisers.actor(turn.account, turn.t.locale)
        await tell_exported(turn.ports, petition.id, made, actor=actor)
        caption = turn.page(*_caption(turn, petition, made), names_a_person=True)
        handed = await turn.answer.file(File(path, job.name, caption))
    beside = await _hand_manifest(turn, made)
    due = [await _remove_later(turn, each) for each in (handed, beside) if each is not None]
    t = turn.t
    where = (
        t.paragraph(said.EXPORT_REMOVED, when=Moment(min(due))) if due else t.paragraph(said.EXPORT_HANDED)
    )
    await turn.answer.replace(turn.page(where))


async def _remove_later(turn: Turn, handed: Handed) -> datetime:
    return await turn.ports.removals.plan(turn.account, handed.reference, STAYS, handed.until)


async def expected(turn: Turn, petition: Petition, request: Request) -> int:
    """How many rows a list will have, unless somebody signs or withdraws meanwhile."""
    if request.status is not Status.COUNTED or request.audience is Audience.ORGANISERS:
        totals = await turn.ports.tally.totals(petition.id, live=True)
        return int(getattr(totals, request.status.value))
    reaches = await turn.ports.tally.breakdown(petition.id, Dimension.REACH, live=True)
    return sum(reaches.get(reach.value, 0) for reach in request.wanted.reaches)


async def _written(turn: Turn, petition: Petition, job: Job, growing: Growing) -> Manifest:
    """The manifest of the list, once it is written; others are answered meanwhile. Raises TooLargeError."""
    over = asyncio.Event()
    telling = asyncio.create_task(_tell(turn, petition, job.request, growing, over))
    try:
        made = await turn.ports.roster.read(
            petition.id, lambda reading: write(reading, job, growing.file, growing.grown)
        )
    finally:
        over.set()
        await asyncio.gather(telling, return_exceptions=True)  # what can't be told spoils nothing
    growing.check(made.bytes)
    return made


async def _tell(
    turn: Turn, petition: Petition, request: Request, growing: Growing, over: asyncio.Event
) -> None:
    """Count along in the message that stands there, until it is over."""
    total = await expected(turn, petition, request)
    title = heading(turn.t(said.EXPORT_TITLE, title=petition.text(turn.t.locale).title))
    told = 0
    while not await _within(over, EVERY):
        rows = growing.rows
        if told < rows:
            words = turn.t.paragraph(said.EXPORT_WRITING, done=rows, total=max(rows, total))
            bar = Progress(rows, max(rows, total))
            await turn.answer.replace(turn.page(title, words, bar))
        told = rows


async def _within(over: asyncio.Event, seconds: float) -> bool:
    """Whether it is over before so many seconds have passed."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await over.wait()
    return over.is_set()


def _job(turn: Turn, petition: Petition, request: Request, key: str | None) -> Job:
    readers = "" if request.audience is Audience.ORGANISERS else f"-{request.audience}"
    which = "" if request.status is Status.COUNTED else f"-{request.status}"
    name = f"{petition.slug}{readers}{which}-{turn.now:%Y%m%d-%H%M}.{request.format}"
    if key is None:
        return Job(request, name, turn.now)
    from bot.export.sealing import SUFFIX, recipient  # noqa: PLC0415 - only who encrypts needs the library

    return Job(request, name + SUFFIX, turn.now, (recipient(key),))


def _command(petition: Petition, request: Request) -> str:
    """What writes the same at the command line."""
    which = "" if request.status is Status.COUNTED else f" --status {request.status}"
    return f"undersigned export {petition.slug} --format {request.format} --for {request.audience}{which} -o FILE"


def _caption(turn: Turn, petition: Petition, made: Manifest) -> tuple[Block, ...]:
    t = turn.t
    erased, sealed = made.counts.get("erased", 0), "encryption" in made.extras
    others = made.counts.get("others", 0) - erased
    readers = ", ".join(t(word) for word in (AUDIENCES[made.audience], APART.get(made.status)) if word)
    guard = said.EXPORT_SEALED if sealed else said.EXPORT_GUARD
    return (
        heading(t(said.EXPORT_TITLE, title=petition.text(t.locale).title)),
        t.paragraph(said.EXPORT_ROWS, count=made.rows, readers=readers),
        *([t.paragraph(said.EXPORT_OTHERS, count=others)] if others else ()),
        *([t.paragraph(said.EXPORT_ERASED, count=erased)] if erased else ()),
        *([t.paragraph(guard)] if sealed or made.status != Status.WITHDRAWN else ()),  # they have no names
        t.aside(said.EXPORT_CHECKSUM, checksum=made.sha256),
    )


def _lost(turn: Turn, error: LostError) -> Iterator[Block]:
    yield turn.t.paragraph(said.EXPORT_LOST, count=error.count)
    if error.numbers:
        numbers = ", ".join(f"#{number}" for number in error.numbers)
        yield turn.t.aside(said.EXPORT_LOST_NUMBERS, numbers=numbers)


async def _hand_manifest(turn: Turn, made: Manifest) -> Handed | None:
    with passing_file() as (file, path):
        file.write(made.text().encode())
        file.flush()
        caption = turn.page(turn.t.paragraph(said.EXPORT_MANIFEST, file=made.file))
        return await turn.answer.file(File(path, path_of(Path(made.file)).name, caption))
