"""`kill -9` at any moment of a fan-out: when it is back, every community has got everything once."""

import random
import sqlite3
import sys
from contextlib import closing

import pytest

from bot.model.community import DeliveryState, Kind, Telling, Voice
from tests.e2e.discord.house import Undersigned
from tests.e2e.discord.outreach import Town, following, opened, over, said
from tests.e2e.discord.running import Run

TOWNS = 80
WORDS = "Come to the town hall on Monday."
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")
INSTANTS = {"holder": ("until",), "delivery": ("due_at", "left_at"), "board": ("next_at",)}


def let_pass(folder, seconds):
    """Time passes for what is stored: it is as if nothing had run for so long."""
    with closing(sqlite3.connect(folder / "u.db", isolation_level=None)) as database:
        for table, columns in INSTANTS.items():
            moved = ", ".join(f"{each} = {each} - {seconds * 1_000_000}" for each in columns)
            database.execute(f"UPDATE {table} SET {moved}")  # noqa: S608 - the names above


@pytest.fixture
def towns(server):
    guild = server.guild("Springfield")
    made = [guild.channel(f"news-{number}") for number in range(TOWNS)]
    return [Town(server, guild, channel, None) for channel in made]


def posts(towns):
    return sum(len(town.messages) for town in towns)


async def test_killed_again_and_again_it_tells_each_community_once(server, tmp_path, towns):
    async with Undersigned(server, tmp_path).stored() as undersigned:
        petition = await opened(undersigned)
        for town in towns:
            await following(undersigned, petition, town)
        words = Telling(petition.id, Kind.TEXT, Voice.ORGANISERS, text=WORDS)
        number = await undersigned.ports.outbox.announce(words)
    run = Run(server, tmp_path)
    for seconds, forgotten in ((60, False), (150, True), (60, False)):
        held = server.faults.hold(
            "create_message", after=True, times=2
        )  # these are posted, and nobody told so
        process = await run.serve()
        enough = posts(towns) + random.randint(3, TOWNS // 3)
        await server.until(lambda: posts(towns) >= enough, "some posts", within=20)  # noqa: B023 - waited for here
        process.kill()
        await process.communicate()
        assert held.suffered == 2
        held.lift()
        let_pass(tmp_path, seconds)
        if forgotten:
            server.nonces.clear()
    process = await run.serve()
    await server.until(lambda: posts(towns) >= 2 * TOWNS, "the rest", within=20)
    async with Undersigned(server, tmp_path).stored() as undersigned:
        assert await over(undersigned, number) == {DeliveryState.SENT: TOWNS}
        follows = [follow for town in towns for follow in await undersigned.ports.follows.at(town.place)]
        assert all(follow.board for follow in follows)
    process.terminate()
    await process.communicate()
    for town in towns:
        assert [WORDS in said(message) for message in town.messages].count(True) == 1
        assert len(town.messages) == 2
