"""What is shown of the totals: live, or on the hour and by five."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import select

from bot.model.petition import TotalsMode
from bot.model.signature import Dimension, Totals
from storage.hourly import HOUR as ONE_HOUR
from storage.hourly import STEP, Counts, Standing, change, next_hour, roll
from storage.tables import milestone
from tests.storage.world import DAY, HOUR, MINUTE, NOON, PARK, opened_petition, signed

HOURLY = replace(PARK, totals=TotalsMode.HOURLY)
START = Standing(Counts(), NOON, Counts(), NOON)


async def crowd(ports, petition, prefix, size):
    return [await signed(ports, petition, f"{prefix}{number}") for number in range(size)]


async def test_live_totals_are_those_of_this_instant(ports, clock):
    petition = await opened_petition(ports)
    await crowd(ports, petition, "m", 3)
    clock.move(MINUTE)

    assert await ports.tally.totals(petition.id) == Totals(3, 0, 0, 0, NOON + MINUTE, peak=3)


async def test_there_are_no_totals_of_no_petition(ports):
    with pytest.raises(LookupError):
        await ports.tally.totals(999)
    with pytest.raises(LookupError):
        await ports.tally.breakdown(999, Dimension.DAY)


async def test_hourly_totals_stand_still_within_the_hour(ports, clock):
    petition = await opened_petition(ports, HOURLY)
    mine = await crowd(ports, petition, "m", 7)
    await ports.signatures.withdraw(mine[0].form)
    clock.move(59 * MINUTE)

    assert await ports.tally.totals(petition.id) == Totals(0, 0, 0, 0, NOON)
    assert await ports.tally.breakdown(petition.id, Dimension.DAY) == {}
    assert await ports.tally.totals(petition.id, live=True) == Totals(6, 0, 1, 0, clock())
    assert await ports.tally.breakdown(petition.id, Dimension.DAY, live=True) == {"2026-03-08": 6}


async def test_hourly_totals_move_on_the_hour_though_nothing_runs(ports, clock):
    petition = await opened_petition(ports, HOURLY)
    await crowd(ports, petition, "m", 7)
    clock.move(5 * HOUR)

    assert await ports.tally.totals(petition.id) == Totals(7, 0, 0, 0, NOON + HOUR)
    assert await ports.tally.breakdown(petition.id, Dimension.DAY) == {"2026-03-08": 7}


async def test_who_signs_after_the_hour_is_not_seen_before_the_next(ports, clock):
    petition = await opened_petition(ports, HOURLY)
    await crowd(ports, petition, "m", 7)
    clock.move(HOUR + MINUTE)
    await crowd(ports, petition, "n", 6)

    assert await ports.tally.totals(petition.id) == Totals(7, 0, 0, 0, NOON + HOUR, peak=7)
    assert await ports.tally.breakdown(petition.id, Dimension.PLATFORM) == {"telegram": 7}
    clock.move(HOUR)
    # The peak moves with the next signature: who needs it takes the higher of the two.
    assert await ports.tally.totals(petition.id) == Totals(13, 0, 0, 0, NOON + 2 * HOUR, peak=7)
    assert await ports.tally.breakdown(petition.id, Dimension.PLATFORM) == {"telegram": 13}


async def test_fewer_than_five_cannot_be_watched_signing(ports, clock):
    petition = await opened_petition(ports, HOURLY)
    await crowd(ports, petition, "m", 5)
    clock.move(HOUR)
    await crowd(ports, petition, "n", 4)
    clock.move(DAY)

    assert await ports.tally.totals(petition.id) == Totals(5, 0, 0, 0, NOON + HOUR, peak=5)
    await crowd(ports, petition, "o", 1)
    clock.move(HOUR)
    assert (await ports.tally.totals(petition.id)).counted == 10


async def test_hourly_milestones_wait_for_the_hour(ports, clock, home):
    petition = await opened_petition(ports, replace(HOURLY, milestones=(5, 6)))
    await crowd(ports, petition, "m", 7)
    assert await home.run(select(milestone)) == []
    clock.move(HOUR)

    await crowd(ports, petition, "n", 1)

    reached = await home.run(select(milestone.c.threshold, milestone.c.total).order_by(milestone.c.threshold))
    assert [tuple(row) for row in reached] == [(5, 7), (6, 7)]


async def test_turning_to_hourly_goes_on_from_what_was_shown(ports, clock):
    petition = await opened_petition(ports)
    await crowd(ports, petition, "m", 3)
    await ports.petitions.update("park", HOURLY, seen=1)
    await crowd(ports, petition, "n", 3)

    assert (await ports.tally.totals(petition.id)).counted == 3
    assert await ports.tally.breakdown(petition.id, Dimension.DAY) == {"2026-03-08": 3}
    await ports.petitions.update("park", PARK, seen=2)
    assert (await ports.tally.totals(petition.id)).counted == 6


class TestRoll:
    """The pure function, hard."""

    def test_nothing_moves_before_the_hour(self):
        standing = change(START, Counts(100), NOON + MINUTE, hourly=True)
        assert roll(standing, NOON + HOUR - timedelta(microseconds=1)) is standing

    def test_at_the_hour_itself_it_moves(self):
        standing = change(START, Counts(100), NOON + MINUTE, hourly=True)
        rolled = roll(standing, NOON + HOUR)
        assert (rolled.shown, rolled.shown_at) == (Counts(100), NOON + HOUR)

    def test_a_change_on_the_hour_belongs_to_the_next(self):
        standing = change(START, Counts(9), NOON + HOUR, hourly=True)
        assert roll(standing, NOON + HOUR + 59 * MINUTE) is standing
        assert roll(standing, NOON + 2 * HOUR).shown == Counts(9)

    @pytest.mark.parametrize(("counted", "shown"), [(4, 0), (5, 5), (6, 6)])
    def test_it_moves_by_five_at_least(self, counted, shown):
        standing = change(START, Counts(counted), NOON, hourly=True)
        assert roll(standing, NOON + HOUR).shown.counted == shown

    @pytest.mark.parametrize(("counted", "shown"), [(16, 20), (15, 15)])
    def test_down_as_well(self, counted, shown):
        standing = Standing(Counts(counted), NOON, Counts(20), NOON)
        assert roll(standing, NOON + HOUR).shown.counted == shown

    def test_a_clock_set_back_shows_nothing_early(self):
        standing = change(START, Counts(5), NOON + HOUR + MINUTE, hourly=True)
        back = change(standing, Counts(10), NOON + 59 * MINUTE, hourly=True)
        assert back.changed == NOON + HOUR + MINUTE
        assert roll(back, NOON + HOUR + 2 * MINUTE).shown == Counts()

    def test_live_shows_every_change(self):
        live = change(START, Counts(1), NOON + MINUTE, hourly=False)
        assert (live.shown, live.shown_at) == (Counts(1), NOON + MINUTE)

    @given(st.lists(st.tuples(st.integers(0, 400), st.integers(-3, 9)), max_size=40), st.integers(0, 400))
    def test_what_is_shown_was_true_on_an_hour_and_only_leaps(self, steps, wait):
        """Against the plain definition: at each hour, show the count if it differs by five or more."""
        standing, now, counted = START, NOON, 0
        history = [(NOON, 0)]
        seen = []
        for minutes, by in steps:
            now += timedelta(minutes=minutes)
            counted = max(0, counted + by)
            seen.append((now, roll(standing, now).shown.counted))
            standing = change(standing, Counts(counted), now, hourly=True)
            history.append((now, counted))
        now += timedelta(minutes=wait)
        seen.append((now, roll(standing, now).shown.counted))

        assert [shown for _, shown in seen] == [plainly_shown(history, at) for at, _ in seen]


def plainly_shown(history: list[tuple[datetime, int]], now: datetime) -> int:
    shown, hour = 0, next_hour(NOON)
    while hour <= now:
        counted = [count for at, count in history if at < hour][-1]
        if abs(counted - shown) >= STEP:
            shown = counted
        hour += ONE_HOUR
    return shown
