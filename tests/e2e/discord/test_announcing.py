"""What people announce: seen first, confirmed, posted once; and what becomes of places that can't be reached."""

import asyncio

import pytest

from bot.model.account import Account
from bot.model.community import DeliveryState, Kind, Standing, Telling, Voice
from tests.e2e.discord.house import Undersigned, read, sign
from tests.e2e.discord.outreach import Town, following, in_time, later, opened, over, said

NAMES = ("Springfield", "Shelbyville", "Ogdenville", "North Haverbrook")
WORDS = "Come to the town hall on Monday."
HOSTILE = "**Hurry** @everyone"


@pytest.fixture
def towns(server):
    return [Town.founded(server, name) for name in NAMES]


@pytest.fixture
def olga(server):
    return server.user("Olga")


@pytest.fixture
async def house(server, tmp_path, olga):
    admins = frozenset({Account("discord", str(olga.id))})
    undersigned = Undersigned(server, tmp_path, admins=admins)
    async with undersigned.stored(), undersigned.served():
        yield undersigned


@pytest.fixture
async def petition(house, towns):
    """Followed by every town, and each has its board."""
    petition = await opened(house, goal=100)
    for town in towns:
        await following(house, petition, town)
    house.core.outbox.ring()
    for town in towns:
        await town.told("0 of 100")
    return petition


def everywhere(towns, text):
    return [len(town.saying(text)) for town in towns]


async def test_a_moderator_sees_and_confirms_an_announcement_that_their_channel_alone_gets(petition, towns):
    town = towns[0]
    preview = await town.moderator.command(town.channel, "announce", text=WORDS)
    assert preview.ephemeral
    assert WORDS in read(preview)
    assert everywhere(towns, WORDS) == [0, 0, 0, 0]
    await asyncio.gather(*(town.moderator.press(preview, "Yes, send it") for _ in range(2)))
    post = await town.told(WORDS)
    assert "from the moderators of this community" in said(post)
    assert post.button("Sign")
    assert everywhere(towns, WORDS) == [1, 0, 0, 0]


async def test_an_announcement_written_in_the_form_shows_hostile_text_as_text(petition, towns, olga, house):
    olga_there = towns[0].guild.member("Olga", user=olga.user)
    olga_there.sees_all = True
    offer = await olga_there.command(towns[0].channel, "announce")
    form = await olga_there.press(offer, "Write to this community")
    preview = await olga_there.submit(form, text=HOSTILE)
    await olga_there.press(await preview.settled(), "Yes, send it")
    post = await towns[0].told(HOSTILE)
    assert "from the organisers of this petition" in said(post)
    assert post.pings == []


async def test_an_organiser_tells_everybody_and_learns_who_could_not_be_reached_and_why(
    petition, towns, olga, house, server
):
    reached, closed, gone, slow = towns
    server.deny(closed.channel, send_messages=True)
    server.delete_channel(gone.channel)
    limit = server.faults.rate_limit("create_message", 1.5, channel=slow.channel.id)
    offer = await olga.command(server.dm(olga.user), "announce")
    form = await olga.press(offer, "Write to every community")
    preview = await (await olga.submit(form, text=WORDS)).settled()
    assert "4 communities" in read(preview)
    report = await olga.press(preview, "Yes, send it")
    await report.until(lambda reply: "Delivered: 2 of 4" in read(reply) and "Done" in read(reply), within=20)
    assert limit.suffered == 1
    assert everywhere((reached, closed, slow), WORDS) == [1, 0, 1]
    assert "from the organisers of this petition" in said(reached.saying(WORDS)[0])
    told = read(report)
    assert "the bot may not post there:** 1" in told
    assert "the bot was removed, or the place deleted:** 1" in told
    assert closed.channel.name in told
    assert gone.channel.name in told
    assert slow.channel.name not in told


async def test_a_place_that_is_set_aside_costs_nothing_and_its_moderator_can_bring_it_back(
    petition, towns, house, server
):
    closed, *others = towns
    server.deny(closed.channel, send_messages=True)
    words = Telling(petition.id, Kind.TEXT, Voice.ORGANISERS, text=WORDS)
    number = await house.ports.outbox.announce(words)
    house.core.outbox.ring()
    counts = await over(house, number)
    assert counts == {DeliveryState.SENT: 3, DeliveryState.FAILED: 1}
    (follow,) = await house.ports.follows.at(closed.place)
    assert (follow.standing, follow.reason) == (Standing.ASIDE, "forbidden")
    before = len(server.refusals)
    await sign(others[0].guild.member("Ana"), others[0].channel)
    await in_time(house, lambda: all(town.saying("1 of 100") for town in others))
    assert len(server.refusals) == before
    server.deny(closed.channel)
    answer = await closed.moderator.command(closed.channel, "totals")
    note = await answer.followed()
    assert note.ephemeral
    assert "the bot may not post" in said(note)
    await closed.moderator.press(note, "Go on here")
    await in_time(house, lambda: closed.saying("1 of 100"))
    assert len(await house.ports.follows.at(closed.place)) == 1


@pytest.mark.parametrize("scope", ["user", "global"])
async def test_a_storm_of_refusals_neither_loses_nor_doubles_anything(petition, towns, house, server, scope):
    storm = [
        server.faults.rate_limit("create_message", 0.2, scope=scope, times=9),
        server.faults.fail("create_message", 503, times=2),
    ]
    words = Telling(petition.id, Kind.TEXT, Voice.ORGANISERS, text=WORDS)
    number = await house.ports.outbox.announce(words)
    house.core.outbox.ring()
    await in_time(house, lambda: everywhere(towns, WORDS) == [1, 1, 1, 1])
    assert await over(house, number) == {DeliveryState.SENT: 4}
    assert [fault.suffered for fault in storm] == [9, 2]
    assert everywhere(towns, WORDS) == [1, 1, 1, 1]


async def test_a_post_whose_answer_is_lost_stands_there_once(petition, towns, house, server):
    faults = [
        server.faults.fail("create_message", 502, after=True, channel=towns[0].channel.id),
        server.faults.drop("create_message", after=True, channel=towns[1].channel.id),
        server.faults.drop("create_message", channel=towns[2].channel.id),
    ]
    words = Telling(petition.id, Kind.TEXT, Voice.ORGANISERS, text=WORDS)
    number = await house.ports.outbox.announce(words)
    house.core.outbox.ring()
    await server.until(lambda: all(fault.suffered for fault in faults), "the trouble")
    await towns[3].told(WORDS)
    later(house, seconds=30)
    assert await over(house, number) == {DeliveryState.SENT: 4}
    assert everywhere(towns, WORDS) == [1, 1, 1, 1]


async def test_after_two_minutes_the_channel_is_read_for_what_may_stand_there(petition, towns, house, server):
    lost = server.faults.drop("create_message", after=True, channel=towns[0].channel.id)
    never = server.faults.drop("create_message", channel=towns[1].channel.id)
    words = Telling(petition.id, Kind.TEXT, Voice.ORGANISERS, text=WORDS)
    number = await house.ports.outbox.announce(words)
    house.core.outbox.ring()
    await server.until(lambda: lost.suffered and never.suffered, "the trouble")
    await towns[3].told(WORDS)
    server.nonces.clear()  # Discord remembers them for some minutes only
    later(house, minutes=3)
    assert await over(house, number) == {DeliveryState.SENT: 4}
    assert everywhere(towns, WORDS) == [1, 1, 1, 1]
    assert server.calls_of("list_messages")
