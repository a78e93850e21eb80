"""What exists in the server's Discord, and what a test may do to it from outside."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from discord import Permissions

from .calls import demand
from .gateway import DIRECT_MESSAGES, GUILDS, MESSAGES, Gateway
from .interactions import Interaction
from .model import (
    DM,
    LOADING,
    USUAL_PERMISSIONS,
    Channel,
    Guild,
    Message,
    Snowflakes,
    User,
    attachment_json,
)  # fmt: skip
from .parts import File
from .people import GuildHandle, Member, Reply
from .rules import message_faults
from .waiting import Changes

NONCES_LAST = timedelta(minutes=2)  # Discord promises "the past few minutes" and no more


class World:
    """Guilds, people, messages and interactions; each change is told to the bot through the gateway."""

    token: str
    gateway_url: str
    cdn_url: str

    def __init__(self, clock: Callable[[], datetime], *, strict: bool) -> None:
        self.clock, self.strict = clock, strict
        self.ids = Snowflakes(clock)
        self.application_id = self.ids.next()
        self.bot = User(self.application_id, "Undersigned", bot=True)
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.guilds: list[GuildHandle] = []
        self.channels: dict[int, Channel] = {}
        self.installs: dict[str, Any] = {"0": {}, "1": {}}  # for guilds, for users, as the owner set it
        self.commands: dict[str, dict[str, Any]] = {}
        self.interactions: dict[str, Interaction] = {}  # by token
        self.nonces: dict[str, Message] = {}
        self.files: dict[str, File] = {}  # by path on the CDN
        self.gateway, self.changes = Gateway(self), Changes()

    def guild(
        self,
        name: str,
        *,
        locale: str = "en-US",
        permissions: Permissions = USUAL_PERMISSIONS,
        joined: bool = True,
    ) -> GuildHandle:
        """A new guild; `permissions` are the bot's; not `joined`: only those who installed the app meet it."""
        guild = Guild(self.ids.next(), name, self.bot, permissions, locale, joined)
        self.ids.next()  # the id of the bot's role
        if joined:
            guild.add(self.bot)
        self.guilds.append(GuildHandle(self, guild))
        if joined:
            self.gateway.dispatch("GUILD_CREATE", guild.json(), GUILDS)
        return self.guilds[-1]

    def user(
        self, name: str, *, username: str | None = None, locale: str = "en-US", installed: bool = True,
        id: int | None = None, age: timedelta | None = None,  # noqa: A002 - Discord's word
    ) -> Member:  # fmt: skip
        """Someone who meets the bot in direct messages only; `age` of the account decides its id."""
        made = self.ids.at(self.clock() - age) | len(self.users) if age else self.ids.next()
        user = User(id or made, username or name.lower().replace(" ", "."), name, locale, installed=installed)
        self.users[user.id] = user
        return Member(self, user)

    def dm(self, user: User) -> Channel:
        if user.dm is None:
            user.dm = Channel(self.ids.next(), "", kind=DM, recipient=user)
            self.channels[user.dm.id] = user.dm
        return user.dm

    def messages(self, channel: Channel) -> list[Message]:
        """What everyone in a channel sees, oldest first."""
        return list(channel.messages.values())

    def deny(self, channel: Channel, **flags: bool) -> None:
        """Take permissions from the bot in one channel: `deny(channel, send_messages=True)`."""
        channel.denied = Permissions(**flags)
        self.gateway.dispatch("CHANNEL_UPDATE", channel.json(), GUILDS)

    def delete_channel(self, channel: Channel) -> None:
        del self.channels[channel.id]
        if channel.guild:
            del channel.guild.channels[channel.id]
        self.gateway.dispatch("CHANNEL_DELETE", channel.json(), GUILDS)

    def remove_bot(self, guild: Guild | GuildHandle) -> None:
        """The bot leaves, is kicked, or the guild is deleted: to the bot the same."""
        guild = guild.data if isinstance(guild, GuildHandle) else guild
        guild.joined = False
        guild.members.pop(self.bot.id, None)
        self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)}, GUILDS)

    def inject(self, event: dict[str, Any], *, source: Message | None = None) -> Reply:
        """Dispatch a raw interaction: forged, or `reply.event` again for a replay."""
        assert self.gateway.sessions, "the bot is offline"
        it = self.interactions.get(event["token"])
        if it is None:
            channel = self.channels[int(event["channel_id"])]
            it = Interaction(event, self.clock(), channel, source, source_edits=source.edits if source else 0)
            self.interactions[event["token"]] = it
        self.gateway.dispatch("INTERACTION_CREATE", event)
        self.changes.notify()
        return Reply(self, it)

    # -- messages -----------------------------------------------------------------------------------

    def create_message(
        self,
        channel: Channel,
        body: dict[str, Any],
        files: list[File],
        *,
        flags: int = 0,
        webhook: bool = False,
    ) -> Message:
        if self.strict and not flags & LOADING:
            demand(message_faults(body, files, None))
        data = {
            "id": str(self.ids.next()), "channel_id": str(channel.id), "author": self.bot.json(), "type": 0,
            "content": "", "embeds": [], "components": [], "attachments": [], "mentions": [], "flags": flags,
            "mention_roles": [], "mention_everyone": False, "pinned": False, "tts": False,
            "timestamp": self.clock().isoformat(), "edited_timestamp": None,
        }  # fmt: skip
        own = {"webhook_id": str(self.application_id), "application_id": str(self.application_id)}
        data |= own if webhook else {}
        data |= {"nonce": body["nonce"]} if "nonce" in body else {}
        message = Message(int(data["id"]), channel, data)
        message.write(body, files, self.attach)
        if not message.ephemeral:
            channel.messages[message.id] = message
            self.tell_message("MESSAGE_CREATE", message)
        return message

    def edit_message(self, message: Message, body: dict[str, Any], files: list[File]) -> None:
        if self.strict:
            demand(message_faults(body, files, message))
        message.write(body, files, self.attach)
        message.data["flags"] = (message.flags | (body.get("flags") or 0)) & ~LOADING
        message.data["edited_timestamp"] = self.clock().isoformat()
        message.edits += 1
        self.tell_message("MESSAGE_UPDATE", message)

    def delete_message(self, message: Message) -> None:
        message.deleted = True
        if message.channel.messages.pop(message.id, None):
            self.tell_message("MESSAGE_DELETE", message)

    def tell_message(self, event: str, message: Message) -> None:
        guild = message.channel.guild
        if message.ephemeral or (guild and not guild.joined):
            return
        place = {"guild_id": str(guild.id)} if guild else {}
        self.gateway.dispatch(event, message.data | place, MESSAGES if guild else DIRECT_MESSAGES)

    def seen_nonce(self, nonce: str | int) -> Message | None:
        message = self.nonces.get(str(nonce))
        if message is None:
            return None
        age = self.clock() - datetime.fromisoformat(message.data["timestamp"])
        return message if age < NONCES_LAST else None

    def attach(self, file: File, description: str | None) -> dict[str, Any]:
        id_ = self.ids.next()
        self.files[f"{id_}/{file.name}"] = file
        return attachment_json(id_, f"{self.cdn_url}/{id_}/{file.name}", file, description)
