"""Which petition is meant when none is named: the one that is open, or the one that this community follows."""

import pytest
from msgspec.structs import replace

from bot.inbound import Press
from bot.model.account import Account, Actor
from bot.model.petition import State
from tests.bot.fakes import GROUP, PARK, PRIVATE, SERVER, Member, World

RIVER = replace(PARK, slug="river", texts=(replace(PARK.texts[0], title="Clean the river"),))
MO = Actor(Account("test", "mo"), "Mo", moderates=True)


@pytest.fixture
def world():
    world = World()
    world.petition()
    world.petition(RIVER)
    return world


@pytest.fixture
async def followed(world):
    """Two are open, and the server follows the park."""
    await Member(world, actor=MO).says("follow", which="park")
    return world


@pytest.mark.parametrize("command", ["petition", "totals", "sign"])
async def test_the_followed_one_of_several_need_not_be_named(followed, command):
    assert "Save the *park*" in await Member(followed).says(command)


async def test_another_one_can_still_be_named(followed):
    assert "Clean the river" in await Member(followed).says("petition", which="river")


@pytest.mark.parametrize("place", [PRIVATE, GROUP, replace(SERVER, place_id="elsewhere")])
async def test_where_none_is_followed_a_choice_is_offered(followed, place):
    assert "Which petition" in await Member(followed, place=place).says("petition")


async def test_where_both_are_followed_a_choice_is_offered(followed):
    await Member(followed, actor=MO).says("follow", which="river")
    assert "Which petition" in await Member(followed).says("petition")


async def test_the_one_that_is_open_is_meant_though_another_is_followed(followed):
    followed.edit(followed.kept[0], stored_state=State.CLOSED)
    assert "Clean the river" in await Member(followed).says("petition")


async def test_a_moderator_who_follows_is_asked_which_other_one(followed):
    assert "Which petition" in await Member(followed, actor=MO).says("follow")


@pytest.mark.parametrize("on_the_way", [(), ("Read the letter",)])
async def test_who_chose_in_a_group_or_read_the_letter_still_comes_from_there(world, on_the_way):
    group = Member(world, place=GROUP)
    await group.says("petition")
    ana = Member(world, place=PRIVATE)
    await ana.does(Press(group.button("Clean the river").token))
    for label in on_the_way:
        await ana.presses(label)
    await ana.presses("Sign")
    await ana.presses("Sign as Ana López")
    assert [request.context.community for _, request in world.signed] == [1]


async def test_who_reads_the_letter_from_the_groups_card_comes_from_there(world):
    group = Member(world, place=GROUP)
    await group.says("petition", which="park")
    ana = Member(world, place=PRIVATE)
    await ana.does(Press(group.button("Read the letter").token))
    await ana.presses("Sign")
    await ana.presses("Sign as Ana López")
    assert [request.context.community for _, request in world.signed] == [1]
