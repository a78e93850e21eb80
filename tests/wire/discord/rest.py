"""The operations that the bot's own token allows: itself, commands, channels, messages, pins, guilds."""

from typing import TYPE_CHECKING, Any

from discord import Permissions

from .calls import Call, Refused, Routes, demand
from .model import Channel, Message, newest_first
from .rules import commands_faults

if TYPE_CHECKING:
    from .model import Guild
    from .server import DiscordServer

ROUTES = Routes()
CHANNEL = "/channels/{channel_id}"
MESSAGE = CHANNEL + "/messages/{message_id}"
PIN = CHANNEL + "/messages/pins/{message_id}"
COMMANDS = "/applications/{application_id}/commands"
GUILD = "/guilds/{guild_id}"


@ROUTES.on("GET", "/users/@me", "get_my_user")
def me(server: "DiscordServer", call: Call) -> dict[str, Any]:
    return server.bot.json() | {"verified": True, "mfa_enabled": True, "locale": "en-US", "email": None}


@ROUTES.on("GET", "/oauth2/applications/@me", "get_my_oauth2_application")
@ROUTES.on("GET", "/applications/@me", "get_my_application")
def application(server: "DiscordServer", call: Call) -> dict[str, Any]:
    return {
        "id": str(server.application_id), "name": server.bot.username, "icon": None, "description": "",
        "bot_public": True, "bot_require_code_grant": False, "verify_key": "0" * 64, "flags": 0, "flags_new": "0",
        "owner": server.bot.json() | {"bot": False}, "integration_types_config": server.installs,
        "bot": server.bot.json(), "redirect_uris": [], "interactions_endpoint_url": None, "team": None,
        "approximate_guild_count": len(server.guilds), "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0, "eligible_oauth2_scopes": [], "explicit_content_filter": 0,
        "role_connections_verification_url": None, "type": None,
    }  # fmt: skip


@ROUTES.on("GET", "/gateway/bot", "get_bot_gateway")
def gateway(server: "DiscordServer", call: Call) -> dict[str, Any]:
    starts = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
    return {"url": server.gateway_url, "shards": 1, "session_start_limit": starts}


@ROUTES.on("GET", COMMANDS, "list_application_commands")
def list_commands(server: "DiscordServer", call: Call) -> list[dict[str, Any]]:
    return list(server.commands.values())


@ROUTES.on("PUT", COMMANDS, "bulk_set_application_commands")
def set_commands(server: "DiscordServer", call: Call) -> list[dict[str, Any]]:
    """A command that keeps its name keeps its id."""
    if server.strict:
        demand(commands_faults(call.body))
    old, server.commands = server.commands, {}
    for entry in call.body:
        id_ = old[entry["name"]]["id"] if entry["name"] in old else str(server.ids.next())
        server.commands[entry["name"]] = _stored_command(server, entry, id_)
    return list_commands(server, call)


def _stored_command(server: "DiscordServer", entry: dict[str, Any], id_: str) -> dict[str, Any]:
    needed = entry.get("default_member_permissions")
    return {
        "type": 1, "description": "", "options": [], "dm_permission": True, "nsfw": False, "contexts": None,
        **entry, "id": id_, "application_id": str(server.application_id),
        "integration_types": entry.get("integration_types") or [0], "version": str(server.ids.next()),
        "default_member_permissions": None if needed is None else str(needed),
    }  # fmt: skip


@ROUTES.on("POST", "/users/@me/channels", "create_dm")
def open_dm(server: "DiscordServer", call: Call) -> dict[str, Any]:
    user = server.users.get(int(call.body["recipient_id"]))
    if user is None or user is server.bot:
        raise Refused(400, 50033, "Invalid Recipient(s)")
    return server.dm(user).json()


@ROUTES.on("GET", "/users/{user_id}", "get_user")
def get_user(server: "DiscordServer", call: Call) -> dict[str, Any]:
    if call.id("user_id") not in server.users:
        raise Refused(404, 10013, "Unknown User")
    return server.users[call.id("user_id")].json()


@ROUTES.on("GET", "/users/@me/guilds", "list_my_guilds")
def my_guilds(server: "DiscordServer", call: Call) -> list[dict[str, Any]]:
    joined = [guild.data for guild in server.guilds if guild.data.joined]
    return [
        {"id": str(guild.id), "name": guild.name, "icon": None, "banner": None, "owner": False,
         "permissions": str(guild.permissions.value), "features": []} for guild in joined
    ]  # fmt: skip


@ROUTES.on("DELETE", "/users/@me/guilds/{guild_id}", "leave_guild")
def leave(server: "DiscordServer", call: Call) -> None:
    server.remove_bot(_guild(server, call))


def _guild(server: "DiscordServer", call: Call) -> "Guild":
    for guild in server.guilds:
        if guild.data.joined and guild.data.id == call.id("guild_id"):
            return guild.data
    raise Refused(404, 10004, "Unknown Guild")


@ROUTES.on("GET", GUILD, "get_guild")
def get_guild(server: "DiscordServer", call: Call) -> dict[str, Any]:
    return _guild(server, call).json(whole=False)


@ROUTES.on("GET", GUILD + "/channels", "list_guild_channels")
def guild_channels(server: "DiscordServer", call: Call) -> list[dict[str, Any]]:
    return [channel.json() for channel in _guild(server, call).channels.values()]


