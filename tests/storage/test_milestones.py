"""Milestones: recorded once each, however the total gets there, and one announcement for a burst."""

import asyncio
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import select

from bot.model.milestones import crossed, following, series
from storage.tables import announcement, milestone
from tests.storage.world import PARK, opened_petition, request, signed

SMALL = replace(PARK, milestones=(2, 5, 8), goal=10)


async def recorded(home):
    wanted = select(milestone.c.threshold, milestone.c.total).order_by(milestone.c.threshold)
    return [tuple(row) for row in await home.run(wanted)]


async def announced(home):
    wanted = select(announcement.c.kind, announcement.c.threshold, announcement.c.total, announcement.c.state)
    crossed = wanted.where(announcement.c.kind.in_(["milestone", "goal"]))
    return [tuple(row) for row in await home.run(crossed.order_by(announcement.c.id))]


async def test_a_burst_across_several_records_all_and_announces_the_highest(ports, home):
    petition = await opened_petition(ports, SMALL)
    await asyncio.gather(*(ports.signatures.sign(request(petition, f"m{n}")) for n in range(9)))

    assert await recorded(home) == [(2, 9), (5, 9), (8, 9)]
    assert await announced(home) == [("milestone", 8, 9, "ready")]


async def test_one_after_the_other_each_is_announced(ports, home):
    petition = await opened_petition(ports, SMALL)
    for number in range(10):
        await signed(ports, petition, f"m{number}")

    assert await announced(home) == [
        ("milestone", 2, 2, "ready"),
        ("milestone", 5, 5, "ready"),
        ("milestone", 8, 8, "ready"),
        ("goal", 10, 10, "ready"),
    ]


async def test_a_total_that_falls_and_rises_again_announces_nothing_twice(ports, home):
    petition = await opened_petition(ports, SMALL)
    for number in range(2):
        await signed(ports, petition, f"m{number}")
    for number in range(3):
        again = await signed(ports, petition, f"n{number}")
        await ports.signatures.withdraw(again.form)
    first = (await ports.signatures.of(request(petition, "m0").account))[0]
    await ports.signatures.withdraw(first.form)
    await signed(ports, petition, "m0")

    assert await recorded(home) == [(2, 2)]
    assert len(await announced(home)) == 1


async def test_a_milestone_added_behind_is_recorded_and_not_announced(ports, home):
    petition = await opened_petition(ports, SMALL)
    for number in range(4):
        await signed(ports, petition, f"m{number}")

    await ports.petitions.update("park", replace(SMALL, milestones=(2, 3, 5)), seen=1)
    await signed(ports, petition, "late")

    assert [threshold for threshold, _ in await recorded(home)] == [2, 3, 5]
    assert [threshold for _, threshold, _, _ in await announced(home)] == [2, 5]


async def test_a_petition_that_names_no_milestones_has_sensible_ones(ports, home):
    petition = await opened_petition(ports, replace(PARK, goal=12))
    await asyncio.gather(*(ports.signatures.sign(request(petition, f"m{n}")) for n in range(12)))

    assert [threshold for threshold, _ in await recorded(home)] == [10, 12]
    assert [kind for kind, *_ in await announced(home)] == ["goal"]


def test_the_series_goes_on_past_any_goal():
    assert list(islice(series(), 8)) == [10, 25, 50, 100, 250, 500, 1000, 2500]
    assert following((), 110, 100) == 110
    assert following((), 110, 110) == 250
    assert following((), None, 0) == 10


def test_a_petition_that_names_milestones_has_those_and_its_goal():
    assert crossed((5, 3), 4, 0, 100) == (3, 4, 5)
    assert following((3, 5), 4, 3) == 4
    assert following((3, 5), 4, 5) is None


@pytest.mark.parametrize(("before", "after"), [(10, 10), (30, 9)])
def test_standing_still_or_falling_crosses_nothing(before, after):
    assert crossed((), 10, before, after) == ()


@given(
    st.lists(st.integers(1, 3000), max_size=5),
    st.none() | st.integers(1, 3000),
    st.lists(st.integers(0, 400), max_size=20),
)
def test_however_a_total_climbs_each_milestone_is_crossed_once(milestones, goal, steps):
    total, seen = 0, []
    for by in steps:
        seen += crossed(milestones, goal, total, total + by)
        total += by

    assert tuple(seen) == crossed(milestones, goal, 0, total)
    assert seen == sorted(set(seen))
