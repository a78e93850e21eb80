"""The way to the Bot API: over connections of our own, or by httpx where those can't go.

The token is part of every address: nothing that is raised here tells one. httpx, which python-telegram-bot brings, is
loaded only for what needs it.
"""

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from adapters.connections import Connections, NotSentError
from adapters.telegram.proxy import way_out

if TYPE_CHECKING:
    from adapters.telegram.detour import Detour

CONNECTING = 10.0
"""Seconds for connecting. Less than the outbox waits: it shall hear that nothing left."""
USER_AGENT = "undersigned"


class Upload(Struct, frozen=True):
    """What goes along with files: its fields, and of each file the name, the content and the kind."""

    fields: dict[str, str]
    files: dict[str, Any]


class Way:
    """To the Bot API at this address, perhaps through a proxy. Raises UndersignedError for one that can't be used."""

    def __init__(self, api_url: str) -> None:
        self._api_url, self._proxy = api_url, way_out(api_url)
        self._connections = Connections(api_url, {"User-Agent": USER_AGENT}, connecting=CONNECTING)
        self._detour: Detour | None = None
        self._open = True

    async def request(
        self, method: str, path: str, body: bytes | Upload | None = None, *, silence: float
    ) -> tuple[int, bytes]:
        """Status and body of the answer, between whose pieces so many seconds may pass. `body` is JSON, or a form.

        Raises NotSentError, ConnectionError or TimeoutError.
        """
        if not self._open:
            raise NotSentError("the connections are closed")
        if self._proxy or isinstance(body, Upload):
            return await self._around().request(method, f"{self._api_url}/{path}", body, silence)
        answer = await self._connections.request(method, path, body, within=silence, in_pieces=True)
        return answer.status, answer.body

    def _around(self) -> "Detour":
        if self._detour is None:
            from adapters.telegram.detour import Detour  # noqa: PLC0415 - many need none

            self._detour = Detour(self._proxy, self._connections.trusted)
        return self._detour

    async def close(self) -> None:
        """Close what is open. Nothing goes this way any more."""
        self._open = False
        self._connections.close()
        if self._detour is not None:
            await self._detour.close()
