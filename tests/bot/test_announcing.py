"""What moderators and organisers announce: seen first, confirmed, and never more than is good."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.inbound import Press
from bot.model.account import Account, Actor, Place, PlaceKind
from bot.model.community import DeliveryState, Kind, Voice, Wishes
from bot.outbox import service
from bot.sending import Gone, Lost
from tests.bot.fakes import GROUP, PARK, PRIVATE, SERVER, Member, Screen, World
from tests.bot.outbox.simulated import Platform, SimulatedWorld, serving, settled, simulate, town

MO = Actor(Account("test", "mo"), "Mo Farah", moderates=True)
BOSS = Actor(Account("test", "boss"), "Bo Diaz")


@pytest.fixture
def world():
    world = World(organisers={BOSS.account})
    world.petition()
    return world


@pytest.fixture
async def mo(world):
    await world.ports().follows.follow(SERVER, 1, "en", Wishes())
    return Member(world, actor=MO)


def out(world, kind=Kind.TEXT):
    """What goes out, or has gone."""
    return [
        each.telling
        for each, state in world.outreach.told.values()
        if each.telling.kind is kind and state != "proposed"
    ]


async def test_a_moderator_sees_the_announcement_before_it_goes_out(world, mo):
    await mo.says("announce")
    await mo.presses("Write to this community")
    await mo.presses("Write the text")
    await mo.types("Meet us on Sunday.\n\nBring friends.")
    shown = await mo.presses("See it first")
    assert "This will be posted in this community" in shown
    assert "Meet us on Sunday." in shown
    assert "from the moderators of this community" in shown
    assert out(world) == []
    assert "in a moment" in await mo.presses("Yes, send it")
    (telling,) = out(world)
    assert (telling.text, telling.voice, telling.follow) == (
        "Meet us on Sunday.\n\nBring friends.",
        Voice.MODERATORS,
        1,
    )


async def test_where_forms_are_whole_it_is_one_form(world, mo):
    here = replace(mo, screen=Screen(whole_forms=True))
    await here.says("announce")
    await here.presses("Write to this community")
    shown = await here.submits(text="Meet us on Sunday.")
    assert "Meet us on Sunday." in shown


async def test_the_text_may_stand_behind_the_command(world, mo):
    assert "Meet us" in await mo.says("announce", text="Meet us on Sunday.")


async def test_in_a_group_where_all_see_what_is_typed_it_stands_behind_the_command(world):
    await world.ports().follows.follow(GROUP, 1, "en", Wishes())
    mo = Member(world, actor=MO, place=GROUP)
    await mo.says("announce")
    assert "/announce Your text" in await mo.presses("Write to this community")
    await mo.says("announce", text="Meet us on Sunday.")
    assert mo.page.buttons_here
    await mo.presses("Yes, send it")
    assert len(out(world)) == 1


async def test_sending_twice_sends_once(world, mo):
    await mo.says("announce", text="Meet us on Sunday.")
    send = mo.button("Yes, send it").token
    await mo.does(Press(send))
    assert "sent already" in await mo.does(Press(send))
    assert len(out(world)) == 1


async def test_what_is_discarded_stays_unsent(world, mo):
    await mo.says("announce", text="Meet us on Sunday.")
    assert "nothing was sent" in await mo.presses("No, discard it")
    assert out(world) == []


@pytest.mark.parametrize(
    "text", ["See https://evil.example", "join t.me/evil now", "ask @everyone", "go to\nevil.example.com"]
)
async def test_a_moderators_text_carries_no_links_and_mentions_nobody(world, mo, text):
    assert "no links" in await mo.says("announce", text=text)
    assert world.outreach.told == {1: world.outreach.told[1]}  # the board alone


async def test_a_text_that_is_too_long_is_refused_with_its_length(world, mo):
    assert "yours has 1,001" in await mo.says("announce", text="x" * 1001)


async def test_the_total_so_far_can_be_announced(world, mo):
    ana = Member(world)
    await ana.says("sign")
    await ana.presses("Sign as Ana López")
    await mo.says("announce")
    assert "1 person has signed." in await mo.presses("The total so far, here")
    await mo.presses("Yes, send it")
    assert [each.threshold for each in out(world, Kind.MILESTONE)] == [1]


async def test_another_communitys_moderator_can_not_send_it(world, mo):
    await mo.says("announce", text="Meet us on Sunday.")
    elsewhere = Member(world, actor=MO, place=Place("test", "77", PlaceKind.GROUP))
    assert "out of date" in await elsewhere.does(Press(mo.button("Yes, send it").token))
    assert out(world) == []


async def test_a_moderator_can_not_write_to_everybody_even_with_a_forged_button(world, mo):
    key = world.kept[0].key
    assert "Only organisers" in await mo.does(Press(f"write_{key}_all"))
    assert "Only organisers" in await mo.does(Press(f"figure_{key}_all"))


async def test_whoever_follows_nothing_has_nothing_to_announce(world):
    assert "follows no petition" in await Member(world, actor=MO).says("announce")


async def test_an_organiser_is_told_to_how_many_it_goes_and_about_how_long_that_takes(world, mo):
    boss = Member(world, actor=BOSS, place=PRIVATE)
    await boss.says("announce")
    await boss.presses("Write to every community")
    await boss.presses("Write the text")
    await boss.types("Read https://example.org")
    shown = await boss.presses("See it first")
    assert "in 1 community, which takes about 5 seconds" in shown
    assert "from the organisers of this petition" in shown


async def test_everybody_is_written_to_three_times_a_week_at_most(world, mo, monkeypatch):
    monkeypatch.setattr(service, "WATCHES", 1)
    monkeypatch.setattr(service, "WATCH", 0)
    boss = Member(world, actor=BOSS, place=PRIVATE)
    for number in range(3):
        await boss.says("announce", text=f"News {number}")
        await boss.presses("Yes, send it")
    assert "3 times in the last seven days" in await boss.says("announce", text="More news")
    world.now += timedelta(days=7, seconds=1)
    assert "More news" in await boss.says("announce", text="More news")


async def test_a_fourth_that_was_seen_before_is_not_sent(world, mo, monkeypatch):
    monkeypatch.setattr(service, "WATCHES", 1)
    monkeypatch.setattr(service, "WATCH", 0)
    boss = Member(world, actor=BOSS, place=PRIVATE)
    sends = []
    for number in range(4):
        await boss.says("announce", text=f"News {number}")
        sends.append(boss.button("Yes, send it").token)
    for send in sends:
        await boss.does(Press(send))
    assert len(out(world)) == 3


async def test_without_communities_there_is_nobody_to_tell(world):
    boss = Member(world, actor=BOSS, place=PRIVATE)
    assert "No community follows" in await boss.says("announce", text="News")


async def test_an_update_goes_to_those_who_asked_with_their_number_shown_before(world):
    boss = Member(world, actor=BOSS, place=PRIVATE)
    assert "Nobody has asked" in await boss.says("update", text="We met the mayor.")
    world.noticed.add((Account("test", "ana"), 1))
    assert "to 1 person who asked" in await boss.says("update", text="We met the mayor.")


async def test_only_organisers_write_to_those_who_asked(world, mo):
    assert "Only organisers" in await mo.says("update", text="Hello")
    assert "Only organisers" in await mo.does(Press(f"update_{world.kept[0].key}"))


async def test_an_organiser_without_a_text_is_asked_for_it(world):
    world.noticed.add((Account("test", "ana"), 1))
    boss = Member(world, actor=BOSS, place=PRIVATE)
    await boss.says("update")
    await boss.presses("Write the text")
    await boss.types("We met the mayor.")
    assert "We met the mayor." in await boss.presses("See it first")


def test_the_organiser_follows_it_to_its_end_and_reads_who_has_not_got_it_and_why():
    async def story():
        world = SimulatedWorld(organisers={BOSS.account})
        world.petition()
        settled(world, world.kept[0], 120)
        world.noticed.add((Account("test", "ana"), 1))
        platform = Platform(trouble=lambda what, place: Gone(Lost.FORBIDDEN) if place == town(7) else None)
        boss = Member(world, actor=BOSS, place=PRIVATE)
        async with serving(world, platform):
            await boss.says("announce", text="We met the mayor.")
            await boss.presses("Yes, send it")
        begun, *later = (str(page) for page in boss.screen.pages if "On its way" in str(page))
        assert "Delivered" not in begun  # of how many is not known yet
        assert "Delivered" in later[0]
        assert "119 of 120" in boss.text
        assert "the bot may not post there: 1" in boss.text
        assert "Town 7 (Test)" in boss.text
        assert "We met the mayor." in platform.of(town(3))[-1].text
        assert {row.state for row in world.outreach.rows} == {DeliveryState.SENT, DeliveryState.FAILED}

    simulate(story())


@pytest.mark.parametrize("command", ["announce", "update"])
async def test_a_text_is_not_asked_again_after_the_petition_is_chosen(world, command):
    world.petition(replace(PARK, slug="river", texts=(replace(PARK.texts[0], title="Clean the river"),)))
    world.noticed.add((Account("test", "ana"), 2))
    await world.ports().follows.follow(SERVER, 2, "en", Wishes())
    boss = Member(world, actor=BOSS, place=PRIVATE)
    assert "Which petition?" in await boss.says(command, text="Meet us on Sunday.")
    assert "Meet us on Sunday." in await boss.presses("Clean the river")
