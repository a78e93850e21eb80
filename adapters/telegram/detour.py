"""Requests by httpx: through a proxy, or with files, which are read as they are sent."""

import logging
import ssl

import httpx

from adapters.connections import KEPT, NotSentError
from adapters.telegram.ways import CONNECTING, USER_AGENT, Upload

_JSON = {"Content-Type": "application/json"}
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, httpx.InvalidURL)


class Detour:
    """A client of httpx. `proxy`: where it goes through, if not ""; `trusted`: whom it talks to."""

    def __init__(self, proxy: str, trusted: ssl.SSLContext) -> None:
        for library in ("httpcore", "httpx"):  # what they do is told with the address, and so with the token
            logging.getLogger(library).setLevel(logging.WARNING)
        self._client = httpx.AsyncClient(
            headers={"User-Agent": USER_AGENT},
            verify=trusted,
            proxy=proxy or None,
            trust_env=False,
            limits=httpx.Limits(keepalive_expiry=KEPT),
        )

    async def request(
        self, method: str, url: str, body: bytes | Upload | None, silence: float
    ) -> tuple[int, bytes]:
        """As `Way.request`."""
        said = {"data": body.fields, "files": body.files} if isinstance(body, Upload) else {"content": body}
        try:
            answer = await self._client.request(
                method,
                url,
                headers=_JSON if isinstance(body, bytes) else None,
                timeout=httpx.Timeout(silence, connect=CONNECTING, pool=None),
                **said,
            )
        except _NOT_SENT as error:
            raise NotSentError(type(error).__name__) from None
        except (httpx.TimeoutException, TimeoutError):
            raise TimeoutError from None
        except (httpx.HTTPError, OSError) as error:
            raise ConnectionError(type(error).__name__) from None
        return answer.status_code, answer.content

    async def close(self) -> None:
        await self._client.aclose()
