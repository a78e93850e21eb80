"""A burst of signatures: however many milestones it crosses, in however many batches, communities are told of one."""

import asyncio
from collections import Counter
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg
import pytest
from msgspec.structs import replace
from sqlalchemy import select

from bot.model.account import Place, PlaceKind
from bot.model.community import DeliveryState, Kind, Settled, Telling, Voice, Wishes
from storage.crossings import LONGEST, PAUSE
from storage.tables import milestone
from tests.storage.world import HOUR, PARK, opened_petition, signed

SECOND = timedelta(seconds=1)
CROSSING = replace(PARK, milestones=(2, 4, 6, 12), goal=8)
TOWNS = 3


@pytest.fixture
async def petition(ports, clock):
    """Open, followed by three communities; nobody has signed yet."""
    opened = await opened_petition(ports, CROSSING)
    for number in range(TOWNS):
        place = Place("telegram", f"-100{number}", PlaceKind.GROUP, f"Town {number}", discreet=False)
        await ports.follows.follow(place, opened.id, "en", Wishes())
    await posted(ports)
    clock.move(LONGEST)
    return opened


@pytest.fixture
def sign(ports, petition):
    """Signs: so many persons, one after the other."""
    numbers = iter(range(1000))

    async def sign(people):
        for _ in range(people):
            await signed(ports, petition, f"m{next(numbers)}")

    return sign


async def spread(ports, wakes=lambda _, at: at):
    while await ports.outbox.spread(wakes, 2):
        pass


async def posted(ports):
    """What is posted now: how many communities are told of which kind and threshold."""
    await spread(ports)
    told = Counter()
    while jobs := await ports.outbox.advance("telegram", "me", (), 100):
        tellings = [job.announcement.telling for job in jobs]
        told.update((telling.kind, telling.threshold) for telling in tellings)
        sent = [Settled(job, DeliveryState.SENT, reference="m1") for job in jobs]
        await ports.outbox.advance("telegram", "me", sent, 0)
    return dict(told)


async def recorded(home):
    wanted = select(milestone.c.threshold).order_by(milestone.c.threshold)
    return [row.threshold for row in await home.run(wanted)]


async def test_a_milestone_is_told_once_nobody_has_signed_for_some_seconds(ports, sign, clock):
    await sign(2)
    assert await posted(ports) == {}
    assert await ports.outbox.waits()
    clock.move(PAUSE + SECOND)
    assert await posted(ports) == {(Kind.MILESTONE, 2): TOWNS}
    assert not await ports.outbox.waits()


async def test_a_burst_in_many_batches_is_told_by_its_highest_and_the_others_are_recorded(
    ports, sign, clock, home
):
    for _ in range(7):
        await sign(1)
        assert await posted(ports) == {}
        clock.move(PAUSE - SECOND)
    clock.move(2 * SECOND)
    assert await posted(ports) == {(Kind.MILESTONE, 6): TOWNS}
    assert await recorded(home) == [2, 4, 6]


async def test_two_bursts_are_told_apart(ports, sign, clock):
    for people in (2, 2):
        await sign(people)
        clock.move(PAUSE + SECOND)
        assert len(await posted(ports)) == 1


async def test_where_signing_never_pauses_the_highest_so_far_is_told_once_a_minute(ports, sign, clock):
    await sign(1)
    seen = []
    for _ in range(7):
        await sign(1)
        clock.move(PAUSE - SECOND)
        seen.append(await posted(ports))
    assert seen == [{}] * 7
    clock.move(LONGEST)
    await sign(4)
    assert await posted(ports) == {(Kind.GOAL, 12): TOWNS}


async def test_a_milestone_late_in_the_minute_does_not_begin_another(ports, sign, clock):
    await sign(2)
    clock.move(LONGEST - SECOND)
    await sign(2)
    clock.move(SECOND)
    assert await posted(ports) == {(Kind.MILESTONE, 4): TOWNS}


async def test_reaching_the_goal_is_told_even_if_a_burst_goes_past_it(ports, sign, clock):
    await sign(8)
    await sign(5)
    clock.move(PAUSE + SECOND)
    assert await posted(ports) == {(Kind.GOAL, 12): TOWNS}


async def test_one_batch_past_the_goal_tells_that_it_is_reached(ports, petition, clock):
    await asyncio.gather(*(signed(ports, petition, f"m{number}") for number in range(13)))
    clock.move(PAUSE + SECOND)
    assert await posted(ports) == {(Kind.GOAL, 12): TOWNS}


async def test_whoever_sleeps_through_a_milestone_is_told_of_the_next_one_only(ports, sign, clock):
    await sign(2)
    clock.move(PAUSE + SECOND)
    await spread(ports, lambda _, at: at + HOUR)
    await sign(2)
    clock.move(PAUSE + SECOND)
    await spread(ports, lambda _, at: at + HOUR)
    clock.move(HOUR)
    assert await posted(ports) == {(Kind.MILESTONE, 4): TOWNS}


async def test_what_organisers_announce_neither_waits_nor_is_passed_over(ports, petition, sign, clock):
    await sign(1)
    total = Telling(petition.id, Kind.MILESTONE, Voice.ORGANISERS, total=1, threshold=1)
    await ports.outbox.announce(total)
    await sign(2)
    await spread(ports)
    clock.move(PAUSE + SECOND)
    assert await posted(ports) == {(Kind.MILESTONE, 1): TOWNS, (Kind.MILESTONE, 2): TOWNS}


async def test_another_petitions_burst_holds_up_nothing(ports, petition, sign, clock):
    other = await opened_petition(ports, replace(CROSSING, slug="pool"))
    await sign(2)
    clock.move(PAUSE + SECOND)
    await signed(ports, other, "eva")
    assert await posted(ports) == {(Kind.MILESTONE, 2): TOWNS}


async def test_several_who_spread_at_once_tell_each_community_once(ports, sign, clock):
    await sign(5)
    clock.move(PAUSE + SECOND)
    await asyncio.gather(*(spread(ports) for _ in range(4)))
    assert await posted(ports) == {(Kind.MILESTONE, 4): TOWNS}


@pytest.mark.parametrize("home", ["postgres"], indirect=True)  # SQLite knows one writer at a time
async def test_while_somebody_else_tells_of_a_burst_nobody_tells_of_its_highest(ports, sign, clock, home):
    await sign(5)
    clock.move(PAUSE + SECOND)
    async with locked(home, "SELECT 1 FROM announcement WHERE threshold = 2 FOR UPDATE"):
        assert await posted(ports) == {}
    assert await posted(ports) == {(Kind.MILESTONE, 4): TOWNS}


@asynccontextmanager
async def locked(home, rows):
    """Rows that another process has locked."""
    connection = await asyncpg.connect(home.url)
    async with connection.transaction():
        await connection.execute(rows)
        yield
    await connection.close()


async def test_a_clock_that_was_set_back_holds_nothing_up(ports, sign, clock):
    await sign(2)
    clock.move(-HOUR)
    assert await posted(ports) == {(Kind.MILESTONE, 2): TOWNS}
