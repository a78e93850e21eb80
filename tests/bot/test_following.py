"""What moderators do: a community follows, says what it hears, and leaves."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.house import House
from bot.inbound import Command, Inbound, Membership, Moved, Press
from bot.model.account import Account, Actor, Place, PlaceKind
from bot.model.community import DeliveryState, Hears, Kind, Rhythm, Standing, Wishes
from tests.bot.fakes import GROUP, PRIVATE, SERVER, Core, Member, Screen, World

MO = Actor(Account("test", "mo"), "Mo Farah", moderates=True)
BOSS = Actor(Account("test", "boss"), "Bo Diaz")


@pytest.fixture
def world():
    world = World(organisers={BOSS.account})
    world.petition()
    return world


@pytest.fixture
def mo(world):
    return Member(world, actor=MO)


@pytest.fixture
def boss(world):
    return Member(world, actor=BOSS)


def follows(world):
    return list(world.outreach.follows.values())


def told(world, kind):
    return [each.telling for each, _ in world.outreach.told.values() if each.telling.kind is kind]


async def test_a_moderator_lets_the_community_follow_and_its_board_is_announced(world, mo):
    said = await mo.says("follow")
    assert "follows “Save the *park*” now" in said
    (follow,) = follows(world)
    assert (follow.standing, follow.place) == (Standing.ACTIVE, SERVER)
    assert [each.follow for each in told(world, Kind.BOARD)] == [follow.id]


async def test_following_twice_is_following_once(world, mo):
    await mo.says("follow")
    await mo.says("follow")
    assert len(follows(world)) == 1
    assert len(told(world, Kind.BOARD)) == 1


async def test_only_moderators_let_a_community_follow(world):
    assert "Only moderators" in await Member(world).says("follow")
    assert follows(world) == []


async def test_nobody_follows_in_private(world, boss):
    assert "does not work" in await replace(boss, place=PRIVATE).says("follow")


@pytest.mark.parametrize(
    ("setting", "choice", "wishes"),
    [
        ("Announcements", "milestones only", {"hears": Hears.MILESTONES}),
        ("Announcements", "none", {"hears": Hears.NONE}),
        ("Summary of what was gained", "on Mondays at 9:00", {"digest": Rhythm.WEEKLY}),
        ("Quiet hours", "from 22:00 to 7:00", {"quiet_from": 22, "quiet_to": 7}),
        ("Time zone", "Berlin", {"zone": "Europe/Berlin"}),
        ("Pin the board", "yes, when it is next posted", {"pinned": True}),
        ("Board after a milestone", "moves to the milestone's message, unless it is pinned", {"moves": True}),
    ],
)
async def test_what_it_hears_and_when_is_set_by_buttons(world, mo, setting, choice, wishes):
    await mo.says("follow")
    await mo.presses(setting)
    said = await mo.presses(choice)
    assert f"{setting}: {choice}" in said
    assert follows(world)[0].wishes == replace(Wishes(), **wishes)


async def test_a_spanish_moderator_reads_the_cities_in_spanish(world, mo):
    maria = replace(mo, locale="es-MX")
    await maria.says("follow")
    await maria.presses("Zona horaria")
    for city in ("Ciudad de México", "Nueva York", "Buenos Aires", "Londres"):
        assert maria.button(city)


async def test_the_community_speaks_its_own_language(world, mo):
    await mo.says("follow")
    await mo.presses("Language")
    await mo.presses("Español")
    assert follows(world)[0].locale == "es"


async def test_a_daily_summary_is_due_next_morning_and_off_again_when_it_is_switched_off(world, mo):
    await mo.says("follow")
    await mo.presses("Summary of what was gained")
    await mo.presses("every day at 9:00")
    assert world.outreach.digests[1][0] == world.now + timedelta(hours=21)
    await mo.presses("Summary of what was gained")
    await mo.presses("off")
    assert world.outreach.digests[1][0] is None


async def test_settings_can_be_changed_in_the_group_itself_where_nothing_is_discreet(world, mo):
    here = replace(mo, place=GROUP)
    await here.says("follow")
    assert (here.page.private, here.page.buttons_here) == (False, True)
    await here.presses("Announcements")
    assert here.page.buttons_here
    await here.presses("none")
    assert follows(world)[0].wishes.hears is Hears.NONE


async def test_every_press_is_checked_again(world, mo):
    await mo.says("follow")
    press = mo.button("Stop following")
    assert "Only moderators" in await Member(world).does(Press(press.token))
    assert follows(world)[0].standing is Standing.ACTIVE


async def test_a_button_of_one_community_does_nothing_in_another(world, mo):
    await mo.says("follow")
    elsewhere = replace(mo, place=Place("test", "77", PlaceKind.GROUP), screen=Screen())
    for label in ("Stop following", "Announcements", "Post the board again"):
        assert "out of date" in await elsewhere.does(Press(mo.button(label).token))
    assert follows(world)[0].standing is Standing.ACTIVE


@pytest.mark.parametrize(
    "written", ["wish_1_nothing", "wish_1_hears_loud", "wish_1_zone_99", "wish_9_hears_all"]
)
async def test_a_forged_setting_sets_nothing(world, mo, written):
    await mo.says("follow")
    await mo.does(Press(written))
    assert follows(world)[0].wishes == Wishes()


async def test_a_board_that_is_gone_comes_again_when_a_moderator_says_so(world, mo):
    await mo.says("follow")
    said = await mo.presses("Post the board again")
    assert "is posted here in a moment" in said


async def test_leaving_says_goodbye(world, mo):
    await mo.says("follow")
    assert "no longer follows" in await mo.says("unfollow")
    assert follows(world)[0].standing is Standing.LEFT
    assert "follows no petition" in await mo.says("unfollow")


async def test_of_two_petitions_the_one_meant_is_left(world, mo):
    world.petition(
        replace(world.kept[0].content, slug="pool", texts=(replace(world.kept[0].text("en"), title="Pool"),))
    )
    for which in ("park", "pool"):
        await mo.says("follow", which=which)
    assert "Which petition?" in await mo.says("unfollow")
    await mo.presses("Pool")
    assert [each.standing for each in follows(world)] == [Standing.ACTIVE, Standing.LEFT]
    await mo.says("follow", which="pool")
    await mo.says("unfollow", which="park")
    assert [each.standing for each in follows(world)] == [Standing.LEFT, Standing.ACTIVE]


# --- organisers confirm ---


async def test_where_organisers_confirm_a_community_waits_for_their_word(world, mo, boss):
    asking = House(ask_to_follow=True)
    waiting = replace(mo, house=asking)
    assert "has to confirm" in await waiting.says("follow")
    assert follows(world)[0].standing is Standing.WAITING
    assert told(world, Kind.BOARD) == []
    assert "waits for confirmation" in await boss.says("communities")
    assert "follows now" in await boss.presses("Confirm: neighbours")
    assert follows(world)[0].standing is Standing.ACTIVE
    assert len(told(world, Kind.BOARD)) == 1


async def test_an_organiser_needs_no_confirmation(world, boss):
    await replace(boss, house=House(ask_to_follow=True)).says("follow")
    assert follows(world)[0].standing is Standing.ACTIVE


async def test_an_organiser_removes_a_community_after_a_second_thought(world, mo, boss):
    await mo.says("follow")
    await boss.says("communities")
    assert "Remove “neighbours (Test)”?" in await boss.presses("Remove: neighbours")
    assert follows(world)[0].standing is Standing.ACTIVE
    await boss.presses("Yes, remove")
    assert follows(world)[0].standing is Standing.LEFT
    assert "No community follows" in await boss.presses("Back to the list")


async def test_the_cards_of_a_removed_community_no_longer_bring_signers_in_its_name(world, boss):
    mo = Member(world, actor=MO, place=GROUP)
    await mo.says("follow", which="park")
    await mo.says("petition")
    sign, ana = mo.button("Sign"), Member(world, place=PRIVATE)
    assert "Keep the park." in await ana.does(Press(sign.token))
    await boss.says("communities")
    await boss.presses(f"Remove: {GROUP.name or '…'}")
    await boss.presses("Yes, remove")
    assert "out of date" in await ana.does(Press(sign.token))


async def test_many_communities_come_in_pages(world, boss):
    for number in range(12):
        place = Place("test", str(number), PlaceKind.GROUP, f"Town {number}")
        await world.ports().follows.follow(place, 1, "en", Wishes())
    assert "Town 7 (Test)" in await boss.says("communities")
    assert "Town 11 (Test)" in await boss.presses("More")


@pytest.mark.parametrize(
    ("button", "state"), [("Send them all the same", DeliveryState.DUE), ("Drop them", DeliveryState.SKIPPED)]
)
async def test_what_a_restore_held_back_waits_for_an_organisers_word(world, mo, boss, button, state):
    await mo.says("follow")
    await world.ports().outbox.spread(lambda wishes, at: at)
    world.outreach.rows[0].state = DeliveryState.HELD_BACK
    assert "1 message was held back" in await boss.says("communities")
    await boss.presses(button)
    assert world.outreach.rows[0].state is state


async def test_only_organisers_see_the_communities(world, mo):
    assert "Only organisers" in await mo.says("communities")


# --- what the platform tells ---


async def aside(world, mo, reason):
    await mo.says("follow")
    await world.ports().follows.set_aside(1, reason)


async def test_the_next_moderator_who_speaks_is_told_once_why_nothing_comes_any_more(world, mo):
    await aside(world, mo, "forbidden")
    await Member(world).says("totals")
    shown = await mo.says("totals")
    assert "the bot may not post" in shown
    assert "announced here again" in await mo.presses("Go on here")
    assert follows(world)[0].standing is Standing.ACTIVE
    assert "may not post" not in await mo.says("totals")


async def happens(world, event, place=SERVER):
    core = Core(world.ports(), House(), world.clock)
    screen = Screen()
    await core.handle(Inbound("1", MO, place, "en", event), screen)
    assert screen.pages == []


async def test_a_community_that_removes_the_bot_has_left(world, mo):
    await mo.says("follow")
    await happens(world, Membership(present=False))
    assert follows(world)[0].standing is Standing.LEFT


async def test_a_bot_that_comes_back_goes_on(world, mo):
    await aside(world, mo, "removed")
    await happens(world, Membership(present=True))
    assert follows(world)[0].standing is Standing.ACTIVE


async def test_a_group_that_moves_is_followed(world, mo):
    await mo.says("follow")
    new = Place("test", "-100", PlaceKind.GROUP, "neighbours")
    await happens(world, Moved(new))
    assert follows(world)[0].place == new


async def test_a_channel_is_followed_on_its_administrators_word(world):
    channel = Place("test", "news", PlaceKind.CHANNEL, "News", discreet=False)
    admin = Member(world, actor=MO, place=channel)
    await admin.does(Command("follow"))
    assert follows(world)[0].place == channel
