"""What happened on Discord as an event for the core. Pure: it reads the interaction and nothing else."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import discord

from bot.inbound import Command, Event, Inbound, Press, Submit, Suggest
from bot.model.account import Account, Actor, ActorKind, Place, PlaceKind

PLATFORM = "discord"
Interaction = discord.Interaction[Any]
_CHAT_COMMAND = 1
_FILE_OPTION = 11


def translate(interaction: Interaction, moderators: Iterable[int] = ()) -> Inbound:
    """The event. Raises ValueError for a kind of interaction that we offer nobody.

    `moderators`: roles that moderate, beside whoever may manage messages.
    """
    return Inbound(
        str(interaction.id),
        actor(interaction, moderators),
        place(interaction),
        interaction.locale.value,
        event(interaction),
        place_locale(interaction),
    )


def actor(interaction: Interaction, moderators: Iterable[int] = ()) -> Actor:
    """Who it was: named as this server knows them; Discord sends their rights here and now with each event.

    Who moderates a server that has not added the bot does not moderate a community of ours.
    """
    user = interaction.user
    may = interaction.permissions.manage_messages or any(_has_role(user, role) for role in moderators)
    return Actor(
        Account(PLATFORM, str(user.id)),
        name=getattr(user, "nick", None) or user.global_name or user.name,
        kind=ActorKind.BOT if user.bot else ActorKind.MEMBER,
        moderates=may and interaction.is_guild_integration(),
        reachable=not user.bot,
        since=user.created_at,  # the id says it
        joined=getattr(user, "joined_at", None),  # of a server, not of a direct message
    )


def _has_role(user: discord.User | discord.Member, role: int) -> bool:
    """By the ids that came with the event: we keep no server's roles."""
    return isinstance(user, discord.Member) and user._roles.has(role)  # noqa: SLF001 - `roles` needs them kept


def place(interaction: Interaction) -> Place:
    """Where: a server's channel or thread, or a direct message. Everywhere we can answer one person alone."""
    channel = interaction.channel
    where = str(channel.id if channel else interaction.guild_id or interaction.user.id)
    kind = PlaceKind.PRIVATE if interaction.guild_id is None else PlaceKind.GROUP
    server = str(interaction.guild_id or "")
    return Place(PLATFORM, where, kind, getattr(channel, "name", None) or "", discreet=True, server=server)


def place_locale(interaction: Interaction) -> str:
    """The language of the server, if it has chosen one: American English is what a server has that did not."""
    chosen = interaction.guild_locale
    return "" if chosen is None or chosen is discord.Locale.american_english else chosen.value


def event(interaction: Interaction) -> Event:
    """What they did. Custom ids are the core's tokens, unchanged."""
    data: Mapping[str, Any] = interaction.data or {}
    options: list[dict[str, Any]] = data.get("options") or []
    match interaction.type:
        case discord.InteractionType.application_command if data.get("type", _CHAT_COMMAND) == _CHAT_COMMAND:
            texts = [each for each in options if each.get("type") != _FILE_OPTION]
            arguments = {each["name"]: str(each.get("value", "")) for each in texts}
            return Command(data["name"], arguments)
        case discord.InteractionType.autocomplete:
            typed = next((each for each in options if each.get("focused")), {"name": "", "value": ""})
            return Suggest(data["name"], typed["name"], str(typed.get("value", "")))
        case discord.InteractionType.component:
            return Press(data["custom_id"])
        case discord.InteractionType.modal_submit:
            return Submit(data["custom_id"], dict(_values(data.get("components") or ())))
        case other:
            raise ValueError(f"an interaction of type {other} is none of ours")


def _values(components: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """What stands in a form's fields, by their keys; nothing chosen is an empty text."""
    for part in components:
        if "component" in part:
            yield from _values([part["component"]])
        elif "components" in part:
            yield from _values(part["components"])
        elif "custom_id" in part:
            chosen = part.get("values") or [""]
            yield part["custom_id"], str(part.get("value") or chosen[0])
