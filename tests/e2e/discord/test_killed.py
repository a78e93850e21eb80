"""`kill -9` at every step of a fan-out to 500 communities: when it is back, each of them has got everything once."""

import sys

import pytest

from bot.model.community import DeliveryState, Kind, Settled, Telling, Voice
from tests.e2e.campaign import let_pass
from tests.e2e.discord.house import Undersigned
from tests.e2e.discord.outreach import Town, following, opened, over, said
from tests.e2e.discord.running import Run
from tests.wire.discord import DiscordServer

TOWNS = 500
WORDS = "Come to the town hall on Monday."
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


@pytest.fixture
async def server():
    """Quick: what it says itself is checked elsewhere."""
    async with DiscordServer() as server:
        yield server
        assert [str(one) for one in server.violations] == []


@pytest.fixture
def towns(server):
    guild = server.guild("Springfield")
    made = [guild.channel(f"news-{number}") for number in range(TOWNS)]
    return [Town(server, guild, channel, None) for channel in made]


@pytest.fixture
async def announcement(server, tmp_path, towns):
    """Announced to communities that have had their boards, and deleted them. It is not spread yet."""
    async with Undersigned(server, tmp_path).stored() as undersigned:
        petition, outbox = await opened(undersigned), undersigned.ports.outbox
        for town in towns:
            await following(undersigned, petition, town)
        while await outbox.spread(lambda _, at: at):
            boards = await outbox.advance("discord", "test", (), TOWNS)
            had = [Settled(board, DeliveryState.SKIPPED) for board in boards]
            await outbox.advance("discord", "test", had, 0)
        await outbox.release("discord", "test")
        return await outbox.announce(Telling(petition.id, Kind.TEXT, Voice.ORGANISERS, text=WORDS))


def posts(towns):
    return sum(len(town.messages) for town in towns)


async def killed(run, towns, number, *, held=None):
    """Served until so many more posts stand there and what is held is held up; then it is gone."""
    process = await run.serve()
    enough = posts(towns) + number
    await run.server.until(
        lambda: posts(towns) >= enough and (held is None or held.suffered == held.times),
        "some posts",
        within=30,
    )
    process.kill()
    await process.communicate()


async def test_killed_at_every_step_it_tells_each_community_once(server, tmp_path, towns, announcement):
    run, hold = Run(server, tmp_path), server.faults.hold
    await killed(run, towns, 0)  # perhaps spread, perhaps not; nothing need have been taken

    before = hold("create_message", times=3)  # taken and under way, and never arrived
    await killed(run, towns, 10, held=before)
    before.lift()
    let_pass(tmp_path, 60)

    after = hold("create_message", after=True, times=3)  # posted, and nobody told so
    await killed(run, towns, 50, held=after)
    after.lift()
    let_pass(tmp_path, 60)

    after = hold("create_message", after=True, times=3)  # the same, and found too late for the nonce
    await killed(run, towns, 50, held=after)
    after.lift()
    let_pass(tmp_path, 150)
    server.nonces.clear()

    await killed(run, towns, 100)  # told so, and perhaps not noted
    let_pass(tmp_path, 60)
    process = await run.serve()
    async with Undersigned(server, tmp_path).stored() as undersigned:
        assert await over(undersigned, announcement, within=60) == {DeliveryState.SENT: TOWNS}
    process.terminate()
    await process.communicate()
    assert [[WORDS in said(message) for message in town.messages] for town in towns] == [[True]] * TOWNS
    assert server.calls_of("list_messages")
