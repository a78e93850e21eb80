"""Asking Telegram over its Bot API alone: no SDK, no connection that stays.

The token is part of every address that is asked, and so of aiohttp's errors: none of them is passed on.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from yarl import URL

from adapters.telegram.proxy import way_out
from bot.errors import UndersignedError
from bot.settings import TelegramSettings

TIMEOUT = aiohttp.ClientTimeout(total=15)
GET_A_NEW_ONE = "Copy it anew from @BotFather: /mybots, your bot, API Token"
HIDDEN = frozenset({400, 403})
"""How Telegram answers of a chat that is gone, or that the bot is not in."""

Json = dict[str, Any]


class Questions:
    """Asks for the bot of one token. All raise UndersignedError, in one line that an operator can act on."""

    def __init__(self, session: aiohttp.ClientSession, settings: TelegramSettings) -> None:
        self._session, self._settings = session, settings
        self._way_out = way_out(settings.api_url)

    @classmethod
    @asynccontextmanager
    async def opened(cls, settings: TelegramSettings) -> AsyncIterator["Questions"]:
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
            yield cls(session, settings)

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
        token = self._settings.token
        address = URL(f"{self._settings.api_url}/bot{token}/{method}").with_query(query)
        try:
            async with self._session.get(address, allow_redirects=False, **self._way_out) as response:
                known = response.status == 200 or response.status in HIDDEN  # noqa: PLR2004 - OK
                answer = await response.json(content_type=None) if known else {}
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            raise self._out_of_reach() from None
        return response.status, answer if isinstance(answer, dict) else {}

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
