"""A disk that is really full, by the system's own word: people are told to try again, and nothing is lost.

A limit on the size of files stands for it, in a process of its own: writing beyond it fails as on a full disk, halfway
through a page, and needs no rights and no file system of its own. Where the system lets us have a small file system,
that one fills up, also with all that a PostgreSQL server has.
"""

import asyncio
import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.ports import Level
from storage.tables import signature
from tests.storage.world import opened_petition, signed

ROOT, PYTHON = Path(__file__).parents[2], sys.executable
APART = ("unshare", "--mount", "--mount-proc", "--pid", "--fork", "--kill-child")
"""Mounts, and processes, that end with the first process in there."""
FULL = "disk is full. Free some space; nothing stored is lost."
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits of a process")


async def told(*command):
    """What a process says that ends well; it is ended if it takes too long."""
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, cwd=ROOT)
    try:
        async with asyncio.timeout(60):
            said, _ = await process.communicate()
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    assert process.returncode == 0
    return said.decode()


async def starved(home, room):
    """What somebody who signs on a disk with so little room says: `(receipts while full, receipts afterwards)`."""
    said = await told(PYTHON, "-m", "tests.storage.starved", home.url, str(home.key_file), str(room))
    return [{int(number) for number in line.split()[1:]} for line in said.splitlines()]


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


@pytest.fixture
def apart():
    """A folder for a process that may mount a disk there, for itself alone."""
    # A short path, that the server's user can enter: a Unix socket's has 107 bytes at most.
    folder = Path(tempfile.mkdtemp(prefix="us"))
    trying = [*APART, "mount", "-t", "tmpfs", "none", str(folder)]
    if not shutil.which(APART[0]) or subprocess.run(trying, capture_output=True, check=False).returncode:
        folder.rmdir()
        pytest.skip("this system lets us mount no disk of our own (root may, on Linux)")
    yield folder
    shutil.rmtree(folder)


async def filled(folder):
    """What came of each way to fill a disk there."""
    return json.loads(await told(*APART, PYTHON, "-m", "tests.storage.filled", str(folder)))


async def test_a_disk_of_its_own_that_is_full_loses_nothing_on_either_database(apart):
    came = await filled(apart)
    for each in came.values():
        assert each["afterwards"]
        numbers = sorted(each["rows"])
        assert numbers == list(range(1, len(numbers) + 1))
        assert sorted(each["while_full"] + each["afterwards"]) == numbers
        assert each["counted"] == len(numbers)
        assert each["wrong"] == []
        assert each["said"]
    # A server that can't write its log of changes goes down before it can say so.
    down = came.pop("log")["said"]
    assert down[0].endswith("log says why: a full disk, perhaps.")
    assert all(line.endswith(("a full disk, perhaps.", "Is it running?")) for line in down)
    assert all(line.endswith(FULL) for each in came.values() for line in each["said"])


def _files(home):
    return home.path.parent.glob(f"{home.path.name}*")


def _size(path):
    return path.stat().st_size
