"""The commands that Telegram lists for people, by place and language: derived from the specs."""

from collections.abc import Iterator, Sequence

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)
from telegram.error import TelegramError

from adapters.telegram.timing import Timing
from bot.commands.spec import CommandSpec
from bot.log import LOG
from bot.model.account import PlaceKind
from bot.roles import Role
from bot.words.catalog import SOURCE_LANGUAGE, Words, languages

DESCRIPTION = 256


def menus(specs: Sequence[CommandSpec]) -> Iterator[tuple[BotCommandScope, str, tuple[BotCommand, ...]]]:
    """Each list of commands, by where it shows and for which two-letter language; "" is for all others."""
    private = [spec for spec in specs if PlaceKind.PRIVATE in spec.places and spec.role is Role.SIGNER]
    shared = [spec for spec in specs if PlaceKind.GROUP in spec.places and not spec.private]
    scopes = (
        (BotCommandScopeAllPrivateChats(), private),
        (BotCommandScopeAllGroupChats(), [spec for spec in shared if spec.role is Role.SIGNER]),
        (BotCommandScopeAllChatAdministrators(), [spec for spec in shared if spec.role <= Role.MODERATOR]),
    )
    for language in languages():
        t, code = Words(language), "" if language == SOURCE_LANGUAGE else language[:2]
        for scope, listed in scopes:
            yield scope, code, tuple(BotCommand(one.name, t(one.description)[:DESCRIPTION]) for one in listed)


async def register(bot: Bot, specs: Sequence[CommandSpec], timing: Timing) -> None:
    """Send each list that differs from what Telegram has. Failing is no reason not to serve: it is tried again."""
    pause = timing.longest_pause
    while (failed := await _attempt(bot, specs)) is not None:
        LOG.warning(
            "commands not registered", platform="telegram", reason=type(failed).__name__, again_in=pause
        )
        await timing.sleep(pause)
        pause *= 2


async def _attempt(bot: Bot, specs: Sequence[CommandSpec]) -> TelegramError | None:
    try:
        for scope, language, commands in menus(specs):
            if await bot.get_my_commands(scope, language or None) != commands:
                await bot.set_my_commands(commands, scope, language or None)
    except TelegramError as error:
        return error
    return None
