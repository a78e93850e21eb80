import discord
import pytest

from tests.e2e.discord.house import Undersigned
from tests.wire.discord import DiscordServer
from tests.wire.discord.people import MEMBER_PERMISSIONS

MODERATOR = discord.Permissions(MEMBER_PERMISSIONS.value | discord.Permissions(manage_messages=True).value)


@pytest.fixture
async def server():
    async with DiscordServer(check_answers=True) as server:
        yield server
        assert [str(one) for one in server.violations] == []


@pytest.fixture
async def guild(server):
    return server.guild("Friends of the library")


@pytest.fixture
async def channel(guild):
    return guild.channel("general")


@pytest.fixture
async def ana(guild, channel):
    return guild.member("Ana", nick="Ana López")


@pytest.fixture
async def moderator(guild, channel):
    return guild.member("Mo", permissions=MODERATOR)


@pytest.fixture
async def stored(server, tmp_path):
    async with Undersigned(server, tmp_path).stored() as undersigned:
        yield undersigned


@pytest.fixture
async def house(stored, channel):
    """Undersigned, serving, with nothing to sign yet."""
    async with stored.served():
        yield stored


@pytest.fixture
async def library(house):
    """An open petition."""
    return await house.opened()
