"""How calls reach the Bot API: python-telegram-bot's transport, on aiohttp.

The token is part of every address, and so of aiohttp's errors: none of them, and nothing that was received,
becomes part of an error here.
"""

import json
from contextlib import suppress
from http import HTTPStatus
from typing import Any, cast

import aiohttp
from telegram import Bot
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from adapters.telegram.proxy import way_out
from bot.settings import TelegramSettings

CONNECTIONS = 256
SECONDS = 20.0
"""For waiting between two bytes of an answer."""
CONNECTING = 10.0
"""For connecting. Less than the outbox waits: it shall hear that nothing left."""
PATIENT = 120.0
"""The same for an upload."""
AWHILE = 5.0
"""Seconds to wait where Telegram does not say how long."""


_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError)


class FloodError(TelegramError):
    """Telegram asks to wait for so many seconds. Of the library's own error for this, the number is in flux."""

    def __init__(self, seconds: float) -> None:
        super().__init__("Too many requests")
        self.seconds = seconds


class NotSentError(NetworkError):
    """There was no connection: nothing left."""


def make_bot(settings: TelegramSettings) -> Bot:
    """The client for this token. It connects when it is first used."""
    return _Bot(
        settings.token,
        base_url=f"{settings.api_url}/bot",
        base_file_url=f"{settings.api_url}/file/bot",
        request=AiohttpRequest(CONNECTIONS, settings.api_url),
        get_updates_request=AiohttpRequest(1, settings.api_url),
    )


class _Bot(Bot):
    """A client that does not tell its token when it is looked at, and that leaves nothing open."""

    def __repr__(self) -> str:
        return "Bot(telegram)"

    async def shutdown(self) -> None:
        """Close its connections, also when it was ended while it began: the library takes that for not begun."""
        await super().shutdown()
        for request in self._request:
            await request.shutdown()


class AiohttpRequest(BaseRequest):
    """A pool of connections to the Bot API at this address, perhaps through a proxy."""

    def __init__(self, connections: int, api_url: str) -> None:
        self._connections, self._way_out = connections, way_out(api_url)
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return SECONDS

    async def initialize(self) -> None:
        connector = aiohttp.TCPConnector(limit=self._connections, ttl_dns_cache=300)
        self._session = aiohttp.ClientSession(connector=connector, headers={"User-Agent": self.USER_AGENT})

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(  # noqa: PLR0913, PLR0917 - as python-telegram-bot calls it
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - aiohttp has none of its own
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - one is right for all calls
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - who waits for a connection gets one
    ) -> tuple[int, bytes]:
        """Status and body of the answer. Raises NetworkError, without the address."""
        if self._session is None:
            raise NotSentError("the connections are closed")
        files = request_data is not None and request_data.contains_files
        waits = PATIENT if files else read_timeout if isinstance(read_timeout, int | float) else SECONDS
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECTING, sock_read=waits)
        try:
            async with self._session.request(
                method, url, timeout=timeout, **self._way_out, **_body(request_data)
            ) as answer:
                status, body = answer.status, await answer.read()
        except _NOT_SENT as error:
            raise NotSentError(type(error).__name__) from None
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise FloodError(_retry_after(body))
        return status, body

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """What was answered, as data. Raises TelegramError, without quoting it, for what is no JSON object."""
        with suppress(ValueError):
            answer = json.loads(payload)
            if isinstance(answer, dict):
                return answer
        raise TelegramError("Invalid server response")


def _retry_after(body: bytes) -> float:
    with suppress(ValueError, TypeError, KeyError):
        return float(json.loads(body)["parameters"]["retry_after"])
    return AWHILE


def _body(data: RequestData | None) -> dict[str, Any]:
    if data is None:
        return {}
    if not data.contains_files:
        return {"json": data.parameters}
    form = aiohttp.FormData(data.json_parameters)
    for name, (filename, content, mime) in cast("Any", data.multipart_data).items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return {"data": form}
