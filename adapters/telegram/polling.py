"""Asking for updates, with questions that Telegram keeps open until there are some."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn
from urllib.parse import urlencode

from telegram import Bot
from telegram.error import TelegramError

from adapters.telegram.insisting import insist
from adapters.telegram.timing import Timing
from adapters.telegram.transport import SECONDS
from adapters.telegram.turns import Turns

ALLOWED = ("message", "callback_query", "inline_query", "my_chat_member", "channel_post")
"""The kinds of updates that are asked for."""
_GOODBYE = 2.0


class Polling:
    """Takes updates as they come. Telegram forgets what was fetched when it is asked for what comes after."""

    def __init__(
        self, bot: Bot, turns: Turns, take: Callable[[dict[str, Any]], object], timing: Timing
    ) -> None:
        self._bot, self._turns, self._take, self._timing = bot, turns, take, timing
        self._next = 0

    async def run(self) -> NoReturn:
        """Poll until cancelled. Raises UndersignedError if the token is refused."""
        await insist(lambda: self._bot.delete_webhook(drop_pending_updates=False), self._timing)
        while True:
            await self._turns.vacancy()
            updates = await insist(lambda: self._fetch(self._timing.poll), self._timing)
            for update in updates:
                self._take(update)
            if updates:  # in whatever order; after a quiet week Telegram may count from less than before
                self._next = 1 + max(update["update_id"] for update in updates)

    def close(self) -> None:
        """Take no more: whoever cancelled `run` has done that."""

    async def end(self, *, done: bool) -> None:
        """Stop. What was fetched is confirmed if it is all `done`; else Telegram will send it again."""
        if done and self._next:
            with suppress(TelegramError):
                await self._fetch(0, limit=1, within=_GOODBYE)

    async def _fetch(self, seconds: int, limit: int = 100, within: float = SECONDS) -> list[dict[str, Any]]:
        """Updates as they are: one that can't be understood must not keep the others away."""
        query = {"timeout": seconds, "limit": limit, "allowed_updates": json.dumps(ALLOWED)}
        if self._next:
            query["offset"] = self._next
        url = f"{self._bot.base_url}/getUpdates?{urlencode(query)}"
        request = self._bot.request
        answer = await request.retrieve(url, read_timeout=seconds + within)
        updates = request.parse_json_payload(answer).get("result")
        if not isinstance(updates, list):
            raise TelegramError("Invalid server response")
        return updates
