"""What can go wrong on the way, on demand."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from .call import Call
from .world import Refusal

_WORDS = {
    400: "Bad Request: something is wrong",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    429: "Too Many Requests: retry after {}",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


class Dropped(Exception):  # noqa: N818 - an event, not a defect
    """The connection closes without an answer."""


@dataclass(eq=False)
class Fault:
    """Strikes the calls it matches, `times` times (None: until `stop()`)."""

    method: str | None = None  # None: every method
    status: int | None = None  # None: the connection is dropped
    description: str = ""
    chat_id: int | None = None
    after: bool = False  # the work is done, only the answer is lost
    times: int | None = 1
    only: Callable[[Call], bool] = lambda _: True
    parameters: dict[str, int] = field(default_factory=dict)
    hits: list[Call] = field(default_factory=list)

    def strikes(self, call: Call) -> bool:
        if self.method and self.method.lower() != call.method.lower():
            return False
        if self.chat_id is not None and call.chat_id != str(self.chat_id):
            return False
        return (self.times is None or len(self.hits) < self.times) and self.only(call)

    def stop(self) -> None:
        self.times = 0

    def error(self) -> Exception:
        if self.status is None:
            return Dropped()
        words = self.description or _WORDS.get(self.status, "Error")
        return Refusal(self.status, words.format(self.parameters.get("retry_after")), **self.parameters)


@dataclass(eq=False)
class Gate:
    """Holds the calls it matches until it is opened: to look at what happens meanwhile."""

    method: str
    chat_id: int | None = None
    after: bool = False  # the work is done, only the answer waits
    times: int | None = None  # None: all of them
    held: list[Call] = field(default_factory=list)
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _opened: asyncio.Event = field(default_factory=asyncio.Event)

    def stops(self, call: Call) -> bool:
        here = self.chat_id is None or call.chat_id == str(self.chat_id)
        room = self.times is None or len(self.held) < self.times
        return here and room and self.method.lower() == call.method.lower() and not self._opened.is_set()

    async def wait(self, call: Call) -> None:
        self.held.append(call)
        self._arrived.set()
        await self._opened.wait()

    async def reached(self, within: float = 5) -> Call:
        """The first call that was stopped here. Raises TimeoutError if none comes."""
        async with asyncio.timeout(within):
            await self._arrived.wait()
        return self.held[0]

    def open(self) -> None:
        self._opened.set()
