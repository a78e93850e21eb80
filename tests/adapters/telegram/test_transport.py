"""What is left open by a client that is ended while it begins: nothing."""

import asyncio

import pytest

from adapters.telegram.transport import make_bot
from bot.settings import TelegramSettings

STEPS_OF_BEGINNING = 6
"""More turns of the event loop than opening the connections takes."""


@pytest.mark.parametrize("turns", range(STEPS_OF_BEGINNING))
async def test_a_start_that_is_ended_at_any_moment_leaves_no_session_open(turns):
    bot = make_bot(TelegramSettings(token="123456:" + "a" * 35, api_url="http://127.0.0.1:9"))
    begun = asyncio.create_task(bot.initialize())
    for _ in range(turns):
        await asyncio.sleep(0)
    sessions = [request._session for request in bot._request]
    begun.cancel()
    with pytest.raises(asyncio.CancelledError):
        await begun
    await bot.shutdown()
    sessions += [request._session for request in bot._request]
    assert all(session is None or session.closed for session in sessions)
