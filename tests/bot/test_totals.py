"""What /totals tells beside the total: what came lately, from where, and a chart."""

import pytest
from msgspec.structs import replace

from bot.model.account import Account, Actor, Place, PlaceKind
from bot.model.petition import State, TotalsMode
from bot.model.signature import Status
from tests.bot.fakes import SERVER, Member, World, later

MO = Actor(Account("test", "mo"), "Mo Farah", moderates=True)
BOSS = Actor(Account("test", "boss"), "Bo Diaz")
OTHER = Place("test", "77", PlaceKind.GROUP, "Riverside")


@pytest.fixture
def world():
    world = World(organisers={BOSS.account})
    world.petition()
    return world


async def signs(world, number, place=SERVER):
    for each in range(number):
        name = f"{place.name.title()} {'abcdefghijklmnopqrstuvwxyz'[each]}a"
        who = Member(world, name, place=place)
        await who.says("sign")
        await who.presses(f"Sign as {name}")


async def test_what_came_today_and_within_a_day(world):
    await signs(world, 2)
    await world.ports().outbox.hours(world.now)
    later(world, hours=24)
    await signs(world, 3, OTHER)
    said = await Member(world).says("totals")
    assert "Today (UTC): 3" in said
    assert "Last 24 hours: 3" in said


async def test_on_the_first_day_the_last_24_hours_brought_all(world):
    await signs(world, 2)
    assert "Last 24 hours: 2" in await Member(world).says("totals")


async def test_a_milestone_that_was_announced_is_not_called_the_next_after_a_strike(world):
    world.edit(world.kept[0], goal=10, milestones=(2, 5))
    await signs(world, 2)
    assert "Next milestone: 5" in await Member(world).says("totals")
    account, last = world.signed[-1]
    world.signed[-1] = account, replace(last, status=Status.STRUCK)
    said = await Member(world).says("totals")
    assert "1 struck" in said
    assert "Next milestone: 5" in said


async def test_where_nobody_can_sign_no_milestone_comes_next(world):
    world.edit(world.kept[0], goal=10, milestones=(2, 5), stored_state=State.DELIVERED)
    assert "Next milestone" not in await Member(world).says("totals")


async def test_in_hourly_mode_nobody_can_watch_the_day(world):
    world.edit(world.kept[0], totals=TotalsMode.HOURLY)
    said = await Member(world, actor=MO).says("totals")
    assert "Today" not in said
    assert "in this community" not in said


async def test_organisers_see_communities_by_name_and_number(world):
    await signs(world, 3)
    await signs(world, 1, OTHER)
    said = await Member(world, actor=BOSS).says("totals")
    assert "neighbours: 3\nRiverside: 1" in said


async def test_many_communities_end_in_one_line(world):
    for number in range(12):
        await signs(world, 1, Place("test", str(number), PlaceKind.GROUP, f"Town {'abcdefghijkl'[number]}"))
    assert "others: 2" in await Member(world, actor=BOSS).says("totals")


@pytest.mark.parametrize(
    ("signed", "said"),
    [(3, "fewer than 10"), (9, "fewer than 10"), (10, "10 or more"), (19, "10 or more"), (20, "20 or more")],
)
async def test_moderators_see_their_own_community_in_tens(world, signed, said):
    await signs(world, signed)
    await signs(world, 2, OTHER)
    shown = await Member(world, actor=MO).says("totals")
    assert f"Signed in this community: {said}" in shown
    assert "Riverside" not in shown


async def test_members_see_no_communities(world):
    await signs(world, 12)
    shown = await Member(world).says("totals")
    assert "community" not in shown.lower()


async def test_a_chart_goes_with_it_once_there_is_something_to_see(world):
    member = Member(world)
    await member.says("totals")
    assert member.page.picture is None
    await signs(world, 2)
    await member.says("totals")
    assert member.page.picture.png.startswith(b"\x89PNG")
    assert member.page.picture.alt


async def test_a_chart_that_can_not_be_made_is_left_out(world):
    await signs(world, 1)
    later(world, days=1)
    await signs(world, 1, OTHER)
    world.edit(world.kept[0], texts=(replace(world.kept[0].text("en"), title="\ud800"),))
    member = Member(world)
    assert "2 of 100" in await member.says("totals")
