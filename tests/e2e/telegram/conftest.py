import io
import logging

import pytest

from tests.e2e.telegram.house import Undersigned
from tests.wire.telegram import TelegramServer


@pytest.fixture
def logged(monkeypatch):
    """All that what speaks to Telegram logs, down to the least of it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    loggers = [logging.getLogger(name) for name in ("aiohttp", "asyncio", "httpcore", "httpx", "telegram")]
    for logger in loggers:
        monkeypatch.setattr(logger, "level", logging.DEBUG)
        logger.addHandler(handler)
    yield written
    for logger in loggers:
        logger.removeHandler(handler)


@pytest.fixture
async def server(logged, capsys):
    async with TelegramServer() as server:
        yield server
        assert server.violations == []
        assert server.token not in logged.getvalue() + "".join(capsys.readouterr())


@pytest.fixture
async def stored(server, tmp_path):
    async with Undersigned(server, tmp_path).stored() as undersigned:
        yield undersigned


@pytest.fixture
async def house(stored, server):
    """Undersigned, serving, with nothing to sign yet. In the end no button spins."""
    async with stored.served():
        yield stored
        await server.idle()
        assert server.unanswered == []
        assert [press for press in server.presses.values() if len(press.answers) != 1] == []


@pytest.fixture
async def library(house):
    """An open petition."""
    return await house.opened()


@pytest.fixture
async def ana(server):
    return server.member("Ana", "López", language="en")


@pytest.fixture
async def group(server, ana):
    return server.group("Friends of the library", supergroup=True, members=(ana,))
