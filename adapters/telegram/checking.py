"""Asking Telegram who a token belongs to, over its Bot API alone: no SDK, no connection that stays.

The token is part of every address that is asked, and so of aiohttp's errors: none of them is passed on.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import aiohttp
from yarl import URL

from bot.errors import UndersignedError
from bot.platform import Introduction
from bot.ports import Finding, Level
from bot.settings import TelegramSettings

TIMEOUT = aiohttp.ClientTimeout(total=15)
GET_A_NEW_ONE = "Copy it anew from @BotFather: /mybots, your bot, API Token"


async def introduce(settings: TelegramSettings) -> Introduction:
    """The bot's name and its links. Raises UndersignedError: wrong token, or Telegram out of reach."""
    return _introduction(await _call(settings, "getMe"))


async def examine(settings: TelegramSettings) -> Sequence[Finding]:
    """Whether the token works, the links, BotFather's settings, and a webhook left over from earlier."""
    bot = await _call(settings, "getMe")
    webhook = await _call(settings, "getWebhookInfo")
    introduction = _introduction(bot)
    links = (f"{purpose}: {address}" for purpose, address in introduction.links)
    return [
        Finding(Level.OK, f"Telegram: the token belongs to {introduction.name}"),
        *(Finding(Level.OK, f"Telegram: {link}") for link in links),
        *_botfathers(bot),
        *_left_over(webhook, settings),
    ]


def _introduction(bot: dict[str, Any]) -> Introduction:
    username = bot.get("username") or ""
    links = (
        ("to talk to the bot", f"https://t.me/{username}"),
        ("to add it to a group", f"https://t.me/{username}?startgroup=true"),
    )
    return Introduction(f"@{username}" if username else str(bot.get("first_name")), links if username else ())


def _botfathers(bot: dict[str, Any]) -> Iterator[Finding]:
    """What only @BotFather can change."""
    if bot.get("can_read_all_group_messages"):
        yield Finding(
            Level.WARNING,
            "Telegram: group privacy is off, so the bot is sent all that people write in its groups.",
            "@BotFather: /setprivacy, your bot, Enable; then remove the bot from its groups and add it again",
        )
    if bot.get("can_join_groups") is False:
        yield Finding(
            Level.WARNING, "Telegram: the bot can't be added to groups.", "@BotFather: /setjoingroups"
        )
    if bot.get("supports_inline_queries") is False:
        yield Finding(Level.WARNING, "Telegram: inline mode is off.", "@BotFather: /setinline, your bot")


def _delivered(webhook: dict[str, Any], settings: TelegramSettings) -> Iterator[Finding]:
    """Whether updates reach the webhook that the config names."""
    if webhook.get("url") != settings.webhook_url:
        yield Finding(
            Level.WARNING,
            "Telegram: updates do not go to telegram.webhook_url yet.",
            "'undersigned run' has Telegram send them there",
        )
    elif error := webhook.get("last_error_message"):
        yield Finding(
            Level.WARNING,
            f"Telegram: the last call of telegram.webhook_url failed: {error}",
            "Look at the web server in front of telegram.webhook_listen, and at its certificate",
        )


def _left_over(webhook: dict[str, Any], settings: TelegramSettings) -> Sequence[Finding]:
    if settings.webhook_url:
        return list(_delivered(webhook, settings))
    if not webhook.get("url"):
        return []
    return [
        Finding(
            Level.WARNING,
            "Telegram: the bot's updates still go to a webhook, and telegram.webhook_url is not set.",
            "'undersigned run' removes it. If another program serves this bot, end that one",
        )
    ]


async def _call(settings: TelegramSettings, method: str) -> dict[str, Any]:
    token = settings.token.get_secret_value()
    address = URL(f"{settings.api_url}/bot{token}/{method}")
    try:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT) as session,
            session.get(address, allow_redirects=False) as response,
        ):
            _refuse(response.status, settings.api_url)
            answer = await response.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        raise _out_of_reach(settings.api_url) from None
    result = answer.get("result") if isinstance(answer, dict) else None
    if not isinstance(result, dict):
        raise _out_of_reach(settings.api_url)
    return result


def _out_of_reach(api_url: str) -> UndersignedError:
    return UndersignedError(
        f"Telegram can't be reached at {api_url}. Look at the network, and at telegram.api_url."
    )


def _refuse(status: int, api_url: str) -> None:
    if status in {401, 404}:  # 404 is what Telegram says to a token that does not look like one
        raise UndersignedError(f"Telegram does not know this token (telegram.token). {GET_A_NEW_ONE}.")
    if status == 429:  # noqa: PLR2004 - Too Many Requests
        raise UndersignedError("Telegram asks to wait: too many requests. Try again in a few minutes.")
    if status >= 500:  # noqa: PLR2004 - the server's fault
        raise UndersignedError(
            f"Telegram has trouble of its own at the moment (HTTP {status}). Try again later."
        )
    if status != 200:  # noqa: PLR2004 - OK
        raise UndersignedError(
            f"{api_url} does not answer as Telegram does (HTTP {status}). Look at telegram.api_url."
        )
