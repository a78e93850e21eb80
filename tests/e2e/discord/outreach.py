"""Communities of one town that follow a petition, and what becomes of them on Discord."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import discord
from msgspec.structs import replace

from bot.model.account import Place, PlaceKind
from bot.model.community import DeliveryState, Follow, Wishes
from bot.model.petition import Petition
from bot.outbox.schedule import wakes
from tests.e2e.discord.conftest import MODERATOR
from tests.e2e.discord.house import LIBRARY, Undersigned, read
from tests.wire.discord import USUAL_PERMISSIONS, Channel, DiscordServer, GuildHandle, Member, Message

PINNING = discord.Permissions(USUAL_PERMISSIONS.value | discord.Permissions(pin_messages=True).value)
PICTURE = 12


@dataclass
class Town:
    """One server with one channel and its moderator."""

    server: DiscordServer
    guild: GuildHandle
    channel: Channel
    moderator: Member

    @classmethod
    def founded(cls, server: DiscordServer, name: str, *, locale: str = "en-US") -> "Town":
        guild = server.guild(name, permissions=PINNING, locale=locale)
        channel = guild.channel(f"{name.lower()}-news")
        return cls(server, guild, channel, guild.member(f"Mo of {name}", permissions=MODERATOR))

    @property
    def place(self) -> Place:
        return Place("discord", str(self.channel.id), PlaceKind.GROUP, self.channel.name)

    @property
    def messages(self) -> list[Message]:
        """What all in the channel see."""
        return self.server.messages(self.channel)

    def saying(self, text: str) -> list[Message]:
        return [message for message in self.messages if text in said(message)]

    async def told(self, text: str, *, within: float = 15) -> Message:
        """Wait for a message in the channel that says so."""
        return (await self.server.until(lambda: self.saying(text), f"{text!r} in {self.guild.name}", within))[
            0
        ]

    async def follow(self, within: float = 10) -> Message:
        """`/follow`; the board that appears."""
        before = set(map(id, self.messages))
        await self.moderator.command(self.channel, "follow")
        return await self.server.until(
            lambda: next((each for each in self.messages if id(each) not in before), None),
            "the board",
            within,
        )


def said(message: Message) -> str:
    """Its text, without the marks that keep it plain."""
    return read(message)


def pictured(message: Message) -> bool:
    """Whether it shows a picture, said in words too."""
    parts = message.data["components"][0]["components"]
    shown = [item for part in parts if part["type"] == PICTURE for item in part["items"]]
    return bool(message.files) and all(item["description"] for item in shown) and bool(shown)


async def opened(undersigned: Undersigned, **content) -> Petition:
    """An open petition, whose opening has been told to all who follow so far: to nobody."""
    petition = await undersigned.opened(replace(LIBRARY, **content))
    while await undersigned.ports.outbox.spread(wakes):
        pass
    return petition


async def following(undersigned: Undersigned, petition: Petition, town: Town, **wishes) -> Follow:
    """A community that follows; its board comes in a moment."""
    return await undersigned.ports.follows.follow(town.place, petition.id, "en", Wishes(**wishes))


def later(undersigned: Undersigned, **passed) -> None:
    """Let time pass, for the core."""
    undersigned.ahead += timedelta(**passed)
    undersigned.core.outbox.ring()


async def in_time(undersigned: Undersigned, look):
    """Let minutes pass until `look()` is true."""
    for _ in range(40):
        later(undersigned, minutes=1)
        with suppress(AssertionError):
            return await undersigned.server.until(look, within=0.4)
    raise AssertionError("an hour has passed in vain")


async def over(undersigned: Undersigned, announcement: int, *, within: float = 30):
    """Wait until nothing of an announcement is on its way any more; how many are in which state."""
    async with asyncio.timeout(within):
        while True:
            fanout = await undersigned.ports.outbox.fanout(announcement)
            if fanout.spread and not fanout.waiting:
                return dict(fanout.counts)
            await asyncio.sleep(0.1)


SENT, FAILED, UNKNOWN = DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNKNOWN
