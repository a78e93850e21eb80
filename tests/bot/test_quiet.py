"""In an open group the bot says each thing once in ten minutes, so that nobody can make it flood the group."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.inbound import Press
from bot.model.account import Account, Actor, Place, PlaceKind
from tests.bot.fakes import PARK, PRIVATE, Member, World

GROUP = Place("test", "7", PlaceKind.GROUP, "Neighbours", discreet=False)
CHANNEL = Place("test", "8", PlaceKind.CHANNEL, "News", discreet=False)
RIVER = replace(PARK, slug="river", texts=(replace(PARK.texts[0], title="Clean the river"),))
COMMANDS = [("help", {}), ("privacy", {}), ("petition", {"which": "nonsense"}), ("status", {})]


@pytest.fixture
def world():
    world = World()
    world.petition()
    world.petition(RIVER)
    return world


def moderator(world, place=GROUP):
    return Member(world, place=place, actor=Actor(Account("test", "mo"), "Mo", moderates=True))


@pytest.mark.parametrize(("command", "arguments"), COMMANDS)
async def test_what_anybody_asks_for_is_said_once_in_ten_minutes(world, command, arguments):
    ana, ben = Member(world, "Ana", place=GROUP), Member(world, "Ben", place=GROUP)
    said = await ana.says(command, **arguments)
    assert said
    assert [await member.says(command, **arguments) for member in (ana, ben)] == ["", ""]
    world.now += timedelta(minutes=9, seconds=59)
    assert await ben.says(command, **arguments) == ""
    world.now += timedelta(seconds=1)
    assert await ben.says(command, **arguments) == said


@pytest.mark.parametrize(("command", "arguments"), COMMANDS)
async def test_a_moderator_is_always_answered(world, command, arguments):
    await Member(world, place=GROUP).says(command, **arguments)
    mo = moderator(world)
    assert [bool(await mo.says(command, **arguments)) for _ in range(3)] == [True] * 3


@pytest.mark.parametrize(("command", "arguments"), COMMANDS[:3])
async def test_in_private_everybody_is_always_answered(world, command, arguments):
    ana = Member(world, place=PRIVATE)
    assert [bool(await ana.says(command, **arguments)) for _ in range(3)] == [True] * 3


async def test_each_place_and_each_thing_is_counted_by_itself(world):
    here, there = Member(world, place=GROUP), Member(world, place=replace(GROUP, place_id="9"))
    assert await here.says("help")
    assert await there.says("help")
    assert await here.says("privacy")
    assert await here.says("petition")
    assert await here.says("petition", which="river")


async def test_a_choice_is_offered_once_whichever_command_asks_for_it(world):
    ana = Member(world, place=GROUP)
    assert "Which petition" in await ana.says("petition")
    assert await ana.says("totals") == ""
    assert await ana.says("sign") == ""


@pytest.mark.parametrize("place", [GROUP, CHANNEL])
async def test_who_may_not_is_told_so_once(world, place):
    ana, ben = Member(world, "Ana", place=place), Member(world, "Ben", place=place)
    assert "Only moderators" in await ana.says("follow")
    assert await ben.says("announce") == ""


async def test_who_presses_what_is_not_theirs_is_told_so_each_time(world):
    ana = Member(world, place=GROUP)
    mine = Press(f"post_{world.kept[0].key}")
    assert [bool(await ana.does(mine)) for _ in range(2)] == [True] * 2
