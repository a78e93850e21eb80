"""The client before it connects."""

import discord

from adapters.discord.calls import Calls
from adapters.discord.client import Client
from adapters.discord.patience import Patience
from bot.settings import DiscordSettings


async def test_an_operator_is_not_warned_of_what_is_on_purpose(monkeypatch, caplog):
    """No voice, no intents: nothing that anybody should mend."""
    for warned_once in ("warn_nacl", "warn_dave"):
        monkeypatch.setattr(discord.VoiceClient, warned_once, True)
    settings = DiscordSettings(token="a.b.c")
    async with Calls.opened(settings) as calls:
        Client(None, settings, Patience(), calls)
    assert caplog.messages == []
