"""A process that has just started gives its first answers from a database file, and loads the rest a moment later."""

import subprocess
import sys
from pathlib import Path

import pytest

from storage.addresses import parse_url
from storage.database import serving
from tests.storage.world import opened_petition

ROOT = Path(__file__).parent.parent.parent
PROGRAM = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path

import storage
from bot.model.account import Account
from bot.ports import Draft

url, key, step = sys.argv[1:]
account = Account("discord", "7")


def now():
    return datetime.now(UTC)


async def main():
    async with storage.open_storage(url, Path(key), now) as ports:
        (petition,) = await ports.petitions.all()
        match step:
            case "ask":
                assert await ports.signatures.on(petition, account) is None
                await ports.drafts.save(account, Draft("form", "token", 0, {}, asking="name"))
                assert (await ports.drafts.asking(account)).form == "form"
            case "count":
                assert (await ports.tally.totals(petition.id)).counted == 0
            case "wait":
                waiting = asyncio.create_task(ports.loaded())
                await asyncio.sleep(0)
                assert "sqlalchemy" not in sys.modules
                await waiting
                assert "storage.repositories" in sys.modules
    print("sqlalchemy" in sys.modules)


asyncio.run(main())
"""


@pytest.fixture
async def house(sqlite_home):
    """A database with a petition in it."""
    async with sqlite_home.ports() as ports:
        await opened_petition(ports)
    return sqlite_home


@pytest.mark.parametrize(
    ("step", "loaded"), [("ask", False), ("count", True), ("wait", True)], ids=["ask", "count", "wait"]
)
def test_a_form_is_given_without_what_only_the_rest_needs(house, step, loaded):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, house.url, house.key_file, step],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == (f"{loaded}\n", "")


@pytest.mark.parametrize(
    "path",
    ["u.db", "data/u.db", "/var/lib/u.db", "a b.db", "50%20off.db", "größe#1.db", "why?.db", "x@y:z.db"],
)
@pytest.mark.parametrize("driver", ["", "+aiosqlite"])
def test_a_file_is_the_one_that_its_address_names(path, driver):
    url = f"sqlite{driver}:///{path}"
    assert str(serving(url).path) == parse_url(url).database
