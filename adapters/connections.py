"""Small requests over connections that are kept open: of HTTP/1.1 what platforms' APIs need, and no more.

aiohttp's client takes a quarter of a signing's time for its two requests; this takes a fourth of that. It follows no
redirect, knows no proxy, keeps no cookie, unpacks nothing, and uploads nothing: whoever needs that has a client of an
SDK's.
"""

import asyncio
import re
import socket
import ssl
from collections import deque
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final
from urllib.parse import quote, urlsplit

import aiohappyeyeballs
import httptools
from msgspec import Struct

CONNECTING: Final = 5.0
"""Seconds for a connection to stand, with its encryption, unless told otherwise."""
ANSWERING: Final = 14.0
"""Seconds for an answer to be there, unless told otherwise."""
KEPT: Final = 15.0
"""Seconds that a connection is kept for the next request."""
FOUND: Final = 10.0
"""Seconds that a host's addresses are good for."""
_NEXT_ADDRESS: Final = 0.25
"""Seconds after which another address of the host is tried too (RFC 8305)."""
_INTERIM: Final = range(100, 200)
_MEASURED: Final = frozenset({b"content-length", b"transfer-encoding"})
"""Headers that say where an answer ends. One without ends with its connection (RFC 9112, 6.3)."""
_UNSENDABLE: Final = re.compile(r"[^!-~]")
_PLAIN: Final = {"Accept-Encoding": "identity"}
_PORTS: Final = {"http": 80, "https": 443}


class NotSentError(ConnectionError):
    """There was no connection: the request never left."""


class Response(Struct, frozen=True):
    """An answer; the names of its headers in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Connections:
    """The connections to one address, as many as there are requests at a time."""

    def __init__(
        self,
        url: str,
        headers: Mapping[str, str],
        tls: ssl.SSLContext | None = None,
        *,
        connecting: float = CONNECTING,
    ) -> None:
        """`tls`: whom to trust, instead of whom the system trusts."""
        self._url, self._tls, self._connecting = urlsplit(url), tls, connecting
        self._path = quote(self._url.path.rstrip("/"), safe="/%:@!$&'()*+,;=~")
        host = self._url.netloc.rpartition("@")[2]
        named = host if host.isascii() else host.encode("idna").decode()
        self._headers = _lines({"Host": named, **headers, **_PLAIN})
        self._idle: deque[tuple[float, _Connection]] = deque()
        self._busy: set[_Connection] = set()
        self._tidying: asyncio.TimerHandle | None = None
        self._looked_up = 0.0
        self._lookup: asyncio.Future[Any] | None = None

    async def request(
        self,
        method: str,
        path: str,
        json: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        within: float = ANSWERING,
        in_pieces: bool = False,
    ) -> Response:
        """Make a request, with these headers too. Raises NotSentError, ConnectionError or TimeoutError.

        `within`: seconds until the answer is whole; if it may come `in_pieces`, until the next one of them.
        """
        if _UNSENDABLE.search(path):
            raise NotSentError("a path has a character that no path has")
        kind = "" if json is None else "Content-Type: application/json\r\n"
        length = "" if method == "GET" else f"Content-Length: {len(json or b'')}\r\n"
        more = _lines(headers) if headers else ""
        head = f"{method} {self._path}/{path} HTTP/1.1\r\n{self._headers}{more}{kind}{length}\r\n"
        request, silence = head.encode() + (json or b""), within if in_pieces else 0.0
        while (kept := self._taken()) is not None:
            try:
                return await self._asked(kept, request, within, silence)
            except ConnectionError:  # it may have been closed before the request got there
                if method != "GET":
                    raise
        return await self._asked(await self._connected(), request, within, silence)

    async def _asked(
        self, connection: "_Connection", request: bytes, within: float, silence: float
    ) -> Response:
        self._busy.add(connection)
        try:
            response = await connection.ask(request, within, silence)
        finally:
            self._busy.discard(connection)
        if connection.reusable:
            self._keep(connection)
        else:
            connection.close()
        return response

    def close(self) -> None:
        """Close what is kept, and break off what is under way."""
        if self._tidying is not None:
            self._tidying.cancel()
        if self._lookup is not None:
            self._lookup.cancel()
        for _, connection in self._idle:
            connection.close()
        self._idle.clear()
        for connection in self._busy:
            connection.abort()

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
            async with asyncio.timeout(self._connecting):
                return await self._connect()
        except (OSError, RuntimeError, ValueError) as error:  # uvloop's RuntimeError; a name that can be none
            raise NotSentError(type(error).__name__) from None

    async def _connect(self) -> "_Connection":
        found = await self._found()
        tls, named = (self.trusted, self._url.hostname) if self._url.scheme == "https" else (None, None)
        connected = await aiohappyeyeballs.start_connection(found, happy_eyeballs_delay=_NEXT_ADDRESS)
        loop = asyncio.get_running_loop()
        made = await loop.create_connection(_Connection, sock=connected, ssl=tls, server_hostname=named)
        return made[1]

    async def _found(self) -> Any:  # what asyncio itself calls addresses
        """The host's addresses. A few threads look them up, so at a rush it is done once for all who ask meanwhile."""
        loop, lookup = asyncio.get_running_loop(), self._lookup
        if lookup is None or _failed(lookup) or self._looked_up <= loop.time() - FOUND:
            host, port = self._url.hostname or "", self._url.port or _PORTS[self._url.scheme]
            lookup = asyncio.ensure_future(loop.getaddrinfo(host, port, type=socket.SOCK_STREAM))
            lookup.add_done_callback(_failed)  # seen, though whoever asked may be gone
            self._lookup, self._looked_up = lookup, loop.time()
        await asyncio.wait([lookup])
        return lookup.result()

    @cached_property
    def trusted(self) -> ssl.SSLContext:
        """Whom is trusted. It takes a while to make."""
        context = self._tls or ssl.create_default_context()
        context.set_alpn_protocols(["http/1.1"])
        return context


