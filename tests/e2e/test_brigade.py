"""A brigade on both platforms at once, among honest members: who counts, who waits, and what organisers do about it.

`undersigned run` serves it as a process of its own, whose memory is watched. In full (2,000 young accounts on Discord
and 200 sock puppets on Telegram among 500 honest members) by `make torture`; else a fiftieth of it.
"""

import asyncio
import os
import random
import re
import sys
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from msgspec.structs import replace

import storage
from bot.model.holding import HoldRules
from bot.model.petition import Petition
from tests.e2e.discord.house import Undersigned, read
from tests.e2e.discord.house import sign as sign_on_discord
from tests.e2e.discord.outreach import Town, said
from tests.e2e.ground import database_of
from tests.e2e.process import Process, end
from tests.e2e.telegram.house import LIBRARY, shown
from tests.e2e.telegram.house import sign as sign_on_telegram
from tests.e2e.telegram.outreach import scene as on_telegram

FULL = bool(os.environ.get("UNDERSIGNED_TORTURE"))
YOUNG, PUPPETS, HONEST_THERE, HONEST_HERE = (2000, 200, 300, 200) if FULL else (40, 12, 8, 6)
"""Young accounts on Discord, puppets on Telegram, and the honest on each."""
HONEST, BRIGADE = HONEST_THERE + HONEST_HERE, YOUNG + PUPPETS
AT_ONCE = 40
PATIENCE = 600 if FULL else 60
GROWTH = 32 * 2**20
"""Bytes that the process may grow by while a brigade signs: caches and what SQLite maps, not people."""
ALERT = "Many signatures wait for review"
FIRST = ["Ana", "Ben", "Cleo", "Dario", "Eva", "Femi", "Grace", "Hugo", "Ines", "Jon", "Kofi", "Lena", "Mo", "Nora",
         "Omar", "Pia", "Rosa", "Sam", "Tess", "Uma", "Vito", "Wei", "Yara", "Zoe", "Zita"]  # fmt: skip
LAST = ["Adler", "Brook", "Cohen", "Diaz", "Evans", "Fox", "Gray", "Haddad", "Ito", "Jones", "Kim", "Lopez", "Mora",
        "Ng", "Okoye", "Pavlov", "Quinn", "Reyes", "Silva", "Tan"]  # fmt: skip
NAMES = [f"{first} {last}" for first, last in product(FIRST, LAST)]
FITTING = [name for name in NAMES if "a" in name]
"""Those that a Cyrillic letter fits into."""


@dataclass
class Campaign:
    """The petition, the community on Discord, and the process that serves them."""

    house: Undersigned
    petition: Petition
    town: Town
    process: asyncio.subprocess.Process

    async def totals(self) -> tuple[int, int, int]:
        totals = await self.house.ports.tally.totals(self.petition.id)
        return totals.counted, totals.held, totals.struck

    def memory(self) -> int:
        """Bytes that the process has in memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024


@pytest.fixture
async def campaign(discord, telegram, tmp_path):
    town = Town.founded(discord, "Springfield")
    process = Process(tmp_path, "DISCORD", discord.token, discord.api_url)
    process.environ |= {
        "UNDERSIGNED_TELEGRAM__TOKEN": telegram.token,
        "UNDERSIGNED_TELEGRAM__API_URL": telegram.url,
    }
    async with Undersigned(discord, tmp_path).stored() as house:
        hold = HoldRules(account_days=7, lookalikes=True, listed=True)
        petition = await house.opened(replace(LIBRARY, goal=10_000, milestones=(9_999,), ask=None, hold=hold))
        running = await process.start("run")
        await discord.until(lambda: discord.gateway.identified and discord.commands, "Discord", within=60)
        await telegram.until(lambda: telegram.called("getUpdates"), within=60)
        yield Campaign(house, petition, town, running)
        await end(running)


async def claim_code(campaign, code):
    url, key = database_of(campaign.house.folder), campaign.house.folder / "u.key"
    office = storage.SqlMaintenance(url, key, campaign.house.now)
    await office.add_claim(code, campaign.house.now() + timedelta(days=1))
    return code


def taps(member, start):
    """Press button after button, each on the answer to the one before."""

    async def go(*labels):
        reply = start
        for label in labels:
            reply = await (await member.press(reply, label)).settled(PATIENCE)
        return reply

    return go


async def all_of(*signing):
    """Let them sign, so many at once, in an order that nobody chose."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one(work):
        async with room:
            return await work

    mixed = list(signing)
    random.Random(7).shuffle(mixed)
    await asyncio.gather(*map(one, mixed))


async def discord_signs(campaign, name, age, words):
    member = campaign.town.guild.member(name, age=age)
    receipt = await sign_on_discord(member, campaign.town.channel)
    assert words in read(receipt), read(receipt)


async def telegram_signs(telegram, name, words):
    first, last = name.split()
    receipt = await sign_on_telegram(telegram.member(first, last), within=PATIENCE)
    assert words in receipt.text


