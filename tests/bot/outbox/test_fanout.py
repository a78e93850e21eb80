"""What communities live through: each milestone once, at the platform's pace, whatever goes wrong."""

import asyncio
from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.core import Core
from bot.house import House
from bot.model.account import Account
from bot.model.community import DeliveryState, Hears, Kind, Rhythm, Standing, Telling, Wishes
from bot.pictures import Pictures
from bot.sending import Failed, Gone, Later, Lost, Sent, Unknown
from tests.bot.fakes import Member
from tests.bot.outbox.simulated import (
    Platform,
    SimulatedWorld,
    following,
    quiet,
    serving,
    settled,
    simulate,
    town,
)
from tests.bot.outreach_fakes import Sketcher

GOAL = Telling(1, Kind.GOAL, total=100, threshold=100)


@pytest.fixture
def world():
    world = SimulatedWorld()
    world.petition()
    return world


async def told(world, number, telling=GOAL, *, boards=False, **wishes):
    """Communities of long ago, to whom something is announced now. `boards` want to be edited too."""
    settled(world, world.kept[0], number, Wishes(**wishes), boards=boards)
    return await world.ports().outbox.announce(telling)


def states(world):
    return Counter(row.state for row in world.outreach.rows)


# --- the usual ---


def test_each_community_is_told_once(world):
    async def story():
        await told(world, 40)
        platform = Platform()
        async with serving(world, platform):
            await quiet(world)
        assert [len(platform.of(town(each))) for each in range(40)] == [1] * 40
        assert "The goal is reached" in platform.of(town(3))[0].text
        assert platform.of(town(3))[0].picture.alt
        assert states(world) == {DeliveryState.SENT: 40}

    simulate(story())


@pytest.mark.parametrize(("number", "boards"), [(10_000, False), (1_000, True)])
def test_ten_thousand_communities_are_told_at_the_platforms_pace_oldest_first_and_never_faster(
    world, number, boards
):
    """A thousand, though all their boards wait for an edit as well."""

    async def story():
        await told(world, number, Telling(1, Kind.OPENED), boards=boards)
        platform = Platform(per_second=30)
        async with serving(world, platform):
            await quiet(world)
        times = [at for at, what in platform.calls if what == "post"]
        assert len(times) == number
        assert number / (times[-1] - times[0]) >= 0.95 * 30
        every = [at for at, _ in platform.calls]
        assert all(b - a >= 0.999 for a, b in zip(every, every[30:], strict=False))
        places = [message.place for message in platform.messages.values()]
        assert places == sorted(places, key=lambda place: int(place.place_id[4:]))

    simulate(story())


def test_a_slow_platform_is_kept_busy_all_the_same(world):
    async def story():
        await told(world, 900, Telling(1, Kind.OPENED))
        platform = Platform(per_second=30, delay=2.0)
        async with serving(world, platform):
            await quiet(world)
        times = [at for at, _ in platform.calls]
        assert 900 / (times[-1] - times[0]) >= 0.95 * 30

    simulate(story())


def test_when_there_is_nothing_to_do_the_storage_is_left_in_peace(world):
    async def story():
        ports, looks = world.ports(), []
        soonest = ports.outbox.soonest

        async def counting(platform):
            looks.append(platform)
            return await soonest(platform)

        object.__setattr__(ports.outbox, "soonest", counting)
        core = Core(ports, House(), world.clock, Pictures(Sketcher()))
        async with core.outbox.attached("test", Platform()):
            await asyncio.sleep(3600)
        assert len(looks) <= 3600 / 15 + 2

    simulate(story())


def test_what_happens_in_this_process_goes_out_at_once(world):
    async def story():
        await following(world, world.kept[0], 1)
        platform = Platform()
        async with serving(world, platform) as core:
            await quiet(world)
            await asyncio.sleep(100)
            await world.ports().outbox.announce(GOAL)
            core.outbox.ring()
            await asyncio.sleep(2)
            assert "The goal is reached" in platform.of(town(0))[-1].text

    simulate(story())


def test_communities_hear_what_they_wish(world):
    async def story():
        for number, hears in enumerate(Hears):
            await world.ports().follows.follow(town(number), 1, "en", Wishes(hears))
        platform = Platform()
        async with serving(world, platform):
            await quiet(world)
            for telling in (GOAL, Telling(1, Kind.CLOSED), Telling(1, Kind.TEXT, text="Thank you")):
                await world.ports().outbox.announce(telling)
                await asyncio.sleep(30)
        assert [len(platform.of(town(each))) - 1 for each in range(3)] == [3, 1, 0]  # each has its board

    simulate(story())


def test_quiet_hours_are_kept(world):
    async def story():  # noon in London
        await told(world, 1, quiet_from=8, quiet_to=21, zone="Europe/London")
        platform = Platform()
        async with serving(world, platform):
            await quiet(world, within=12 * 3600)
        (message,) = platform.messages.values()
        assert 9 * 3600 <= message.at <= 9 * 3600 + 20

    simulate(story())


