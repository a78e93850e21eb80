"""What serving Telegram loads before anybody is answered: members wait for all of it."""

import pytest

from tests.loading import modules

SERVING = """
import asyncio, contextlib
from adapters.telegram import platform
from bot.settings import TelegramSettings

async def serve(settings):
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.2):
            await platform(settings).run(None)

asyncio.run(serve(TelegramSettings(token="123456:x", api_url="http://127.0.0.1:9")))
"""
NOT_YET = {
    "adapters.telegram.checking": "nobody examines anything",
    "adapters.telegram.webhook": "it asks for updates",
    "aiohttp": "it listens nowhere",
    "httpcore": "nothing is uploaded, and there is no proxy",
    "httpx._main": "nobody uses httpx on a command line",
    "rich": "there may be no terminal",
    "telegram.ext": "updates are handled by ourselves",
}


@pytest.fixture(scope="module")
def loaded():
    return modules(SERVING)


@pytest.mark.parametrize("module", NOT_YET)
def test_serving_begins_without_what_it_does_not_need_yet(loaded, module):
    assert "adapters.telegram.serving" in loaded
    assert module not in loaded, f"and yet {NOT_YET[module]}"
