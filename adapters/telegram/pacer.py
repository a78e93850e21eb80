"""When the next call to a chat may go, so that Telegram need not refuse it.

Replies are limited per chat alone; announcements, the only traffic that is a broadcast, also all together, and they
never go before a reply that waits for the same chat. What Telegram refuses all the same pauses that chat; if it
refuses announcements in two chats at a time that had been left in peace, it means all of them.

Limits: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

import asyncio
import math
import time
from collections import OrderedDict

from msgspec import Struct

from adapters.telegram.timing import Sleep, Time

MOMENT = 1e-6
"""Seconds that nobody needs to wait: no clock is finer, and sums of fractions are not."""
REMEMBERED = 10_000
"""Chats that are kept in mind; a chat that has rested is as good as one never heard of."""


class Line(Struct):
    """One call in `every` seconds on average, and `burst` of them at once after a rest."""

    every: float
    burst: int
    due: float = 0.0
    paused_until: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until the next call may go, after all those that have taken their place."""
        wait = max(self.due - (self.burst - 1) * self.every, self.paused_until) - now
        return wait if wait > MOMENT else 0.0

    def take(self, now: float) -> float:
        """Take the next place; the seconds until it comes."""
        wait = self.wait(now)
        self.due = max(self.due, now + wait) + self.every
        return wait

    def rested(self, now: float) -> bool:
        """Whether there were no calls lately, or one at most."""
        return self.due - now <= self.every

    def pause(self, until: float) -> None:
        """Let nothing go before that instant."""
        self.paused_until = max(self.paused_until, until)


def line_for(chat: int) -> Line:
    """Telegram's limit for a chat: people have positive numbers; where many are, 20 in any one minute."""
    return Line(every=1.0, burst=6) if chat > 0 else Line(every=4.0, burst=5)


class Pacer:
    """Gives calls their turn. One for a bot; time and sleep can be given in tests."""

    def __init__(
        self, time: Time = time.monotonic, sleep: Sleep = asyncio.sleep, broadcast: float = 30
    ) -> None:
        """`broadcast`: announcements a second, over all chats."""
        self._time = time
        self._sleep = sleep
        self._lines: OrderedDict[int, Line] = OrderedDict()
        self._all = Line(every=1 / broadcast, burst=1)
        self._gate = asyncio.Lock()
        self._refused: dict[int, float] = {}

    async def reply(self, chat: int, patience: float | None = None) -> bool:
        """Wait for a reply's turn; False at once if that takes longer than `patience` seconds."""
        line = self._line(chat)
        if patience is not None and line.wait(self._time()) > patience:
            return False
        wait = line.take(self._time())
        while wait > MOMENT:
            await self._sleep(wait)
            wait = line.paused_until - self._time()
        return True

    async def announce(self, chat: int, patience: float = math.inf) -> float:
        """Wait for an announcement's turn: 0.0 when it is there.

        Where that takes longer than `patience` seconds, how many it would take, at once.
        """
        line = self._line(chat)
        wait = await self._free(line, patience)
        if wait:
            return wait
        async with self._gate:  # in order, and only the first one looks at the clock
            if wait := await self._free(self._all, patience):
                return wait
            self._all.take(self._time())
        if wait := await self._free(line, patience):  # a reply may have gone before
            return wait
        line.take(self._time())
        return 0.0

    def paused(self) -> bool:
        """Whether Telegram takes no announcements at all for now."""
        return self._all.paused_until - self._time() > MOMENT

    def refused(self, chat: int, seconds: float, *, announcement: bool = False) -> None:
        """Telegram said that this chat must wait so long."""
        now = self._time()
        line = self._line(chat)
        line.pause(now + seconds)
        if announcement and line.rested(now):  # else it was that chat's own limit
            self._refused = {other: until for other, until in self._refused.items() if until > now}
            self._refused[chat] = now + seconds
            if len(self._refused) > 1:
                self._all.pause(now + seconds)

    async def _free(self, line: Line, patience: float) -> float:
        """Wait until the next place is there; if that takes too long, the seconds until then."""
        while (wait := line.wait(self._time())) > 0:
            if wait > patience:
                return wait
            await self._sleep(wait)
        return 0.0

    def _line(self, chat: int) -> Line:
        line = self._lines.setdefault(chat, line_for(chat))
        self._lines.move_to_end(chat)
        now = self._time()
        while len(self._lines) > REMEMBERED and self._rested(next(iter(self._lines.values())), now):
            self._lines.popitem(last=False)
        return line

    @staticmethod
    def _rested(line: Line, now: float) -> bool:
        return line.due <= now and line.paused_until <= now
