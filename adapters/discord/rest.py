"""Discord's REST at another address, for one client alone (`discord.api_url`: a proxy, a test server).

discord.py writes its own address into each `Route`. Every request of a client passes `HTTPClient.request`, and every
socket `ws_connect`: these two are taken over here, so nothing of discord.py is changed for anybody else in the
process. (Answers and posts go past it: `calls`.)
"""

from typing import Any

import aiohttp
import yarl
from discord.errors import GatewayNotFound, LoginFailure
from discord.gateway import DiscordWebSocket
from discord.http import HTTPClient, Route


class RestAt(HTTPClient):
    """discord.py's HTTP client, for another address. The gateway is the one that this address names."""

    def __init__(self, api_url: str, like: HTTPClient) -> None:
        super().__init__(like.loop, max_ratelimit_timeout=like.max_ratelimit_timeout)
        self._api_url = api_url

    async def request(self, route: Route, **options: Any) -> Any:
        route.url = self._api_url + route.url.removeprefix(Route.BASE)
        return await super().request(route, **options)

    async def ws_connect(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        address = yarl.URL(url)
        if address.host == DiscordWebSocket.DEFAULT_GATEWAY.host:
            url = str((await self._gateway()).with_query(address.query))
        return await super().ws_connect(url, compress=compress)

    async def _gateway(self) -> yarl.URL:
        try:
            _, named, _ = await self.get_bot_gateway()
        except GatewayNotFound as error:
            if getattr(error.__cause__, "status", None) == 401:  # noqa: PLR2004 - Unauthorized
                raise LoginFailure("the token is no longer valid") from None
            raise
        return yarl.URL(named)