def _lines(headers: Mapping[str, str]) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items())


def _failed(ended: "asyncio.Future[Any]") -> bool:
    return ended.done() and (ended.cancelled() or ended.exception() is not None)


class _Connection(asyncio.Protocol):
    """One connection, and the one request that is under way on it."""

    def __init__(self) -> None:
        self.reusable = True
        self._parser = httptools.HttpResponseParser(self)
        self._headers: list[tuple[bytes, bytes]] = []
        self._body: list[bytes] = []
        self._unmeasured = False
        self._answer: asyncio.Future[Response] | None = None
        self._due = self._silence = 0.0

    async def ask(self, request: bytes, within: float, silence: float) -> Response:
        """The answer, if it comes `within` so many seconds, which each piece prolongs to so many of `silence`."""
        if not self.reusable:  # it broke as soon as it stood
            raise NotSentError("the connection broke")
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Response] = loop.create_future()
        self._answer = answer
        self._due, self._silence = loop.time() + within, silence
        self._timer = loop.call_at(self._due, self._look)
        self._transport.write(request)
        try:
            return await answer
        except BaseException:  # whoever asked has gone, or nothing more can come
            self._transport.abort()
            raise
        finally:
            self._timer.cancel()
            self._answer = None

    def close(self) -> None:
        self.reusable = False
        self._transport.close()

    def abort(self) -> None:
        self.reusable = False
        self._transport.abort()

    def _look(self) -> None:
        """Give up, if it is time by now."""
        loop = asyncio.get_running_loop()
        if self._due <= loop.time():
            self._fail(TimeoutError())
        else:
            self._timer = loop.call_at(self._due, self._look)

    def _fail(self, error: OSError) -> None:
        self.reusable = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)

    # -- what asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]  # a stream's

    def data_received(self, data: bytes) -> None:
        if self._answer is None:  # nobody has asked
            self.abort()
            return
        if self._silence:
            self._due = asyncio.get_running_loop().time() + self._silence
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail(ConnectionError("that is not HTTP"))

    def eof_received(self) -> None:
        """Nothing more will come. asyncio closes the connection, which takes a while where it is encrypted."""
        if self._unmeasured:
            self.on_message_complete()
        self.reusable = False

    def connection_lost(self, _: Exception | None) -> None:
        self._fail(ConnectionError("the connection broke"))

    # -- what the parser calls

    def on_message_begin(self) -> None:
        self._headers, self._body, self._unmeasured = [], [], False
        self.reusable = self.reusable and self._answer is not None and not self._answer.done()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        self._unmeasured = _MEASURED.isdisjoint(name.lower() for name, _ in self._headers)

    def on_body(self, part: bytes) -> None:
        self._body.append(part)

    def on_message_complete(self) -> None:
        self._unmeasured, status = False, self._parser.get_status_code()
        if status in _INTERIM:
            return
        if self._answer is None or self._answer.done():  # one answer too many
            self.reusable = False
            return
        self.reusable = self._parser.should_keep_alive()
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in self._headers}
        self._answer.set_result(Response(status, headers, b"".join(self._body)))
