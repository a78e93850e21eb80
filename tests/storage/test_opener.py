"""A long list is opened by a second process meanwhile; nobody could tell from the list."""

import asyncio
from contextlib import contextmanager

import pytest
from sqlalchemy import update

from bot.errors import LostError
from bot.model.roster import Wanted
from bot.model.signature import Change, Identity, Status
from storage import opener, roster
from storage.opener import PAGE
from storage.tables import signature
from tests.storage.world import change, opened_petition, request, signed

MANY = 5 * PAGE + 3  # more than fits into a pipe


@pytest.fixture
def helpers(monkeypatch):
    """Those that were started, of which there is one for each list from now on."""
    started: list[opener.Opener] = []

    @contextmanager
    def noted(*arguments):
        with opener.opener_for(*arguments) as helper:
            started.append(helper)
            yield helper

    monkeypatch.setattr(opener, "WORTH", 1)
    monkeypatch.setattr(opener.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(roster, "opener_for", noted)
    return started


@pytest.fixture
async def ports(sqlite_home):
    async with sqlite_home.ports() as ports:
        yield ports


async def crowd(ports, count=MANY):
    petition = await opened_petition(ports)
    asked = [
        request(petition, f"m{n}", identity=Identity(f"Zoë {n}", "“So”,\nshe said"), community=n % 3 or None)
        for n in range(count)
    ]
    await asyncio.gather(*map(ports.signatures.sign, asked))
    return petition, [each.form for each in asked]


async def listed(ports, petition, **which):
    def rows(reading):
        return [row for page in reading.pages(Wanted(**which)) for row in zip(*page, strict=True)]

    return await ports.roster.read(petition.id, rows)


async def test_a_list_is_the_same_whoever_opened_it(ports, helpers, monkeypatch):
    petition, forms = await crowd(ports)
    await ports.signatures.withdraw(forms[7])
    await change(ports, forms[8], Change.STRIKE)
    helped = [
        await listed(ports, petition),
        await listed(ports, petition, by_name=True),
        await listed(ports, petition, status=Status.WITHDRAWN),
    ]
    assert [len(each) for each in helped] == [MANY - 2, MANY - 2, 1]
    assert [helper.failed for helper in helpers] == [False] * 3
    monkeypatch.setattr(opener, "WORTH", MANY)
    assert helped == [
        await listed(ports, petition),
        await listed(ports, petition, by_name=True),
        await listed(ports, petition, status=Status.WITHDRAWN),
    ]
    assert helpers[3:] == [None] * 3


async def test_a_helper_that_is_killed_leaves_no_gap(ports, helpers):
    petition, _ = await crowd(ports)

    def numbers(reading):
        pages = reading.pages(Wanted())
        first = next(pages)
        helpers[0]._process.kill()
        return [*first.number, *(number for page in pages for number in page.number)]

    assert await ports.roster.read(petition.id, numbers) == list(range(1, MANY + 1))


async def test_what_does_not_open_is_told_as_if_nobody_had_helped(ports, helpers, sqlite_home):
    petition, forms = await crowd(ports, PAGE + 9)
    await sqlite_home.run(
        update(signature).where(signature.c.form == forms[PAGE + 4]).values(identity=b"x" * 99)
    )
    with pytest.raises(LostError, match=f"of 1 signature .#{PAGE + 5}. the name"):
        await listed(ports, petition)
    assert helpers[0].failed


async def test_whoever_stops_early_leaves_no_process_behind(ports, helpers):
    petition, _ = await crowd(ports)
    first = await ports.roster.read(petition.id, lambda reading: next(reading.pages(Wanted())))
    assert first.rows == PAGE
    assert helpers[0].failed  # it was ended


async def test_a_snapshot_that_differs_is_not_used(ports, helpers, monkeypatch, sqlite_home):
    """Somebody takes a signature back between the two snapshots."""
    petition, forms = await crowd(ports, 3)
    find = ports.petitions.read

    def late(connection, petition_id):
        withdrawn = sqlite_home.run(
            update(signature).where(signature.c.form == forms[0]).values(reach="organisers")
        )
        asyncio.run(withdrawn)
        return find(connection, petition_id)

    monkeypatch.setattr(ports.petitions, "read", late)
    monkeypatch.setattr(opener.Opener, "pages", lambda *_: pytest.fail("it was used"))
    first, *_ = await listed(ports, petition)
    assert first[2] == "organisers"


async def test_a_key_that_the_helper_lacks_is_no_trouble(ports, helpers, sqlite_home):
    petition, _ = await crowd(ports, 3)
    sqlite_home.key_file.rename(sqlite_home.key_file.with_name("away"))
    assert len(await listed(ports, petition)) == 3
    assert not helpers[0].sees_the_same()


async def test_a_small_list_starts_no_process(sqlite_home, monkeypatch):
    monkeypatch.setattr(opener.subprocess, "Popen", lambda *_, **__: pytest.fail("started"))
    async with sqlite_home.ports() as ports:
        petition = await opened_petition(ports)
        await signed(ports, petition)
        assert len(await listed(ports, petition)) == 1
