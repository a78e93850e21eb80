import asyncio
from dataclasses import replace

import pytest

from tests.e2e.telegram.house import LIBRARY


@pytest.fixture
async def petition(stored):
    """Open, to be told of at 10 and at 25."""
    return await stored.opened(replace(LIBRARY, goal=100, milestones=(10, 25)))


@pytest.fixture
async def house(petition, house):
    """Serving. That the petition is open has been told, to nobody yet."""
    async with asyncio.timeout(10):
        while not (await house.ports.outbox.fanout(1)).spread:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.02)
    return house
