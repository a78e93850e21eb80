import pytest
from msgspec.structs import replace

from tests.e2e.telegram.house import LIBRARY, Undersigned
from tests.e2e.telegram.outreach.scene import account, board_of, following, over


@pytest.fixture
def olga(server):
    """The organiser."""
    return server.member("Olga")


@pytest.fixture
def mo(server):
    """The moderator of the first town."""
    return server.member("Mo")


@pytest.fixture
async def stored(server, tmp_path, olga):
    async with Undersigned(server, tmp_path, admins=frozenset({account(olga)})).stored() as undersigned:
        yield undersigned


@pytest.fixture
async def petition(stored):
    """Open, to be told of at 10 and at 25."""
    return await stored.opened(replace(LIBRARY, goal=100, milestones=(10, 25)))


@pytest.fixture
async def house(petition, house):
    """Serving. That the petition is open has been told, to nobody yet."""
    await over(house, 1)
    return house


@pytest.fixture
async def towns(stored, petition, server, mo):
    """Four communities that follow, of all the kinds that there are."""
    chats = [server.group("Friends", supergroup=True), server.group("Neighbours")]
    chats += [server.group("Readers", supergroup=True), server.channel("News")]
    await chats[0].promote(mo)
    for chat in chats:
        await following(stored, petition, chat)
    return chats


@pytest.fixture
async def serving(towns, house, server):
    """The same, each with its board."""
    for chat in towns:
        await board_of(chat)
    await server.idle()
    return house
