"""How much one member may ask for, and a whole community: so much that nobody who reads the answers comes near it.

What everybody does is counted here, and parts of what is allowed are noted in the storage as one, so that all
processes count together and answering costs nothing more. What takes long is counted one by one. Organisers are
not limited.

Administrators who act in their group's name share an account with those of all other groups: each group is one member.
What comes while somebody types (suggestions) is counted apart, and simply gets none when it is too much.

Where a community asks for more than it may, nobody is locked out: each of its members may still ask for `FEW` a
minute, which is more than reading and signing takes. A flood can't talk an honest member away.
"""

import logging
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct, field

from bot.inbound import Browse, Command, Press, Submit, Suggest, Typed
from bot.model.account import Account, ActorKind
from bot.roles import Role
from bot.turn import Turn
from bot.words import limits
from bot.words.catalog import Message

MINUTE: Final = timedelta(minutes=1)
PARTS: Final = 6
"""Each sixth of what a member, or a community, may ask for is noted."""
FEW: Final = 20
LETTERS: Final = 5
"""So many times what they may ask for may members type."""
SLOW_MOST: Final = 20
SLOW_WITHIN: Final = timedelta(minutes=10)
log = logging.getLogger(__name__)


class Floods(Struct):
    """Counts what members, and communities, ask this process for, in the minute that runs."""

    _since: datetime | None = None
    _members: dict[Account | str, int] = field(default_factory=dict)
    _typing: dict[Account | str, int] = field(default_factory=dict)
    _communities: dict[str, int] = field(default_factory=dict)
    _until: dict[Account | str, tuple[datetime, Message]] = field(default_factory=dict)
    _full: dict[str, datetime] = field(default_factory=dict)

    async def refuses(self, turn: Turn) -> bool:
        """Count this event; whether it is one too many. That is said where nobody else sees it.

        Once, where it stays; else each time: a platform may show what gets no answer as a failure of ours.
        """
        self._begin(turn.now)
        if isinstance(turn.inbound.event, Suggest | Browse):
            return await self._refuses_typing(turn)
        if not _is_counted(turn):
            return False
        who = _who(turn)
        until, why = self._until.get(who, (turn.now, limits.TOO_MUCH))
        if until > turn.now:
            if not turn.answer.lasting:
                await _tell(turn, why, until)
            return True
        alone, together = await self._member(turn), await self._community(turn)
        refused = alone or together
        if refused is None or await turn.role() is Role.ORGANISER:
            return False
        self._until[who] = refused, limits.TOO_MUCH if alone else limits.CROWD
        await _tell(turn, self._until[who][1], refused)
        return True

    def _begin(self, now: datetime) -> None:
        """Begin another minute when one is over, or the clock was put back."""
        if self._since is not None and self._since <= now < self._since + MINUTE:
            return
        self._since = now
        self._members, self._typing, self._communities = {}, {}, {}
        self._until = {who: each for who, each in self._until.items() if now < each[0] <= now + MINUTE}
        self._full = {whole: until for whole, until in self._full.items() if now < until <= now + MINUTE}

    async def _member(self, turn: Turn) -> datetime | None:
        """Count it for the member: when they may go on, if it is one too many."""
        who = _who(turn)
        count = self._members[who] = self._members.get(who, 0) + 1
        return await self._taken(turn, "anything", who, count, turn.house.member_requests)

    async def _refuses_typing(self, turn: Turn) -> bool:
        """Count a letter; whether there are more of them than anybody types."""
        who, most = _who(turn), LETTERS * turn.house.member_requests
        count = self._typing[who] = self._typing.get(who, 0) + 1
        if not most or count <= most:
            return False
        # What is offered to browse may be kept for everybody, and so gets no answer.
        if isinstance(turn.inbound.event, Suggest):
            await turn.answer.suggest(())
        return True

    async def _community(self, turn: Turn) -> datetime | None:
        """Count it for the whole community: when its members may go on who have asked for more than a few."""
        if not turn.place.shared:
            return None
        whole = _whole(turn)
        count = self._communities[whole] = self._communities.get(whole, 0) + 1
        until = self._full.get(whole)
        if until is None or until <= turn.now:
            until = await self._taken(turn, "crowd", whole, count, turn.house.community_requests)
            if until is None:
                return None
            self._full[whole] = until
            log.warning(
                "A community asks for more than limits.community_requests; its members get less each."
            )
        return until if self._members[_who(turn)] > FEW else None

    async def _taken(
        self, turn: Turn, what: str, who: Account | str, count: int, most: int
    ) -> datetime | None:
        """Whether `count` is more than `most` (0: without end), also with what other processes have noted."""
        part = -(-most // PARTS)
        if not most or self._since is None:
            return None
        if count > most:  # known at once: those that come while the storage is asked do not pass meanwhile
            return self._since + MINUTE
        if count % part:
            return None
        return await turn.ports.limits.take(what, who, most // part, MINUTE)


def _is_counted(turn: Turn) -> bool:
    """What is asked of us: in a group people talk to others."""
    asked = (Command, Press, Submit, Typed) if turn.place.discreet else (Command, Press)
    return isinstance(turn.inbound.event, asked)


def _who(turn: Turn) -> Account | str:
    """Whose share it is. An anonymous administrator's account is that of all anonymous administrators there are."""
    return turn.account if turn.actor.kind is ActorKind.MEMBER else _whole(turn)


def _whole(turn: Turn) -> str:
    return f"{turn.place.platform}:{turn.place.whole}"


async def refuses_slow(turn: Turn, role: Role) -> bool:
    """Count something that takes long, of what this role may do; whether it is one too many."""
    if role is Role.ORGANISER:
        return False
    until = await turn.ports.limits.take("slow", _who(turn), SLOW_MOST, SLOW_WITHIN)
    if until is None:
        return False
    await _tell(turn, limits.TOO_MUCH, until)
    return True


async def _tell(turn: Turn, what: Message, until: datetime) -> None:
    if turn.place.discreet:
        await turn.say(what, again=until)