@ROUTES.on("GET", GUILD + "/roles", "list_guild_roles")
def guild_roles(server: "DiscordServer", call: Call) -> list[dict[str, Any]]:
    return _guild(server, call).role_json()


@ROUTES.on("GET", GUILD + "/members/{user_id}", "get_guild_member")
def guild_member(server: "DiscordServer", call: Call) -> dict[str, Any]:
    member = _guild(server, call).members.get(call.id("user_id"))
    if member is None:
        raise Refused(404, 10007, "Unknown Member")
    return member


def _channel(server: "DiscordServer", call: Call, *needed: str) -> Channel:
    """The channel, if it is there and the bot may do there what is needed."""
    channel = server.channels.get(call.id("channel_id"))
    if channel is None:
        raise Refused(404, 10003, "Unknown Channel")
    if (channel.guild and not channel.guild.joined) or not channel.permissions.view_channel:
        raise Refused(403, 50001, "Missing Access")
    if not channel.permissions >= Permissions(**dict.fromkeys(needed, True)):
        raise Refused(403, 50013, "Missing Permissions")
    if channel.recipient and channel.recipient.closed and call.operation != "get_channel":
        raise Refused(403, 50007, "Cannot send messages to this user")
    return channel


def _message(channel: Channel, call: Call) -> Message:
    message = channel.messages.get(call.id("message_id"))
    if message is None:
        raise Refused(404, 10008, "Unknown Message")
    return message


@ROUTES.on("GET", CHANNEL, "get_channel")
def get_channel(server: "DiscordServer", call: Call) -> dict[str, Any]:
    return _channel(server, call).json()


@ROUTES.on("POST", CHANNEL + "/typing", "trigger_typing_indicator")
def typing(server: "DiscordServer", call: Call) -> None:
    _channel(server, call, "send_messages")


@ROUTES.on("POST", CHANNEL + "/messages", "create_message")
def post(server: "DiscordServer", call: Call) -> dict[str, Any]:
    needed = {"send_messages": True, "attach_files": call.files, "embed_links": call.body.get("embeds")}
    channel = _channel(server, call, *filter(needed.get, needed))
    nonce = call.body.get("nonce") if call.body.get("enforce_nonce") else None
    known = server.seen_nonce(nonce) if nonce is not None else None
    if known and known.deleted:
        raise Refused(404, 10008, "Unknown Message")
    if known:
        return known.data
    message = server.create_message(channel, call.body, call.files, flags=call.body.get("flags") or 0)
    if nonce is not None:
        server.nonces[str(nonce)] = message
    return message.data


@ROUTES.on("GET", CHANNEL + "/messages", "list_messages")
def history(server: "DiscordServer", call: Call) -> list[dict[str, Any]]:
    """Nothing, without the right to read it. A nonce is not kept with its message."""
    channel = _channel(server, call)
    limit = int(call.query.get("limit", 50))
    demand([] if 1 <= limit <= 100 else ["limit: 1 to 100"])
    if not channel.permissions.read_message_history:
        return []
    before, after = int(call.query.get("before", 1 << 63)), int(call.query.get("after", 0))
    found = [_kept(m) for m in newest_first(channel) if after < m.id < before]
    return found[-limit:] if after else found[:limit]


def _kept(message: Message) -> dict[str, Any]:
    return {key: value for key, value in message.data.items() if key != "nonce"}


@ROUTES.on("GET", MESSAGE, "get_message")
def get_message(server: "DiscordServer", call: Call) -> dict[str, Any]:
    return _kept(_message(_channel(server, call, "read_message_history"), call))


@ROUTES.on("PATCH", MESSAGE, "update_message")
def edit(server: "DiscordServer", call: Call) -> dict[str, Any]:
    message = _message(_channel(server, call), call)
    if message.data["author"]["id"] != str(server.bot.id):
        raise Refused(403, 50005, "Cannot edit a message authored by another user")
    server.edit_message(message, call.body, call.files)
    return message.data


@ROUTES.on("DELETE", MESSAGE, "delete_message")
def delete(server: "DiscordServer", call: Call) -> None:
    channel = _channel(server, call)
    message = _message(channel, call)
    if message.data["author"]["id"] != str(server.bot.id):
        _channel(server, call, "manage_messages")
    server.delete_message(message)


@ROUTES.on("GET", CHANNEL + "/messages/pins", "list_pins")
def pins(server: "DiscordServer", call: Call) -> dict[str, Any]:
    channel = _channel(server, call, "read_message_history")
    pinned = [m.data for m in newest_first(channel) if m.pinned]
    items = [{"pinned_at": data["timestamp"], "message": data} for data in pinned]
    return {"items": items, "has_more": False}


@ROUTES.on("PUT", PIN, "create_pin")
@ROUTES.on("DELETE", PIN, "delete_pin")
def pin(server: "DiscordServer", call: Call) -> None:
    message = _message(_channel(server, call, "pin_messages"), call)
    message.data["pinned"] = call.operation == "create_pin"
    server.tell_message("MESSAGE_UPDATE", message)


@ROUTES.on("GET", CHANNEL + "/pins", "deprecated_list_pins")
def old_pins(server: "DiscordServer", call: Call) -> list[dict[str, Any]]:
    return [item["message"] for item in pins(server, call)["items"]]
