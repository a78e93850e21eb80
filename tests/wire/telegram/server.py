"""The server: its socket, its checks, and trouble on demand."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any, Literal, Self

from aiohttp import web

from . import chats, messages, queries, settings
from .call import Call
from .content import BadContent
from .faults import Dropped, Fault, Gate
from .spec import Spec
from .state import State
from .world import Chat, Json, Refusal, User, bad


def _is_method(name: str, function: Any) -> bool:
    code = getattr(function, "__code__", None)
    return code is not None and code.co_varnames[:2] == ("server", "call") and name[0] != "_"


METHODS: dict[str, Callable[[State, Call], Any]] = {
    name.replace("_", ""): function
    for module in (chats, messages, queries, settings)
    for name, function in vars(module).items()
    if _is_method(name, function)
}
FROM_ENVIRONMENT: Literal["environment"] = "environment"


class TelegramServer(State):
    """One bot's Bot API and the Telegram around it. Use as an async context manager, or start() and stop().

    `specs`: what calls are checked against; None switches the checks off (for benchmarks).
    `privacy`: BotFather's group privacy. `clock`: seconds since 1970, for dates and expiries.
    """

    def __init__(
        self,
        *,
        token: str = "123456:test-token-of-the-wire-server",
        username: str = "undersigned_bot",
        privacy: bool = True,
        specs: Spec | Literal["environment"] | None = FROM_ENVIRONMENT,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.token = token
        self.spec = Spec.from_environment() if specs == FROM_ENVIRONMENT else specs
        bot = User(int(token.partition(":")[0]), "Undersigned", username=username, is_bot=True)
        super().__init__(bot, privacy=privacy, clock=clock)
        self.violations: list[str] = []
        self.faults: list[Fault] = []
        self.gates: list[Gate] = []
        self.port = 0
        self._runner: web.AppRunner | None = None

    # The socket

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=64 << 20)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_get("/file/bot{token}/{path:.*}", self._download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port or self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close everything; what the world holds stays, and start() opens the same port again."""
        for gate in self.gates:
            gate.open()
        await self.updates.close()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def _serve(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != self.token:
            return _json(Refusal(401, "Unauthorized"))
        call = await Call.read(request, self.clock())
        self.calls.append(call)
        self.in_flight.add(call)
        try:
            answer = await self._answer(call)
        except Refusal as refusal:
            answer = _json(refusal)
        except Dropped:
            if request.transport:
                request.transport.abort()
            return web.Response()
        finally:
            self.in_flight.discard(call)
            self.changes.notify()
        call.status = answer.status
        return answer

    async def _answer(self, call: Call) -> web.Response:
        await self._held(call, after=False)
        fault = next((each for each in self.faults if each.strikes(call)), None)
        if fault:
            fault.hits.append(call)
            if not fault.after:
                raise fault.error()
        self._check(call)
        try:
            result = METHODS[call.method.lower()](self, call)
            result = await result if asyncio.iscoroutine(result) else result
        except BadContent as wrong:
            raise bad(str(wrong)) from None
        await self._held(call, after=True)
        if fault:
            raise fault.error()
        call.answer = {"ok": True, "result": result}
        return web.Response(text=json.dumps(call.answer), content_type="application/json")

    async def _held(self, call: Call, *, after: bool) -> None:
        for gate in self.gates:
            if gate.after == after and gate.stops(call):
                await gate.wait(call)

    def _check(self, call: Call) -> None:
        problems = self.spec.check(call.method, call.params, call.uploads) if self.spec else []
        known = call.method.lower() in METHODS
        if not known and not problems:
            problems = [f"{call.method}: this server does not do that (yet)"]
        self.violations += problems
        if problems:
            raise bad(problems[0]) if known else Refusal(404, f"Not Found: {problems[0]}")

    async def _download(self, request: web.Request) -> web.Response:
        file = self.files.get(request.match_info["path"].split("/")[-1])
        if request.match_info["token"] != self.token or not file:
            raise web.HTTPNotFound
        return web.Response(body=file.data, content_type="application/octet-stream")

    # Trouble on demand

    def fail(self, method: str | None, status: int, description: str = "", **how: Any) -> Fault:
        """Refuse the next call of `method` (None: of any). `how`: chat, times, after, only, retry_after,
        migrate_to_chat_id. A description is sent whole, "Bad Request: " included."""
        chat = how.pop("chat", None)
        names = ("retry_after", "migrate_to_chat_id")
        parameters = {name: how.pop(name) for name in names if name in how}
        if status == 429:
            parameters.setdefault("retry_after", 1)
        return self._strike(
            Fault(method, status, description, chat and chat.id, parameters=parameters, **how)
        )

    def drop(self, method: str | None, *, chat: Chat | None = None, **how: Any) -> Fault:
        """Close the connection of the next call of `method` without an answer. `how`: times, after, only."""
        return self._strike(Fault(method, chat_id=chat and chat.id, **how))

    def _strike(self, fault: Fault) -> Fault:
        self.faults.append(fault)
        return fault

    def hold(
        self, method: str, *, chat: Chat | None = None, after: bool = False, times: int | None = None
    ) -> Gate:
        """Let no call of `method` in (with `after`: no answer out) until the gate is opened; `times` at most."""
        self.gates.append(Gate(method, chat and chat.id, after, times))
        return self.gates[-1]


def _json(refusal: Refusal) -> web.Response:
    body: Json = {"ok": False, "error_code": refusal.status, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return web.json_response(body, status=refusal.status)