async def flood(campaign, telegram):
    """The honest and the brigade sign, all at once."""
    counts, waits = "You have signed", "Your signature waits for review"
    honest = random.Random(3).sample(NAMES, HONEST)
    old, young = timedelta(days=400), timedelta(days=2)
    await all_of(
        *(discord_signs(campaign, name, old, counts) for name in honest[:HONEST_THERE]),
        *(telegram_signs(telegram, name, counts) for name in honest[HONEST_THERE:]),
        *(discord_signs(campaign, NAMES[at % len(NAMES)], young, waits) for at in range(YOUNG)),
        *(telegram_signs(telegram, name.replace("a", "\u0430"), waits) for name in FITTING[:PUPPETS]),
    )


async def count_a_newcomer(campaign, olga):
    """One of those whose accounts are young was honest."""
    listed = await olga.command(campaign.town.channel, "review")
    assert f"{BRIGADE:,} signatures wait for you" in read(listed)
    done = await taps(olga, listed)(young_of(listed), "1", "Count it", "Yes, count")
    assert "1 signature is counted" in read(done)


def young_of(listed):
    """The button that opens those who are held for their accounts' age."""
    return next(button.label for button in listed.buttons if "young account" in button.label)


async def strike_the_young(campaign, olga):
    """On Discord, in five taps: the reason is proposed."""
    listed = await olga.command(campaign.town.channel, "review")
    form = await taps(olga, listed)(young_of(listed), "Strike all of these")
    asked = await (await olga.submit(form)).settled()
    struck = await olga.press(asked, "Yes, strike")
    await struck.until(lambda reply: "are struck" in read(reply), within=PATIENCE)


async def strike_the_puppets(tom):
    """On Telegram, in four."""
    page = await tom.ask("/review", within=PATIENCE)
    await tom.press(page, next(button for button in page.buttons if "look like others" in button.text))
    await tom.press(await shown(tom, "They wait"), "Strike all of these")
    await tom.press(await shown(tom, "Reason"), "See what changes")
    await tom.press(await shown(tom, f"Strike {PUPPETS:,} signatures?"), "Yes, strike")
    await shown(tom, "are struck", PATIENCE)


async def strike_one_that_counts(campaign, olga, number):
    """Found by its number."""
    found = await olga.command(campaign.town.channel, "strike", who=number)
    form = await olga.press(found, "Strike it")
    asked = await (await olga.submit(form, Reason="the wrong person")).settled()
    assert "1 signature is struck" in read(await (await olga.press(asked, "Yes, strike")).settled())


@pytest.mark.torture
@pytest.mark.skipif(sys.platform != "linux", reason="reads the process's memory from /proc")
async def test_a_brigade_waits_while_the_honest_count_and_is_struck_in_a_few_taps(
    campaign, discord, telegram
):
    group = telegram.group("Friends", supergroup=True)
    await on_telegram.following(campaign.house, campaign.petition, group)
    await campaign.town.follow()
    olga, tom = campaign.town.guild.member("Olga"), telegram.member("Tom")
    await olga.command(campaign.town.channel, "claim", code=await claim_code(campaign, "CODE-ONE"))
    await tom.ask(f"/claim {await claim_code(campaign, 'CODE-TWO')}")

    before = campaign.memory()
    await flood(campaign, telegram)
    assert await campaign.totals() == (HONEST, BRIGADE, 0)
    await told_once(discord, olga, tom)

    await count_a_newcomer(campaign, olga)
    assert await campaign.totals() == (HONEST + 1, BRIGADE - 1, 0)
    await campaign.town.told(f"{HONEST + 1:,} of 10,000 have signed", within=PATIENCE)

    await strike_the_young(campaign, olga)
    assert await campaign.totals() == (HONEST + 1, PUPPETS, YOUNG - 1)
    await strike_the_puppets(tom)
    assert await campaign.totals() == (HONEST + 1, 0, BRIGADE - 1)

    await strike_one_that_counts(campaign, olga, "1")
    assert await campaign.totals() == (HONEST, 0, BRIGADE)
    await boards_say(campaign, group, HONEST)
    await told_once(discord, olga, tom)
    assert campaign.memory() - before < GROWTH


async def boards_say(campaign, group, total):
    """The board in each community shows this total, and there is one."""
    words = f"{total:,} of 10,000 have signed"
    await campaign.town.told(words, within=PATIENCE)
    await on_telegram.says(group, words, within=PATIENCE)
    assert len(campaign.town.saying("of 10,000 have signed")) == 1


async def told_once(discord, olga, tom):
    """Each organiser has been told of the burst, and once."""

    def told():
        return [each for each in discord.messages(olga.dm) if ALERT in said(each)]

    await discord.until(told, "the alert", within=PATIENCE)
    await on_telegram.says(tom.chat, ALERT, within=PATIENCE)
    assert len(told()) == 1
    assert len([each for each in tom.chat.from_bot if ALERT in each.text]) == 1
