"""How much one member may ask for: so much that nobody who reads the answers comes near it.

What everybody does is counted here and noted in the storage by twenties, so that all processes count together and
answering costs nothing more. What takes long is counted one by one. Organisers are not limited.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.inbound import Command, Press, Submit, Typed
from bot.model.account import Account, ActorKind
from bot.roles import Role
from bot.turn import Turn
from bot.words import limits

MOST: Final = 120
MINUTE: Final = timedelta(minutes=1)
NOTED: Final = 20
SLOW_MOST: Final = 20
SLOW_WITHIN: Final = timedelta(minutes=10)


@dataclass(slots=True)
class Floods:
    """Counts what members ask this process for, in the minute that runs."""

    _since: datetime | None = None
    _counts: dict[Account, int] = field(default_factory=dict)
    _until: dict[Account, datetime] = field(default_factory=dict)

    async def refuses(self, turn: Turn) -> bool:
        """Count this event; whether it is one too many. That is said where nobody else sees it.

        Once, where it stays; else each time: a platform may show what gets no answer as a failure of ours.
        """
        if not _is_counted(turn):
            return False
        until = self._until.get(turn.account)
        if until is not None and until > turn.now:
            if not turn.answer.lasting:
                await _tell(turn, until)
            return True
        until = await self._count(turn)
        if until is None or await turn.role() is Role.ORGANISER:
            return False
        self._until[turn.account] = until
        await _tell(turn, until)
        return True

    async def _count(self, turn: Turn) -> datetime | None:
        if self._since is None or turn.now - self._since >= MINUTE:
            self._since = turn.now
            self._counts.clear()
            self._until = {who: until for who, until in self._until.items() if until > turn.now}
        count = self._counts[turn.account] = self._counts.get(turn.account, 0) + 1
        if count > MOST:  # known at once: those that come while the storage is asked do not pass meanwhile
            return self._since + MINUTE
        if count % NOTED:
            return None
        return await turn.ports.limits.take("anything", turn.account, MOST, MINUTE, times=NOTED)


def _is_counted(turn: Turn) -> bool:
    """What a member asks of us. While they type every letter may be an event; in a group they talk to others.

    An anonymous administrator's account is that of all anonymous administrators there are.
    """
    asked = (Command, Press, Submit, Typed) if turn.place.discreet else (Command, Press)
    return isinstance(turn.inbound.event, asked) and turn.actor.kind is ActorKind.MEMBER


async def refuses_slow(turn: Turn, role: Role) -> bool:
    """Count something that takes long, of what this role may do; whether it is one too many."""
    if role is Role.ORGANISER or turn.actor.kind is not ActorKind.MEMBER:
        return False
    until = await turn.ports.limits.take("slow", turn.account, SLOW_MOST, SLOW_WITHIN)
    if until is None:
        return False
    await _tell(turn, until)
    return True


async def _tell(turn: Turn, until: datetime) -> None:
    if turn.place.discreet:
        await turn.say(limits.TOO_MUCH, again=until)
