"""The commands as Discord lists them, derived from the core's specs, and kept there only as often as they change."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import discord
from discord.http import HTTPClient, Route

from bot.commands.spec import Argument, CommandSpec
from bot.log import LOG
from bot.model.account import PlaceKind
from bot.roles import Role
from bot.words.catalog import SOURCE_LANGUAGE, Message, Words, languages

SLASH_COMMAND, TEXT_OPTION, FILE_OPTION = 1, 3, 11
IN_SERVERS, IN_OUR_DM, IN_OTHER_DMS = 0, 1, 2
FOR_SERVERS, FOR_USERS = 0, 1
DESCRIPTION = 100
PATH = "/applications/{application_id}/commands"

Payload = dict[str, Any]


def definition(specs: Iterable[CommandSpec]) -> list[Payload]:
    """All commands as Discord wants them. Names are the same in every language, descriptions are not.

    What only moderators may do is hidden from others, and offered only where the bot is a member; who may really
    do it is decided by the core.
    """
    return [_command(spec) for spec in specs]


async def sync(http: HTTPClient, application_id: int, specs: Sequence[CommandSpec]) -> bool:
    """Register what differs from what is registered, all at once; whether anything did."""
    wanted = definition(specs)
    get = Route("GET", PATH, application_id=application_id)
    present = await http.request(get, params={"with_localizations": "true"})
    if _comparable(present) == _comparable(wanted):
        return False
    await http.request(Route("PUT", PATH, application_id=application_id), json=wanted)
    LOG.info("commands registered", platform="discord", commands=len(wanted))
    return True


def _command(spec: CommandSpec) -> Payload:
    moderators = spec.role is Role.MODERATOR
    contexts = [IN_SERVERS] if PlaceKind.GROUP in spec.places else []
    if PlaceKind.PRIVATE in spec.places:
        contexts += [IN_OUR_DM] if moderators else [IN_OUR_DM, IN_OTHER_DMS]
    needed = discord.Permissions(manage_messages=True).value if moderators else None
    return {
        "type": SLASH_COMMAND,
        "name": spec.name,
        **_described(spec.description),
        "options": [_option(argument) for argument in spec.arguments],
        "contexts": contexts,
        "integration_types": [FOR_SERVERS] if moderators else [FOR_SERVERS, FOR_USERS],
        "default_member_permissions": needed,
    }


def _option(argument: Argument) -> Payload:
    option = {
        "type": FILE_OPTION if argument.file else TEXT_OPTION,
        "name": argument.name,
        **_described(argument.description),
        "required": argument.required,
    }
    return option if argument.file else {**option, "autocomplete": argument.suggest is not None}


def _described(message: Message) -> Payload:
    """The description in the source language, and in each of Discord's that we speak."""
    plain = Words(SOURCE_LANGUAGE)(message)
    others = {code: t(message)[:DESCRIPTION] for code, t in _translated().items()}
    return {"description": plain[:DESCRIPTION], "description_localizations": others}


@cache
def _translated() -> Mapping[str, Words]:
    """Discord's languages that we speak, but for the source language: most of them need no closer look."""
    known = {locale.value for locale in discord.Locale if locale.value.partition("-")[0] in languages()}
    spoken = {code: Words(code) for code in sorted(known)}
    return {code: t for code, t in spoken.items() if t.language != SOURCE_LANGUAGE}


def _comparable(commands: Sequence[Mapping[str, Any]]) -> dict[str, Payload]:
    """By name, without ids and versions, and without what is left to its default."""
    return {f"{each.get('type', 1)} {each['name']}": _plain(each, _COMMAND_KEYS) for each in commands}


_OPTION_KEYS = ("type", "name", "description", "description_localizations", "required", "autocomplete")
_COMMAND_KEYS = (
    *("type", "name", "description", "description_localizations", "options"),
    *("contexts", "integration_types", "default_member_permissions"),
)


def _plain(entry: Mapping[str, Any], keys: Sequence[str]) -> Payload:
    kept = {key: entry[key] for key in keys if entry.get(key)}
    if "options" in kept:
        kept["options"] = [_plain(option, _OPTION_KEYS) for option in kept["options"]]
    for key in ("contexts", "integration_types"):
        if key in kept:
            kept[key] = sorted(kept[key])
    if permissions := kept.get("default_member_permissions"):
        kept["default_member_permissions"] = int(permissions)  # sent as a number, given back as a text
    return kept
