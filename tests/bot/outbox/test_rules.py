"""The outbox's rules by themselves: pace, quiet hours, digests, what boards may, what becomes of a job."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.model.account import Account
from bot.model.community import (
    Announcement,
    Board,
    DeliveryState,
    Follow,
    Job,
    Kind,
    Rhythm,
    Standing,
    Telling,
    Wishes,
)
from bot.model.petition import State
from bot.outbox import boards, schedule, settling
from bot.outbox.pace import Pace
from bot.outbox.settling import Step
from bot.sending import Failed, Gone, Later, Lost, Sent, Unknown
from tests.bot.fakes import NOON, PARK, World
from tests.bot.outbox.simulated import town

FOLLOW = Follow(1, 1, 1, town(1), "en", Standing.ACTIVE, Wishes())
TOLD = Announcement(1, "t", NOON, Telling(1, Kind.GOAL))
JOB = Job(1, "token", TOLD, NOON, NOON, FOLLOW)
SECOND = timedelta(seconds=1)
instants = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
zones = st.sampled_from(schedule.ZONES)


# --- pace ---


@given(st.lists(st.floats(0, 5), max_size=40), st.floats(1, 60))
def test_no_two_calls_are_closer_than_the_pace(pauses, per_second):
    pace, now, places = Pace(per_second), 0.0, []
    for pause in pauses:
        now += pause
        places += [pace.take(now) for _ in range(pace.room(now, 0.25))]
    assert all(b - a >= 1 / per_second - 1e-9 for a, b in pairwise(places))
    assert all(place <= now + 0.25 for place in places[-1:])


def test_after_a_pause_it_goes_on_at_the_same_pace():
    pace = Pace(10)
    pace.pause(100.0)
    assert pace.room(99.0, 0.25) == 0
    assert pace.room(100.0, 0.25) == 2


# --- quiet hours ---


@given(instants, zones, st.sampled_from([(21, 8), (22, 7), (23, 6), (1, 5)]))
def test_nobody_is_woken_and_nothing_waits_longer_than_the_night(at, zone, hours):
    start, end = hours
    woken = schedule.wakes(Wishes(quiet_from=start, quiet_to=end, zone=zone), at)
    hour = woken.astimezone(ZoneInfo(zone)).hour
    assert not (hour >= start or hour < end if start > end else start <= hour < end)
    assert timedelta(0) <= woken - at <= timedelta(hours=13)


def test_without_quiet_hours_nothing_waits():
    assert schedule.wakes(Wishes(), NOON) == NOON


def test_a_zone_that_this_machine_does_not_know_is_utc():
    assert schedule.zone_of("Atlantis/Centre").key == "UTC"


# --- digests ---


@given(instants, zones)
def test_a_daily_digest_comes_on_each_local_day_once_at_nine_whatever_the_clocks_do(at, zone):
    days, last = [], at
    for _ in range(400):
        last = schedule.next_digest(Rhythm.DAILY, zone, last)
        local = last.astimezone(ZoneInfo(zone))
        assert (local.hour, local.minute) == (9, 0)
        days.append(local.date())
    assert days == [days[0] + timedelta(days=number) for number in range(400)]


@given(instants, zones)
def test_a_weekly_digest_comes_on_mondays(at, zone):
    first = schedule.next_digest(Rhythm.WEEKLY, zone, at)
    second = schedule.next_digest(Rhythm.WEEKLY, zone, first)
    local = [each.astimezone(ZoneInfo(zone)).date() for each in (first, second)]
    assert [day.weekday() for day in local] == [0, 0]
    assert local[1] - local[0] == timedelta(days=7)
    assert timedelta(0) < first - at <= timedelta(days=7, hours=1)


def test_in_a_night_that_lasts_an_hour_less_the_digest_still_comes_once():
    spring = datetime.combine(date(2026, 3, 28), time(12), UTC)
    first = schedule.next_digest(Rhythm.DAILY, "Europe/Berlin", spring)
    assert first == datetime(2026, 3, 29, 7, tzinfo=UTC)  # a day before it was at eight, in UTC
    assert schedule.next_digest(Rhythm.OFF, "Europe/Berlin", spring) is None


# --- what a petition's times bring ---


def petition(state=State.OPEN, **content):
    world = World()
    return replace(world.petition(replace(PARK, **content), state), added=NOON - timedelta(days=30))


def events(its, at):
    return [kind for kind, _ in schedule.events(its, at)]


def test_a_petition_that_opens_by_itself_is_announced_then():
    its = petition(State.DRAFT, opens=NOON)
    assert events(its, NOON - SECOND) == []
    assert events(its, NOON) == [Kind.OPENED]
    assert events(its, NOON + schedule.STALE) == []


def test_one_that_was_opened_by_hand_was_announced_by_hand():
    assert events(petition(opens=NOON - SECOND), NOON) == []


@pytest.mark.parametrize("state", [State.OPEN, State.PAUSED])
def test_a_petition_that_closes_by_itself_is_announced_then(state):
    its = petition(state, closes=NOON)
    assert Kind.CLOSED not in events(its, NOON - SECOND)
    assert events(its, NOON) == [Kind.CLOSED]
    assert events(replace(its, stored_state=State.CLOSED), NOON) == []


def test_the_last_three_days_are_announced_when_they_begin():
    its = petition(closes=NOON + timedelta(hours=72))
    assert events(its, NOON - SECOND) == []
    assert events(its, NOON) == [Kind.LAST_HOURS]
    assert events(its, NOON + timedelta(hours=24)) == []
    assert events(replace(its, stored_state=State.PAUSED), NOON) == []


def test_a_petition_that_is_open_for_less_than_three_days_has_no_last_three_days():
    its = petition(closes=NOON + timedelta(hours=70), opens=NOON)
    assert events(its, NOON) == []


# --- boards ---


def board(strikes=0, **more):
    return Board(7, FOLLOW, "m1", NOON, strikes, **more)


def between(number=1, age=timedelta(0), *, discreet=True):
    return boards.interval(number, age, 30.0, discreet=discreet)


def test_a_board_moves_within_seconds_while_there_are_few_and_six_times_a_minute_in_a_telegram_group():
    assert between() == timedelta(seconds=5)
    assert 60 / between(discreet=False).total_seconds() == 6


def test_it_moves_more_rarely_the_more_there_are_and_the_older_it_is():
    assert between(10_000) > timedelta(minutes=5)
    assert between(age=timedelta(minutes=61)) == timedelta(seconds=30)
    assert between(age=timedelta(hours=25)) == timedelta(seconds=60)


def test_a_platform_that_asks_to_slow_down_is_heeded_more_and_more_and_forgotten_slowly():
    pauses = [
        boards.edited(board(strikes), Later(2.0), "f", NOON, timedelta(seconds=5)).again - NOON
        for strikes in range(12)
    ]
    assert pauses == sorted(pauses)
    assert pauses[-1] <= timedelta(hours=1)
    assert boards.edited(board(3), Sent("m1"), "f", NOON, 5 * SECOND).strikes == 2
    assert boards.edited(board(), Later(900.0), "f", NOON, 5 * SECOND).again == NOON + 900 * SECOND


def test_a_deleted_board_is_gone_and_a_lost_community_is_not_a_matter_of_its_board():
    assert boards.edited(board(), Gone(Lost.MESSAGE), "f", NOON, SECOND).gone
    assert boards.edited(board(), Gone(Lost.FORBIDDEN), "f", NOON, SECOND) is None


@pytest.mark.parametrize("outcome", [Sent("m1"), Gone(Lost.FORBIDDEN), Gone(Lost.MESSAGE)])
def test_a_goodbye_is_said_once(outcome):
    assert boards.edited(board(leaving=True), outcome, "f", NOON, SECOND).gone


def test_a_goodbye_that_never_arrives_is_given_up():
    assert not boards.edited(board(leaving=True), Unknown(), "f", NOON, SECOND).gone
    assert boards.edited(board(strikes=8, leaving=True), Unknown(), "f", NOON, SECOND).gone


# --- what becomes of a job ---


OUTCOMES = st.sampled_from([Sent("m1"), Unknown(), Later(3.0), Failed("bad gateway"), Gone(Lost.REMOVED)])


@given(
    st.lists(st.tuples(OUTCOMES, st.booleans(), st.floats(0, 400)), min_size=1, max_size=60), st.booleans()
)
def test_nobody_is_told_twice_whatever_the_network_does(tries, repeatable):
    """A platform that may have done what it does not confirm, and remembers tokens for two minutes (or never)."""
    job, now, stands, seen = JOB, NOON, 0, None
    for outcome, done, seconds in tries:
        match settling.step(job, now, repeatable=repeatable):
            case Step.LEAVE:
                settled = settling.left(job)
            case Step.FIND:
                settled = settling.found(job, "m1" if stands else None, now)
            case Step.POST:
                arrived = isinstance(outcome, Sent) or (isinstance(outcome, Unknown) and done)
                known = repeatable and seen is not None and now - seen < timedelta(seconds=120)
                if arrived and not known:
                    stands, seen = stands + 1, now
                settled = settling.posted(job, outcome, now, repeatable=repeatable)
        assert stands <= 1
        if settled.state is DeliveryState.SENT:
            assert stands == 1
        if settled.state not in {DeliveryState.DUE, DeliveryState.IN_FLIGHT}:
            break
        suspect = None if settled.state is DeliveryState.DUE else job.suspect or now
        now = max(settled.again, now + timedelta(seconds=seconds))
        job = replace(job, tries=job.tries + 1, suspect=suspect)


def test_after_two_minutes_it_is_looked_for_instead_of_posted_again():
    suspect = replace(JOB, suspect=NOON)
    assert settling.step(suspect, NOON + 100 * SECOND, repeatable=True) is Step.POST
    assert settling.step(suspect, NOON + 120 * SECOND, repeatable=True) is Step.FIND
    assert settling.step(suspect, NOON, repeatable=False) is Step.LEAVE
    person = replace(suspect, follow=None, account=Account("test", "ana"))
    assert settling.step(person, NOON + 120 * SECOND, repeatable=True) is Step.LEAVE


@pytest.mark.parametrize("outcome", [Failed("bad gateway"), Later(60.0)])
def test_it_is_given_up_after_a_day(outcome):
    day = timedelta(days=1)
    assert settling.posted(JOB, outcome, NOON + day, repeatable=True).state is DeliveryState.DUE
    late = settling.posted(JOB, outcome, NOON + day + SECOND, repeatable=True)
    assert late.state is DeliveryState.FAILED
    doubted = replace(JOB, suspect=NOON)
    assert (
        settling.posted(doubted, outcome, NOON + day + SECOND, repeatable=True).state is DeliveryState.UNKNOWN
    )
    assert settling.in_doubt(doubted, NOON + day + SECOND).state is DeliveryState.UNKNOWN


def test_an_attempt_that_failed_after_one_that_may_have_arrived_leaves_it_in_doubt():
    doubted = replace(JOB, suspect=NOON)
    assert settling.posted(doubted, Failed("x"), NOON, repeatable=True).state is DeliveryState.IN_FLIGHT