def test_what_is_no_news_any_more_is_not_told(world):
    async def story():
        await told(world, 1, Telling(1, Kind.LAST_HOURS))
        world.edit(world.kept[0], closes=world.now)
        platform = Platform()
        async with serving(world, platform):
            await quiet(world)
        assert "The last days" not in "".join(message.text for message in platform.messages.values())
        assert states(world)[DeliveryState.SKIPPED] == 1

    simulate(story())


def test_whoever_asked_to_be_told_is_written_to_with_a_way_out_and_then_forgotten(world):
    async def story():
        world.noticed.add((Account("test", "ana"), 1))
        await world.ports().outbox.announce(Telling(1, Kind.DELIVERED, total=7))
        platform = Platform()
        async with serving(world, platform):
            await quiet(world)
        ((account, page),) = platform.letters
        assert account == Account("test", "ana")
        assert page.buttons[0][0].token.startswith("untell_")
        assert world.noticed == set()

    simulate(story())


# --- trouble ---


def test_a_community_that_removed_the_bot_is_set_aside_and_its_next_moderator_is_told(world):
    async def story():
        await told(world, 3)
        gone = town(1)
        platform = Platform(trouble=lambda what, place: Gone(Lost.REMOVED) if place == gone else None)
        async with serving(world, platform):
            await quiet(world)
        assert [len(platform.of(town(each))) for each in range(3)] == [1, 0, 1]
        assert world.outreach.follows[2].standing is Standing.ASIDE
        assert [row.reason for row in world.outreach.rows if row.state is DeliveryState.FAILED] == ["removed"]

    simulate(story())


def test_a_moved_group_is_followed(world):
    async def story():
        await told(world, 1)
        platform, moved = Platform(), town(9)
        platform.trouble = lambda what, place: Sent("m1", moved) if what == "post done" else None
        async with serving(world, platform):
            await quiet(world)
        assert world.outreach.follows[1].place == moved

    simulate(story())


def test_what_failed_is_tried_again_more_and_more_rarely_and_given_up_after_a_day(world):
    async def story():
        await told(world, 1)
        platform = Platform(trouble=lambda what, place: Failed("bad gateway"))
        async with serving(world, platform):
            await quiet(world, within=2 * 24 * 3600)
        times = [at for at, _ in platform.calls]
        assert 20 < len(times) < 40
        assert all(b >= a for a, b in pairwise(times))
        (row,) = world.outreach.rows
        assert (row.state, row.reason) == (DeliveryState.FAILED, "bad gateway")
        assert times[-1] >= 24 * 3600

    simulate(story())


def test_a_platform_that_asks_everybody_to_wait_is_left_alone_and_nothing_is_lost(world):
    async def story():
        await told(world, 60)
        refusals = iter([Later(50.0, everywhere=True)])

        def trouble(what, place):
            return next(refusals, None) if what == "post" and len(platform.calls) > 20 else None

        platform = Platform(trouble=trouble)
        async with serving(world, platform):
            await quiet(world)
        times = [at for at, _ in platform.calls]
        assert max(b - a for a, b in pairwise(times)) > 45
        assert Counter(message.place for message in platform.messages.values()) == Counter(
            map(town, range(60))
        )

    simulate(story())


def test_one_chat_that_must_wait_does_not_hold_up_the_others(world):
    async def story():
        await told(world, 30)
        waits = iter([Later(600.0)])

        def trouble(what, place):
            return next(waits, None) if what == "post" and place == town(0) else None

        platform = Platform(trouble=trouble)
        async with serving(world, platform):
            await quiet(world)
        first = platform.of(town(0))[0].at
        assert first >= 600
        assert all(message.at < 5 for message in platform.messages.values() if message.place != town(0))

    simulate(story())


@pytest.mark.parametrize("readable", [True, False])
@pytest.mark.parametrize("wait", [0, 300])
def test_an_answer_that_was_lost_is_settled_where_the_platform_lets_us(world, wait, readable):
    """By posting again under the same token, or later by looking; where we may not look it is listed as unknown."""

    async def story():
        await told(world, 1)
        lost = iter([Unknown()])
        platform = Platform(repeatable=True, readable=readable)

        def trouble(what, place):
            if what == "post done":
                return next(lost, None)
            late = 0 < asyncio.get_running_loop().time() < wait and platform.messages
            return Failed("down") if what == "post" and late else None

        platform.trouble = trouble
        async with serving(world, platform):
            await quiet(world)
        assert len(platform.messages) == 1
        unsettled = wait and not readable
        assert states(world) == {DeliveryState.UNKNOWN if unsettled else DeliveryState.SENT: 1}

    simulate(story())


