"""What may befall a request on demand: failures before or after the work, rate limits, cut connections."""

import asyncio
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from .calls import Call, Limited, Refused


class Dropped(Exception):  # noqa: N818 - an answer, not a mistake of the server's
    """The connection breaks instead of an answer."""


@dataclass(eq=False, slots=True)
class Fault:
    """What befalls the next `times` calls of an operation (`"*"`: any), or all until `lift()`.

    `after`: Discord does the work first. `gate`: the call waits until `gate.set()`; alone, it then succeeds.
    """

    operation: str
    error: Exception | None = None
    after: bool = False
    times: int | None = 1
    channel: int | None = None
    gate: asyncio.Event | None = None
    suffered: int = 0

    def lift(self) -> None:
        self.times = self.suffered
        if self.gate:
            self.gate.set()

    def take(self, call: Call) -> bool:
        spent = self.times is not None and self.suffered >= self.times
        meant = self.operation in {"*", call.operation} and self.channel in {None, call.channel}
        self.suffered += meant and not spent
        return meant and not spent

    async def befall(self, *, after: bool) -> None:
        if after != self.after:
            return
        if self.gate:
            await self.gate.wait()
        if self.error:
            raise self.error


@dataclass(slots=True)
class Limit:
    """At most `count` calls of an operation in any `per` seconds of real time; `each` channel on its own."""

    count: int
    per: float
    each: bool = True
    _seen: dict[int, deque[float]] = field(default_factory=dict)

    def pass_or_refuse(self, call: Call) -> dict[str, str]:
        """The headers of a call within the limit; Limited otherwise."""
        now, seen = time.monotonic(), self._seen.setdefault(call.channel * self.each, deque())
        while seen and now - seen[0] >= self.per:
            seen.popleft()
        if len(seen) >= self.count:
            raise Limited(self.per - (now - seen[0]), scope="user" if self.each else "global")
        seen.append(now)
        reset = self.per - (now - seen[0])
        return _rate_headers(call.operation, self.count, self.count - len(seen), reset) if self.each else {}


def _rate_headers(bucket: str, count: int, left: int, reset: float) -> dict[str, str]:
    return {
        "X-RateLimit-Bucket": bucket, "X-RateLimit-Limit": str(count), "X-RateLimit-Remaining": str(left),
        "X-RateLimit-Reset-After": f"{reset:.3f}", "X-RateLimit-Reset": f"{time.time() + reset:.3f}",
    }  # fmt: skip


def usual_headers(operation: str) -> dict[str, str]:
    """Room to spare: without such headers the client sends one request at a time."""
    return {
        "X-RateLimit-Bucket": operation, "X-RateLimit-Limit": "50", "X-RateLimit-Remaining": "49",
        "X-RateLimit-Reset-After": "1",
    }  # fmt: skip


class Faults:
    """The faults to come and the limits in force. Operations have the names of Discord's description."""

    def __init__(self, operations: Iterable[str]) -> None:
        self._known = {"*", *operations}
        self._faults: list[Fault] = []
        self._limits: dict[str, Limit] = {}

    def fail(
        self, operation: str, status: int = 500, code: int = 0, message: str = "", *, after: bool = False,
        times: int | None = 1, channel: int | None = None,
    ) -> Fault:  # fmt: skip
        """Answer with an error, 4xx or 5xx; `after` doing the work if so asked."""
        error = Refused(status, code, message or f"{status}: by order of the test")
        return self._add(Fault(operation, error, after, times, channel))

    def rate_limit(
        self, operation: str, retry_after: float = 0.05, *, scope: str = "user", code: int = 0, via: bool = True,
        times: int | None = 1, channel: int | None = None,
    ) -> Fault:  # fmt: skip
        """Answer 429; scope is "user", "shared" or "global"; `code` 30046 for edits of old messages."""
        return self._add(
            Fault(operation, Limited(retry_after, scope=scope, code=code, via=via), False, times, channel)
        )

    def drop(
        self, operation: str, *, after: bool = False, times: int | None = 1, channel: int | None = None
    ) -> Fault:
        """Break the connection instead of answering."""
        return self._add(Fault(operation, Dropped(), after, times, channel))

    def hold(self, operation: str, *, after: bool = False, times: int | None = 1) -> Fault:
        """Let the call wait, before the work or before the answer, until `fault.gate.set()` or `lift()`."""
        return self._add(Fault(operation, None, after, times, None, asyncio.Event()))

    def limit(self, operation: str, count: int, per: float) -> None:
        """A standing rate limit, for each channel; `"*"` limits all that count together, as the global one."""
        assert operation in self._known, operation
        self._limits[operation] = Limit(count, per, each=operation != "*")

    def next(self, call: Call) -> list[Fault]:
        return [fault for fault in self._faults if fault.take(call)]

    def limits(self, call: Call) -> dict[str, str]:
        """The headers of a call that passes every limit; Limited otherwise."""
        headers = usual_headers(call.operation)
        for name in ("*", call.operation):
            if name in self._limits:
                headers |= self._limits[name].pass_or_refuse(call)
        return headers

    def _add(self, fault: Fault) -> Fault:
        assert fault.operation in self._known, fault.operation
        self._faults.append(fault)
        return fault
