"""Updates side by side, and those of one member one after another."""

import asyncio

from adapters.telegram.turns import Turns


class Work:
    """Begins when told to, ends when allowed."""

    def __init__(self):
        self.began, self.ended, self.gate = [], [], asyncio.Event()

    async def __call__(self, item):
        self.began.append(item)
        await self.gate.wait()
        self.ended.append(item)


async def settle():
    for _ in range(20):
        await asyncio.sleep(0)


async def test_members_do_not_wait_for_each_other_and_each_is_served_in_order():
    work = Work()
    turns = Turns(work)
    for key, item in ((1, "a1"), (1, "a2"), (2, "b1"), (1, "a3")):
        turns.put(key, item)
    await settle()
    assert work.began == ["a1", "b1"]
    work.gate.set()
    assert await turns.finish(5)
    assert [item for item in work.ended if item.startswith("a")] == ["a1", "a2", "a3"]


async def test_no_more_are_in_work_than_may_be_and_none_is_lost():
    work = Work()
    turns = Turns(work, at_once=2)
    for key in range(6):
        turns.put(key, key)
    await settle()
    assert work.began == [0, 1]
    work.gate.set()
    await turns.finish(5)
    assert sorted(work.ended) == [0, 1, 2, 3, 4, 5]


async def test_one_member_who_sends_very_much_takes_one_place():
    work = Work()
    turns = Turns(work, at_once=2)
    for number in range(50):
        turns.put(1, number)
    turns.put(2, "other")
    await settle()
    assert work.began == [0, "other"]
    work.gate.set()
    await turns.finish(5)


async def test_whoever_brings_more_waits_until_there_is_room():
    work = Work()
    turns = Turns(work, room=3)
    for key in range(3):
        turns.put(key, key)
    waiting = asyncio.create_task(turns.vacancy())
    await settle()
    assert not waiting.done()
    work.gate.set()
    await asyncio.wait_for(waiting, 5)


async def test_what_does_not_end_in_time_is_given_up():
    work = Work()
    turns = Turns(work)
    task = turns.put(1, "late")
    after = turns.put(1, "never")
    await settle()
    assert not await turns.finish(0.01)
    assert task.cancelled()
    assert after.cancelled()
    assert work.began == ["late"]


async def test_nothing_is_kept_of_what_is_done():
    work = Work()
    work.gate.set()
    turns = Turns(work)
    for key in range(10):
        turns.put(key, key)
    await turns.finish(5)
    await settle()
    assert (turns._tasks, turns._last) == (set(), {})
    assert await turns.finish(0)
