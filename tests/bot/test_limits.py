"""Floods: who asks for too much is told so and waits; whoever reads the answers never meets a limit."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.core import Core
from bot.house import MEMBER_REQUESTS as MOST
from bot.house import House
from bot.inbound import Browse, Command, Inbound, Press, Suggest, Typed
from bot.limits import FEW, LETTERS, PARTS, SLOW_MOST
from bot.model.account import Account, Actor, ActorKind, PlaceKind
from tests.bot.fakes import GROUP, SERVER, Screen, World, later

MALLORY = Actor(Account("test", "mallory"), "Mallory")
ANA = Actor(Account("test", "ana"), "Ana")
TOO_MUCH = "That was a lot in a short time"
CROWD = "Very many people ask"
SMALL = House(community_requests=60)


def member(name):
    return Actor(Account("test", name), name)


@dataclass
class Process:
    """A core that stays, as a process does."""

    world: World
    screen: Screen = field(default_factory=Screen)
    house: House = field(default_factory=House)

    def __post_init__(self):
        self.core = Core(self.world.ports(), self.house, self.world.clock)

    async def asks(self, times=1, actor=MALLORY, event=None, place=SERVER):
        """How many of so many events are answered by more than a word about their number."""
        before = len(self.screen.pages)
        for _ in range(times):
            await self.core.handle(
                Inbound("1", actor, place, "en", event or Command("help", {})), self.screen
            )
        return sum(TOO_MUCH not in text and CROWD not in text for text in self.texts[before:])

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
    answered = [await process.asks(MOST // PARTS) for _ in range(6) for process in processes]

    assert sum(answered) <= MOST + 3 * MOST // PARTS


async def test_whoever_asks_twice_a_second_all_day_is_answered(world):
    process = Process(world)
    for _ in range(500):
        assert await process.asks(event=Press("mine")) == 1
        world.now += timedelta(seconds=0.5)


@pytest.mark.parametrize(
    ("letter", "shown"), [(Suggest("sign", "which", ""), "choices"), (Browse(""), "offers")]
)
async def test_letters_that_are_typed_are_no_flood_until_nobody_types_so_many(world, letter, shown):
    process = Process(world)
    await process.asks(LETTERS * MOST, event=letter)
    assert getattr(process.screen, shown)
    assert await process.asks() == 1
    setattr(process.screen, shown, [])
    await process.asks(event=letter)
    assert not getattr(process.screen, shown)
    assert await process.asks() == 1
    later(world, minutes=1)
    await process.asks(event=letter)
    assert getattr(process.screen, shown)


async def test_talk_in_a_group_is_no_flood(world):
    process = Process(world)
    await process.asks(3 * MOST, event=Typed("Good morning"), place=GROUP)

    assert await process.asks() == 1


async def test_anonymous_administrators_are_limited_in_their_own_group_alone(world):
    shared = Actor(Account("test", "anonymous"), "Group", kind=ActorKind.ANONYMOUS)
    process = Process(world)

    assert await process.asks(3 * MOST, actor=shared) == MOST
    assert await process.asks(actor=shared, place=replace(SERVER, place_id="elsewhere")) == 1


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


async def test_the_clock_put_back_locks_nobody_out(world):
    process = Process(world)
    await process.asks(2 * MOST)
    world.now -= timedelta(hours=1)

    assert await process.asks() == 1
    for _ in range(MOST + FEW):
        assert await process.asks(actor=ANA) == 1
        world.now += timedelta(seconds=0.6)


async def test_in_a_flooded_community_everybody_still_gets_what_signing_takes(world, caplog):
    process = Process(world, house=SMALL)
    crowd = [await process.asks(30, actor=member(f"m{n}")) for n in range(10)]

    assert crowd[:2] == [30, 30]
    assert set(crowd[3:]) == {FEW}
    assert any(CROWD in text for text in process.texts)
    assert await process.asks(FEW, actor=ANA) == FEW
    assert caplog.text.count("limits.community_requests") == 1
    later(world, minutes=1)
    assert await process.asks(30, actor=member("m9")) == 30


async def test_a_flood_in_one_community_takes_nothing_from_others(world):
    process = Process(world, house=SMALL)
    await process.asks(100, actor=MALLORY)

    assert await process.asks(30, actor=ANA, place=replace(SERVER, place_id="elsewhere")) == 30


@pytest.mark.parametrize(
    "parts",
    [
        [replace(SERVER, place_id=f"thread{n}", server="9") for n in range(3)],
        [replace(SERVER, place_id=f"-100/{n}") for n in range(3)],
    ],
    ids=["threads of a server", "topics of a group"],
)
async def test_more_threads_or_topics_make_no_room_for_a_flood(world, parts):
    process = Process(world, house=SMALL)
    for n, part in enumerate(parts):
        await process.asks(25, actor=member(f"m{n}"), place=part)

    assert await process.asks(30, actor=ANA, place=parts[0]) == FEW


async def test_private_chats_are_no_community(world):
    process = Process(world, house=SMALL)
    alone = replace(SERVER, kind=PlaceKind.PRIVATE)
    await process.asks(100, actor=MALLORY, place=alone)

    assert await process.asks(100, actor=ANA, place=alone) == 100


async def test_processes_count_a_community_together(world):
    processes = [Process(world, house=SMALL) for _ in range(3)]
    for n, process in enumerate(processes):
        await process.asks(30, actor=member(f"m{n}"))

    assert await processes[0].asks(40, actor=ANA) < 40


async def test_without_limits_nobody_is_refused(world):
    process = Process(world, house=House(member_requests=0, community_requests=0))
    assert await process.asks(3 * MOST) == 3 * MOST
