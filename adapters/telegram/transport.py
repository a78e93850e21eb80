"""How calls reach the Bot API: python-telegram-bot's transport, by our own way.

Nothing that was received, and no address, becomes part of an error here: the token is part of each.
"""

import json
from contextlib import suppress
from http import HTTPStatus
from typing import Any, cast

from telegram import Bot
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from adapters import connections
from adapters.telegram.ways import Upload, Way
from bot.settings import TelegramSettings

SECONDS = 20.0
"""For waiting between two pieces of an answer."""
PATIENT = 120.0
"""The same for an upload."""
AWHILE = 5.0
"""Seconds to wait where Telegram does not say how long."""


class FloodError(TelegramError):
    """Telegram asks to wait for so many seconds. Of the library's own error for this, the number is in flux."""

    def __init__(self, seconds: float) -> None:
        super().__init__("Too many requests")
        self.seconds = seconds


class NotSentError(NetworkError):
    """There was no connection: nothing left."""


def make_bot(settings: TelegramSettings) -> Bot:
    """The client for this token. It connects when it is first used."""
    request = Request(settings.api_url)
    return _Bot(
        settings.token,
        base_url=f"{settings.api_url}/bot",
        base_file_url=f"{settings.api_url}/file/bot",
        request=request,
        get_updates_request=request,  # it has as many connections as are needed
    )


class _Bot(Bot):
    """A client that does not tell its token when it is looked at, and that leaves nothing open."""

    def __repr__(self) -> str:
        return "Bot(telegram)"

    async def shutdown(self) -> None:
        """Close its connections, also when it was ended while it began: the library takes that for not begun."""
        await super().shutdown()
        await self.request.shutdown()


class Request(BaseRequest):
    """Requests to the Bot API at this address, perhaps through a proxy."""

    def __init__(self, api_url: str) -> None:
        self._api_url, self._way = api_url, Way(api_url)

    @property
    def read_timeout(self) -> float | None:
        return SECONDS

    async def initialize(self) -> None:
        """Connections are opened when there is something to say."""

    async def shutdown(self) -> None:
        await self._way.close()

    async def do_request(  # noqa: PLR0913, PLR0917 - as python-telegram-bot calls it
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - what is said is small, or a file
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - one is right for all calls
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - who wants a connection gets one
    ) -> tuple[int, bytes]:
        """Status and body of the answer. Raises NetworkError, without the address."""
        body = _body(request_data)
        silence = read_timeout if isinstance(read_timeout, int | float) else SECONDS
        if isinstance(body, Upload):
            silence = PATIENT
        path = url.removeprefix(f"{self._api_url}/")
        try:
            status, answer = await self._way.request(method, path, body, silence=silence)
        except connections.NotSentError as error:
            raise NotSentError(str(error)) from None
        except TimeoutError:
            raise TimedOut from None
        except OSError as error:
            raise NetworkError(str(error)) from None
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise FloodError(_retry_after(answer))
        return status, answer

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


def _body(data: RequestData | None) -> bytes | Upload | None:
    if data is None:
        return None
    if data.contains_files:
        return Upload(data.json_parameters, cast("Any", data.multipart_data))
    return json.dumps(data.parameters).encode()
