"""The database goes away, hangs, refuses or rots while people sign: nobody is lost, and all are told to try again."""

import asyncio
import sqlite3
from collections import Counter
from contextlib import asynccontextmanager, closing
from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import select, text

from bot.model.petition import TotalsMode
from bot.model.signature import NotTaken, Signed
from bot.ports import Level
from storage import intake
from storage.tables import petition as petitions
from tests.storage.servers import execute
from tests.storage.world import DAY, HOUR, PARK, opened_petition, request, signed

BUSY = NotTaken(busy=True)


async def asked(ports, petition, names):
    return await asyncio.gather(*(ports.signatures.sign(request(petition, name)) for name in names))


async def all_is_well(home):
    return [each.text for each in await home.maintenance.verify() if each.level is not Level.OK] == []


@asynccontextmanager
async def held(home, petition):
    """Another process holds the petition, and takes its time."""
    if home.url.startswith("sqlite"):
        with closing(sqlite3.connect(home.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    async with home.database() as database, database._engine.begin() as connection:
        await connection.execute(select(petitions).where(petitions.c.id == petition.id).with_for_update())
        yield


async def test_a_slow_database_makes_people_wait_and_no_more_of_them_than_there_is_room_for(
    ports, home, monkeypatch
):
    monkeypatch.setattr(intake, "WAITING", 20)
    petition = await opened_petition(ports)
    async with held(home, petition):
        waiting = [asyncio.create_task(ports.signatures.sign(request(petition, f"m{n}"))) for n in range(30)]
        done, pending = await asyncio.wait(waiting, timeout=0.3)
        assert {task.result() for task in done} == {BUSY}
        assert (len(done), len(pending)) == (10, 20)
    results = await asyncio.gather(*waiting)
    assert Counter(map(type, results)) == {Signed: 20, NotTaken: 10}
    refused = [f"m{number}" for number, result in enumerate(results) if result == BUSY]
    assert {type(result) for result in await asked(ports, petition, refused)} == {Signed}
    assert (await ports.tally.totals(petition.id)).counted == 30
    assert await all_is_well(home)


async def test_a_server_that_goes_away_and_comes_back_has_every_signature_that_it_receipted(
    postgres, postgres_home
):
    async with postgres_home.ports() as ports:
        petition = await opened_petition(ports)
        receipts, enough = [], asyncio.Event()

        async def sign_on(name):
            for number in range(1000):
                result = await ports.signatures.sign(request(petition, f"{name}{number}"))
                if result == BUSY:
                    return
                receipts.append(result.signature.number)
                if len(receipts) >= 50:
                    enough.set()

        signing = asyncio.gather(*(sign_on(name) for name in "abcdefgh"))
        await enough.wait()
        await asyncio.to_thread(postgres.stop)
        await signing
        assert await ports.signatures.sign(request(petition)) == BUSY
        await asyncio.to_thread(postgres.ensure_postgres_running)

        after = await signed(ports, petition)
        assert sorted(receipts) == sorted(set(receipts))
        assert set(receipts) <= set(range(1, after.number))
        assert (await ports.tally.totals(petition.id)).counted == after.number
    assert await all_is_well(postgres_home)


async def test_a_server_that_only_reads_makes_people_try_again(postgres, postgres_home):
    name = postgres_home.url.partition("@/")[2].partition("?")[0]
    async with postgres_home.ports() as ports:
        petition = await opened_petition(ports)
        for mode, expected in (("on", {NotTaken}), ("off", {Signed})):
            setting = f"ALTER DATABASE {name} SET default_transaction_read_only = {mode}"
            await asyncio.to_thread(execute, postgres, setting)
            await ports.petitions._database._engine.dispose()  # connections are of before the setting
            assert {type(each) for each in await asked(ports, petition, ("ana", "ben"))} == expected
        assert (await ports.tally.totals(petition.id)).counted == 2


async def test_a_file_that_rots_makes_no_receipt_that_is_not_true(sqlite_home):
    async with sqlite_home.ports() as ports:
        petition = await opened_petition(ports)
        await asked(ports, petition, (f"m{number}" for number in range(300)))
    root = text("SELECT rootpage FROM sqlite_master WHERE name = 'signature'")
    [(page,)] = await sqlite_home.run(root)
    with sqlite_home.path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    async with sqlite_home.ports() as ports:
        assert set(await asked(ports, petition, ("ana", "ben"))) == {BUSY}
        assert (await ports.tally.totals(petition.id)).counted == 300
    [finding] = [each for each in sqlite_home.maintenance.examine() if "damaged" in each.text]
    assert "restore" in finding.remedy


@pytest.mark.parametrize("mode", TotalsMode)
async def test_a_clock_that_is_set_back_neither_loses_nor_repeats_a_number(ports, home, clock, mode):
    petition = await opened_petition(ports, replace(PARK, totals=mode, milestones=(3,)))
    for number in range(6):
        await signed(ports, petition, f"before{number}")
    clock.move(-2 * HOUR)
    for number in range(6):
        assert (await signed(ports, petition, f"after{number}")).number == 7 + number
    clock.move(DAY + timedelta(minutes=1))
    await ports.outbox.hours(clock())
    assert (await ports.tally.totals(petition.id)).counted == 12
    assert await all_is_well(home)
