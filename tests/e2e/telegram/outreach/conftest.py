from dataclasses import replace

import pytest

from tests.e2e.telegram.house import LIBRARY
from tests.e2e.telegram.outreach.scene import over


@pytest.fixture
async def petition(stored):
    """Open, to be told of at 10 and at 25."""
    return await stored.opened(replace(LIBRARY, goal=100, milestones=(10, 25)))


@pytest.fixture
async def house(petition, house):
    """Serving. That the petition is open has been told, to nobody yet."""
    await over(house, 1)
    return house
