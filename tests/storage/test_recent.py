"""What is kept for a moment: read once for a crowd, anew when it is old, never the old when it has changed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from msgspec.structs import replace

from bot.model.petition import Act, State
from bot.model.signature import NotOpen, TextChanged
from bot.ports import Ports
from storage.petitions import FRESH
from storage.recent import Recent
from tests.storage.world import PARK, Home, found, member, opened_petition, request, signed


class Shelf:
    """Something that changes, and is read slowly."""

    def __init__(self) -> None:
        self.value, self.readings = "old", 0
        self.begun, self.readable = asyncio.Event(), asyncio.Event()
        self.readable.set()

    async def read(self) -> str:
        self.readings += 1
        value = self.value
        self.begun.set()
        await self.readable.wait()
        return value


@pytest.fixture
async def seconds(monkeypatch):
    """Let so many seconds pass for the event loop."""
    loop = asyncio.get_running_loop()
    passed = [0.0]
    real = loop.time
    monkeypatch.setattr(loop, "time", lambda: real() + passed[0])

    def pass_(more: float) -> None:
        passed[0] += more

    return pass_


@pytest.fixture
def shelf():
    return Shelf()


async def test_a_crowd_shares_one_reading(shelf):
    recent = Recent(shelf.read, 60)
    assert await asyncio.gather(*(recent.get() for _ in range(50))) == ["old"] * 50
    assert await recent.get() == "old"
    assert shelf.readings == 1


async def test_where_there_is_nothing_yet_the_first_thing_is_seen_at_once(shelf):
    recent, shelf.value = Recent(shelf.read, 60), ""
    assert not await recent.get()
    shelf.value = "new"
    assert await recent.get() == "new"


async def test_what_is_old_is_read_anew(shelf, seconds):
    recent = Recent(shelf.read, 60)
    await recent.get()
    shelf.value = "new"
    seconds(59)
    assert await recent.get() == "old"
    seconds(2)
    assert await recent.get() == "new"


async def test_what_has_changed_is_read_anew_even_while_the_old_is_being_read(shelf):
    recent = Recent(shelf.read, 60)
    shelf.readable.clear()
    early = asyncio.create_task(recent.get())
    await shelf.begun.wait()
    shelf.value = "new"
    recent.forget()
    late = asyncio.create_task(recent.get())
    await asyncio.sleep(0)  # it asks while the early one still waits
    shelf.readable.set()
    assert (await early, await late, await recent.get()) == ("old", "new", "new")


async def test_a_reading_that_failed_is_tried_again():
    answers = iter((OSError("no disk"), "there"))

    async def read() -> str:
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return answer

    recent = Recent(read, 60)
    with pytest.raises(OSError, match="no disk"):
        await recent.get()
    assert await recent.get() == "there"


async def test_whoever_gives_up_waiting_takes_the_answer_from_nobody(shelf):
    recent = Recent(shelf.read, 60)
    shelf.readable.clear()
    first, second = (asyncio.create_task(recent.get()) for _ in range(2))
    await shelf.begun.wait()
    first.cancel()
    shelf.readable.set()
    assert await second == "old"


# --- the petitions, with two processes on one database ---


@asynccontextmanager
async def two(home: Home) -> AsyncIterator[tuple[Ports, Ports]]:
    async with home.ports() as ours, home.ports() as others:
        yield ours, others


async def test_what_another_process_changes_shows_after_a_moment(home, seconds):
    async with two(home) as (ours, others):
        await opened_petition(ours)
        await others.petitions.act("park", Act.PAUSE)
        seconds(FRESH)
        assert (await found(ours)).stored_state is State.PAUSED
        await others.petitions.add(replace(PARK, slug="lake"))
        seconds(FRESH)
        assert await ours.petitions.find("lake")


async def test_our_own_changes_show_at_once(ports):
    petition = await opened_petition(ports)
    await ports.petitions.act("park", Act.PAUSE)
    assert (await found(ports)).stored_state is State.PAUSED
    await ports.petitions.update("park", replace(petition.content, goal=7), seen=1)
    assert (await found(ports)).content.goal == 7
    await ports.petitions.add(replace(PARK, slug="lake"))
    assert [each.slug for each in await ports.petitions.all()] == ["park", "lake"]


async def test_whoever_signs_what_another_process_has_edited_is_shown_the_new_text_at_once(home):
    async with two(home) as (ours, others):
        petition = await opened_petition(ours)
        texts = (replace(petition.content.texts[0], letter="Another letter."), *petition.content.texts[1:])
        await others.petitions.update("park", replace(petition.content, texts=texts), seen=1)
        assert await ours.signatures.sign(request(petition)) == TextChanged()
        assert (await found(ours)).content.texts[0].letter == "Another letter."


async def test_whoever_signs_what_another_process_has_closed_learns_it(home):
    async with two(home) as (ours, others):
        petition = await opened_petition(ours)
        await others.petitions.act("park", Act.CLOSE)
        assert await ours.signatures.sign(request(petition)) == NotOpen(State.CLOSED)
        assert (await found(ours)).stored_state is State.CLOSED


# --- one's own signature is never kept ---


async def test_a_signature_given_in_another_process_is_found_at_once(home):
    async with two(home) as (ours, others):
        petition = await opened_petition(ours)
        assert await ours.signatures.on(petition, member()) is None
        receipt = await signed(others, petition)
        assert await ours.signatures.on(petition, member()) == receipt
        await others.signatures.withdraw(receipt.form)
        assert await ours.signatures.on(petition, member()) is None


async def test_a_signature_on_one_petition_is_not_found_on_another(ports):
    petition = await opened_petition(ports)
    other = await opened_petition(ports, replace(PARK, slug="lake"))
    await signed(ports, petition)
    assert await ports.signatures.on(other, member()) is None
