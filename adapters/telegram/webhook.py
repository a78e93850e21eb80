"""Being told of updates: a small web server that Telegram posts them to, behind a proxy that speaks HTTPS."""

import asyncio
import hmac
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn

from aiohttp import web
from telegram import Bot
from telegram.error import BadRequest

from adapters.telegram.insisting import insist
from adapters.telegram.polling import ALLOWED
from adapters.telegram.timing import Timing
from bot.errors import UndersignedError
from bot.settings import TelegramSettings

HEADER = "X-Telegram-Bot-Api-Secret-Token"
AT_ONCE = 100
"""Connections that Telegram may open; the most that it allows."""
UNDER_WAY = 10.0
"""Seconds until an update counts as taken although its answer is not finished. One that was not taken comes again."""

Take = Callable[[dict[str, Any]], "asyncio.Task[None] | None"]


def secret_for(token: str) -> str:
    """What Telegram must say with every update. It follows from the token, so all processes know the same."""
    return hmac.digest(token.encode(), b"undersigned webhook", "sha256").hex()


class Webhook:
    """Listens at `telegram.webhook_listen`, and has Telegram post to `telegram.webhook_url`."""

    def __init__(self, bot: Bot, settings: TelegramSettings, take: Take, timing: Timing) -> None:
        self._bot, self._settings, self._take, self._timing = bot, settings, take, timing
        self._secret = secret_for(settings.token)
        app = web.Application()
        app.router.add_post("/{path:.*}", self._receive)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        self._open = True

    async def run(self) -> NoReturn:
        """Listen until cancelled. Raises UndersignedError for a refused token, address or port."""
        await self._listen()
        try:
            await insist(self._subscribe, self._timing)
        except BadRequest as error:
            raise UndersignedError(f"Telegram refuses telegram.webhook_url: {error.message}.") from None
        await asyncio.Event().wait()
        raise AssertionError("nobody sets that event")  # pragma: no cover

    def close(self) -> None:
        """Take no more. Telegram keeps what comes for whoever listens next."""
        self._open = False

    async def end(self, *, done: bool) -> None:  # noqa: ARG002 - what was not answered comes again by itself
        """Stop listening."""
        await self._runner.cleanup()

    async def _subscribe(self) -> None:
        await self._bot.set_webhook(
            self._settings.webhook_url,
            max_connections=AT_ONCE,
            allowed_updates=ALLOWED,
            secret_token=self._secret,
        )

    async def _listen(self) -> None:
        host, _, port = self._settings.webhook_listen.rpartition(":")
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host.strip("[]"), int(port)).start()
        except OSError as error:
            raise UndersignedError(
                f"telegram.webhook_listen: {self._settings.webhook_listen} can't be listened at "
                f"({error.strerror})."
            ) from None

    async def _receive(self, request: web.Request) -> web.Response:
        told = request.headers.get(HEADER, "")
        if not hmac.compare_digest(told.encode(), self._secret.encode()):
            return web.Response(status=403)
        if not self._open:
            return web.Response(status=503)
        try:
            update = json.loads(await request.read())
            number = int(update["update_id"])
        except (ValueError, TypeError, KeyError):
            return web.Response(status=400)
        task = self._take({**update, "update_id": number})
        if task is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(task), UNDER_WAY)
        return web.Response()
