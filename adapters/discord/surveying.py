"""Looking at the channels that follow a petition: whether the bot may still do there what it is for."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from adapters.discord.calls import Answer, Calls
from adapters.discord.permissions import permissions
from bot.model.account import Place
from bot.ports import Finding, Level

MOST = 100
"""Channels that are looked at, a request each."""
POST, POST_IN_THREAD = ("Send Messages", 1 << 11), ("Send Messages in Threads", 1 << 38)
NEEDED = (("View Channel", 1 << 10), ("Attach Files", 1 << 15), ("Read Message History", 1 << 16))
PIN = ("Pin Messages", 1 << 51)
"""Needed only where the board is to be pinned."""
LATER = "Try again in a few minutes"
THREADS = frozenset({10, 11, 12})
"""Discord's types of channels that have their permissions from the one that they hang on."""

Json = dict[str, Any]


class Survey:
    """Asks Discord of channels and of the servers that they are in, of each server once."""

    def __init__(self, calls: Calls, me: str) -> None:
        self._calls, self._me = calls, me
        self._guilds: dict[str, tuple[Json, Json] | None] = {}

    async def look(self, places: Sequence[Place], pinned: Collection[Place]) -> list[Finding]:
        """What is wrong in these places, or that all is well; in `pinned` ones the board is to be pinned."""
        looked_at = places[:MOST]
        try:
            findings = [one for place in looked_at for one in await self._place(place, pin=place in pinned)]
        except ConnectionError:
            return [
                Finding(Level.WARNING, "Discord: the channels that follow can't be looked at now.", LATER)
            ]
        if looked_at and not findings:
            findings = [Finding(Level.OK, "Discord: the bot may post in every channel that follows.")]
        if len(places) > MOST:
            more = f"Discord: {MOST} of {len(places)} channels that follow were looked at."
            findings.append(Finding(Level.OK, more))
        return findings

    async def _place(self, place: Place, *, pin: bool) -> list[Finding]:
        name = f"#{place.name or place.place_id}"
        channel = await self._get(f"channels/{place.place_id}")
        if channel is None:
            return [_unreachable(name)]
        thread = channel.get("type") in THREADS
        if thread and (channel := await self._get(f"channels/{channel['parent_id']}")) is None:
            return [_unreachable(name)]
        guild_id = channel.get("guild_id")
        found = await self._guild(guild_id) if guild_id else None
        if found is None:
            return [_unreachable(name)]
        needed = (*NEEDED, POST_IN_THREAD if thread else POST, *([PIN] if pin else []))
        return list(_lacking(name, permissions(*found, channel), needed))

    async def _guild(self, guild_id: str) -> tuple[Json, Json] | None:
        if guild_id not in self._guilds:
            guild = await self._get(f"guilds/{guild_id}")
            member = await self._get(f"guilds/{guild_id}/members/{self._me}")
            self._guilds[guild_id] = (guild, member) if guild and member else None
        return self._guilds[guild_id]

    async def _get(self, path: str) -> Json | None:
        """What stands there; None where we have no access. Raises ConnectionError if Discord does not tell."""
        answer = await self._calls.make("GET", path)
        if isinstance(answer, Answer) and answer.good and isinstance(answer.data, dict):
            return answer.data
        if isinstance(answer, Answer) and answer.status in {403, 404}:
            return None
        raise ConnectionError(path)


def _lacking(name: str, granted: int, needed: Sequence[tuple[str, int]]) -> Iterator[Finding]:
    if missing := [title for title, bit in needed if not granted & bit]:
        yield Finding(
            Level.WARNING,
            f"Discord: in {name} the bot lacks: {', '.join(missing)}.",
            "A moderator of that server gives it in the channel's settings, under Permissions",
        )


def _unreachable(name: str) -> Finding:
    return Finding(
        Level.WARNING,
        f"Discord: {name} follows a petition, and the bot can't get there.",
        "Ask its moderators whether the channel is still there, and add the bot again by the link below",
    )
