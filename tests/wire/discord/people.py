"""The members: what they do in Discord, and what they see of the bot's answers."""

import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from discord import Permissions

from .interactions import AUTOCOMPLETE, COMMAND, COMPONENT, DEFER_UPDATE, SUBMIT, Interaction
from .model import TEXT, USUAL_PERMISSIONS, Channel, Guild, Message, User
from .parts import BUTTON, SELECTS, Button, File, Modal, find_button, walk
from .waiting import T

if TYPE_CHECKING:
    from .server import DiscordServer

MEMBER_PERMISSIONS = Permissions(USUAL_PERMISSIONS.value | Permissions(use_application_commands=True).value)


class Reply:
    """All that a member sees of the bot's answer to one act; it grows with edits and follow-ups."""

    def __init__(self, server: "DiscordServer", interaction: Interaction) -> None:
        self._server, self._it = server, interaction

    def __repr__(self) -> str:
        return f"<Reply type={self.kind} {'modal' if self.modal else self.text!r}>"

    @property
    def event(self) -> dict[str, Any]:
        """The interaction as dispatched, for `server.inject` (a replay, or the base of a forgery)."""
        return self._it.event

    @property
    def kind(self) -> int | None:
        """Discord's type of the first answer (4 message, 5 deferred, 6/7 update, 8 choices, 9 modal); None yet."""
        return self._it.response

    @property
    def modal(self) -> Modal | None:
        return self._it.modal

    @property
    def messages(self) -> list[Message]:
        """The answer (the pressed message, if that was updated), then the follow-ups; without deleted ones."""
        it = self._it
        shown = [it.original] if it.original and (it.original is not it.source or self._updated) else []
        return [message for message in shown + it.followups if not message.deleted]

    @property
    def _updated(self) -> bool:
        source = self._it.source
        return bool(source) and source.edits > self._it.source_edits

    @property
    def text(self) -> str:
        """All that is to be read, messages parted by line ends; of a modal, its text."""
        return self.modal.text if self.modal else "\n".join(message.text for message in self.messages)

    @property
    def ephemeral(self) -> bool:
        """Nobody else sees any of it."""
        return all(message.ephemeral for message in self.messages)

    @property
    def buttons(self) -> list[Button]:
        return [button for message in reversed(self.messages) for button in message.buttons]

    @property
    def files(self) -> list[File]:
        return [file for message in self.messages for file in message.files]

    @property
    def loading(self) -> bool:
        """The member still sees "… is thinking" or nothing new."""
        if self.kind == DEFER_UPDATE:
            return not (self._updated or self._it.followups or self._it.source.deleted)
        return self.kind is None or any(message.loading for message in self.messages)

    async def until(
        self, look: Callable[["Reply"], T], what: str = "it", within: float | None = None
    ) -> "Reply":
        """Wait until `look(reply)` is true, looking again after each answer, edit, follow-up, deletion."""
        within = self._server.patience if within is None else within
        await self._it.changes.until(lambda: look(self), f"{what} in {self!r}", within)
        return self

    async def settled(self, within: float | None = None) -> "Reply":
        """Wait until a deferred answer is there."""
        return await self.until(lambda reply: not reply.loading, "the answer", within)

    async def followed(self, times: int = 1) -> Message:
        """Wait for the n-th follow-up."""
        await self.until(lambda reply: len(self._it.followups) >= times, f"follow-up {times}")
        return self._it.followups[times - 1]


class GuildHandle:
    """A guild, for tests."""

    def __init__(self, server: "DiscordServer", data: Guild) -> None:
        self.server, self.data = server, data
        self.id, self.name = data.id, data.name

    def channel(self, name: str, *, kind: int = TEXT) -> Channel:
        channel = Channel(self.server.ids.next(), name, self.data, kind)
        self.data.channels[channel.id] = self.server.channels[channel.id] = channel
        if self.data.joined:
            self.server.gateway.dispatch("CHANNEL_CREATE", channel.json(), 1)
        return channel

    def member(
        self, name: str, *, nick: str | None = None, permissions: Permissions = MEMBER_PERMISSIONS,
        user: User | None = None, username: str | None = None, locale: str = "en-US", installed: bool = False,
        id: int | None = None, age: timedelta | None = None,  # noqa: A002 - Discord's word
    ) -> "Member":  # fmt: skip
        """A new person, or `user` of another guild (`other.user`). `name` is the global name."""
        if user is None:
            made = self.server.user(
                name, username=username, locale=locale, installed=installed, id=id, age=age
            )
            user = made.user
        self.data.add(user, nick)
        return Member(self.server, user, self.data, permissions)


