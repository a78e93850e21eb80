"""Telegram's limits are kept, and members never wait for announcements. Time passes only when it is slept."""

import asyncio
import heapq
import itertools

import pytest

from adapters.telegram.pacer import Line, Pacer

ANA, GROUP, OTHER = 7, -1007, -1008


class Hours:
    """A clock that goes to the next alarm as soon as nobody has anything else to do."""

    def __init__(self):
        self.now, self._alarms, self._order = 0.0, [], itertools.count()

    def time(self):
        return self.now

    async def sleep(self, seconds):
        alarm = asyncio.get_running_loop().create_future()
        heapq.heappush(self._alarms, (self.now + seconds, next(self._order), alarm))
        await alarm

    async def run(self, *tasks):
        running = [asyncio.ensure_future(task) for task in tasks]
        while not all(task.done() for task in running):
            for _ in range(20):
                await asyncio.sleep(0)
            if self._alarms and not all(task.done() for task in running):
                self.now, _, alarm = heapq.heappop(self._alarms)
                alarm.set_result(None)
        return [task.result() for task in running]


@pytest.fixture
def hours():
    return Hours()


@pytest.fixture
def pacer(hours):
    return Pacer(hours.time, hours.sleep)


async def sent(hours, turn, times=1):
    """When each of so many calls went, one after another."""
    went = []
    for _ in range(times):
        await turn()
        went.append(hours.now)
    return went


def most_in(went, seconds):
    return max(sum(1 for other in went if at <= other < at + seconds) for at in went)


async def test_a_private_chat_bears_a_burst_and_then_one_a_second(hours, pacer):
    [went] = await hours.run(sent(hours, lambda: pacer.reply(ANA), 10))
    assert went == [0, 0, 0, 0, 0, 0, 1, 2, 3, 4]


async def test_a_group_hears_twenty_times_in_any_minute(hours, pacer):
    [went] = await hours.run(sent(hours, lambda: pacer.reply(GROUP), 100))
    assert 15 <= most_in(went, 60) <= 20
    assert went[-1] < 100 * 4


async def test_chats_do_not_wait_for_each_other(hours, pacer):
    await hours.run(*(sent(hours, lambda chat=chat: pacer.reply(chat)) for chat in range(1, 2000)))
    assert hours.now == 0


async def test_what_would_come_too_late_does_not_come(hours, pacer):
    [fits] = await hours.run(
        asyncio.wait_for(asyncio.gather(*(pacer.reply(GROUP, patience=20) for _ in range(30))), None)
    )
    assert fits == [True] * 10 + [False] * 20
    assert hours.now <= 20


async def test_a_refusal_pauses_its_chat_alone(hours, pacer):
    pacer.refused(ANA, 30)
    mine, others = await hours.run(
        sent(hours, lambda: pacer.reply(ANA), 2), sent(hours, lambda: pacer.reply(8), 2)
    )
    assert (mine[0], others) == (30, [0, 0])


async def test_whoever_waits_already_waits_for_the_end_of_the_pause(hours, pacer):
    async def refused_soon():
        await hours.sleep(1)
        pacer.refused(GROUP, 40)

    went, _ = await hours.run(sent(hours, lambda: pacer.reply(GROUP), 6), refused_soon())
    assert went[:5] == [0] * 5
    assert went[5] >= 41


async def test_announcements_keep_to_thirty_a_second_and_lose_no_time(hours, pacer):
    chats = range(-2900, -2000)
    went = await hours.run(*(sent(hours, lambda chat=chat: pacer.announce(chat)) for chat in chats))
    times = sorted(itertools.chain.from_iterable(went))
    assert most_in(times, 1) <= 31
    assert times[-1] == pytest.approx(900 / 30, rel=0.05)


async def test_replies_go_first_and_are_not_slowed_by_announcements(hours, pacer):
    async def announcing():
        for _ in range(20):
            await pacer.announce(GROUP)

    async def answering():
        await hours.sleep(1)
        return await sent(hours, lambda: pacer.reply(ANA), 3), await sent(hours, lambda: pacer.reply(GROUP))

    _, (private, [group]) = await hours.run(announcing(), answering())
    assert private == [1, 1, 1]
    assert group <= 1 + 2 * 4


async def test_one_refused_announcement_pauses_a_chat_and_two_pause_all(hours, pacer):
    pacer.refused(GROUP, 40, announcement=True)
    [went] = await hours.run(sent(hours, lambda: pacer.announce(OTHER)))
    assert went[0] < 1
    pacer.refused(OTHER, 40, announcement=True)
    third, reply = await hours.run(
        sent(hours, lambda: pacer.announce(-1009)), sent(hours, lambda: pacer.reply(ANA))
    )
    assert third[0] >= 40
    assert reply[0] < 1


async def test_chats_that_have_rested_are_forgotten(hours, pacer, monkeypatch):
    monkeypatch.setattr("adapters.telegram.pacer.REMEMBERED", 10)
    for chat in range(1, 100):
        hours.now += 5
        await pacer.reply(chat)
    assert len(pacer._lines) <= 11


def test_a_line_takes_up_its_pace_after_a_pause():
    line = Line(every=1, burst=2)
    line.pause(10)
    assert [line.take(0) for _ in range(3)] == [10, 10, 11]
