"""Boards, as communities see them: on the newest total, not too often, and only as long as they are wanted."""

import asyncio
from itertools import pairwise

import pytest

from bot.model.community import DeliveryState, Standing, Telling, Wishes
from bot.model.petition import State
from bot.sending import Failed, Gone, Later, Lost, Unknown
from tests.bot.fakes import Member
from tests.bot.outbox.simulated import (
    Message,
    Platform,
    SimulatedWorld,
    following,
    quiet,
    serving,
    settled,
    simulate,
    town,
)
from tests.bot.outreach_fakes import Kind

NUMBER = 3_000


@pytest.fixture
def world():
    world = SimulatedWorld()
    world.petition()
    return world


async def signs(world, core, name):
    ana = Member(world, name)
    await ana.says("sign")
    await ana.presses(f"Sign as {name}")
    core.outbox.ring()


def test_a_board_shows_the_new_total_within_seconds_with_the_time_stamped(world):
    async def story():
        await following(world, world.kept[0], 2)
        platform = Platform()
        async with serving(world, platform) as core:
            await quiet(world)
            await asyncio.sleep(60)
            await signs(world, core, "Ana López")
            await asyncio.sleep(3)
            for each in range(2):
                (board,) = platform.of(town(each))
                assert "1 of 100 has signed" in board.text
                assert "As of 2026-03-08T12:01" in board.text
                assert board.page.buttons[0][0].token == f"sign_{world.kept[0].key}"

    simulate(story())


def test_where_all_see_the_button_it_is_a_link_of_this_community(world):
    async def story():
        await following(world, world.kept[0], 1, discreet=False)
        platform = Platform()
        async with serving(world, platform):
            await quiet(world)
        (board,) = platform.messages.values()
        link = board.page.buttons[0][0].token.removeprefix("go_")
        assert world.links[link].community == 1

    simulate(story())


def test_however_many_sign_it_is_edited_now_and_then_and_ends_on_the_newest_total(world):
    async def story():
        await following(world, world.kept[0], 1, discreet=False)
        platform = Platform()
        async with serving(world, platform) as core:
            await quiet(world)
            for number in range(60):
                first, second = divmod(number, 20)
                await signs(world, core, f"Ana {'abc'[first]}{'abcdefghijklmnopqrst'[second]}")
                await asyncio.sleep(1)
            await asyncio.sleep(30)
        (board,) = platform.messages.values()
        assert "60 of 100 have signed" in board.text
        assert all(b - a >= 9.9 for a, b in pairwise(board.edits))

    simulate(story())


def test_many_boards_are_swept_at_the_platforms_pace_oldest_first(world):
    async def story():
        settled(world, world.kept[0], NUMBER, boards=True)
        platform = Platform(per_second=30)
        for each in range(1, NUMBER + 1):
            platform.messages[f"b{each}"] = Message(town(each - 1), None, "", 0.0)
        async with serving(world, platform) as core:
            await asyncio.sleep(NUMBER / 30 / 0.95)
            edits = [(message.edits, int(key[1:])) for key, message in platform.messages.items()]
            assert all(len(times) == 1 for times, _ in edits)
            in_turn = [number for _, number in sorted((times[0], number) for times, number in edits)]
            assert in_turn == list(range(1, NUMBER + 1))
            await signs(world, core, "Ana López")
            await asyncio.sleep(NUMBER / 30 / 0.95 + 140)
            assert all("1 of 100 has signed" in message.text for message in platform.messages.values())

    simulate(story())


def test_announcements_go_before_boards(world):
    async def story():
        settled(world, world.kept[0], 300, boards=True)
        platform = Platform(per_second=30)
        for each in range(1, 301):
            platform.messages[f"b{each}"] = Message(town(each - 1), None, "", 0.0)
        await world.ports().outbox.announce(Telling(1, Kind.OPENED))
        async with serving(world, platform):
            await quiet(world)
            await asyncio.sleep(30)
        posts = [at for at, what in platform.calls if what == "post"]
        assert posts[-1] - posts[0] <= 300 / 30 + 3
        assert all(message.edits for key, message in platform.messages.items() if key.startswith("b"))

    simulate(story())


def test_closing_shows_on_every_board(world):
    async def story():
        await following(world, world.kept[0], 1)
        platform = Platform()
        async with serving(world, platform) as core:
            await quiet(world)
            world.edit(world.kept[0], stored_state=State.CLOSED)
            core.outbox.ring()
            await asyncio.sleep(10)
        (board,) = platform.messages.values()
        assert "takes no more signatures" in board.text
        assert [button.label for row in board.page.buttons for button in row] == ["Read the letter"]

    simulate(story())


def test_leaving_says_goodbye_on_the_board(world):
    async def story():
        await following(world, world.kept[0], 1)
        platform = Platform()
        async with serving(world, platform) as core:
            await quiet(world)
            await world.ports().follows.unfollow(1)
            core.outbox.ring()
            await asyncio.sleep(20)
            await signs(world, core, "Ana López")
            await asyncio.sleep(20)
        (board,) = platform.messages.values()
        assert "no longer follows" in board.text
        assert len(board.edits) == 1

    simulate(story())