class Member:
    """A person in one guild, or in direct messages only.

    `sees_all`: the guild's administrators have opened even hidden commands to them.
    """

    def __init__(
        self, server: "DiscordServer", user: User, guild: Guild | None = None,
        permissions: Permissions = MEMBER_PERMISSIONS,
    ) -> None:  # fmt: skip
        self.server, self.user, self.guild, self.permissions = server, user, guild, permissions
        self.sees_all = False

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def dm(self) -> Channel:
        return self.server.dm(self.user)

    async def command(self, place: Channel, name: str, /, **options: Any) -> Reply:
        """Send a slash command (`"group sub"` for a subcommand); attachments are given as `File`s."""
        return await self._answered(self._act(COMMAND, place, self._command(place, name, options)))

    async def autocomplete(
        self, place: Channel, name: str, focused: str, typed: str = "", /, **options: Any
    ) -> list[dict[str, Any]]:
        """Type into one option: the choices shown, each with `name` and `value`."""
        data = self._command(place, name, options | {focused: typed}, focused)
        reply = await self._answered(self._act(AUTOCOMPLETE, place, data))
        return reply._it.choices

    async def press(self, on: Reply | Message, wanted: str, *, forged: bool = False) -> Reply:
        """Press the button with this label or custom id; `forged`: send this custom id though no button has it."""
        if forged:
            message = on if isinstance(on, Message) else on.messages[-1]
            return await self._component(message, {"custom_id": wanted, "component_type": BUTTON, "id": 1})
        button = find_button(on.buttons, wanted)
        assert not button.disabled, f"{wanted!r} is disabled"
        assert button.custom_id, f"{wanted!r} is a link"
        data = {"custom_id": button.custom_id, "component_type": BUTTON, "id": 1}
        return await self._component(button.message, data)

    async def choose(self, on: Reply | Message, custom_id: str, *values: str) -> Reply:
        """Choose in a select menu of a message, by labels or values."""
        for message in reversed(on.messages if isinstance(on, Reply) else [on]):
            for part in walk(message.data["components"]):
                if part["type"] in SELECTS and part["custom_id"] == custom_id:
                    names = {
                        name: o["value"] for o in part.get("options", ()) for name in (o["label"], o["value"])
                    }
                    chosen = [names[value] if names else value for value in values]
                    data = {"custom_id": custom_id, "component_type": part["type"], "id": part["id"]}
                    return await self._component(message, data | {"values": chosen})
        raise AssertionError(f"no select {custom_id!r}")

    async def submit(
        self, form: Reply | Modal, answers: Mapping[str, Any] | None = None, /, **more: Any
    ) -> Reply:
        """Fill in a modal (labels or custom ids as keys; the rest stays as it was shown) and submit it."""
        modal = form.modal if isinstance(form, Reply) else form
        assert modal, f"no modal: {form!r}"
        for name, answer in {**(answers or {}), **more}.items():
            modal[name].fill(answer)
        opener = modal.opener
        return await self._answered(self._act(SUBMIT, opener.channel, modal.json(), opener.source))

    async def _component(self, message: Message, data: dict[str, Any]) -> Reply:
        assert not message.deleted, "the message is gone"
        return await self._answered(self._act(COMPONENT, message.channel, data, message))

    async def _answered(self, reply: Reply) -> Reply:
        return await reply.until(lambda r: r.kind is not None, "an answer (the application did not respond)")

    def _act(self, kind: int, place: Channel, data: dict[str, Any], source: Message | None = None) -> Reply:
        return self.server.inject(self.event(kind, place, data, source), source=source)

    def event(
        self, kind: int, place: Channel, data: dict[str, Any], source: Message | None = None
    ) -> dict[str, Any]:
        """The interaction that Discord would send for an act of this member; not sent."""
        assert place.guild is self.guild or place.recipient is self.user, "not in this place"
        owners = {"1": str(self.id)} if self.user.installed else {}
        if place.guild is None or place.guild.joined:
            owners["0"] = str(place.guild.id) if place.guild else "0"
        permissions = str(place.permissions.value) if "0" in owners else str(USUAL_PERMISSIONS.value)
        event = {
            "id": str(self.server.ids.next()), "application_id": str(self.server.application_id), "type": kind,
            "token": secrets.token_hex(24), "version": 1, "data": data, "channel": place.json(),
            "channel_id": str(place.id), "locale": self.user.locale, "entitlements": [],
            "app_permissions": permissions, "authorizing_integration_owners": owners,
            "context": 0 if place.guild else 1, "attachment_size_limit": 10 * 1024 * 1024,
        }  # fmt: skip
        event |= self._who(place.guild)
        return event | ({"message": dict(source.data)} if source else {})

    def _who(self, guild: Guild | None) -> dict[str, Any]:
        if guild is None:
            return {"user": self.user.json()}
        member = guild.members[self.id] | {"permissions": str(self.permissions.value)}
        about = {"id": str(guild.id), "locale": guild.locale, "features": []}
        return {"member": member, "guild": about, "guild_id": str(guild.id), "guild_locale": guild.locale}

    def _command(
        self, place: Channel, name: str, options: dict[str, Any], focused: str | None = None
    ) -> dict[str, Any]:
        words = name.split()
        command = self._visible(place, words[0])
        data: dict[str, Any] = {"id": command["id"], "name": command["name"], "type": command["type"]}
        holder, entry = data, command
        for word in words[1:]:
            entry = _named(entry["options"], word)
            holder["options"] = [{"name": word, "type": entry["type"]}]
            holder = holder["options"][0]
        holder["options"], files = [], {}
        known = {option["name"]: option for option in entry.get("options") or ()}
        needed = set() if focused else {key for key, option in known.items() if option.get("required")}
        assert needed <= options.keys() <= known.keys(), f"/{name}: needs {needed}, knows {list(known)}"
        for key, value in options.items():
            given = self._option(known[key], value, files)
            holder["options"].append(given | ({"focused": True} if key == focused else {}))
        return data | ({"resolved": {"attachments": files}} if files else {})

    def _option(self, option: dict[str, Any], value: Any, files: dict[str, Any]) -> dict[str, Any]:
        if isinstance(value, File):
            stored = self.server.attach(value, None)
            files[stored["id"]] = stored
            value = stored["id"]
        offered = {c["name"]: c["value"] for c in option.get("choices") or ()}
        assert not offered or value in offered or value in offered.values(), f"{value!r} is not offered"
        return {"name": option["name"], "type": option["type"], "value": offered.get(value, value)}

    def _visible(self, place: Channel, name: str) -> dict[str, Any]:
        """The command, if this member finds it in this place."""
        known = self.server.commands.values()
        localised = (
            c for c in known if name in {c["name"], (c.get("name_localizations") or {}).get(self.user.locale)}
        )
        command = next(localised, None)
        assert command, f"no command /{name}; there are {list(self.server.commands)}"
        contexts, kinds = command["contexts"], set(command["integration_types"] or [0])
        assert contexts is None or (0 if place.guild else 1) in contexts, f"/{name} is not offered here"
        present = place.guild is None or place.guild.joined
        assert (present and 0 in kinds) or (self.user.installed and 1 in kinds), (
            f"/{name} is not installed here"
        )
        needed = Permissions(int(command["default_member_permissions"] or 0))
        hidden = (
            place.guild is not None and not self.permissions >= needed and not self.permissions.administrator
        )
        assert self.sees_all or not hidden, f"/{name} is hidden from this member"
        return command


def _named(options: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(option for option in options if option["name"] == name)
