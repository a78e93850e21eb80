"""Senders that raise, hang or can't tell; persons out of reach; pictures that fail: the others never notice."""

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.document import plain
from bot.model.account import Account
from bot.model.community import DeliveryState, Kind, Telling, Voice, Wishes
from bot.pages import announcement
from bot.sending import Failed, Gone, Lost, Unknown
from bot.words.catalog import languages
from tests.bot.fakes import PARK, World
from tests.bot.outbox.simulated import Platform, SimulatedWorld, quiet, serving, settled, simulate, town

NEWS = Telling(1, Kind.OPENED)


@pytest.fixture
def world():
    world = SimulatedWorld()
    world.petition()
    return world


def odd(at, error):
    """A platform whose calls to one place raise this, or never end."""

    async def call(what, place):
        if place == at:
            if error is None:
                await asyncio.sleep(1e6)
            raise type(error)(*error.args)  # one raised again and again would carry an ever longer traceback
        return await usual(what, place)

    platform = Platform(repeatable=True)
    usual = platform._call
    platform._call = call
    return platform


@pytest.mark.parametrize("error", [RuntimeError("of the SDK"), None], ids=["raises", "hangs"])
def test_a_call_that_raises_or_hangs_leaves_that_place_in_doubt_and_no_other(world, error):
    async def story():
        settled(world, world.kept[0], 5)
        number = await world.ports().outbox.announce(NEWS)
        platform = odd(town(2), error)
        async with serving(world, platform):
            await asyncio.sleep(60)
            assert len(platform.messages) == 4
            await quiet(world, within=2 * 24 * 3600)
        (lost,) = await world.ports().outbox.undelivered(number)
        assert (lost.name, lost.state) == ("Town 2", DeliveryState.UNKNOWN)

    simulate(story())


def test_looking_for_a_message_is_tried_again_when_it_fails(world):
    async def story():
        settled(world, world.kept[0], 1)
        await world.ports().outbox.announce(NEWS)
        platform, answers = Platform(repeatable=True), iter([ConnectionError(), ConnectionError()])
        find, lost = platform.find, iter([Unknown()])

        async def looks(place, token, since):
            if error := next(answers, None):
                raise error
            return await find(place, token, since)

        def trouble(what, place):
            if what == "post done":
                return next(lost, None)
            return Failed("down") if what == "post" and platform.messages else None

        platform.find, platform.trouble = looks, trouble
        async with serving(world, platform):
            await quiet(world)
        assert len(platform.messages) == 1
        assert world.outreach.rows[0].state is DeliveryState.SENT

    simulate(story())


def test_a_person_who_blocked_the_bot_is_forgotten(world):
    async def story():
        world.noticed.add((Account("test", "ana"), 1))
        await world.ports().outbox.announce(Telling(1, Kind.UPDATE, Voice.ORGANISERS, text="Hello"))
        platform = Platform(trouble=lambda what, whom: Gone(Lost.BLOCKED))
        async with serving(world, platform):
            await quiet(world)
        assert world.noticed == set()
        assert world.outreach.rows[0].reason == "blocked"

    simulate(story())


def test_a_person_whose_letter_may_have_arrived_is_not_written_to_twice(world):
    async def story():
        world.noticed.add((Account("test", "ana"), 1))
        await world.ports().outbox.announce(Telling(1, Kind.UPDATE, Voice.ORGANISERS, text="Hello"))
        lost = iter([Unknown()])
        platform = Platform(trouble=lambda what, whom: next(lost, None) if what == "write done" else None)
        async with serving(world, platform):
            await quiet(world)
        assert len(platform.letters) == 1

    simulate(story())


def test_without_a_picture_the_words_go_alone(world):
    async def story():
        text = world.kept[0].text("en")
        world.edit(world.kept[0], texts=(replace(text, title="\ud800"),))
        settled(world, world.kept[0], 1)
        await world.ports().outbox.announce(Telling(1, Kind.GOAL, total=100))
        platform = Platform()
        async with serving(world, platform):
            await quiet(world)
        (message,) = platform.messages.values()
        assert message.picture is None
        assert "The goal is reached" in message.text

    simulate(story())


def test_a_petition_that_was_made_a_moment_ago_is_announced_too(world):
    async def story():
        platform = Platform()
        async with serving(world, platform) as core:
            await asyncio.sleep(20.05)
            world.petition(replace(PARK, slug="pool"))
            await world.ports().follows.follow(town(1), 2, "en", Wishes())
            core.outbox.ring()
            await asyncio.sleep(10)
        assert len(platform.messages) == 1

    simulate(story())


@pytest.mark.parametrize("locale", languages())
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.BOARD])
@pytest.mark.parametrize("voice", Voice)
def test_every_announcement_says_of_what_it_is_and_who_speaks(kind, voice, locale):
    world = World()
    petition = world.petition(replace(PARK, closes=world.now + timedelta(days=3)))
    telling = Telling(petition.id, kind, voice, 1234, 1000, 34, "Meet us.\n\nBring friends.")
    page = announcement.announcement(telling, petition, world.now, locale, "abc")
    said = plain(page.blocks)
    assert said.startswith(petition.text(locale).title)
    assert said.rpartition("\n")[2]
    assert page.locale == locale
    assert not page.private
