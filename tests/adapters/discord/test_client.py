"""The client before it connects."""

from types import SimpleNamespace

import discord
import pytest
from discord.shard import Shard

from adapters.discord.calls import Calls
from adapters.discord.client import Client
from adapters.discord.patience import Patience
from bot.settings import DiscordSettings
from tests.logs import capture_logs

SETTINGS = DiscordSettings(token="a.b.c")


async def test_an_operator_is_not_warned_of_what_is_on_purpose(monkeypatch, caplog):
    """No voice, no intents: nothing that anybody should mend."""
    for warned_once in ("warn_nacl", "warn_dave"):
        monkeypatch.setattr(discord.VoiceClient, warned_once, True)
    async with Calls.opened(SETTINGS) as calls:
        Client(None, SETTINGS, Patience(), calls)
    assert caplog.messages == []


async def test_after_a_long_outage_the_next_try_to_connect_is_near():
    async with Calls.opened(SETTINGS) as calls:
        client = Client(None, SETTINGS, Patience(), calls)
        client._reconnect = True  # as `connect` has it
        shard = client._AutoShardedClient__shards[0] = Shard(
            SimpleNamespace(shard_id=0), client, lambda _: None
        )
        await client.on_shard_connect(0)
        await client.on_shard_connect(1)
    assert 1 < max(shard._backoff.delay() for _ in range(100)) <= 16


@pytest.mark.parametrize("sent", [{}, {"id": "1"}, {"id": "1", "type": "secret name"}, None])
async def test_an_interaction_that_can_not_be_read_ends_no_connection(sent):
    async with Calls.opened(SETTINGS) as calls:
        client = Client(None, SETTINGS, Patience(), calls)
        with capture_logs() as log:
            client._connection.parsers["INTERACTION_CREATE"](sent)
    assert [entry["event"] for entry in log] == ["incident"]
    assert "secret" not in str(log)
