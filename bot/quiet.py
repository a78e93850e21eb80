"""Where all see every answer, the same is not said over and over, however many ask."""

from datetime import timedelta
from typing import Final

from bot.turn import Turn

QUIET_FOR: Final = timedelta(minutes=10)


async def said_lately(turn: Turn, what: str) -> bool:
    """Whether this was said here so lately that it is not said again; if not, it counts as said now.

    What one person alone sees, and what a moderator asks for, is always said.
    """
    if turn.place.discreet or turn.actor.moderates:
        return False
    community = await turn.ports.communities.ensure(turn.place)
    return await turn.ports.limits.take(f"say {what}", community, 1, QUIET_FOR) is not None
