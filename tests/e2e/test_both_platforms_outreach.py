"""Both platforms at once: a milestone is told once in every community of either, and all boards show one total."""

import asyncio

import pytest
from msgspec.structs import replace

from tests.e2e.discord import outreach as on_discord
from tests.e2e.discord.house import sign as sign_on_discord
from tests.e2e.telegram.house import LIBRARY, fact, sign
from tests.e2e.telegram.outreach import scene as on_telegram

MILESTONE, TOTAL = "25 people have signed.", "30 of 100 have signed"


@pytest.fixture
async def petition(both):
    """Open, to be told of at 10 and at 25; that it is open has been told, to nobody yet."""
    petition = await both.opened(replace(LIBRARY, goal=100, milestones=(10, 25)))
    both.core.outbox.ring()
    await on_telegram.over(both, 1)
    return petition


@pytest.fixture
async def towns(both, petition, discord):
    made = [on_discord.Town.founded(discord, name) for name in ("Springfield", "Shelbyville")]
    for town in made:
        await on_discord.following(both, petition, town)
    both.core.outbox.ring()
    for town in made:
        await town.told("0 of 100")
    return made


@pytest.fixture
async def chats(both, petition, telegram):
    made = [telegram.group("Friends", supergroup=True), telegram.channel("News")]
    for chat in made:
        await on_telegram.following(both, petition, chat)
    both.core.outbox.ring()
    for chat in made:
        await on_telegram.board_of(chat)
    return made


async def test_thirty_sign_on_both_across_milestones_and_each_community_is_told_once_of_one_total(
    both, petition, towns, chats, telegram
):
    theirs = [towns[0].guild.member(f"Ana {letter.upper()}") for letter in "abcdefghijklmno"]
    ours = [telegram.member("Eva", letter.upper()) for letter in "abcdefghijklmno"]
    receipts, messages = await asyncio.gather(
        asyncio.gather(*(sign_on_discord(member, towns[0].channel) for member in theirs)),
        asyncio.gather(*(sign(member, within=20) for member in ours)),
    )
    assert all("You have signed" in receipt.text for receipt in receipts)
    assert len({fact(message, "Number") for message in messages}) == 15
    for town in towns:
        milestone = await town.told(MILESTONE, within=30)
        assert town.messages == [await town.told(TOTAL, within=20), milestone]
    for chat in chats:
        milestone = await on_telegram.says(chat, MILESTONE, within=30)
        await on_telegram.later(both)
        assert chat.from_bot == [await on_telegram.says(chat, TOTAL), milestone]
    totals = await both.ports.tally.totals(petition.id)
    assert totals.counted == 30
    told = await ours[0].ask("/totals")
    assert (fact(told, "Discord"), fact(told, "Telegram")) == ("15", "15")
