"""What happened on Discord as an event for the core. Pure: it reads the interaction and nothing else."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from adapters.discord.interaction import Interaction, Kind
from bot.inbound import Command, Event, Inbound, Press, Submit, Suggest
from bot.model.account import Account, Actor, ActorKind, Place, PlaceKind

PLATFORM = "discord"
_CHAT_COMMAND = 1
_FILE_OPTION = 11
_USUAL_LOCALE = "en-US"


def translate(interaction: Interaction, moderators: Iterable[int] = ()) -> Inbound:
    """The event. Raises ValueError for a kind of interaction that we offer nobody.

    `moderators`: roles that moderate, beside whoever may manage messages.
    """
    return Inbound(
        str(interaction.id),
        actor(interaction, moderators),
        place(interaction),
        interaction.locale,
        event(interaction),
        place_locale(interaction),
    )


def actor(interaction: Interaction, moderators: Iterable[int] = ()) -> Actor:
    """Who it was: named as this server knows them; Discord sends their rights here and now with each event.

    Who moderates a server that has not added the bot does not moderate a community of ours.
    """
    may = interaction.may_manage_messages or any(map(interaction.has_role, moderators))
    return Actor(
        Account(PLATFORM, interaction.user_id),
        name=interaction.user_name,
        kind=ActorKind.BOT if interaction.by_bot else ActorKind.MEMBER,
        moderates=may and interaction.in_our_server,
        reachable=not interaction.by_bot,
        since=interaction.user_since,
        joined=interaction.joined_at,
    )


def place(interaction: Interaction) -> Place:
    """Where: a server's channel or thread, or a direct message. Everywhere we can answer one person alone."""
    channel = interaction.channel
    where = str(channel.get("id") or interaction.guild_id or interaction.user_id)
    kind = PlaceKind.PRIVATE if interaction.guild_id is None else PlaceKind.GROUP
    server = str(interaction.guild_id or "")
    return Place(PLATFORM, where, kind, channel.get("name") or "", discreet=True, server=server)


def place_locale(interaction: Interaction) -> str:
    """The language of the server, if it has chosen one: American English is what a server has that did not."""
    chosen = interaction.guild_locale
    return "" if chosen is None or chosen == _USUAL_LOCALE else chosen


def event(interaction: Interaction) -> Event:
    """What they did. Custom ids are the core's tokens, unchanged."""
    data = interaction.data
    options: list[dict[str, Any]] = data.get("options") or []
    match interaction.kind:
        case Kind.COMMAND if data.get("type", _CHAT_COMMAND) == _CHAT_COMMAND:
            texts = [each for each in options if each.get("type") != _FILE_OPTION]
            arguments = {each["name"]: str(each.get("value", "")) for each in texts}
            return Command(data["name"], arguments)
        case Kind.TYPING:
            typed = next((each for each in options if each.get("focused")), {"name": "", "value": ""})
            return Suggest(data["name"], typed["name"], str(typed.get("value", "")))
        case Kind.PRESS:
            return Press(data["custom_id"])
        case Kind.SUBMIT:
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
