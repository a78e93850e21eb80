"""The way out that the environment names (HTTPS_PROXY, HTTP_PROXY, NO_PROXY), for where Telegram is blocked."""

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from bot.errors import UndersignedError


def way_out(address: str) -> str:
    """The proxy between us and this address, with its name and password; "" if there is none.

    Raises UndersignedError for one that can't be used.
    """
    url = urlsplit(address)
    named = "" if proxy_bypass(url.hostname or "") else getproxies().get(url.scheme, "")
    if not named:
        return ""
    proxy = named if "://" in named else f"http://{named}"
    kind = proxy.partition("://")[0]
    instead = f"Name an http one in {url.scheme.upper()}_PROXY, or except Telegram in NO_PROXY."
    if kind not in {"http", "https"}:
        raise UndersignedError(f"The environment names a {kind} proxy for Telegram. {instead}")
    if not _is_address(proxy):
        raise UndersignedError(f"What the environment names for Telegram is no address of a proxy. {instead}")
    return proxy


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        return bool(host) and host.isascii() and parts.port != 0
    except ValueError:
        return False
