"""Sending what may not arrive: tried again where that helps, given up in one line where it can't."""

import asyncio
from collections.abc import Awaitable, Callable
from enum import Enum, auto

import aiohttp
import discord
import structlog

TRIES = 4
PAUSE = 0.1
"""Seconds before the second try, when a connection broke; three times as long before each one after."""
PATIENCE = 3.0
"""Seconds that we wait when Discord, or what stands before it, asks us to."""

ANSWERED_BEFORE, UNKNOWN_MESSAGE = 40060, 10008
GONE = {10003: "channel", 10015: "interaction", 10062: "interaction", 50001: "access", 50027: "interaction"}
"""Discord's codes for what can't be answered any more, and what it is that is gone."""

Send = Callable[[], Awaitable[object]]


class Reached(Enum):
    """What became of it."""

    YES = auto()
    NO_MESSAGE = auto()  # the message to be edited is no longer there
    NO = auto()


async def reach(send: Send) -> Reached:
    """Send; each call of `send` makes the request anew.

    discord.py waits out rate limits and retries 5xx by itself. When the first of two tries had done its work,
    the second is told so (40060): the member has been answered. A broken connection is tried again, at the risk
    of saying a follow-up twice rather than never. Raises HTTPException for what we should not have sent.
    """
    for number in range(TRIES):
        try:
            await send()
        except discord.HTTPException as error:
            settled = await _settled(error)
            if settled is not None:
                return settled
        except (aiohttp.ClientError, OSError) as error:
            _log("connection broke", error=type(error).__name__)
            await asyncio.sleep(PAUSE * 3**number)
        else:
            return Reached.YES
    _log("answer given up", tries=TRIES)
    return Reached.NO


async def _settled(error: discord.HTTPException) -> Reached | None:
    """What an error means; None to try again. Raises it if the request was wrong."""
    if error.code == ANSWERED_BEFORE:
        _log("answered before", code=error.code)
        return Reached.YES
    if error.code == UNKNOWN_MESSAGE:
        return Reached.NO_MESSAGE
    if error.code in GONE:
        _log("answer too late or unwanted", gone=GONE[error.code], code=error.code)
        return Reached.NO
    wait = _asked_to_wait(error)
    if wait is not None and wait <= PATIENCE:
        await asyncio.sleep(wait)
        return None
    if wait is not None or error.status >= 500:  # noqa: PLR2004 - the server's fault
        _log("answer refused", status=error.status, code=error.code)
        return Reached.NO
    raise error


def _asked_to_wait(error: discord.HTTPException) -> float | None:
    """Seconds, if it is a 429 that discord.py does not wait out: one from what stands before Discord."""
    if error.status != 429:  # noqa: PLR2004 - Too Many Requests
        return None
    try:
        return float(error.response.headers.get("Retry-After", "1"))
    except ValueError:
        return 1.0


def _log(event: str, **values: object) -> None:
    structlog.get_logger("undersigned").info(event, platform="discord", **values)
