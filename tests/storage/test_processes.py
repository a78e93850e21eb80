"""Several processes on one database, and one that is killed: nothing is lost, nobody is counted twice."""

import asyncio
import os
import random
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from bot.model.petition import Act
from bot.model.signature import NotOpen
from bot.ports import Level
from storage.tables import milestone, signature
from tests.storage.world import PARK, member, opened_petition, request, signed

ROUNDS = int(os.environ.get("UNDERSIGNED_TORTURE", "3"))
ROOT = Path(__file__).parents[2]
CAMPAIGN = replace(PARK, goal=250, milestones=(1, 10, 50, 100, 250, 500))


@pytest.fixture
def start():
    """Start signers; those whom a failed test has not ended are killed."""
    started = []

    async def start(*arguments, **options):
        started.append(await Signer.start(*arguments, **options))
        return started[-1]

    yield start
    for signer in started:
        if signer.process.returncode is None:
            with suppress(ProcessLookupError):
                signer.process.kill()


class Signer:
    """A running `signer`."""

    def __init__(self, process):
        self.process = process

    @classmethod
    async def start(cls, home, accounts, at_once=20):
        words = [home.url, str(home.key_file), "park", accounts, str(at_once)]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.storage.signer",
            *words,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
        )
        assert await process.stdout.readline() == b"ready\n"
        return cls(process)

    def go(self):
        self.process.stdin.write(b"\n")

    async def receipts(self, least=None):
        """Receipts as they come: at least so many, or all until it ends."""
        found = []
        while least is None or len(found) < least:
            line = await self.process.stdout.readline()
            if not line:
                break
            form, number = line.decode().split()
            found.append((form, int(number)))
        return found

    async def kill(self):
        self.process.kill()
        rest = await self.receipts()
        await self.process.wait()
        return rest


async def all_is_well(home):
    findings = await home.maintenance.verify()
    return [finding.text for finding in findings if finding.level is not Level.OK] == []


async def test_two_processes_racing_for_the_same_accounts_sign_each_once(home, start):
    async with home.ports() as ports:
        petition = await opened_petition(ports)
        names = [f"m{number}" for number in range(60)]
        signers = [await start(home, ",".join(order)) for order in (names, names[::-1])]
        for signer in signers:
            signer.go()
        receipts = [await signer.receipts() for signer in signers]
        for signer in signers:
            assert await signer.process.wait() == 0

        together = receipts[0] + receipts[1]
        assert sorted(number for _, number in together) == list(range(1, 61))
        assert (await ports.tally.totals(petition.id)).counted == 60
        assert [len(await ports.signatures.of(member(name))) for name in names] == [1] * 60
    assert await all_is_well(home)


async def test_a_command_line_beside_a_running_bot_loses_no_update(home, start):
    async with home.ports() as ports:
        petition = await opened_petition(ports)
        mine = [await signed(ports, petition, f"w{number}") for number in range(15)]
        signer = await start(home, ",".join(f"m{number}" for number in range(60)))
        signer.go()
        for each in mine:
            await ports.signatures.withdraw(each.form)
        await signer.receipts()
        await signer.process.wait()

        totals = await ports.tally.totals(petition.id)
        assert (totals.counted, totals.withdrawn) == (60, 15)
    assert await all_is_well(home)


async def test_closing_from_another_process_stops_the_signing(home, start):
    async with home.ports() as ports:
        petition = await opened_petition(ports)
        signer = await start(home, "*")
        signer.go()
        await signer.receipts(least=20)
        await ports.petitions.act("park", Act.CLOSE)
        at_closing = (await ports.tally.totals(petition.id)).counted

        assert isinstance(await ports.signatures.sign(request(petition)), NotOpen)
        await signer.kill()
        assert (await ports.tally.totals(petition.id)).counted == at_closing


@pytest.mark.torture
@pytest.mark.parametrize("round_", range(ROUNDS))
async def test_killed_in_the_middle_no_receipted_signature_is_lost(home, start, round_):
    chance = random.Random(round_)
    async with home.ports() as ports:
        petition = await opened_petition(ports, CAMPAIGN)
    signer = await start(home, "*", at_once=chance.choice([1, 5, 40, 200]))
    signer.go()
    receipts = await signer.receipts(least=chance.randrange(1, 500))
    receipts += await signer.kill()

    rows = await home.run(select(signature.c.form, signature.c.number, signature.c.status))
    assert {tuple(receipt) for receipt in receipts} <= {(row.form, row.number) for row in rows}
    assert {row.status for row in rows} == {"counted"}
    assert sorted(row.number for row in rows) == list(range(1, len(rows) + 1))
    assert await all_is_well(home)
    passed = list(await home.run(select(milestone.c.threshold).order_by(milestone.c.threshold)))
    assert [each for (each,) in passed] == [each for each in CAMPAIGN.milestones if each <= len(rows)]
    async with home.ports() as ports:
        assert (await ports.tally.totals(petition.id)).counted == len(rows)
        assert (await signed(ports, petition, "after")).number == len(rows) + 1
