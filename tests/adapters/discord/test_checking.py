"""Whose token it is, as Discord says, and what an operator is told when it does not."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.discord import platform
from adapters.discord.checking import PERMISSIONS
from bot.errors import UndersignedError
from bot.ports import Level
from bot.settings import DiscordSettings
from tests.wire.discord import DiscordServer

TOKEN = "NDI.planted.token"


@pytest.fixture
async def server():
    async with DiscordServer(token=TOKEN) as server:
        yield server


def discord(api_url, token=TOKEN):
    return platform(DiscordSettings(token=token, api_url=api_url))


async def complaint(bot):
    with pytest.raises(UndersignedError) as caught:
        await bot.introduce()
    told = str(caught.value)
    assert TOKEN not in told
    assert caught.value.__cause__ is None
    assert "\n" not in told
    return told


async def test_a_good_token_is_answered_with_the_bots_name_and_invite_links(server):
    bot = discord(server.api_url)
    introduction = await bot.introduce()
    assert bot.name == "discord"
    assert introduction.name.startswith(server.bot.username)
    (for_server, invite), (for_person, install) = introduction.links
    assert for_server == "to add the bot to a server"
    assert for_person == "to add it to one's own account"
    assert f"client_id={server.application_id}" in invite
    assert "scope=bot+applications.commands" in invite
    assert f"permissions={sum(PERMISSIONS.values())}" in invite
    assert "integration_type=1" in install
    assert "permissions" not in install
    assert not server.violations


async def test_only_the_permissions_that_are_needed_are_asked_for():
    assert set(PERMISSIONS) == {
        "VIEW_CHANNEL",
        "SEND_MESSAGES",
        "SEND_MESSAGES_IN_THREADS",
        "ATTACH_FILES",
        "READ_MESSAGE_HISTORY",
        "PIN_MESSAGES",
    }
    assert sum(PERMISSIONS.values()) & (1 << 3) == 0  # never an administrator


async def test_a_wrong_token_is_told_with_where_to_get_a_new_one(server):
    told = await complaint(discord(server.api_url, "wrong.token.here"))
    assert "does not know this token (discord.token)" in told
    assert "Reset Token" in told


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (429, "asks to wait"),
        (500, "trouble of its own at the moment (HTTP 500)"),
        (503, "(HTTP 503)"),
        (302, "look at discord.api_url"),
    ],
)
async def test_an_answer_that_is_none_is_told_in_one_line(status, said):
    async def answer(_):
        return web.Response(status=status, headers={"Location": "/elsewhere"})

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    async with TestServer(app) as server:
        told = await complaint(discord(str(server.make_url("/api"))))
    assert said.lower() in told.lower()


@pytest.mark.parametrize("body", ["<html>", "[]", ""])
async def test_an_address_that_is_not_discord_is_told_in_one_line(body):
    async def answer(_):
        return web.Response(text=body)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    async with TestServer(app) as server:
        assert "discord.api_url" in await complaint(discord(str(server.make_url("/api"))))


async def test_discord_out_of_reach_is_told_in_one_line(server, unused_tcp_port):
    told = await complaint(discord(f"http://127.0.0.1:{unused_tcp_port}/api"))
    assert "can't be reached at http://127.0.0.1" in told


async def test_a_dropped_connection_is_told_in_one_line(server):
    server.faults.drop("get_my_user", times=None)
    assert "can't be reached" in await complaint(discord(server.api_url))


async def test_the_examination_names_the_bot_and_its_links(server):
    first, *links = await discord(server.api_url).examine()
    assert first.level is Level.OK
    assert server.bot.username in first.text
    assert len(links) == 2
    assert all("https://discord.com/oauth2/authorize?" in link.text for link in links)
