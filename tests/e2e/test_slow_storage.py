"""The storage hangs, or more people wait than it takes: members wait, or are told to try again, and nobody is lost."""

import asyncio
import sqlite3
from contextlib import closing, contextmanager

from bot.words import chat
from bot.words.catalog import Words
from storage import intake
from tests.e2e.discord.house import read
from tests.e2e.discord.house import sign as sign_on_discord
from tests.e2e.telegram.house import shown

BUSY = Words("en")(chat.BUSY)


@contextmanager
def hanging(undersigned):
    """Another process writes, and takes its time."""
    with closing(sqlite3.connect(undersigned.folder / "u.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def waiting(undersigned):
    """Until somebody's signature waits to be written."""
    async with asyncio.timeout(5):
        while not undersigned.ports.signatures._intake()._taken:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)


async def test_members_wait_while_the_storage_hangs_and_hold_their_receipts_then(both, discord, telegram):
    petition = await both.opened()
    guild = discord.guild("Friends")
    channel = guild.channel("general")
    ana, eva = guild.member("Ana"), telegram.member("Eva")
    forms = await ana.command(channel, "sign"), await eva.ask("/sign")
    with hanging(both):
        submitted = await ana.submit(forms[0])
        await eva.press(forms[1], "Sign as Eva")
        await waiting(both)
        assert await both.counted(petition) == 0
    assert "You have signed" in (await submitted.settled()).text
    assert "You have signed" in (await shown(eva, "Keep the code")).text
    assert await both.counted(petition) == 2


async def test_when_too_many_wait_members_are_told_and_the_same_form_signs_a_moment_later(
    both, discord, telegram, monkeypatch
):
    petition = await both.opened()
    guild = discord.guild("Friends")
    channel = guild.channel("general")
    ana, eva = guild.member("Ana"), telegram.member("Eva")
    with monkeypatch.context() as full:
        full.setattr(intake, "WAITING", 0)
        form = await ana.command(channel, "sign")
        told = await (await ana.submit(form)).settled()
        assert BUSY in read(told)
        page = await eva.ask("/sign")
        await eva.press(page, "Sign as Eva")
        await shown(eva, BUSY)
    assert await both.counted(petition) == 0
    assert "You have signed" in (await sign_on_discord(ana, channel)).text
    await eva.press(page, "Sign as Eva")
    assert "You have signed" in (await shown(eva, "Keep the code")).text
    assert await both.counted(petition) == 2
    assert len(await both.signatures(eva)) == 1
