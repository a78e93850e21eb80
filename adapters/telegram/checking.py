"""Whose token it is, and what an operator should know before members come."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from adapters.telegram.questions import Questions
from adapters.telegram.surveying import Survey
from bot.model.account import Place
from bot.platform import Introduction
from bot.ports import Finding, Level
from bot.settings import TelegramSettings


async def introduce(settings: TelegramSettings) -> Introduction:
    """The bot's name and its links. Raises UndersignedError: wrong token, or Telegram out of reach."""
    async with Questions.opened(settings) as questions:
        return _introduction(await questions.ask("getMe"))


async def examine(
    settings: TelegramSettings, places: Sequence[Place] = (), pinned: Collection[Place] = ()
) -> Sequence[Finding]:
    """Whether the token works, the links, BotFather's settings, a left-over webhook, and what the bot may do."""
    async with Questions.opened(settings) as questions:
        bot, webhook = await questions.ask("getMe"), await questions.ask("getWebhookInfo")
        surveyed = await Survey(questions, bot["id"]).look(places, pinned)
    introduction = _introduction(bot)
    links = (f"{purpose}: {address}" for purpose, address in introduction.links)
    return [
        Finding(Level.OK, f"Telegram: the token belongs to {introduction.name}"),
        *(Finding(Level.OK, f"Telegram: {link}") for link in links),
        *_botfathers(bot),
        *_left_over(webhook, settings),
        *surveyed,
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
