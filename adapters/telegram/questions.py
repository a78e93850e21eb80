"""Asking Telegram over its Bot API alone: no SDK, no connection that stays.

The token is part of every address that is asked: no error of what is underneath is passed on.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

from adapters.telegram.ways import Way
from bot.errors import UndersignedError
from bot.settings import TelegramSettings

TIMEOUT = 15.0
"""Seconds for an answer, with all that comes before it."""
GET_A_NEW_ONE = "Copy it anew from @BotFather: /mybots, your bot, API Token"
HIDDEN = frozenset({400, 403})
"""How Telegram answers of a chat that is gone, or that the bot is not in."""

Json = dict[str, Any]


class Questions:
    """Asks for the bot of one token. All raise UndersignedError, in one line that an operator can act on."""

    def __init__(self, way: Way, settings: TelegramSettings) -> None:
        self._way, self._settings = way, settings

    @classmethod
    @asynccontextmanager
    async def opened(cls, settings: TelegramSettings) -> AsyncIterator["Questions"]:
        way = Way(settings.api_url)
        try:
            yield cls(way, settings)
        finally:
            await way.close()

    async def ask(self, method: str) -> Json:
        """What Telegram knows of the bot itself."""
        status, answer = await self._get(method, {})
        self._refuse(status)
        return self._result(answer)

    async def look(self, method: str, chat: int, **query: int) -> Json | None:
        """What it tells of a chat, followed to where that has moved; None if it is closed to the bot."""
        status, answer = await self._get(method, {"chat_id": chat, **query})
        if status in HIDDEN:
            moved = (answer.get("parameters") or {}).get("migrate_to_chat_id")
            return await self.look(method, moved, **query) if moved else None
        self._refuse(status)
        return self._result(answer)

    async def _get(self, method: str, query: dict[str, int]) -> tuple[int, Json]:
        path = f"bot{self._settings.token}/{method}" + (f"?{urlencode(query)}" if query else "")
        try:
            async with asyncio.timeout(TIMEOUT):
                status, body = await self._way.request("GET", path, silence=TIMEOUT)
            answer = json.loads(body) if status == 200 or status in HIDDEN else {}  # noqa: PLR2004 - OK
        except (OSError, ValueError):
            raise self._out_of_reach() from None
        return status, answer if isinstance(answer, dict) else {}

    def _result(self, answer: Json) -> Json:
        result = answer.get("result")
        if not isinstance(result, dict):
            raise self._out_of_reach()
        return result

    def _out_of_reach(self) -> UndersignedError:
        return UndersignedError(
            f"Telegram can't be reached at {self._settings.api_url}. "
            "Look at the network, and at telegram.api_url."
        )

    def _refuse(self, status: int) -> None:
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
                f"{self._settings.api_url} does not answer as Telegram does (HTTP {status}). "
                "Look at telegram.api_url."
            )
