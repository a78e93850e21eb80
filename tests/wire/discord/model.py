"""The world behind the wire: people, guilds, channels, messages, and how Discord writes them in JSON."""

import mimetypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from discord import Permissions

from .parts import Button, File, find_button, number, pings, texts, walk

DISCORD_EPOCH = 1_420_070_400_000  # ms
EPHEMERAL, LOADING, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 15
TEXT, DM, ANNOUNCEMENT = 0, 1, 5
USUAL_PERMISSIONS = Permissions(
    view_channel=True, send_messages=True, embed_links=True, attach_files=True, read_message_history=True
)


class Snowflakes:
    """Ids that grow, and tell the server's time as Discord's do."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> int:
        self._last = max(self._last + 1, self.at(self._clock()))
        return self._last

    def at(self, moment: datetime) -> int:
        return (int(moment.timestamp() * 1000) - DISCORD_EPOCH) << 22


@dataclass(eq=False, slots=True)
class User:
    id: int
    username: str
    global_name: str | None = None
    locale: str = "en-US"
    bot: bool = False
    installed: bool = False  # has the app for themselves
    closed: bool = False  # takes no direct messages from the bot
    dm: "Channel | None" = None

    def json(self) -> dict[str, Any]:
        return {
            "id": str(self.id), "username": self.username, "global_name": self.global_name, "avatar": None,
            "discriminator": "0", "bot": self.bot, "public_flags": 0, "flags": 0, "primary_guild": None,
        }  # fmt: skip


@dataclass(eq=False, slots=True)
class Channel:
    id: int
    name: str
    guild: "Guild | None" = None
    kind: int = TEXT
    denied: Permissions = field(default_factory=Permissions.none)  # what the bot may not do here
    recipient: User | None = None
    messages: dict[int, "Message"] = field(default_factory=dict)

    @property
    def permissions(self) -> Permissions:
        """The bot's own."""
        granted = self.guild.permissions if self.guild else Permissions(USUAL_PERMISSIONS.value | 1 << 51)
        if granted.administrator:
            return Permissions.all()
        return Permissions(granted.value & ~self.denied.value)

    def json(self) -> dict[str, Any]:
        last = str(max(self.messages)) if self.messages else None
        data: dict[str, Any] = {"id": str(self.id), "type": self.kind, "last_message_id": last, "flags": 0}
        if self.guild is None:
            return data | {"recipients": [self.recipient.json()] if self.recipient else []}
        bot, denied = str(self.guild.bot.id), str(self.denied.value)
        overwrites = [{"id": bot, "type": 1, "allow": "0", "deny": denied}] if self.denied.value else []
        return data | {
            "name": self.name, "guild_id": str(self.guild.id), "position": 0, "nsfw": False, "topic": None,
            "parent_id": None, "rate_limit_per_user": 0, "permission_overwrites": overwrites,
        }  # fmt: skip


# What guilds have and this server makes nothing of.
_GUILD = dict.fromkeys(
    (
        "afk_channel_id", "application_id", "banner", "description", "discovery_splash", "home_header", "icon",
        "incidents_data", "max_presences", "public_updates_channel_id", "rules_channel_id",
        "safety_alerts_channel_id", "splash", "system_channel_id", "vanity_url_code", "widget_channel_id",
    )
) | dict.fromkeys(
    (
        "default_message_notifications", "explicit_content_filter", "max_members", "max_video_channel_users",
        "max_stage_video_channel_users", "mfa_level", "nsfw_level", "premium_subscription_count",
        "premium_tier", "system_channel_flags", "verification_level",
    ),
    0,
) | {
    "afk_timeout": 300, "nsfw": False, "premium_progress_bar_enabled": False, "region": "deprecated",
    "widget_enabled": False,
}  # fmt: skip


