"""What BotFather keeps: commands, name, descriptions. Each public function is one method of the Bot API."""

import json
import re
from typing import TYPE_CHECKING, Any

from .call import Call
from .world import Json, bad

if TYPE_CHECKING:
    from .state import State


def set_my_commands(server: "State", call: Call) -> bool:
    commands = call.data("commands") or []
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    server.settings[_scope(call), _language(call)] = commands
    return True


def get_my_commands(server: "State", call: Call) -> list[Json]:
    return server.settings.get((_scope(call), _language(call)), [])


def delete_my_commands(server: "State", call: Call) -> bool:
    server.settings.pop((_scope(call), _language(call)), None)
    return True


def _set(key: str) -> Any:
    def method(server: "State", call: Call) -> bool:
        server.settings[key, _language(call)] = call.text(key)
        return True

    return method


def _get(key: str) -> Any:
    def method(server: "State", call: Call) -> Json:
        own = server.settings.get((key, _language(call)))
        return {key: own or server.settings.get((key, ""), server.bot.first_name if key == "name" else "")}

    return method


set_my_name, get_my_name = _set("name"), _get("name")
set_my_description, get_my_description = _set("description"), _get("description")
set_my_short_description, get_my_short_description = _set("short_description"), _get("short_description")


def set_chat_menu_button(server: "State", call: Call) -> bool:
    server.settings["menu_button", call.chat_id] = call.data("menu_button")
    return True


def get_chat_menu_button(server: "State", call: Call) -> Json:
    return server.settings.get(("menu_button", call.chat_id)) or {"type": "commands"}


def set_my_default_administrator_rights(server: "State", call: Call) -> bool:
    server.settings["rights", str(call.flag("for_channels"))] = call.data("rights")
    return True


def _scope(call: Call) -> str:
    return json.dumps(call.data("scope") or {"type": "default"}, sort_keys=True)


def _language(call: Call) -> str:
    language = call.text("language_code")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad("LANG_CODE_INVALID")
    return language


def menu(server: "State", scopes: list[Json], language: str) -> list[Json]:
    """The commands that a client shows: the narrowest scope wins, then the language."""
    for scope in scopes:
        name = json.dumps(scope, sort_keys=True)
        for key in ((name, language), (name, "")):
            if server.settings.get(key):
                return server.settings[key]
    return []