def test_a_deleted_board_stays_deleted_until_a_moderator_asks_for_another(world):
    async def story():
        await following(world, world.kept[0], 1)
        platform = Platform()
        async with serving(world, platform) as core:
            await quiet(world)
            platform.messages.clear()
            for name in ("Ana López", "Ben Okri"):
                await signs(world, core, name)
                await asyncio.sleep(20)
            assert platform.messages == {}
            await world.ports().follows.board_again(1)
            core.outbox.ring()
            await asyncio.sleep(5)
            assert len(platform.messages) == 1

    simulate(story())


def says(platform, *words):
    """What stands in the first town, in the order in which it was posted."""
    texts = [message.text for message in platform.of(town(0))]
    return [next((word for word in words if word in text), text) for text in texts]


def test_a_board_that_is_posted_again_is_the_only_one_and_the_one_before_says_so(world):
    async def story():
        await following(world, world.kept[0], 1)
        platform = Platform()
        async with serving(world, platform) as core:
            await quiet(world)
            await world.ports().follows.board_again(1)
            core.outbox.ring()
            await asyncio.sleep(5)
            await signs(world, core, "Ana López")
            await asyncio.sleep(20)
        assert says(platform, "has moved", "1 of 100") == ["has moved", "1 of 100"]
        assert platform.messages["m1"].page.buttons == ()

    simulate(story())


@pytest.mark.parametrize("hindrance", [Unknown(), Failed("down"), Later(30.0)])
def test_the_board_before_is_told_until_it_has_worked(world, hindrance):
    async def story():
        await following(world, world.kept[0], 1)
        platform = Platform()
        async with serving(world, platform) as core:
            await quiet(world)
            platform.trouble = lambda what, place: hindrance if what == "edit" else None
            await world.ports().follows.board_again(1)
            core.outbox.ring()
            await asyncio.sleep(20)
            assert says(platform, "has moved", "0 of 100") == ["0 of 100", "0 of 100"]
            platform.trouble = None
            await asyncio.sleep(120)
        assert says(platform, "has moved", "0 of 100") == ["has moved", "0 of 100"]

    simulate(story())


MOVING = Wishes(moves=True)
CROSSED = Telling(1, Kind.MILESTONE, total=1, threshold=1)


def test_a_milestone_becomes_the_board_where_they_wish_it(world):
    async def story():
        await following(world, world.kept[0], 1, MOVING)
        platform = Platform()
        async with serving(world, platform) as core:
            await quiet(world)
            await signs(world, core, "Ana López")
            await world.ports().outbox.announce(CROSSED)
            core.outbox.ring()
            await asyncio.sleep(30)
            news = "1 person has signed."
            assert says(platform, "has moved", news) == ["has moved", news]
            await signs(world, core, "Ben Okri")
            await asyncio.sleep(30)
        assert says(platform, "has moved", "2 of 100") == ["has moved", "2 of 100"]
        assert platform.messages["m2"].picture

    simulate(story())


def test_a_milestone_that_is_the_board_shows_the_newest_total_even_if_it_came_too_late_for_it(world):
    async def story():
        await following(world, world.kept[0], 1, MOVING)
        platform = Platform()
        async with serving(world, platform) as core:
            await quiet(world)
            for name in ("Ana López", "Ben Okri"):
                await signs(world, core, name)
            await world.ports().outbox.announce(CROSSED)
            core.outbox.ring()
            await asyncio.sleep(60)
        assert says(platform, "has moved", "2 of 100") == ["has moved", "2 of 100"]

    simulate(story())


def test_where_the_board_was_deleted_a_milestone_does_not_become_one(world):
    async def story():
        await following(world, world.kept[0], 1, MOVING)
        platform = Platform()
        async with serving(world, platform) as core:
            await quiet(world)
            await signs(world, core, "Ana López")
            await asyncio.sleep(10)
            platform.messages.pop("m1")
            await world.ports().outbox.announce(CROSSED)
            core.outbox.ring()
            await asyncio.sleep(60)
            (news,) = platform.of(town(0))
            await signs(world, core, "Ben Okri")
            await asyncio.sleep(60)
        assert platform.of(town(0)) == [news]
        assert "1 person has signed." in news.text
        assert not world.outreach.stands(1)

    simulate(story())


def test_milestones_pass_by_a_board_that_is_pinned(world):
    async def story():
        await following(world, world.kept[0], 1, Wishes(moves=True, pinned=True))
        platform = Platform()
        async with serving(world, platform) as core:
            await quiet(world)
            await signs(world, core, "Ana López")
            await world.ports().outbox.announce(CROSSED)
            core.outbox.ring()
            await asyncio.sleep(60)
        assert says(platform, "1 person has signed.", "1 of 100") == ["1 of 100", "1 person has signed."]

    simulate(story())


def test_whoever_follows_again_finds_the_goodbye_as_it_was_and_a_new_board(world):
    async def story():
        await following(world, world.kept[0], 1)
        platform = Platform()
        async with serving(world, platform) as core:
            await quiet(world)
            await world.ports().follows.unfollow(1)
            core.outbox.ring()
            await asyncio.sleep(20)
            await following(world, world.kept[0], 1)
            core.outbox.ring()
            await asyncio.sleep(20)
        assert says(platform, "no longer follows", "0 of 100") == ["no longer follows", "0 of 100"]

    simulate(story())