@dataclass(eq=False, slots=True)
class Guild:
    id: int
    name: str
    bot: User
    permissions: Permissions  # the bot's role's
    locale: str = "en-US"
    joined: bool = True  # the bot is a member
    channels: dict[int, Channel] = field(default_factory=dict)
    members: dict[int, dict[str, Any]] = field(default_factory=dict)

    def add(self, user: User, nick: str | None = None) -> None:
        """Make a person a member."""
        self.members[user.id] = _member_json(user, nick, [str(self.id + 1)] if user is self.bot else [])

    def role_json(self) -> list[dict[str, Any]]:
        common = {
            "color": 0, "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False, "position": 0, "mentionable": False, "icon": None, "unicode_emoji": None, "flags": 0,
        }  # fmt: skip
        everyone = {"id": str(self.id), "name": "@everyone", "permissions": "0", "managed": False}
        own = {"id": str(self.id + 1), "name": self.bot.username, "managed": True, "position": 1}
        return [common | everyone, common | own | {"permissions": str(self.permissions.value)}]

    def json(self, *, whole: bool = True) -> dict[str, Any]:
        data = _GUILD | {
            "id": str(self.id), "name": self.name, "owner_id": "1", "preferred_locale": self.locale,
            "roles": self.role_json(), "features": [], "emojis": [], "stickers": [],
        }  # fmt: skip
        if not whole:
            return data
        bot = self.members.get(self.bot.id)
        return data | {
            "channels": [channel.json() for channel in self.channels.values()], "threads": [],
            "members": [bot] if bot else [], "member_count": len(self.members), "presences": [],
            "voice_states": [], "stage_instances": [], "guild_scheduled_events": [], "soundboard_sounds": [],
            "large": False, "unavailable": False, "joined_at": "2024-01-01T00:00:00+00:00",
        }  # fmt: skip


def _member_json(user: User, nick: str | None, roles: list[str]) -> dict[str, Any]:
    return {
        "user": user.json(), "nick": nick, "avatar": None, "banner": None, "roles": roles,
        "joined_at": "2024-01-01T00:00:00+00:00", "premium_since": None, "deaf": False, "mute": False,
        "flags": 0, "pending": False, "communication_disabled_until": None,
    }  # fmt: skip


@dataclass(eq=False, slots=True)
class Message:
    """A message as its readers see it; `data` is Discord's JSON."""

    id: int
    channel: Channel
    data: dict[str, Any]
    files: list[File] = field(default_factory=list)
    edits: int = 0
    deleted: bool = False
    mentions: dict[str, Any] | None = None  # the allowed_mentions it was last sent with

    @property
    def text(self) -> str:
        """All that is to be read in it, parts joined by line ends."""
        return "\n".join(texts(self.data))

    @property
    def pings(self) -> list[str]:
        """Whom it would notify: `everyone`, `here`, `<@ID>`, `<@&ID>`."""
        return pings(self.text, self.mentions)

    @property
    def buttons(self) -> list[Button]:
        found = (Button.of(part, self) for part in walk(self.data["components"]) if part["type"] == 2)
        return list(found)

    def button(self, wanted: str) -> Button:
        """By label or custom id; AssertionError unless there is one."""
        return find_button(self.buttons, wanted)

    @property
    def flags(self) -> int:
        return self.data["flags"]

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        return bool(self.flags & LOADING)

    @property
    def pinned(self) -> bool:
        return self.data["pinned"]

    def write(self, body: dict[str, Any], uploads: list[File], attach: "Attach") -> None:
        """Take over what a create or an edit says; what it does not say stays."""
        for key, empty in (("content", ""), ("embeds", []), ("components", [])):
            if key in body:
                self.data[key] = body[key] or empty
        if uploads or "attachments" in body:
            self._attach(body.get("attachments"), uploads, attach)
        self.mentions = body.get("allowed_mentions")
        links = {f"attachment://{a['filename']}": a for a in self.data["attachments"]}
        self.data["components"] = number(self.data["components"], links)

    def _attach(self, kept: list[dict[str, Any]] | None, uploads: list[File], attach: "Attach") -> None:
        known = {a["id"]: a for a in self.data["attachments"]}
        listed = [{"id": i} for i in range(len(uploads))] if kept is None else kept
        self.data["attachments"], files = [], {file.name: file for file in self.files}
        self.files = []
        for entry in listed:
            old = known.get(str(entry["id"]))
            file = files[old["filename"]] if old else uploads[int(entry["id"])]
            self.files.append(file)
            self.data["attachments"].append(old or attach(file, entry.get("description")))


Attach = Callable[[File, str | None], dict[str, Any]]


def attachment_json(id_: int, url: str, file: File, description: str | None) -> dict[str, Any]:
    return {
        "id": str(id_), "filename": file.name, "size": len(file.data), "url": url, "proxy_url": url,
        "content_type": mimetypes.guess_type(file.name)[0] or "application/octet-stream",
    } | ({"description": description} if description else {})  # fmt: skip


def newest_first(channel: Channel) -> Iterator[Message]:
    return reversed(channel.messages.values())
