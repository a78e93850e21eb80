"""`undersigned check` tells what keeps members of a Discord server from signing, and what to do about it."""

from urllib.parse import parse_qs, urlsplit

import discord
import pytest

from adapters.discord import platform
from adapters.discord.checking import _set_up
from adapters.discord.permissions import ADMINISTRATOR, ALL, permissions
from bot.errors import UndersignedError
from bot.model.account import Place, PlaceKind
from bot.ports import Level
from bot.settings import DiscordSettings
from tests.wire.discord import DiscordServer


@pytest.fixture
async def server():
    async with DiscordServer() as server:
        yield server
        assert server.violations == []


@pytest.fixture
async def found(server):
    async def examine(token=None, places=(), pinned=()):
        settings = DiscordSettings(token=token or server.token, api_url=server.api_url)
        return list(await platform(settings).examine(places, pinned))

    return examine


@pytest.fixture
def guild(server):
    return server.guild("Friends of the library")


def place(channel):
    return Place("discord", str(channel.id), PlaceKind.GROUP, channel.name)


def links(findings):
    return [finding.text.rpartition(": ")[2] for finding in findings if "oauth2" in finding.text]


async def test_all_is_well_and_the_invite_links_ask_for_what_is_needed(found, server):
    findings = await found()
    assert {finding.level for finding in findings} == {Level.OK}
    assert "Undersigned" in findings[0].text
    for_servers, for_people = (parse_qs(urlsplit(link).query) for link in links(findings))
    assert for_servers["client_id"] == for_people["client_id"] == [str(server.application_id)]
    assert (for_servers["integration_type"], for_people["integration_type"]) == (["0"], ["1"])
    assert for_servers["scope"] == ["bot applications.commands"]
    assert for_people["scope"] == ["applications.commands"]
    assert "permissions" not in for_people
    needed = {name for name, given in discord.Permissions(int(for_servers["permissions"][0])) if given}
    assert needed == {
        "read_messages",  # discord.py's name for View Channel
        "send_messages",
        "attach_files",
        "read_message_history",
        "send_messages_in_threads",
        "pin_messages",
    }


async def test_a_wrong_token_is_told_without_it(found):
    with pytest.raises(UndersignedError, match=r"discord.token") as told:
        await found("some.wrong.token")
    assert "wrong.token" not in str(told.value)


async def test_a_discord_out_of_reach_is_told(found, server):
    await server.stop()
    with pytest.raises(UndersignedError, match="can't be reached"):
        await found()
    await server.start()


async def test_a_discord_in_trouble_is_told(found, server):
    server.faults.fail("get_my_user", 503)
    with pytest.raises(UndersignedError, match="trouble of its own"):
        await found()


@pytest.mark.parametrize(("kept", "missing"), [("0", "User Install"), ("1", "Guild Install")])
async def test_a_way_to_install_that_is_off_is_told(found, server, kept, missing):
    server.installs = {kept: {}}
    (finding,) = [one for one in await found() if one.level is Level.WARNING]
    assert missing in finding.text
    assert missing in finding.remedy


def test_events_that_go_elsewhere_and_a_bot_that_nobody_can_add_are_told():
    installs = {"integration_types_config": {"0": {}, "1": {}}}
    (endpoint,) = _set_up({**installs, "interactions_endpoint_url": "https://example.org"})
    assert (endpoint.level, "empty that field" in endpoint.remedy) == (Level.ERROR, True)
    (private,) = _set_up({**installs, "bot_public": False})
    assert (private.level, "Public Bot" in private.remedy) == (Level.WARNING, True)


# --- the channels that follow ---


async def test_channels_where_the_bot_may_post_are_all_right(found, guild):
    findings = await found(places=[place(guild.channel(name)) for name in ("news", "talk")])
    assert {finding.level for finding in findings} == {Level.OK}
    assert any("every channel that follows" in finding.text for finding in findings)


async def test_what_is_missing_in_a_channel_is_told_by_name(found, server, guild):
    news, talk = guild.channel("news"), guild.channel("talk")
    server.deny(news, send_messages=True, attach_files=True)
    (finding,) = [one for one in await found(places=[place(news), place(talk)]) if one.level is Level.WARNING]
    assert "#news the bot lacks: Attach Files, Send Messages." in finding.text
    assert finding.remedy


async def test_the_right_to_pin_is_missed_only_where_the_board_is_to_be_pinned(found, server, guild):
    news, talk = guild.channel("news"), guild.channel("talk")
    server.deny(news, pin_messages=True)
    server.deny(talk, pin_messages=True)
    findings = await found(places=[place(news), place(talk)], pinned=[place(news)])
    (finding,) = [one for one in findings if one.level is Level.WARNING]
    assert "#news the bot lacks: Pin Messages." in finding.text


async def test_a_channel_that_was_deleted_or_left_is_told(found, server, guild):
    gone, left = guild.channel("gone"), server.guild("Others")
    hall = left.channel("hall")
    server.delete_channel(gone)
    server.remove_bot(left)
    told = [one for one in await found(places=[place(gone), place(hall)]) if one.level is Level.WARNING]
    assert ["#gone" in told[0].text, "#hall" in told[1].text] == [True, True]


async def test_trouble_while_looking_blames_no_channel(found, server, guild):
    server.faults.fail("get_channel", 503)
    (finding,) = [
        one for one in await found(places=[place(guild.channel("news"))]) if one.level is Level.WARNING
    ]
    assert "#news" not in finding.text


GUILD = {
    "id": "1",
    "owner_id": "7",
    "roles": [{"id": "1", "permissions": "1024"}, {"id": "2", "permissions": "2048"}],
}
BOT = {"user": {"id": "9"}, "roles": ["2"]}


def overwrite(who, kind, *, allow=0, deny=0):
    return {"id": who, "type": kind, "allow": str(allow), "deny": str(deny)}


@pytest.mark.parametrize(
    ("overwrites", "expected"),
    [
        ([], 1024 | 2048),
        ([overwrite("1", 0, deny=2048)], 1024),
        ([overwrite("1", 0, deny=2048), overwrite("2", 0, allow=2048)], 1024 | 2048),
        ([overwrite("9", 1, allow=4), overwrite("2", 0, deny=2048)], 1024 | 4),
        ([overwrite("3", 0, deny=2048), overwrite("8", 1, deny=2048)], 1024 | 2048),
        ([overwrite("1", 0, deny=1024)], 0),
    ],
)
def test_roles_are_overruled_by_the_channel_and_that_by_what_it_says_of_the_bot(overwrites, expected):
    assert permissions(GUILD, BOT, {"permission_overwrites": overwrites}) == expected


def test_administrators_and_owners_may_do_anything():
    hidden = {"permission_overwrites": [overwrite("1", 0, deny=1024)]}
    roles = [{"id": "1", "permissions": "0"}, {"id": "2", "permissions": str(ADMINISTRATOR)}]
    assert permissions(GUILD | {"roles": roles}, BOT, hidden) == ALL
    assert permissions(GUILD | {"owner_id": "9"}, BOT, hidden) == ALL
