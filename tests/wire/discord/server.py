"""The server: REST and gateway of one bot's Discord, on a loopback port."""

import contextlib
import functools
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

import yarl
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route as ClientRoute

from . import interactions, rest
from .calls import Call, Malformed, Refused, Route, demand
from .faults import Dropped, Faults
from .schema import Schema, schema_in
from .waiting import T
from .world import World

SPECS = "UNDERSIGNED_API_SPECS"
# The literal paths first: "pins" is no message's id.
ROUTES = sorted((*rest.ROUTES, *interactions.ROUTES), key=lambda route: route.path.count("{"))


@dataclass(frozen=True, slots=True)
class Violation:
    """A body that the real Discord would not have taken."""

    operation: str
    fault: str

    def __str__(self) -> str:
        return f"{self.operation}: {self.fault}"


def utc_now() -> datetime:
    return datetime.now(UTC)


class DiscordServer(World):
    """Discord for one bot, to be used as `async with DiscordServer() as server:`.

    `strict`: check bodies (against the description too, where the environment names its directory).
    `record`: keep every call in `calls`. Both off for benchmarks. `patience`: real seconds that waits last.
    `check_answers`: check what the server itself says, too.
    """

    def __init__(
        self, *, token: str = "wire.token", clock: Callable[[], datetime] = utc_now, strict: bool = True,
        record: bool = True, patience: float = 10.0, check_answers: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(clock, strict=strict)
        self.token, self.patience, self._record, self._check_answers = token, patience, record, check_answers
        specs = os.environ.get(SPECS) if strict else None
        self.schema: Schema | None = schema_in(specs) if specs else None
        self.violations: list[Violation] = []
        self.refusals: list[tuple[str, int, int]] = []  # operation, status, Discord's code
        self.calls: list[Call] = []
        self.faults = Faults(route.operation for route in ROUTES)
        self._runner: web.AppRunner | None = None
        self._port = 0

    # -- running ------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen; after `stop()` again at the same port."""
        app = web.Application(client_max_size=64 * 1024 * 1024)
        for route in ROUTES:
            serve = functools.partial(self._serve, route)
            app.router.add_route(route.method, "/api/v10" + route.path, serve)
        app.router.add_get("/gateway/", self.gateway.serve)
        app.router.add_get("/cdn/{name:.+}", self._cdn)
        app.router.add_route("*", "/{unknown:.*}", self._unknown)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        await self.gateway.close()
        if self._runner:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def api_url(self) -> str:
        """What `discord.api_url` has to be."""
        return f"{self.url}/api/v10"

    @property
    def gateway_url(self) -> str:
        return f"ws://127.0.0.1:{self._port}/gateway/"

    @property
    def cdn_url(self) -> str:
        return f"{self.url}/cdn"

    @contextlib.contextmanager
    def as_discord(self) -> Iterator[None]:
        """For a bare client: every discord.py client of this process meets this server instead of Discord."""
        before = ClientRoute.BASE, DiscordWebSocket.DEFAULT_GATEWAY
        ClientRoute.BASE, DiscordWebSocket.DEFAULT_GATEWAY = self.api_url, yarl.URL(self.gateway_url)
        try:
            yield
        finally:
            ClientRoute.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before

    # -- waiting ------------------------------------------------------------------------------------

    async def until(self, look: Callable[[], T], what: str = "it", within: float | None = None) -> T:
        """Wait until `look()` is true, looking after every request and gateway event."""
        return await self.changes.until(look, what, self.patience if within is None else within)

    async def identified(self, times: int = 1) -> None:
        await self.until(
            lambda: self.gateway.identified >= times and self.gateway.live, f"{times} × IDENTIFY"
        )

    async def resumed(self, times: int = 1) -> None:
        await self.until(lambda: self.gateway.resumed >= times and self.gateway.live, f"{times} × RESUME")

    async def called(self, operation: str, times: int = 1) -> Call:
        """The `times`-th finished call of an operation, waiting for it if need be."""
        await self.until(lambda: len(self.calls_of(operation)) >= times, f"{times} × {operation}")
        return self.calls_of(operation)[times - 1]

    def calls_of(self, operation: str) -> list[Call]:
        return [call for call in self.calls if call.operation == operation]

    # -- serving ------------------------------------------------------------------------------------

    async def _serve(self, route: Route, request: web.Request) -> web.StreamResponse:
        call = await Call.read(route.operation, request)
        try:
            response = await self._answer(route, call, request)
        except Refused as refusal:
            response = _json(refusal.json(), refusal.status, refusal.headers)
            self.refusals.append((call.operation, refusal.status, refusal.code))
            if isinstance(refusal, Malformed):
                self.violations += [Violation(call.operation, fault) for fault in refusal.faults]
        except Dropped:
            request.transport.abort()
            response = web.Response(status=500)
        call.status = response.status
        if self._record:
            self.calls.append(call)
        self.changes.notify()
        return response

    async def _answer(self, route: Route, call: Call, request: web.Request) -> web.Response:
        faults = self.faults.next(call)
        for fault in faults:
            await fault.befall(after=False)
        headers: dict[str, str] = {}
        if not route.by_token:
            if request.headers.get("Authorization") != f"Bot {self.token}":
                raise Refused(401, 0, "401: Unauthorized")
            headers = self.faults.limits(call)
        if self.schema:
            demand(self.schema.faults(call.operation, call.body))
        payload = route.handler(self, call)
        if self.schema and self._check_answers:
            demand(self.schema.answer_faults(call.operation, payload))
        empty = payload is None
        response = web.Response(status=204, headers=headers) if empty else _json(payload, 200, headers)
        for fault in faults:
            await fault.befall(after=True)
        return response

    async def _cdn(self, request: web.Request) -> web.Response:
        file = self.files.get(request.match_info["name"])
        return web.Response(body=file.data) if file else web.Response(status=404)

    async def _unknown(self, request: web.Request) -> web.Response:
        self.violations.append(Violation("unknown", f"{request.method} {request.path}"))
        return _json({"message": "404: Not Found", "code": 0}, 404)


def _json(payload: Any, status: int, headers: dict[str, str] | None = None) -> web.Response:
    """The client compares the content type to the letter."""
    headers = {"Content-Type": "application/json", **(headers or {})}
    return web.Response(body=json.dumps(payload).encode(), status=status, headers=headers)
