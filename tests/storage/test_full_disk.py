"""A disk that is really full, by the system's own word: people are told to try again, and nothing is lost.

A limit on the size of files stands for it, in a process of its own: writing beyond it fails as on a full disk, halfway
through a page, and needs no rights and no file system of its own.
"""

import asyncio
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.ports import Level
from storage.tables import signature
from tests.storage.world import opened_petition, signed

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits of a process")


async def starved(home, room):
    """What somebody who signs on a disk with so little room says: `(receipts while full, receipts afterwards)`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.storage.starved",
        home.url,
        str(home.key_file),
        str(room),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    async with asyncio.timeout(60):
        said, _ = await process.communicate()
    assert process.returncode == 0
    return [{int(number) for number in line.split()[1:]} for line in said.decode().splitlines()]


@pytest.mark.parametrize("room", [70_001, 300_007])
async def test_a_full_disk_loses_nothing_and_all_goes_on_when_there_is_room(sqlite_home, room):
    async with sqlite_home.ports() as ports:
        petition = await opened_petition(ports)
    while_full, afterwards = await starved(sqlite_home, max(map(_size, _files(sqlite_home))) + room)
    assert while_full
    assert len(afterwards) == 20
    rows = await sqlite_home.run(select(signature.c.number))
    numbers = sorted(number for (number,) in rows)
    assert numbers == list(range(1, len(numbers) + 1))
    assert while_full | afterwards == set(numbers)
    assert not while_full & afterwards
    assert [each.text for each in await sqlite_home.maintenance.verify() if each.level is not Level.OK] == []
    async with sqlite_home.ports() as ports:
        assert (await ports.tally.totals(petition.id)).counted == len(numbers)
        assert (await signed(ports, petition, "after")).number == len(numbers) + 1


def _files(home):
    return home.path.parent.glob(f"{home.path.name}*")


def _size(path):
    return path.stat().st_size
