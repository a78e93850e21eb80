"""`undersigned run` as a process of its own: started, served, told to stop, killed, started again."""

import asyncio
import signal
import sys

import pytest

from bot.words import chat
from bot.words.catalog import Words
from tests.e2e.discord.house import Undersigned, fact, read, sign
from tests.e2e.discord.running import Run

EN = Words("en")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


@pytest.fixture
async def run(server, tmp_path, channel):
    async with Undersigned(server, tmp_path).stored() as undersigned:
        await undersigned.opened()
    return Run(server, tmp_path)


async def test_it_serves_until_it_is_told_to_stop_and_says_nothing_secret(run, ana, channel, server):
    process = await run.serve()
    receipt = await sign(ana, channel)
    assert fact(receipt, "Name") == "Ana López"
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(20):
        output, _ = await process.communicate()
    assert process.returncode == 0
    assert not server.gateway.live
    for secret in (server.token, "Ana", str(ana.id), fact(receipt, "Code").strip("`")):
        assert secret not in output.decode()


async def test_killed_between_form_and_receipt_it_signs_once_after_its_return(run, ana, channel):
    process = await run.serve()
    form = await ana.command(channel, "sign")
    process.kill()
    await process.communicate()
    process = await run.serve()
    first = await ana.submit(form)
    assert "You have signed" in first.text
    process.kill()
    await process.communicate()
    process = await run.serve()
    again = await ana.command(channel, "sign")
    assert EN(chat.ALREADY_SIGNED) in read(again)
    assert fact(again, "Code") == fact(first, "Code")
    process.terminate()
    await process.communicate()


async def test_check_tells_what_discord_says(run, server):
    process = await run.start("check")
    told = (await process.communicate())[0].decode()
    assert process.returncode == 0, told
    assert "the token belongs to Undersigned" in told
    assert f"client_id={server.application_id}" in told
    assert server.token not in told
