"""Interactions, from the payloads that the local Discord would send."""

from adapters.discord.interaction import Interaction
from tests.wire.discord import DiscordServer
from tests.wire.discord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, SUBMIT

KINDS = {"command": COMMAND, "press": COMPONENT, "type": AUTOCOMPLETE, "submit": SUBMIT}


class Scene:
    """A guild with a channel: nothing goes over a network."""

    def __init__(self):
        self.server = DiscordServer()
        self.guild = self.server.guild("Friends")
        self.channel = self.guild.channel("general")

    def interaction(self, member, kind, data, place=None, source=None, **changes):
        return Interaction(self.event(member, kind, data, place, source) | changes)

    def event(self, member, kind, data, place=None, source=None):
        return member.event(KINDS[kind], place or self.channel, data, source)
