"""Telling the core that a group has become a supergroup, where a refused call was the first to say so."""

from contextlib import suppress

from msgspec import Struct
from telegram import Bot, Update
from telegram.error import TelegramError

from adapters.telegram.answering import ChatAnswer
from adapters.telegram.calls import Calls
from adapters.telegram.desk import Desk
from adapters.telegram.pacer import Pacer
from adapters.telegram.translate import PLATFORM
from bot.core import Core
from bot.inbound import Inbound, Moved
from bot.model.account import Account, Actor, ActorKind, Place, PlaceKind
from bot.words.catalog import SOURCE_LANGUAGE


class Moving(Struct, frozen=True):
    """`adapters.telegram.calls.Migrated`."""

    core: Core
    bot: Bot
    pacer: Pacer

    async def __call__(self, old: int, new: int) -> None:
        """Tell it. Telegram tells the same in an update, which may come later, or may have been lost."""
        title = ""
        with suppress(TelegramError):
            title = (await self.bot.get_chat(new)).title or ""
        before, after = (
            Place(PLATFORM, str(number), PlaceKind.GROUP, title, discreet=False) for number in (old, new)
        )
        nobody = Actor(Account(PLATFORM, str(new)), kind=ActorKind.BOT)
        inbound = Inbound(f"moved:{old}", nobody, before, SOURCE_LANGUAGE, Moved(after))
        answer = ChatAnswer(Calls(self.bot, self.pacer), Desk(), Update(0), inbound, self.bot.username)
        await self.core.handle(inbound, answer)
