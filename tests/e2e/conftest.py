"""What several processes share (a database on a PostgreSQL server), and both platforms in one process."""

import asyncio
import os
import uuid

import pytest

from bot.core import Core
from bot.house import House
from bot.serving import Serving
from tests.e2e.discord.house import Undersigned as OnDiscord
from tests.e2e.process import kill_those_left
from tests.e2e.telegram.house import Undersigned as OnTelegram
from tests.storage.servers import address, execute
from tests.wire.discord import DiscordServer
from tests.wire.telegram import TelegramServer


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


@pytest.fixture
def journeys_database(request):
    """Where the journeys take place: on SQLite, or on PostgreSQL if UNDERSIGNED_JOURNEYS says `postgres`."""
    wanted = os.environ.get("UNDERSIGNED_JOURNEYS") == "postgres"
    return request.getfixturevalue("database_url") if wanted else ""


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
