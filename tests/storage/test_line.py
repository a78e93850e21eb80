"""Lines of things that wait to be written."""

import asyncio

from storage.line import Line


async def test_a_line_waits_while_there_is_no_room_and_then_takes_all_that_has_come():
    room, go, batches = asyncio.Semaphore(1), asyncio.Event(), []

    async def settle(batch):
        batches.append(list(batch))
        await go.wait()

    park, pool = Line(settle, room), Line(settle, room)
    park.add("ana")
    await asyncio.sleep(0)
    for name in ("ben", "eva"):
        pool.add(name)
        await asyncio.sleep(0)
    assert batches == [["ana"]]
    go.set()
    await pool.done()
    assert batches == [["ana"], ["ben", "eva"]]
    await park.done()
    assert park.idle