@pytest.mark.parametrize(("repeatable", "said"), [(True, "no longer follows"), (False, "0 of 100")])
def test_a_board_whose_community_left_before_we_knew_that_it_stands_is_found_and_says_goodbye(
    world, repeatable, said
):
    """On Telegram it can't be found: it is listed as unknown, and nothing is posted again."""

    async def story():
        await following(world, world.kept[0], 1, Wishes(pinned=True))
        lost = iter([Unknown()])
        platform = Platform(repeatable=repeatable)
        platform.trouble = lambda what, place: next(lost, None) if what == "post done" else None
        async with serving(world, platform) as core:
            await asyncio.sleep(2)
            await world.ports().follows.unfollow(1)
            core.outbox.ring()
            await quiet(world)
            await asyncio.sleep(20)
        assert says(platform, "no longer follows", "0 of 100") == [said]
        assert not platform.messages["m1"].pinned
        assert len(await world.ports().outbox.undelivered(1)) == (0 if repeatable else 1)

    simulate(story())


def test_a_board_that_was_never_posted_is_not_posted_after_leaving(world):
    async def story():
        await following(world, world.kept[0], 1, Wishes(pinned=True))
        never = iter([Unknown()])
        platform = Platform(repeatable=True)
        platform.trouble = lambda what, place: next(never, None) if what == "post" else None
        async with serving(world, platform) as core:
            await asyncio.sleep(2)
            await world.ports().follows.unfollow(1)
            core.outbox.ring()
            await quiet(world)
        assert platform.messages == {}
        assert [row.state for row in world.outreach.rows] == [DeliveryState.SKIPPED]

    simulate(story())


@pytest.mark.parametrize("wanted", [True, False])
def test_a_board_is_pinned_if_they_want_it(world, wanted):
    async def story():
        await following(world, world.kept[0], 1, Wishes(pinned=wanted))
        platform = Platform()
        async with serving(world, platform):
            await quiet(world)
        (board,) = platform.messages.values()
        assert board.pinned is wanted

    simulate(story())


def test_a_board_that_can_not_be_pinned_stands_all_the_same(world):
    async def story():
        await following(world, world.kept[0], 1, Wishes(pinned=True))
        platform = Platform(trouble=lambda what, place: Gone(Lost.FORBIDDEN) if what == "pin" else None)
        async with serving(world, platform):
            await quiet(world)
        assert world.outreach.stands(1)
        assert world.outreach.follows[1].standing is Standing.ACTIVE

    simulate(story())


def test_a_board_whose_edits_are_refused_for_being_too_frequent_is_edited_less_and_ends_on_the_newest(world):
    async def story():
        await following(world, world.kept[0], 1)
        refusals = iter([Later(8.0)] * 3)
        platform = Platform(trouble=lambda what, place: next(refusals, None) if what == "edit" else None)
        async with serving(world, platform) as core:
            await quiet(world)
            await signs(world, core, "Ana López")
            await asyncio.sleep(300)
        edits = [at for at, what in platform.calls if what == "edit"]
        gaps = [b - a for a, b in pairwise(edits)]
        assert len(edits) == 4
        assert gaps == sorted(gaps)
        assert "1 of 100 has signed" in next(iter(platform.messages.values())).text

    simulate(story())


def test_a_community_that_lost_us_is_set_aside_by_its_board_too(world):
    async def story():
        await following(world, world.kept[0], 2)
        platform = Platform()
        async with serving(world, platform) as core:
            await quiet(world)
            platform.trouble = lambda what, place: Gone(Lost.REMOVED) if place == town(0) else None
            await signs(world, core, "Ana López")
            await asyncio.sleep(20)
        assert [each.standing for each in world.outreach.follows.values()] == [
            Standing.ASIDE,
            Standing.ACTIVE,
        ]

    simulate(story())


def test_a_platform_that_is_down_for_a_while_loses_no_board(world):
    async def story():
        await following(world, world.kept[0], 3)
        platform = Platform()
        async with serving(world, platform) as core:
            await quiet(world)
            outage = iter([Unknown(), Failed("down"), Later(20.0, everywhere=True)] * 3)
            platform.trouble = lambda what, place: next(outage, None)
            await signs(world, core, "Ana López")
            await asyncio.sleep(600)
        assert all("1 of 100 has signed" in message.text for message in platform.messages.values())

    simulate(story())


def test_trouble_in_the_storage_is_survived(world):
    async def story():
        await following(world, world.kept[0], 1)
        platform = Platform()
        async with serving(world, platform) as core:
            await quiet(world)
            world.failing = RuntimeError("the database is locked")
            core.outbox.ring()
            await asyncio.sleep(30)
            world.failing = None
            await signs(world, core, "Ana López")
            await asyncio.sleep(30)
        assert "1 of 100 has signed" in next(iter(platform.messages.values())).text

    simulate(story())