def test_where_a_repetition_could_post_twice_a_lost_answer_is_listed_and_not_sent_again(world):
    async def story():
        number = await told(world, 3)
        lost = iter([Unknown()])
        platform = Platform(trouble=lambda what, place: next(lost, None) if what == "post done" else None)
        async with serving(world, platform):
            await quiet(world)
        assert len(platform.messages) == 3
        (unknown,) = await world.ports().outbox.undelivered(number)
        assert (unknown.state, unknown.name) == (DeliveryState.UNKNOWN, "Town 0")

    simulate(story())


# --- processes that die ---


@pytest.mark.parametrize("repeatable", [True, False])
@pytest.mark.parametrize("moment", [0.01 * step for step in range(1, 120, 3)])
def test_a_process_that_is_killed_at_any_moment_has_told_nobody_twice(world, moment, repeatable):
    """The next process tells the rest; what it can't know is listed, and only where the platform can't tell."""

    async def story():
        number = await told(world, 30, Telling(1, Kind.OPENED))
        platform = Platform(repeatable=repeatable)
        core = Core(world.ports(), House(), world.clock, Pictures(Sketcher()))
        killed = asyncio.create_task(_serve_for_ever(core, platform))
        await asyncio.sleep(moment)
        before = asyncio.all_tasks() - {asyncio.current_task()}
        for task in before:
            task.cancel()
        settling = world.outreach
        frozen = [(row.state, row.due, row.left, row.tries, row.reason) for row in settling.rows]
        held = dict(settling.held)
        await asyncio.gather(killed, *before, return_exceptions=True)
        for row, (state, due, left, tries, reason) in zip(settling.rows, frozen, strict=False):
            row.state, row.due, row.left, row.tries, row.reason = state, due, left, tries, reason
        settling.held = held  # what a process does when it is told to stop, a killed one does not
        async with serving(world, platform):
            await quiet(world)
        posts = Counter(message.place for message in platform.messages.values())
        assert max(posts.values()) == 1
        unknown = {each.name for each in await world.ports().outbox.undelivered(number)}
        missing = {town(each).name for each in range(30)} - {place.name for place in posts}
        assert missing <= unknown
        assert not (repeatable and unknown)

    simulate(story())


async def _serve_for_ever(core, platform):
    async with core.outbox.attached("test", platform):
        await asyncio.sleep(1e9)


def test_a_process_that_is_told_to_stop_finishes_what_is_under_way(world):
    async def story():
        number = await told(world, 60, Telling(1, Kind.OPENED))
        platform = Platform()
        async with serving(world, platform):
            await asyncio.sleep(1.03)
        assert DeliveryState.IN_FLIGHT not in states(world)
        async with serving(world, platform):
            await quiet(world)
        assert Counter(message.place for message in platform.messages.values()) == Counter(
            map(town, range(60))
        )
        assert await world.ports().outbox.undelivered(number) == []

    simulate(story())


def test_of_two_processes_one_serves_and_the_other_takes_over(world):
    async def story():
        await told(world, 300, Telling(1, Kind.OPENED))
        platform = Platform()
        async with serving(world, platform):
            async with serving(world, platform):
                await asyncio.sleep(3)
                assert len(platform.calls) <= 3 * 30 + 2
            await asyncio.sleep(1)
            first = len(platform.calls)
            await quiet(world)
        assert first < 300
        assert Counter(message.place for message in platform.messages.values()) == Counter(
            map(town, range(300))
        )

    simulate(story())


def test_thirty_members_sign_across_a_milestone_and_each_community_is_told_once_with_an_exact_board(world):
    async def story():
        world.edit(world.kept[0], milestones=(25,), goal=None)
        await following(world, world.kept[0], 5)
        platform = Platform()
        async with serving(world, platform) as core:
            await quiet(world)
            for number in range(30):
                ana = Member(world, f"Ana {'abcdefghijklmnopqrstuvwxyzßøæþ'[number]}")
                await ana.says("sign")
                await ana.presses(f"Sign as {ana.name}")
                if number == 24:
                    await world.ports().outbox.announce(Telling(1, Kind.MILESTONE, total=25, threshold=25))
                core.outbox.ring()
            await asyncio.sleep(30)
            for each in range(5):
                board, milestone = platform.of(town(each))
                assert "30 have signed" in board.text
                assert "25 people have signed" in milestone.text

    simulate(story())


def test_a_digest_comes_in_the_morning_with_what_was_gained(world):
    async def story():
        await following(world, world.kept[0], 1)
        due = world.now + timedelta(hours=20)
        await world.ports().follows.wish(1, Wishes(digest=Rhythm.DAILY), "en", due)
        platform = Platform()
        async with serving(world, platform):
            await quiet(world)
            ana = Member(world)
            await ana.says("sign")
            await ana.presses("Sign as Ana López")
            await asyncio.sleep(3 * 24 * 3600)
        digests = [message for message in platform.messages.values() if "summary" in message.text]
        assert ["1 more person has signed" in each.text for each in digests] == [True]
        assert 20 * 3600 <= digests[0].at <= 20 * 3600 + 20

    simulate(story())
