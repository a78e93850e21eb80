"""Asking Discord who a token belongs to, over its REST interface alone: no SDK, no connection that stays."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from adapters.discord.calls import Answer, Calls
from adapters.discord.surveying import Survey
from bot.errors import UndersignedError
from bot.model.account import Place
from bot.platform import Introduction
from bot.ports import Finding, Level
from bot.settings import DiscordSettings

PERMISSIONS = {
    "VIEW_CHANNEL": 1 << 10,  # see the channels that follow a petition
    "SEND_MESSAGES": 1 << 11,  # post cards, boards and milestones there
    "ATTACH_FILES": 1 << 15,  # a letter too long for a message, a picture of the progress
    "READ_MESSAGE_HISTORY": 1 << 16,  # find its own board again, to edit it
    "SEND_MESSAGES_IN_THREADS": 1 << 38,  # where a thread follows a petition
    "PIN_MESSAGES": 1 << 51,  # pin the board; newer than, and not part of, MANAGE_MESSAGES
}
"""What the bot needs in a server, and for what. Nothing else is asked for, and no privileged intent."""

AUTHORISE = "https://discord.com/oauth2/authorize"
PORTAL = "discord.com/developers/applications"
GET_A_NEW_ONE = f"Copy it anew: {PORTAL}, your application, Bot, Reset Token"
INSTALLS = {"0": "Guild Install", "1": "User Install"}
"""Discord's ways to add an application: to a server, and to one's own account."""


async def introduce(settings: DiscordSettings) -> Introduction:
    """The bot's name and its invite links. Raises UndersignedError: wrong token, or Discord out of reach."""
    user = await _get(settings, "users/@me")
    application = await _get(settings, "applications/@me")
    return Introduction(_name(user), _links(str(application.get("id") or user.get("id"))))


async def examine(
    settings: DiscordSettings, places: Sequence[Place] = (), pinned: Collection[Place] = ()
) -> Sequence[Finding]:
    """Whether the token works, how the application is set up, what the bot may do there, and the invite links."""
    user = await _get(settings, "users/@me")
    application = await _get(settings, "applications/@me")
    links = _links(str(application.get("id") or user.get("id")))
    async with Calls.opened(settings) as calls:
        surveyed = await Survey(calls, str(user["id"])).look(places, pinned)
    return [
        Finding(Level.OK, f"Discord: the token belongs to {_name(user)}"),
        *_set_up(application),
        *surveyed,
        *(Finding(Level.OK, f"Discord: {purpose}: {address}") for purpose, address in links),
    ]


def _set_up(application: dict[str, Any]) -> Iterator[Finding]:
    """What in the application's settings would keep members from us."""
    portal = f"{PORTAL}, your application"
    if application.get("interactions_endpoint_url"):
        yield Finding(
            Level.ERROR,
            "Discord: commands and buttons go to an Interactions Endpoint URL instead of to this bot.",
            f"{portal}, General Information: empty that field",
        )
    installs = application.get("integration_types_config") or {}
    for kind, name in INSTALLS.items():
        if kind not in installs:
            yield Finding(
                Level.WARNING, f"Discord: {name} is off.", f"{portal}, Installation: tick {name} and save"
            )
    if application.get("bot_public") is False:
        yield Finding(
            Level.WARNING,
            "Discord: only its owner can add the bot, since it is not public.",
            f"{portal}, Bot: switch Public Bot on",
        )


def _name(user: dict[str, Any]) -> str:
    tag = user.get("discriminator")
    return f"{user.get('username')}#{tag}" if tag and tag != "0" else f"{user.get('username')}"


def _links(application: str) -> tuple[tuple[str, str], ...]:
    server = {
        "client_id": application,
        "scope": "bot applications.commands",
        "permissions": str(sum(PERMISSIONS.values())),
        "integration_type": "0",
    }
    person = {"client_id": application, "scope": "applications.commands", "integration_type": "1"}
    return (
        ("to add the bot to a server", f"{AUTHORISE}?{urlencode(server)}"),
        ("to add it to one's own account", f"{AUTHORISE}?{urlencode(person)}"),
    )


async def _get(settings: DiscordSettings, path: str) -> dict[str, Any]:
    async with Calls.opened(settings) as calls:
        answer = await calls.make("GET", path)
    if not isinstance(answer, Answer):
        raise _out_of_reach(settings.api_url)
    _refuse(answer.status, settings.api_url)
    if not isinstance(answer.data, dict):
        raise _out_of_reach(settings.api_url)
    return answer.data


def unknown_token() -> UndersignedError:
    """What to say of a token that Discord refuses."""
    return UndersignedError(f"Discord does not know this token (discord.token). {GET_A_NEW_ONE}.")


def _out_of_reach(api_url: str) -> UndersignedError:
    return UndersignedError(
        f"Discord can't be reached at {api_url}. Look at the network, and at discord.api_url."
    )


def _refuse(status: int, api_url: str) -> None:
    if status in {401, 403}:
        raise unknown_token()
    if status == 429:  # noqa: PLR2004 - Too Many Requests
        raise UndersignedError("Discord asks to wait: too many requests. Try again in a few minutes.")
    if status >= 500:  # noqa: PLR2004 - the server's fault
        raise UndersignedError(
            f"Discord has trouble of its own at the moment (HTTP {status}). Try again later."
        )
    if status != 200:  # noqa: PLR2004 - OK
        raise UndersignedError(
            f"{api_url} does not answer as Discord does (HTTP {status}). Look at discord.api_url."
        )
