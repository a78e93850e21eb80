"""A community that gives, and asks for, far more than people do: who waits for it, who hears of it, and who notices."""

import asyncio

import pytest
from msgspec.structs import replace

from bot.limits import FEW
from tests.e2e.discord.house import LIBRARY, Undersigned, read, sign
from tests.e2e.discord.outreach import Town, said
from tests.e2e.discord.running import Run
from tests.e2e.process import end

SIGNATURES, REQUESTS = 8, 60
"""What a community may give, and ask for, in a minute."""
BRIGADE, HONEST = 20, 4
COUNTS, WAITS = "You have signed", "Your signature waits for review"
CROWD = "Very many people ask for something here at once"
ALERT = "Many signatures wait for review"


@pytest.fixture
async def crowded(server, tmp_path):
    """What is stored, a loud town and a calm one, and the organiser; `undersigned run` serves them."""
    loud, calm = Town.founded(server, "Loud"), Town.founded(server, "Calm")
    olga = calm.guild.member("Olga")
    async with Undersigned(server, tmp_path).stored() as house:
        await house.opened(replace(LIBRARY, goal=1000, ask=None))
        running = Run(server, tmp_path)
        running.environ |= {
            "UNDERSIGNED_LIMITS__COMMUNITY_SIGNATURES": str(SIGNATURES),
            "UNDERSIGNED_LIMITS__COMMUNITY_REQUESTS": str(REQUESTS),
            "UNDERSIGNED_ADMINS": f'["discord:{olga.id}"]',
        }
        process = await running.serve()
        yield house, loud, calm, olga
        await end(process)


async def sign_in(town, number):
    """So many sign there, all at once; what their receipts say."""
    names = [f"{town.guild.name} {chr(ord('a') + at)}na" for at in range(number)]
    receipts = await asyncio.gather(*(sign(town.guild.member(name), town.channel) for name in names))
    return [read(receipt).splitlines()[0].strip("# ") for receipt in receipts]


async def test_a_crowd_waits_and_is_told_so_while_others_notice_nothing(crowded, server):
    house, loud, calm, olga = crowded
    crowd, honest = await asyncio.gather(sign_in(loud, BRIGADE), sign_in(calm, HONEST))
    assert (crowd.count(COUNTS), crowd.count(WAITS)) == (SIGNATURES, BRIGADE - SIGNATURES)
    assert honest == [COUNTS] * HONEST

    def alerts():
        return [said(each) for each in server.messages(olga.dm) if ALERT in said(each)]

    await server.until(alerts, "the alert", within=15)
    assert "Came by: loud-news" in alerts()[0].replace("*", "")

    mallory = loud.guild.member("Mallory")
    answers = await asyncio.gather(*(mallory.command(loud.channel, "help") for _ in range(REQUESTS)))
    refused = [CROWD in read(await answer.settled()) for answer in answers]
    assert FEW <= refused.count(False) < REQUESTS  # of a member alone it would not be too much
    assert WAITS in read(await sign(loud.guild.member("Honest here"), loud.channel))
    assert COUNTS in read(await sign(calm.guild.member("Honest there"), calm.channel))

    totals = await house.ports.tally.totals((await house.ports.petitions.find("library")).id)
    assert (totals.counted, totals.held) == (SIGNATURES + HONEST + 1, BRIGADE - SIGNATURES + 1)
    assert len(alerts()) == 1
