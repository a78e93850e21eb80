"""Several processes on one PostgreSQL, each with its shards of one Discord: one petition, one total, no echo."""

import asyncio
import re
import socket
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import aiohttp
import pytest
from msgspec.structs import replace

import storage
from bot.model.petition import Act
from tests.e2e.discord.house import LIBRARY, fact, sign
from tests.e2e.discord.outreach import Town, said
from tests.e2e.process import Process, end

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")
SHARDS = 2


def now():
    return datetime.now(UTC)


@pytest.fixture
def towns(server):
    """One for each shard."""
    found = {}
    while len(found) < SHARDS:
        town = Town.founded(server, f"Town {len(server.guilds)}")
        found.setdefault((town.guild.id >> 22) % SHARDS, town)
    return [found[shard] for shard in range(SHARDS)]


@pytest.fixture
def cluster(server, tmp_path, database_url):
    storage.SqlMaintenance(database_url, tmp_path / "u.key", now).create_keys()
    process = Process(tmp_path, "DISCORD", server.token, server.api_url)
    process.environ |= {"UNDERSIGNED_STORAGE__URL": database_url, "UNDERSIGNED_DISCORD__SHARD_COUNT": "2"}
    return process


@asynccontextmanager
async def ports_of(cluster, database_url):
    async with storage.open_storage(database_url, cluster.folder / "u.key", now) as ports:
        yield ports


@pytest.fixture
def listens():
    """Where the two tell how they fare."""
    with socket.socket() as one, socket.socket() as two:
        for each in (one, two):
            each.bind(("127.0.0.1", 0))
        return [f"127.0.0.1:{each.getsockname()[1]}" for each in (one, two)]


async def asked(listen, path):
    async with aiohttp.ClientSession() as session, session.get(f"http://{listen}/{path}") as answer:
        return await answer.text()


def signed(metrics):
    return float(re.search(r'signatures_total\{result="signed"\} (\S+)', metrics)[1])


async def test_two_processes_share_the_servers_and_the_petition(
    cluster, server, towns, listens, database_url
):
    # Both at once, on a database without tables: one migrates, the other waits for it.
    both = [
        await cluster.start("run", DISCORD__SHARD_IDS=f"[{shard}]", METRICS__LISTEN=listens[shard])
        for shard in range(SHARDS)
    ]
    await server.until(lambda: len(server.gateway.live) == SHARDS and server.commands, within=60)
    assert sorted(session.shard for session in server.gateway.live) == [(0, 2), (1, 2)]
    async with ports_of(cluster, database_url) as ports:
        petition = await ports.petitions.add(replace(LIBRARY, goal=100, milestones=(15,)))
        await ports.petitions.act(LIBRARY.slug, Act.OPEN)
        for town in towns:
            await town.follow(within=40)  # the other process may hold the platform, and look now and then
        members = [towns[number % 2].guild.member(f"Ana {chr(65 + number)}") for number in range(20)]
        signing = [sign(member, towns[number % 2].channel) for number, member in enumerate(members)]
        receipts = await asyncio.gather(*signing)
        assert sorted(int(fact(receipt, "Number").strip("*#\\")) for receipt in receipts) == list(
            range(1, 21)
        )
        assert (await ports.tally.totals(petition.id)).counted == 20
        for town in towns:
            await town.told("15 people have signed.", within=40)
            await server.until(lambda its=town: "20 of 100" in said(its.messages[0]), "the board", 40)
    assert [await asked(each, "readyz") for each in listens] == ["ready\n"] * 2
    told = [await asked(each, "metrics") for each in listens]
    assert sum(signed(each) for each in told) == 20
    assert all("Ana" not in each and str(town.guild.id) not in each for each in told for town in towns)
    printed = await end(*both)
    assert [process.returncode for process in both] == [0, 0], printed
    assert "failed" not in printed
    assert [len(town.saying("15 people have signed.")) for town in towns] == [1, 1]
