"""`undersigned run` as a process of its own: started, served, told to stop, killed, started again."""

import asyncio
import signal
import sys

import pytest

from tests.e2e.telegram.house import Undersigned, fact, shown, sign
from tests.e2e.telegram.outreach.scene import following
from tests.e2e.telegram.running import Run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


@pytest.fixture
async def run(server, tmp_path, group):
    async with Undersigned(server, tmp_path).stored() as undersigned:
        await following(undersigned, await undersigned.opened(), group, pinned=True)
    return Run(server, tmp_path)


async def test_it_serves_until_it_is_told_to_stop_and_tells_no_secret_and_no_name(run, ana, server):
    process = await run.serve("--debug")
    assert fact(await sign(ana, within=20), "Number") == "#1"
    process.send_signal(signal.SIGTERM)
    printed, _ = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0
    assert server.token not in printed.decode()
    assert "Ana" not in printed.decode()
    assert str(ana.id) not in printed.decode()


async def test_what_was_receipted_before_it_was_killed_is_there_afterwards(run, ana, server):
    process = await run.serve()
    receipt = await sign(ana, within=20)
    form = await server.member("Ben").ask("/sign", within=20)
    process.kill()
    await process.communicate()
    process = await run.serve()
    mine = await ana.ask("/mysignatures", within=20)
    assert fact(mine, "Code") == fact(receipt, "Code")
    ben = next(member for member in server.members.values() if member.chat is form.chat)
    await ben.press(form, "Sign as Ben", within=20)
    assert fact(await shown(ben, "You have signed", within=20), "Number") == "#2"
    process.send_signal(signal.SIGINT)
    await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0


async def test_a_refused_token_ends_it_with_one_line(run, server):
    server.fail("getMe", 401, times=None)
    process = await run.start("run")
    printed, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 1
    assert b"does not know this token" in printed
    assert server.token.encode() not in printed


async def test_check_tells_what_there_is_to_know(run, server):
    server.privacy = False
    server.updates.set_webhook("https://old.example.org", "", 1, drop=False)
    process = await run.start("check")
    printed = (await asyncio.wait_for(process.communicate(), 60))[0].decode()
    assert f"https://t.me/{server.bot.username}" in printed
    assert "startgroup" in printed
    assert "group privacy is off" in printed
    assert "webhook" in printed
    assert "in Friends of the library the bot may not pin messages" in printed
    assert server.token not in printed
