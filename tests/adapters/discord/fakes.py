"""discord.py's own interactions, from the payloads that the local Discord would send."""

import discord

from adapters.discord.client import Client
from adapters.discord.patience import Patience
from bot.settings import DiscordSettings
from tests.wire.discord import DiscordServer
from tests.wire.discord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, SUBMIT

KINDS = {"command": COMMAND, "press": COMPONENT, "type": AUTOCOMPLETE, "submit": SUBMIT}


class Scene:
    """A guild with a channel, told of by an unconnected client: nothing goes over a network."""

    def __init__(self):
        self.server = DiscordServer()
        self.guild = self.server.guild("Friends")
        self.channel = self.guild.channel("general")
        self.client = Client(None, DiscordSettings(), Patience(), None)
        state = self.client._connection
        state.user = discord.ClientUser(state=state, data=self.server.bot.json())

    def interaction(self, member, kind, data, place=None, source=None, **changes):
        place = place or self.channel
        event = member.event(KINDS[kind], place, data, source) | changes
        return discord.Interaction(data=event, state=self.client._connection)
