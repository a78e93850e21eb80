"""What went wrong, for the log: enough to find the place, and nothing that a person typed or is called."""

import traceback

from bot.errors import StorageError
from bot.inbound import Inbound
from bot.log import LOG
from bot.tokens import random_id

_FRAMES = 6


def record(error: BaseException, inbound: Inbound) -> str:
    """Log `error` in one entry and return its incident code."""
    return note(error, type(inbound.event).__name__, inbound.place.platform)


def note(error: BaseException, event_kind: str, platform: str) -> str:
    """The same for what went wrong before an event was understood.

    An exception's text may quote data, so only its type and the places it came through are logged; of the
    storage also what it says, which is written for the operator.
    """
    incident = random_id(8)
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    says = {"says": str(error)} if isinstance(error, StorageError) else {}
    LOG.error(
        "incident",
        incident=incident,
        error=type(error).__qualname__,
        event_kind=event_kind,
        platform=platform,
        at=[f"{frame.filename}:{frame.lineno}" for frame in frames],
        **says,
    )
    return incident
