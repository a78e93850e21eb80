"""Several processes on one PostgreSQL, each told of updates by one Telegram: one total, and every post once."""

import asyncio
import socket
import sys
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

import storage
from bot.model.petition import Act
from tests.e2e.process import Process, end
from tests.e2e.telegram.house import LIBRARY, fact, sign
from tests.e2e.telegram.outreach.scene import board_of, moderated, says

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")
PUBLIC = "https://signs.example.org"


def now():
    return datetime.now(UTC)


@pytest.fixture
def listeners():
    with socket.socket() as one, socket.socket() as two:
        for each in (one, two):
            each.bind(("127.0.0.1", 0))
        return [f"127.0.0.1:{each.getsockname()[1]}" for each in (one, two)]


@pytest.fixture
def cluster(server, tmp_path, database_url, listeners):
    storage.SqlMaintenance(database_url, tmp_path / "u.key", now).create_keys()
    server.updates.proxy(PUBLIC, *(f"http://{each}" for each in listeners))
    process = Process(tmp_path, "TELEGRAM", server.token, server.url)
    process.environ |= {
        "UNDERSIGNED_STORAGE__URL": database_url,
        "UNDERSIGNED_TELEGRAM__WEBHOOK_URL": f"{PUBLIC}/telegram",
    }
    return process


async def follow(moderator, group):
    """A process may have looked just before there was a petition: for a tenth of a second it does not look again."""
    while "no petition here yet" in (await moderator.ask("/follow", chat=group, within=20)).text:
        pass


async def test_two_processes_share_the_updates_and_the_petition(cluster, server, listeners, database_url):
    # Both at once, on a database without tables: one migrates, the other waits for it.
    both = [await cluster.start("run", TELEGRAM__WEBHOOK_LISTEN=each) for each in listeners]
    await server.until(lambda: len(server.called("setWebhook")) == 2, within=60)
    async with storage.open_storage(database_url, cluster.folder / "u.key", now) as ports:
        petition = await ports.petitions.add(replace(LIBRARY, goal=100, milestones=(15,)))
        await ports.petitions.act(LIBRARY.slug, Act.OPEN)
        groups = [await moderated(server, title) for title in ("Friends", "Neighbours")]
        for group, moderator in groups:
            await follow(moderator, group)
        boards = [await board_of(group, within=20) for group, _ in groups]
        members = [server.member("Ana", chr(65 + number)) for number in range(20)]
        receipts = await asyncio.gather(*(sign(member, within=30) for member in members))
        assert sorted(int(fact(each, "Number").strip("#")) for each in receipts) == list(range(1, 21))
        assert (await ports.tally.totals(petition.id)).counted == 20
        for (group, _), board in zip(groups, boards, strict=True):
            await says(group, "15 people have signed", within=40)
            await group.until(lambda _, its=board: "20 of 100 have signed" in its.text, 40)
    printed = await end(*both)
    assert [process.returncode for process in both] == [0, 0], printed
    assert "failed" not in printed
    for group, _ in groups:
        assert sum("15 people have signed" in message.text for message in group.from_bot) == 1
    assert len({url.removeprefix("http://").split("/")[0] for url, _ in server.updates.deliveries}) == 2
