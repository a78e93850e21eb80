"""What we read in an interaction is what discord.py reads there; and where it would give up, we go on."""

import discord
import pytest

from adapters.discord.interaction import Interaction
from adapters.discord.translate import translate
from bot.model.account import ActorKind, PlaceKind
from tests.adapters.discord.fakes import Scene

DATA = {"name": "sign", "type": 1, "options": [{"name": "which", "type": 3, "value": "library"}]}
LEFT_OUT = object()
THREAD = {
    "archived": False, "auto_archive_duration": 60, "archive_timestamp": "2026-01-01T00:00:00+00:00", "locked": False
}  # fmt: skip


@pytest.fixture
async def library():
    """discord.py, as a reader."""
    client = discord.Client(intents=discord.Intents.none())
    state = client._connection
    us = {"id": "1", "username": "us", "discriminator": "0", "avatar": None}
    state.user = discord.ClientUser(state=state, data=us)
    return state


@pytest.fixture
def sent():
    scene = Scene()
    return scene.event(scene.guild.member("Ana", nick="Ana López"), "command", DATA)


def changed(sent, changes):
    return {key: value for key, value in (sent | changes).items() if value is not LEFT_OUT}


def member(sent, **changes):
    return {"member": changed(sent["member"], changes)}


def user(sent, **changes):
    return member(sent, nick=None, user=changed(sent["member"]["user"], changes))


def installed(sent, **owners):
    return {"authorizing_integration_owners": {key[1:]: value for key, value in owners.items()}}


def channel(sent, kind, name="park", **more):
    own = {"id": "77", "type": kind, "guild_id": sent["guild_id"], "name": name, "flags": 0, "owner_id": "1"}
    return {"channel_id": "77", "channel": own | more}


def thread(sent, **more):
    hung = {"parent_id": sent["channel_id"], "thread_metadata": THREAD, "message_count": 1, "member_count": 1}
    return channel(sent, 11, permissions="0", **hung, **more)


def direct(sent, kind, context, **more):
    who = sent["member"]["user"]
    gone = dict.fromkeys(("guild_id", "member", "guild", "guild_locale"), LEFT_OUT)
    place = {"id": "5", "type": kind, "recipients": [who], "flags": 0} | more
    owners = installed(sent, _1=who["id"]) if context == 2 else installed(sent, _0="0")
    return gone | {"user": who, "context": context, "channel": place, "channel_id": "5"} | owners


WAYS = {
    "in a server": lambda sent: {},
    "without a name for this server": lambda sent: member(sent, nick=None),
    "whose name for it is left out": lambda sent: member(sent, nick=LEFT_OUT),
    "without any but the first name": lambda sent: user(sent, global_name=None),
    "of whom it is not known since when": lambda sent: member(sent, joined_at=None),
    "a bot": lambda sent: user(sent, bot=True),
    "with all rights": lambda sent: member(sent, permissions=str(2**53 - 1)),
    "with the one right": lambda sent: member(sent, permissions=str(1 << 13)),
    "with all rights but this": lambda sent: member(sent, permissions=str((2**53 - 1) & ~(1 << 13))),
    "with rights where we are a guest": lambda sent: (
        member(sent, permissions=str(1 << 13)) | installed(sent, _1="9")
    ),
    "where another server has us": lambda sent: installed(sent, _0="99"),
    "where it is not said who has us": lambda sent: {"authorizing_integration_owners": LEFT_OUT},
    "with both": lambda sent: installed(sent, _0=sent["guild_id"], _1="9"),
    "without a language": lambda sent: {"locale": LEFT_OUT},
    "with a language of tomorrow": lambda sent: {"locale": "xx-YY"},
    "in a server that speaks Spanish": lambda sent: {"guild_locale": "es-ES"},
    "in a thread": thread,
    "in a forum": lambda sent: thread(sent, applied_tags=[]),
    "in no channel": lambda sent: {"channel": LEFT_OUT},
    "in our direct messages": lambda sent: direct(sent, 1, 1),
    "in those with somebody else": lambda sent: direct(sent, 1, 2),
    "in those of a group": lambda sent: direct(sent, 3, 2, name="us", owner_id="1", icon=None),
    "who pays for something": lambda sent: {
        "entitlements": [{"id": "1", "sku_id": "2", "application_id": "3", "type": 8, "deleted": False}]
    },
}


@pytest.mark.parametrize("way", WAYS)
async def test_we_read_what_discord_py_reads(sent, library, way):
    payload = changed(sent, WAYS[way](sent))
    ours, theirs = Interaction(payload), discord.Interaction(data=payload, state=library)
    inbound, who = translate(ours), theirs.user
    actor, place = inbound.actor, inbound.place
    assert actor.name == (getattr(who, "nick", None) or who.global_name or who.name)
    assert actor.kind is (ActorKind.BOT if who.bot else ActorKind.MEMBER)
    assert actor.moderates is (theirs.permissions.manage_messages and theirs.is_guild_integration())
    assert (actor.since, actor.joined) == (who.created_at, getattr(who, "joined_at", None))
    assert place.place_id == str(theirs.channel.id if theirs.channel else theirs.guild_id or who.id)
    assert place.kind is (PlaceKind.PRIVATE if theirs.guild_id is None else PlaceKind.GROUP)
    assert place.name == (getattr(theirs.channel, "name", None) or "")
    assert inbound.locale == getattr(theirs.locale, "value", theirs.locale)
    assert ours.in_our_dm is (theirs.guild_id is None and theirs.context.dm_channel)
    assert ours.in_our_server is theirs.is_guild_integration()
    assert (ours.created_at, ours.expires_at) == (theirs.created_at, theirs.expires_at)
    assert ours.filesize_limit == theirs.filesize_limit


@pytest.mark.parametrize("new", [{"locale": None}, {"guild_locale": None}, {"entitlements": None}])
async def test_what_is_null_is_as_if_it_were_not_there(sent, new):
    left_out = dict.fromkeys(new, LEFT_OUT)
    assert translate(Interaction(sent | new)) == translate(Interaction(changed(sent, left_out)))


@pytest.mark.parametrize("kind", [2, 99])
async def test_a_channel_that_discord_py_can_not_read_is_a_place_like_others(sent, library, kind):
    payload = sent | channel(sent, kind)
    place = translate(Interaction(payload)).place
    assert (place.place_id, place.name, place.kind) == ("77", "park", PlaceKind.GROUP)
