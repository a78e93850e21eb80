"""One REST request: read, routed, refused."""

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from .parts import File


@dataclass(slots=True)
class Call:
    """A request to one operation, named by the `operationId` of Discord's description."""

    operation: str
    params: dict[str, str]
    query: dict[str, str]
    body: Any = None
    files: list[File] = field(default_factory=list)
    status: int = 0  # of the response, once there is one

    def id(self, name: str) -> int:
        value = self.params[name]
        if not value.isdecimal():
            raise Refused(400, 50035, f"{name}: {value!r} is not a snowflake")
        return int(value)

    @property
    def channel(self) -> int:
        return int(self.params.get("channel_id", 0))

    @classmethod
    async def read(cls, operation: str, request: web.Request) -> "Call":
        call = cls(operation, dict(request.match_info), dict(request.query))
        if request.content_type == "multipart/form-data":
            async for part in await request.multipart():
                if part.name == "payload_json":
                    call.body = json.loads(await part.text())
                else:
                    call.files.append(File(part.filename or part.name, bytes(await part.read())))
        elif request.can_read_body:
            call.body = json.loads(await request.read() or b"null")
        return call


class Refused(Exception):  # noqa: N818 - an answer, not a mistake of the server's
    """Answered with this status and Discord's error body."""

    def __init__(self, status: int, code: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.headers = status, code, message, headers or {}

    def json(self) -> dict[str, Any]:
        return {"message": self.message, "code": self.code}


class Malformed(Refused):
    """50035: the body breaks the description or a rule beside it. Recorded as violations."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(400, 50035, "Invalid Form Body\n" + "\n".join(faults))
        self.faults = faults


class Limited(Refused):
    """429, with the headers and the body of the real one; `via=False` is Cloudflare's."""

    def __init__(self, retry_after: float, *, scope: str = "user", code: int = 0, via: bool = True) -> None:
        wait = f"{retry_after:.3f}"
        headers = {"Retry-After": wait, "X-RateLimit-Scope": scope} | ({"Via": "1.1 google"} if via else {})
        headers |= {"X-RateLimit-Global": "true"} if scope == "global" else {
            "X-RateLimit-Limit": "1", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": wait,
            "X-RateLimit-Reset": f"{time.time() + retry_after:.3f}",
        }  # fmt: skip
        super().__init__(429, code, "You are being rate limited.", headers)
        self.retry_after, self.scope = retry_after, scope

    def json(self) -> dict[str, Any]:
        data = {"message": self.message, "retry_after": self.retry_after, "global": self.scope == "global"}
        return data | ({"code": self.code} if self.code else {})


Handler = Callable[[Any, Call], Any]


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    path: str
    operation: str
    handler: Handler
    by_token: bool  # the token in the path is the authority; no header, no shared limit


class Routes(list[Route]):
    """The operations a module serves."""

    def __init__(self, *, by_token: bool = False) -> None:
        super().__init__()
        self._by_token = by_token

    def on(self, method: str, path: str, *operations: str) -> Callable[[Handler], Handler]:
        def add(handler: Handler) -> Handler:
            self.extend(Route(method, path, one, handler, self._by_token) for one in operations)
            return handler

        return add


def demand(faults: Iterable[str]) -> None:
    """Malformed, if a rule finds anything; a body too odd to be looked through is a fault too."""
    try:
        found = list(faults)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        found = [f"{type(error).__name__}: {error}"]
    if found:
        raise Malformed(found)
