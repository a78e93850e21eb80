"""One process, one database, both platforms: members sign where they are, and there is one total."""

import asyncio

import pytest

from bot.core import Core
from bot.house import House
from bot.serving import Serving
from tests.e2e.discord.house import Undersigned as OnDiscord
from tests.e2e.discord.house import sign as sign_on_discord
from tests.e2e.telegram.house import Undersigned as OnTelegram
from tests.e2e.telegram.house import fact, sign
from tests.wire.discord import DiscordServer
from tests.wire.telegram import TelegramServer


@pytest.fixture
async def discord():
    async with DiscordServer(check_answers=True) as server:
        yield server
        assert [str(one) for one in server.violations] == []


@pytest.fixture
async def telegram():
    async with TelegramServer() as server:
        yield server
        assert server.violations == []


@pytest.fixture
async def both(discord, telegram, tmp_path):
    """The two, served as `undersigned run` serves them."""
    on_telegram = OnTelegram(telegram, tmp_path)
    async with OnDiscord(discord, tmp_path).stored() as on_discord:
        on_telegram.ports = on_discord.ports
        core, stop = Core(on_discord.ports, House(), on_discord.now), asyncio.Event()
        platforms = [on_discord.platform, on_telegram.telegram()]
        serving = asyncio.create_task(Serving(core).until(stop, platforms))
        await discord.identified(1)
        await discord.until(lambda: discord.commands, "commands")
        await telegram.until(lambda: telegram.updates.polled)
        yield on_telegram
        stop.set()
        await asyncio.wait_for(serving, 30)


async def test_members_of_both_platforms_sign_at_once_and_are_counted_once_each(both, discord, telegram):
    petition = await both.opened()
    guild = discord.guild("Friends of the library")
    channel = guild.channel("general")
    theirs = [guild.member(f"Ana {letter.upper()}") for letter in "abcdefghij"]
    ours = [telegram.member("Eva", letter.upper()) for letter in "abcdefghij"]
    receipts, messages = await asyncio.gather(
        asyncio.gather(*(sign_on_discord(member, channel) for member in theirs)),
        asyncio.gather(*(sign(member, within=20) for member in ours)),
    )
    assert all("You have signed" in receipt.text for receipt in receipts)
    numbers = {int(fact(message, "Number").removeprefix("#")) for message in messages}
    assert len(numbers) == 10
    assert numbers <= set(range(1, 21))
    assert await both.counted(petition) == 20
    told = await ours[0].ask("/totals")
    assert "20 of 4 have signed" in told.text
    assert (fact(told, "Discord"), fact(told, "Telegram")) == ("10", "10")
    shown = await theirs[0].command(channel, "totals")
    assert "20 of 4 have signed" in shown.text


async def test_a_platform_whose_token_is_revoked_leaves_the_other_alone(both, discord, telegram):
    await both.opened()
    telegram.fail("getUpdates", 401, times=None)
    telegram.inject(message={})
    await telegram.until(lambda: not telegram.updates.polled)
    guild = discord.guild("Friends of the library")
    receipt = await sign_on_discord(guild.member("Ana"), guild.channel("general"))
    assert "You have signed" in receipt.text
    telegram.updates.waiting.clear()
