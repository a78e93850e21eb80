"""One process, one database, both platforms: members sign where they are, and there is one total."""

import asyncio

from tests.e2e.discord.house import sign as sign_on_discord
from tests.e2e.telegram.house import fact, sign


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
