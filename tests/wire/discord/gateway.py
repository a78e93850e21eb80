"""The gateway: sessions that identify, resume, beat, are dropped and invalidated."""

import asyncio
import contextlib
import json
import zlib
from collections import deque
from typing import TYPE_CHECKING, Any

from aiohttp import WSCloseCode, WSMsgType, web

if TYPE_CHECKING:
    from .server import DiscordServer

DISPATCH, BEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
GUILDS, MESSAGES, DIRECT_MESSAGES = 1 << 0, 1 << 9, 1 << 12
PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15  # members, presences, message content
BAD_TOKEN, DISALLOWED_INTENTS = 4004, 4014
REPLAYED = 1_000  # events kept for a client that resumes


class Wire:
    """One websocket: what is sent keeps its order, compressed if the client asked for it."""

    def __init__(self, ws: web.WebSocketResponse, request: web.Request) -> None:
        self.ws, self._transport = ws, request.transport
        self._zlib = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None
        self._queue: asyncio.Queue[str] = asyncio.Queue()

    def send(self, op: int, data: Any = None) -> None:
        self.send_text(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    def send_text(self, text: str) -> None:
        self._queue.put_nowait(text)

    async def write(self) -> None:
        """Runs beside the reading."""
        with contextlib.suppress(ConnectionError):
            while True:
                text = await self._queue.get()
                if self._zlib is None:
                    await self.ws.send_str(text)
                else:
                    data = self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
                    await self.ws.send_bytes(data)

    def abort(self) -> None:
        """Gone without a closing frame, as when a network fails."""
        if self._transport:
            self._transport.abort()


class Session:
    """What Discord remembers of a client between sockets."""

    def __init__(self, id_: str, intents: int, shard: tuple[int, int]) -> None:
        self.id, self.intents, self.shard = id_, intents, shard
        self.wire: Wire | None = None
        self.seq = 0
        self.sent: deque[tuple[int, str]] = deque(maxlen=REPLAYED)

    def dispatch(self, event: str, encoded: str) -> None:
        self.seq += 1
        text = f'{{"op":0,"t":"{event}","s":{self.seq},"d":{encoded}}}'
        self.sent.append((self.seq, text))
        if self.wire:
            self.wire.send_text(text)

    def serves(self, guild_id: str | None) -> bool:
        """Whether its shard is told of this guild; the first is told of direct messages."""
        number, count = self.shard
        return (int(guild_id) >> 22) % count == number if guild_id else number == 0

    def replay(self, after: int) -> None:
        if self.wire:
            for seq, text in self.sent:
                if seq > after:
                    self.wire.send_text(text)


class Gateway:
    """Every session of the one bot this server knows.

    `identified`, `resumed`, `beats` count what clients did; `sessions` are those that could still resume.
    """

    heartbeat_ms = 41_250

    def __init__(self, server: "DiscordServer") -> None:
        self._server = server
        self.sessions: dict[str, Session] = {}
        self.identified = self.resumed = self.beats = 0
        self.compressed = 0  # sockets that asked for zlib
        self._wires: set[Wire] = set()

    @property
    def live(self) -> list[Session]:
        return [session for session in self.sessions.values() if session.wire]

    def dispatch(self, event: str, data: Any, intent: int = 0) -> None:
        """To the sessions of its shard that asked for this kind; those between sockets get it on resuming."""
        encoded = json.dumps(data)
        guild = data.get("id" if event.startswith("GUILD_") else "guild_id")
        for session in self.sessions.values():
            if session.serves(guild) and (not intent or session.intents & intent):
                session.dispatch(event, encoded)

    def reconnect(self) -> None:
        """Op 7: asks every client to come back and resume."""
        self._send(RECONNECT)

    def invalidate(self, *, resumable: bool = False) -> None:
        """Op 9. Sessions that may not resume are forgotten, with the events they have not seen."""
        self._send(INVALID, resumable)
        if not resumable:
            self.sessions.clear()

    def drop(self) -> None:
        """Break every socket; the sessions can resume."""
        for wire in list(self._wires):
            wire.abort()

    def ask_heartbeat(self) -> None:
        self._send(BEAT)

    async def close(self) -> None:
        for wire in list(self._wires):
            await wire.ws.close(code=WSCloseCode.GOING_AWAY)

    def _send(self, op: int, data: Any = None) -> None:
        for session in self.live:
            session.wire.send(op, data)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(max_msg_size=0, timeout=1.0)
        await ws.prepare(request)
        wire = Wire(ws, request)
        self._wires.add(wire)
        self.compressed += wire._zlib is not None
        writing = asyncio.create_task(wire.write())
        wire.send(HELLO, {"heartbeat_interval": self.heartbeat_ms})
        try:
            async for message in ws:
                if message.type is WSMsgType.TEXT:
                    await self._receive(wire, json.loads(message.data))
        finally:
            writing.cancel()
            self._wires.discard(wire)
            self._left(wire, ws.close_code)
        return ws

    def _left(self, wire: Wire, code: int | None) -> None:
        for session in [s for s in self.sessions.values() if s.wire is wire]:
            session.wire = None
            # Said goodbye: nothing to resume. The client's own close() says 4000, as if it meant to come back.
            if code in {WSCloseCode.OK, WSCloseCode.GOING_AWAY}:
                del self.sessions[session.id]
        self._server.changes.notify()

    async def _receive(self, wire: Wire, packet: dict[str, Any]) -> None:
        op, data = packet["op"], packet.get("d")
        if op == BEAT:
            self.beats += 1
            wire.send(ACK)
        elif op == IDENTIFY:
            await self._identify(wire, data)
        elif op == RESUME:
            self._resume(wire, data)
        self._server.changes.notify()

    async def _identify(self, wire: Wire, data: dict[str, Any]) -> None:
        if data["token"] != self._server.token:
            await wire.ws.close(code=BAD_TOKEN, message=b"Authentication failed.")
        elif data["intents"] & PRIVILEGED:
            await wire.ws.close(code=DISALLOWED_INTENTS, message=b"Disallowed intent(s).")
        else:
            self.identified += 1
            shard = tuple(data.get("shard", (0, 1)))
            session = Session(f"session-{self.identified}", data["intents"], shard)
            session.wire = wire
            self.sessions[session.id] = session
            self._welcome(session)

    def _welcome(self, session: Session) -> None:
        server = self._server
        guilds = [guild for guild in server.guilds if guild.data.joined and session.serves(str(guild.id))]
        ready = {
            "v": 10, "user": server.bot.json(), "session_id": session.id, "resume_gateway_url": server.gateway_url,
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds], "shard": session.shard,
            "application": {"id": str(server.application_id), "flags": 0},
        }  # fmt: skip
        session.dispatch("READY", json.dumps(ready))
        for guild in guilds:
            session.dispatch("GUILD_CREATE", json.dumps(guild.data.json()))

    def _resume(self, wire: Wire, data: dict[str, Any]) -> None:
        session = self.sessions.get(data["session_id"])
        if session is None or data["token"] != self._server.token:
            wire.send(INVALID, False)
            return
        self.resumed += 1
        session.wire = wire
        session.replay(data["seq"])
        session.dispatch("RESUMED", json.dumps({"_trace": []}))
