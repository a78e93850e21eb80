"""Getting through to Telegram in the end: what fails for a while is tried again, what can't work is said."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError

from adapters.telegram.questions import GET_A_NEW_ONE
from adapters.telegram.timing import Timing
from adapters.telegram.transport import FloodError
from bot.errors import UndersignedError
from bot.log import LOG

T = TypeVar("T")


async def insist(call: Callable[[], Awaitable[T]], timing: Timing) -> T:
    """The call's result, however long it takes to get it. An outage is logged in one line, and its end in another.

    Raises UndersignedError for a refused token, BadRequest for what Telegram does not accept.
    """
    pause, told = timing.first_pause, ""
    while True:
        try:
            result = await call()
        except InvalidToken:
            raise UndersignedError(
                f"Telegram does not know this token (telegram.token). {GET_A_NEW_ONE}."
            ) from None
        except BadRequest:
            raise
        except TelegramError as error:
            reason, wait = _reason(error), _pause(error, pause, timing)
            if reason != told:
                LOG.warning("connection lost", platform="telegram", reason=reason, again_in=wait)
            told = reason
            await timing.sleep(wait)
            pause = min(pause * 2, timing.longest_pause)
        else:
            if told:
                LOG.info("connected again", platform="telegram")
            return result


def _reason(error: TelegramError) -> str:
    if isinstance(error, Conflict):
        return "another program serves the same bot; end it, or give this one a token of its own"
    return "too many requests" if isinstance(error, FloodError) else type(error).__name__


def _pause(error: TelegramError, pause: float, timing: Timing) -> float:
    if isinstance(error, FloodError):
        return error.seconds
    return timing.conflict_pause if isinstance(error, Conflict) else pause
