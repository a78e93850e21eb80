"""Floods: who asks for too much is told so and waits; whoever reads the answers never meets a limit."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.core import Core
from bot.house import House
from bot.inbound import Command, Inbound, Press, Suggest, Typed
from bot.limits import MOST, NOTED, SLOW_MOST
from bot.model.account import Account, Actor, ActorKind
from tests.bot.fakes import GROUP, SERVER, Screen, World, later

MALLORY = Actor(Account("test", "mallory"), "Mallory")
ANA = Actor(Account("test", "ana"), "Ana")
TOO_MUCH = "That was a lot in a short time"


@dataclass
class Process:
    """A core that stays, as a process does."""

    world: World
    screen: Screen = field(default_factory=Screen)

    def __post_init__(self):
        self.core = Core(self.world.ports(), House(), self.world.clock)

    async def asks(self, times=1, actor=MALLORY, event=None, place=SERVER):
        """How many of so many events are answered by more than a word about their number."""
        before = len(self.screen.pages)
        for _ in range(times):
            await self.core.handle(
                Inbound("1", actor, place, "en", event or Command("help", {})), self.screen
            )
        return sum(TOO_MUCH not in text for text in self.texts[before:])

    @property
    def texts(self):
        return [str(page.blocks) for page in self.screen.pages]


@pytest.fixture
def world():
    made = World()
    made.petition()
    return made


async def test_a_flood_is_stopped_and_told_so_once(world):
    process = Process(world, Screen(lasting=True))
    assert await process.asks(10 * MOST) == MOST
    assert sum(TOO_MUCH in text for text in process.texts) == 1
    assert await process.asks(actor=ANA) == 1


async def test_a_flood_that_comes_all_at_once_gets_no_more(world, monkeypatch):
    limits = world.ports().limits
    take = type(limits).take

    async def slowly(self, *what, **how):
        await asyncio.sleep(0)
        return await take(self, *what, **how)

    monkeypatch.setattr(type(limits), "take", slowly)
    process = Process(world)
    await asyncio.gather(*(process.asks() for _ in range(3 * MOST)))
    assert sum(TOO_MUCH not in text for text in process.texts) == MOST


async def test_where_answers_do_not_stay_nothing_is_left_without_one(world):
    process = Process(world)
    await process.asks(2 * MOST)
    assert len(process.texts) == 2 * MOST


async def test_a_minute_later_it_is_answered_again(world):
    process = Process(world)
    await process.asks(2 * MOST)
    later(world, minutes=1)

    assert await process.asks() == 1


async def test_processes_count_together(world):
    processes = [Process(world) for _ in range(3)]
    answered = [await process.asks(NOTED) for _ in range(6) for process in processes]

    assert sum(answered) <= MOST + 3 * NOTED


async def test_whoever_asks_twice_a_second_all_day_is_answered(world):
    process = Process(world)
    for _ in range(500):
        assert await process.asks(event=Press("mine")) == 1
        world.now += timedelta(seconds=0.5)


async def test_letters_that_are_typed_are_no_flood(world):
    process = Process(world)
    await process.asks(3 * MOST, event=Suggest("sign", "which", "p"))

    assert await process.asks() == 1


async def test_talk_in_a_group_is_no_flood(world):
    process = Process(world)
    await process.asks(3 * MOST, event=Typed("Good morning"), place=GROUP)

    assert await process.asks() == 1


async def test_the_account_that_all_anonymous_administrators_share_is_not_limited(world):
    shared = Actor(Account("test", "anonymous"), "Group", kind=ActorKind.ANONYMOUS)
    assert await Process(world).asks(3 * MOST, actor=shared) == 3 * MOST


async def test_organisers_are_not_limited(world):
    world.organisers.add(MALLORY.account)
    assert await Process(world).asks(3 * MOST) == 3 * MOST


async def test_where_all_see_it_nobody_is_scolded(world):
    process = Process(world)
    await process.asks(3 * MOST, place=GROUP, event=Command("privacy", {}))

    assert not any(TOO_MUCH in text for text in process.texts)


async def test_what_takes_long_is_limited_sooner(world):
    process = Process(world)

    assert await process.asks(SLOW_MOST + 5, event=Command("mydata", {})) == SLOW_MOST
    assert await process.asks() == 1
    later(world, minutes=10)
    assert await process.asks(event=Command("mydata", {})) == 1
