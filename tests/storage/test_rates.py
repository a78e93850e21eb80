"""What one community may give in a minute by the configuration: beyond it signatures wait, and none is lost."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from msgspec.structs import replace

from bot.model.account import Place, PlaceKind
from bot.model.holding import Rule
from bot.model.review import Which
from bot.model.signature import Change, NotTaken, Status
from storage.rates import EIGHTHS
from tests.storage.world import HOUR, MINUTE, PARK, opened_petition, request, signed

MOST = 8


def topic(number):
    return Place("telegram", f"-100/{number}", PlaceKind.GROUP, discreet=False)


@pytest.fixture
async def limited(home):
    async with home.ports(MOST) as ports:
        yield ports


async def wave(ports, petition, count, name="a", **how):
    return [(await signed(ports, petition, f"{name}{n}", **how)).status for n in range(count)]


async def test_what_a_community_gives_beyond_it_waits_with_a_receipt_and_counts_when_it_is_accepted(limited):
    petition = await opened_petition(limited)
    statuses = await wave(limited, petition, MOST + 3, community=1)

    assert statuses == [Status.COUNTED] * MOST + [Status.HELD] * 3
    waiting = (await limited.reviews.page(petition.id, Which())).cases
    assert {case.rules for case in waiting} == {frozenset({Rule.COMMUNITY_RATE})}
    made = await limited.reviews.preview(petition.id, Which(), Change.ACCEPT)
    await limited.reviews.settle(made.action)
    assert (await limited.tally.totals(petition.id)).counted == MOST + 3


async def test_others_are_counted_meanwhile_and_a_minute_later_all_are(limited, clock):
    petition = await opened_petition(limited)
    await wave(limited, petition, 3 * MOST, community=1)

    assert set(await wave(limited, petition, MOST, "b", community=2)) == {Status.COUNTED}
    clock.move(MINUTE)
    assert set(await wave(limited, petition, MOST, "c", community=1)) == {Status.COUNTED}


async def test_what_is_written_anew_because_others_signed_again_is_counted_once(limited):
    """On SQLite those who sign different petitions at once are written together, and tried again each by itself."""
    park, pool = [await opened_petition(limited, replace(PARK, slug=slug)) for slug in ("park", "pool")]
    for petition in (park, pool):
        await signed(limited, petition, "ana", community=2)
    half = [request(park, f"a{n}", community=1) for n in range(MOST // 2)]
    await asyncio.gather(*map(limited.signatures.sign, [*half, request(pool, "ana", community=2)]))

    assert await wave(limited, park, MOST // 2 + 1, "b", community=1) == [Status.COUNTED] * 4 + [Status.HELD]


async def test_it_is_counted_over_all_petitions(limited):
    petitions = [await opened_petition(limited, replace(PARK, slug=slug)) for slug in ("park", "pool")]
    statuses = [status for each in petitions for status in await wave(limited, each, MOST, community=1)]

    assert statuses.count(Status.HELD) == MOST


async def test_threads_and_topics_are_one_community_with_the_whole_that_they_are_in(limited):
    petition = await opened_petition(limited)
    topics = [await limited.communities.ensure(topic(n)) for n in range(3)]
    wholes = [await limited.communities.whole(each) for each in topics]
    statuses = [
        (await signed(limited, petition, f"a{n}", community=topics[n % 3], whole=wholes[n % 3])).status
        for n in range(MOST + 3)
    ]

    assert set(wholes) == {"-100"}
    assert statuses.count(Status.HELD) == 3


async def test_who_comes_by_no_community_is_one_for_each_platform(limited):
    petition = await opened_petition(limited)

    assert (await wave(limited, petition, MOST + 2)).count(Status.HELD) == 2
    assert set(await wave(limited, petition, 3, "b", community=1)) == {Status.COUNTED}


async def test_those_that_wait_anyway_take_nobodys_place(limited):
    petition = await opened_petition(limited)
    await wave(limited, petition, 3 * MOST, "young", community=1, hold=frozenset({Rule.ACCOUNT_AGE}))

    assert set(await wave(limited, petition, MOST, community=1)) == {Status.COUNTED}


async def test_processes_count_together(home):
    most = 10 * EIGHTHS
    async with AsyncExitStack() as stack:
        three = [await stack.enter_async_context(home.ports(most)) for _ in range(3)]
        petition = await opened_petition(three[0])
        statuses = [
            status
            for at in range(12)
            for n, ports in enumerate(three)
            for status in await wave(ports, petition, 5, f"{n}-{at}-", community=1)
        ]

    assert most <= statuses.count(Status.COUNTED) <= most + 3 * most // EIGHTHS


async def test_the_clock_put_back_holds_nobody(limited, clock):
    petition = await opened_petition(limited)
    await wave(limited, petition, 2 * MOST, community=1)
    clock.move(-HOUR)

    assert set(await wave(limited, petition, MOST, "b", community=1)) == {Status.COUNTED}


async def test_a_bad_request_among_them_lets_nobody_be_counted_twice(limited):
    petition = await opened_petition(limited)
    crowd = [request(petition, f"a{n}", community=1) for n in range(MOST + 1)]
    crowd[-1] = replace(crowd[-1], form="x" * 65)
    results = await asyncio.gather(*map(limited.signatures.sign, crowd))

    assert isinstance(results[-1], NotTaken)
    assert {each.signature.status for each in results[:-1]} == {Status.COUNTED}
