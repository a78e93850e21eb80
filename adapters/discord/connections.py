"""Small requests over connections that are kept open: of HTTP/1.1 what Discord's REST needs, and no more.

aiohttp's client takes a quarter of a signing's time for its two requests; this takes a fourth of that. It follows no
redirect, keeps no cookie, unpacks nothing, and uploads nothing: whoever needs that has aiohttp.
"""

import asyncio
import re
import socket
import ssl
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import aiohappyeyeballs
import httptools
import yarl

CONNECTING: Final = 5.0
"""Seconds for a connection to stand, with its encryption."""
ANSWERING: Final = 14.0
"""Seconds for an answer to be there."""
KEPT: Final = 15.0
"""Seconds that a connection is kept for the next request."""
_NEXT_ADDRESS: Final = 0.25
"""Seconds after which another address of the host is tried too (RFC 8305)."""
_INTERIM: Final = range(100, 200)
_UNSENDABLE: Final = re.compile(r"[^!-~]")


class NotSentError(ConnectionError):
    """There was no connection: the request never left."""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer; the names of its headers in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Connections:
    """The connections to one address, as many as there are requests at a time."""

    def __init__(self, url: str, headers: Mapping[str, str], tls: ssl.SSLContext | None = None) -> None:
        """`tls`: whom to trust, instead of whom the system trusts."""
        self._url, self._tls = yarl.URL(url), tls
        self._path = self._url.raw_path.rstrip("/")
        named = {"Host": self._url.host_port_subcomponent, **headers}
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        self._idle: deque[tuple[float, _Connection]] = deque()
        self._tidying: asyncio.TimerHandle | None = None

    async def request(self, method: str, path: str, json: bytes | None = None) -> Response:
        """Make a request. Raises NotSentError, ConnectionError, TimeoutError, or ValueError for a path that is none."""
        if _UNSENDABLE.search(path):
            raise ValueError("a path has a character that no path has")
        kind = "" if json is None else "Content-Type: application/json\r\n"
        content = json or b""
        head = f"{method} {self._path}/{path} HTTP/1.1\r\n{self._headers}{kind}Content-Length: {len(content)}\r\n\r\n"
        connection = self._taken() or await self._connected()
        response = await connection.ask(head.encode() + content)
        if connection.reusable:
            self._keep(connection)
        else:
            connection.close()
        return response

    def close(self) -> None:
        """Close what is kept."""
        if self._tidying is not None:
            self._tidying.cancel()
        for _, connection in self._idle:
            connection.close()
        self._idle.clear()

    def _taken(self) -> "_Connection | None":
        while self._idle:
            _, connection = self._idle.pop()
            if connection.reusable:
                return connection
        return None

    def _keep(self, connection: "_Connection") -> None:
        loop = asyncio.get_running_loop()
        self._idle.append((loop.time(), connection))
        if self._tidying is None:
            self._tidying = loop.call_later(KEPT, self._tidy)

    def _tidy(self) -> None:
        """Close what has not been used for a while."""
        loop = asyncio.get_running_loop()
        while self._idle and self._idle[0][0] <= loop.time() - KEPT:
            self._idle.popleft()[1].close()
        self._tidying = loop.call_at(self._idle[0][0] + KEPT, self._tidy) if self._idle else None

    async def _connected(self) -> "_Connection":
        try:
            async with asyncio.timeout(CONNECTING):
                return await self._connect()
        except OSError as error:  # TimeoutError and what encryption raises are among them
            raise NotSentError(type(error).__name__) from None

    async def _connect(self) -> "_Connection":
        host, port = self._url.host or "", self._url.port or 0
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        connected = await aiohappyeyeballs.start_connection(found, happy_eyeballs_delay=_NEXT_ADDRESS)
        tls, named = (self._trusted, host) if self._url.scheme == "https" else (None, None)
        made = await loop.create_connection(_Connection, sock=connected, ssl=tls, server_hostname=named)
        return made[1]

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        context = self._tls or ssl.create_default_context()
        context.set_alpn_protocols(["http/1.1"])
        return context


class _Connection(asyncio.Protocol):
    """One connection, and the one request that is under way on it."""

    def __init__(self) -> None:
        self.reusable = True
        self._parser = httptools.HttpResponseParser(self)
        self._headers: list[tuple[bytes, bytes]] = []
        self._body: list[bytes] = []
        self._answer: asyncio.Future[Response] | None = None

    async def ask(self, request: bytes) -> Response:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Response] = loop.create_future()
        self._answer = answer
        timer = loop.call_later(ANSWERING, self._fail, TimeoutError())
        self._transport.write(request)
        try:
            return await answer
        except BaseException:  # whoever asked has gone, or nothing more can come
            self._transport.abort()
            raise
        finally:
            timer.cancel()
            self._answer = None

    def close(self) -> None:
        self.reusable = False
        self._transport.close()

    def _fail(self, error: OSError) -> None:
        self.reusable = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)

    # -- what asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]  # a stream's

    def data_received(self, data: bytes) -> None:
        if self._answer is None:  # nobody has asked
            self.reusable = False
            self._transport.abort()
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail(ConnectionError("that is not HTTP"))

    def connection_lost(self, _: Exception | None) -> None:
        self._fail(ConnectionError("the connection broke"))

    # -- what the parser calls

    def on_message_begin(self) -> None:
        self._headers, self._body = [], []

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name, value))

    def on_body(self, part: bytes) -> None:
        self._body.append(part)

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        if status in _INTERIM:
            return
        if self._answer is None or self._answer.done():  # one answer too many
            self.reusable = False
            return
        self.reusable = self._parser.should_keep_alive()
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in self._headers}
        self._answer.set_result(Response(status, headers, b"".join(self._body)))
