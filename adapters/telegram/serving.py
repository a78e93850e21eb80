"""Serving Telegram: connect, register the commands, take updates until told to stop, finish what is under way."""

import asyncio
import logging
from typing import TYPE_CHECKING

from adapters.telegram.calls import Calls
from adapters.telegram.handling import Handling
from adapters.telegram.insisting import insist
from adapters.telegram.methods import Methods
from adapters.telegram.moderators import Moderators
from adapters.telegram.moving import Moving
from adapters.telegram.pacer import Pacer
from adapters.telegram.polling import Polling
from adapters.telegram.registering import register
from adapters.telegram.sending import TelegramSender
from adapters.telegram.timing import Timing
from adapters.telegram.translate import PLATFORM
from adapters.telegram.transport import make_bot
from bot.core import Core
from bot.log import LOG
from bot.settings import TelegramSettings

if TYPE_CHECKING:
    from adapters.telegram.webhook import Webhook


async def serve(settings: TelegramSettings, core: Core, timing: Timing) -> None:
    """Serve until cancelled. Raises UndersignedError for what an operator must mend."""
    # Its DEBUG tells the token, and what people wrote.
    logging.getLogger("telegram").setLevel(logging.WARNING)
    bot = make_bot(settings)
    registering: asyncio.Task[None] | None = None
    try:
        await insist(bot.initialize, timing)
        registering = asyncio.create_task(register(bot, core.specs, timing))
        pacer = Pacer(timing.time, timing.sleep)
        moving = Moving(core, bot, pacer)
        calls = Calls(bot, pacer, moving, sleep=timing.sleep)
        handling = Handling(core, calls, Moderators(bot, timing.time), timing)
        async with core.outbox.attached(PLATFORM, TelegramSender(Methods(bot), pacer, moving)):
            await _take_updates(settings, handling, calls, timing)
    finally:
        if registering is not None:
            registering.cancel()
        await bot.shutdown()


async def _take_updates(settings: TelegramSettings, handling: Handling, calls: Calls, timing: Timing) -> None:
    source: Polling | Webhook
    if settings.webhook_url:
        from adapters.telegram import webhook  # noqa: PLC0415  it brings a web server

        source = webhook.Webhook(calls.bot, settings, handling.take, timing)
    else:
        source = Polling(calls.bot, handling.turns, handling.take, timing)
    LOG.info("connected", platform="telegram", bot=calls.bot.username, webhook=bool(settings.webhook_url))
    try:
        await source.run()
    finally:
        source.close()
        done = await handling.turns.finish(timing.farewell)
        await source.end(done=done)
