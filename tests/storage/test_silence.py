"""A PostgreSQL server that says nothing any more: no refusal, no answer, as if the network swallowed every packet."""

import asyncio
from dataclasses import replace
from time import monotonic

import pytest
from sqlalchemy import func, select, text

from bot.errors import StorageError
from bot.model.signature import NotTaken, Signed
from bot.ports import Level
from storage import intake, postgres
from storage.addresses import connect, parse_url
from storage.tables import signature
from tests.storage.hanging import Way
from tests.storage.world import opened_petition, request, signed

BUSY = NotTaken(busy=True)
SILENCE = 0.5


@pytest.fixture
async def way(postgres_home, monkeypatch):
    """The way to the server, of which the storage knows nothing."""
    monkeypatch.setattr(postgres, "SILENCE_SECONDS", SILENCE)
    monkeypatch.setattr(postgres, "CONNECT_SECONDS", 1)
    way = Way(postgres_home.url)
    async with way.open() as url:
        way.home = replace(postgres_home, url=url)
        yield way


async def asked(ports, requests):
    return await asyncio.gather(*(ports.signatures.sign(each) for each in requests))


async def rows(home):
    [(count,)] = await home.run(select(func.count()).select_from(signature))
    return count


async def all_is_well(home):
    return [each.text for each in await home.maintenance.verify() if each.level is not Level.OK] == []


async def until_taken(ports, wanted):
    """Ask again, as people do, until it is taken."""
    async with asyncio.timeout(20):
        while (result := await ports.signatures.sign(wanted)) == BUSY:
            pass
    return result


async def test_members_are_told_to_wait_and_the_queue_stays_bounded(way, monkeypatch):
    monkeypatch.setattr(intake, "WAITING", 30)
    async with way.home.ports() as ports:
        petition = await opened_petition(ports)
        assert (await signed(ports, petition, "first")).number == 1
        way.hang()
        wanted = [request(petition, f"m{number}") for number in range(40)]
        began = monotonic()
        results = await asked(ports, wanted)
        assert monotonic() - began < 10 * SILENCE + 5
        assert results == [BUSY] * 40
        with pytest.raises(StorageError, match="does not answer"):
            await ports.tally.totals(petition.id)

        way.mend()
        results = [await until_taken(ports, each) for each in wanted]
        assert sorted(result.signature.number for result in results) == list(range(2, 42))
        assert (await ports.tally.totals(petition.id)).counted == 41
    assert await all_is_well(way.home)


async def test_a_batch_that_was_written_and_never_answered_is_counted_once(way):
    async with way.home.ports() as ports:
        petition = await opened_petition(ports)
        await signed(ports, petition, "first")
        way.swallow_answer_to = b"COMMIT;"
        wanted = [request(petition, f"m{number}") for number in range(20)]
        assert await asked(ports, wanted) == [BUSY] * 20
        assert way.swallowed.is_set()
        way.swallow_answer_to = b"\0never\0"
        way.mend()
        assert await rows(way.home) == 21  # written, and nobody knows

        results = [await until_taken(ports, each) for each in wanted]
        assert {type(result) for result in results} == {Signed}
        assert sorted(result.signature.number for result in results) == list(range(2, 22))
        assert await rows(way.home) == 21
        assert (await ports.tally.totals(petition.id)).counted == 21
    assert await all_is_well(way.home)


async def test_a_bot_that_has_gone_without_a_word_holds_no_petition(way, postgres_home):
    """Its transaction is open on the server, whom nobody tells that it is over."""
    async with way.home.ports() as ports, postgres_home.ports() as others:
        petition = await opened_petition(others)
        way.swallow_answer_to = b"INSERT INTO signature"  # it has locked, and hears no more
        assert await ports.signatures.sign(request(petition, "lost")) == BUSY
        assert way.swallowed.is_set()
        ana = await until_taken(others, request(petition, "ana"))
        assert ana.signature.number == 1
        assert (await others.tally.totals(petition.id)).counted == 1


async def test_long_work_for_an_operator_is_not_cut_short(way):
    patient = connect(parse_url(way.home.url))
    serving = connect(parse_url(way.home.url), patient=False)
    slow = text(f"SELECT pg_sleep({2 * SILENCE})")
    try:
        await patient.write(lambda on: on.execute(slow).all())
        await patient.read(lambda on: on.execute(slow).all())
        await serving.scan(lambda on: on.execute(slow).all())
        with pytest.raises(StorageError, match="does not answer"):
            await serving.write(lambda on: on.execute(slow).all())
    finally:
        await patient.close()
        await serving.close()


async def test_a_connection_that_fell_silent_while_it_was_idle_is_replaced(way):
    async with way.home.ports() as ports:
        petition = await opened_petition(ports)
        way.hang()
        assert await ports.signatures.sign(request(petition, "ana")) == BUSY
        way.mend()
        assert (await until_taken(ports, request(petition, "ana"))).signature.number == 1
