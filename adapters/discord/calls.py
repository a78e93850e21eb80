"""Requests to Discord's REST that are made once, and told as they ended.

discord.py repeats what fails and sleeps through rate limits, within one call and for up to a minute. For answers to
members that is right. Whoever posts unasked needs to know of each request whether it left and what came back, so
these go past it. The token travels in a header and is part of no error. What has no files goes by the short way of
`connections`.

Answers to interactions carry no token of the bot's: they need none, and with it Discord counts them among the fifty
requests a second of the bot (https://github.com/discord/discord-api-docs/issues/4142).
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

import aiohttp
import yarl

from adapters.connections import Connections, NotSentError
from bot.model.hidden import Hidden
from bot.sending import Failed, Unknown
from bot.settings import DiscordSettings

TIMEOUT = aiohttp.ClientTimeout(total=14, sock_connect=5)
USER_AGENT = "DiscordBot (undersigned, 0.1)"
TOO_MANY = 429
_OPEN = ("interactions/", "webhooks/")
"""How the paths begin that hold a token of their own."""


class Answer(Hidden, frozen=True):
    """What Discord, or something before it, answered. `data` is its JSON, or None."""

    status: int
    data: Any = None
    wait: float = 0.0
    """Of a 429: the seconds to wait."""
    everywhere: bool = False
    """Of a 429: whether that goes for every request, not for this place or message alone."""

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004 - HTTP's range of success

    @property
    def code(self) -> int:
        """Discord's own number for what is wrong; 0 if it has none."""
        code = self.data.get("code", 0) if isinstance(self.data, dict) else 0
        return code if isinstance(code, int) else 0


Ended = Answer | Failed | Unknown
"""Failed: it never left. Unknown: it left, and no answer came."""
File = tuple[str, bytes]
"""The name and content of a file that goes with a request."""


class Calls:
    """Makes requests."""

    def __init__(
        self, session: aiohttp.ClientSession, connections: Connections, settings: DiscordSettings
    ) -> None:
        self._session, self._connections, self._api_url = session, connections, settings.api_url
        self._authorised = {"Authorization": f"Bot {settings.token}"}

    @classmethod
    @asynccontextmanager
    async def opened(cls, settings: DiscordSettings) -> AsyncIterator["Calls"]:
        """For the bot of this token."""
        headers = {"User-Agent": USER_AGENT}
        connections = Connections(settings.api_url, headers)
        async with aiohttp.ClientSession(
            timeout=TIMEOUT,
            headers=headers,
            connector=aiohttp.TCPConnector(limit=0),
            cookie_jar=aiohttp.DummyCookieJar(),
        ) as session:
            try:
                yield cls(session, connections, settings)
            finally:
                connections.close()

    async def make(
        self,
        method: str,
        path: str,
        body: Any = None,
        files: Sequence[File] = (),
        query: Mapping[str, str | int] | None = None,
    ) -> Ended:
        """One request; never raises for what the network or Discord does."""
        wanted = f"{path}?{urlencode(query)}" if query else path
        try:
            if files:
                return await self._upload(method, wanted, body, files)
            data = None if body is None else json.dumps(body).encode()
            response = await self._connections.request(method, wanted, data, self._headers(wanted))
            return _answer(response.status, response.headers, response.body)
        except (NotSentError, aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            return Failed("no connection")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            return Unknown()

    def _headers(self, path: str) -> Mapping[str, str]:
        return {} if path.startswith(_OPEN) else self._authorised

    async def _upload(self, method: str, path: str, body: Any, files: Sequence[File]) -> Answer:
        # Paths are of numbers, tokens and our own words: nothing in them has to be quoted.
        address = yarl.URL(f"{self._api_url}/{path}", encoded=True)
        form = _form(body, files)
        async with self._session.request(
            method, address, data=form, headers=self._headers(path), allow_redirects=False
        ) as response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            return _answer(response.status, headers, await response.read())


def _form(body: Any, files: Sequence[File]) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)  # Discord takes the brackets as they are
    form.add_field("payload_json", json.dumps(body), content_type="application/json")
    for number, (name, data) in enumerate(files):
        form.add_field(f"files[{number}]", data, filename=name, content_type="application/octet-stream")
    return form


def _answer(status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    try:
        data = json.loads(body) if body else None
    except ValueError:
        data = None
    if status != TOO_MANY:
        return Answer(status, data)
    return Answer(TOO_MANY, data, _wait(data, headers), _everywhere(data, headers))


def _wait(data: Any, headers: Mapping[str, str]) -> float:
    named = data.get("retry_after") if isinstance(data, dict) else None
    try:
        return max(0.0, float(headers.get("retry-after", "1") if named is None else named))
    except (TypeError, ValueError):
        return 1.0


def _everywhere(data: Any, headers: Mapping[str, str]) -> bool:
    """Discord says so; or it was not Discord that answered, but what stands before it and turns all away."""
    return not isinstance(data, dict) or bool(data.get("global")) or "via" not in headers
