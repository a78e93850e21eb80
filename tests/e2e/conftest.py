"""What several processes share (a database on a PostgreSQL server), and both platforms in one process."""

import asyncio
import os
import uuid
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

import storage
from bot.core import Core
from bot.house import House
from bot.serving import Serving
from storage import keycheck
from storage.maintenance import run
from tests.e2e.discord.house import Undersigned as OnDiscord
from tests.e2e.ground import on_server
from tests.e2e.process import kill_those_left
from tests.e2e.telegram.house import Undersigned as OnTelegram
from tests.storage.servers import address, execute
from tests.wire.discord import DiscordServer
from tests.wire.telegram import TelegramServer

ON_POSTGRES = {
    "discord/test_killed",
    "discord/test_process",
    "discord/test_roles",
    "telegram/outreach/test_killed",
    "telegram/test_afterwards",
    "telegram/test_process",
    "telegram/test_signing",
}
"""Each kind of journey once, and all that reads or kills behind the bot's back."""
SQLITE_ALONE = {"test_command_line", "test_demo", "test_slow_storage"}


@pytest.fixture(autouse=True)
def nothing_is_left_running():
    """Whatever a test has started ends with it, also if it fails."""
    yield
    kill_those_left()


@pytest.fixture
def database_url(postgres):
    """An empty database, with no tables yet."""
    name = f"e{uuid.uuid4().hex[:12]}"
    execute(postgres, f"CREATE DATABASE {name}")
    yield address(postgres, name)
    execute(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def tables(postgres, tmp_path_factory):
    """The name of a database that has all tables, and belongs to no key file yet: to be copied."""
    execute(postgres, "ALTER SYSTEM SET fsync = off")  # it only lives as long as the tests
    execute(postgres, "SELECT pg_reload_conf()")
    execute(postgres, "CREATE DATABASE journeys")
    key_file, url = tmp_path_factory.mktemp("keys") / "u.key", address(postgres, "journeys")
    office = storage.SqlMaintenance(url, key_file, lambda: datetime.now(UTC))
    office.create_keys()
    office.migrate()
    run(_unbind(url))
    return "journeys"


async def _unbind(url):
    connection = await asyncpg.connect(url)
    await connection.execute("DELETE FROM meta WHERE name = $1", keycheck.NAME)
    await connection.close()


def pytest_generate_tests(metafunc):
    """Journeys take place on SQLite; these on PostgreSQL as well, and all if UNDERSIGNED_JOURNEYS says `postgres`."""
    here = str(Path(metafunc.module.__file__).relative_to(Path(__file__).parent).with_suffix("").as_posix())
    everywhere = os.environ.get("UNDERSIGNED_JOURNEYS") == "postgres" and here not in SQLITE_ALONE
    if everywhere or here in ON_POSTGRES:
        metafunc.parametrize("_ground", ["sqlite", "postgres"], indirect=True)


@pytest.fixture(autouse=True)
def _ground(request, tmp_path):
    """Where the journey of a test takes place."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield
        return
    postgres, name = request.getfixturevalue("postgres"), f"j{uuid.uuid4().hex[:12]}"
    execute(postgres, f"CREATE DATABASE {name} TEMPLATE {request.getfixturevalue('tables')}")
    with on_server(tmp_path, address(postgres, name)):
        yield
    execute(postgres, f"DROP DATABASE {name} WITH (FORCE)")


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
    """The two, served as `undersigned run` serves them, by the clock of what is returned."""
    async with OnTelegram(telegram, tmp_path).stored() as undersigned:
        undersigned.core = Core(undersigned.ports, House(), undersigned.now)
        platforms, stop = [OnDiscord(discord, tmp_path).platform, undersigned.telegram()], asyncio.Event()
        serving = asyncio.create_task(Serving(undersigned.core).until(stop, platforms))
        await discord.identified(1)
        await discord.until(lambda: discord.commands, "commands")
        await telegram.until(lambda: telegram.updates.polled)
        yield undersigned
        stop.set()
        await asyncio.wait_for(serving, 30)
        await undersigned.core.close()
