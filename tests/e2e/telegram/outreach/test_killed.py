"""`kill -9` in the middle of a fan-out: nobody is told twice, and whoever may not have been told is named."""

import json
import random
import sys

import pytest

from bot.model.community import DeliveryState
from tests.e2e.campaign import let_pass
from tests.e2e.telegram.house import Undersigned
from tests.e2e.telegram.outreach.scene import account, boards, following, over, posts, proposed
from tests.e2e.telegram.running import Run

TOWNS = 40
AT_ONCE = 12
"""More than are ever on the way at a time: what the outbox takes in one round, and what is held up."""
NAMED = 15
"""Places that a report names."""
WORDS = "Come to the town hall on Monday."
SENT, UNKNOWN = DeliveryState.SENT, DeliveryState.UNKNOWN
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


@pytest.fixture
def towns(server):
    return [server.group(f"Town {number:02}", supergroup=True) for number in range(TOWNS)]


@pytest.fixture
async def run(server, tmp_path, towns, olga):
    async with Undersigned(server, tmp_path).stored() as undersigned:
        petition = await undersigned.opened_quietly()
        for town in towns:
            await following(undersigned, petition, town)
    run = Run(server, tmp_path)
    run.environ["UNDERSIGNED_ADMINS"] = json.dumps([str(account(olga))])
    return run


def told(towns):
    return sum(len(posts(town, WORDS)) for town in towns)


async def killed(process, server, towns, gate):
    """Kill it when some more are told, and these calls are held up; the chats that they were for."""
    enough = told(towns) + random.randint(3, TOWNS // 4)
    await server.until(lambda: len(gate.held) == gate.times and told(towns) >= enough, within=40)
    process.kill()
    await process.communicate()
    return {server.chats[int(call.chat_id)].title for call in gate.held}


async def settled(server, folder, token):
    """How many of an announcement's deliveries are in which state in the end, and where nobody can tell."""
    async with Undersigned(server, folder).stored() as undersigned:
        outbox = undersigned.ports.outbox
        number = (await outbox.announcement(token)).id
        counts = await over(undersigned, number)
        return counts, {each.name for each in await outbox.undelivered(number)}


async def test_killed_at_any_step_it_tells_nobody_twice_and_names_whoever_it_does_not_know_of(
    run, server, tmp_path, towns, olga
):
    process = await run.serve()
    await server.until(lambda: all(boards(town) for town in towns), within=40)
    report = await proposed(olga, WORDS)
    token = report.button("Yes, send it").data.removeprefix("say_")
    posted = server.hold("sendMessage", after=True, times=2)  # these stand there, and nobody is told so
    await olga.press(report, "Yes, send it", within=40)
    stand = await killed(process, server, towns, posted)
    let_pass(tmp_path, 60)
    stopped = server.hold("sendMessage", times=2)  # these do not even arrive
    process = await run.serve()
    missing = await killed(process, server, towns, stopped)
    let_pass(tmp_path, 60)
    process = await run.serve()
    counts, unknown = await settled(server, tmp_path, token)
    assert counts == {SENT: TOWNS - len(unknown), UNKNOWN: len(unknown)}
    assert stand | missing <= unknown
    assert len(unknown) <= 2 * AT_ONCE
    times = {town.title: len(posts(town, WORDS)) for town in towns}
    assert {times[name] for name in times.keys() - unknown} == {1}
    assert {times[name] for name in stand} == {1}
    assert {times[name] for name in missing} == {0}
    assert max(times.values()) == 1
    await olga.press(report, "How far is it?", within=40)
    await olga.until(lambda _: f"Delivered: {TOWNS - len(unknown)} of {TOWNS}" in report.text, 40)
    assert f"sent, but it is not known whether it arrived: {len(unknown)}" in report.text
    named = {name for name in times if f"{name} (Telegram)" in report.text}
    assert named <= unknown
    assert len(named) == min(len(unknown), NAMED)
    process.terminate()
    await process.communicate()
