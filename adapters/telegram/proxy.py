"""The way out that the environment names (HTTPS_PROXY, HTTP_PROXY, NO_PROXY), for where Telegram is blocked.

It is looked up once: aiohttp would do so for each request, which takes a while.
"""

from typing import Any
from urllib.request import getproxies, proxy_bypass

from aiohttp import encode_basic_auth
from yarl import URL

from bot.errors import UndersignedError


def way_out(address: str) -> dict[str, Any]:
    """How requests to this address are to be made. Raises UndersignedError for a proxy that can't be used."""
    url = URL(address)
    named = "" if proxy_bypass(url.host or "") else getproxies().get(url.scheme, "")
    if not named:
        return {}
    proxy = URL(named if "://" in named else f"http://{named}")
    if proxy.scheme not in {"http", "https"}:
        raise UndersignedError(
            f"The environment names a {proxy.scheme} proxy for Telegram. Name an http one in "
            f"{url.scheme.upper()}_PROXY, or except Telegram in NO_PROXY."
        )
    known = encode_basic_auth(proxy.user, proxy.password or "") if proxy.user else ""
    headers = {"Proxy-Authorization": known} if known else {}
    return {"proxy": proxy.with_user(None), "proxy_headers": headers}
