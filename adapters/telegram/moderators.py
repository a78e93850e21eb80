"""Who administers a group, asked freshly enough that a demoted one loses the right within a minute."""

from collections import OrderedDict

from telegram import Bot
from telegram.error import TelegramError

from adapters.telegram.timing import Time

FRESH = 45.0
"""Seconds for which an answer holds."""
REMEMBERED = 1_000


class Moderators:
    """Asks Telegram, once in a while for each group."""

    def __init__(self, bot: Bot, time: Time) -> None:
        self._bot, self._time = bot, time
        self._known: OrderedDict[int, tuple[float, frozenset[str]]] = OrderedDict()

    async def include(self, chat: int, user_id: str) -> bool:
        """Whether this person administers that group. Where Telegram does not say, nobody does, for now."""
        asked, administrators = self._known.get(chat, (-FRESH, frozenset()))
        if self._time() - asked >= FRESH:
            try:
                found = await self._bot.get_chat_administrators(chat)
            except TelegramError:
                return False
            administrators = frozenset(str(each.user.id) for each in found)
            self._keep(chat, administrators)
        return user_id in administrators

    def _keep(self, chat: int, administrators: frozenset[str]) -> None:
        self._known[chat] = self._time(), administrators
        self._known.move_to_end(chat)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
