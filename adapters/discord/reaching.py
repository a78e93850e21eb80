"""Answering one interaction, where the answer may not arrive: tried again where that helps, given up in one line.

Answers go past discord.py: it makes objects of what we know already, waits out a 5xx by the second when there are
three of them, and takes twice the time for a request (docs/decisions.md).
"""

import asyncio
from collections.abc import Sequence
from enum import Enum, IntEnum, auto
from typing import Any, Final

from adapters.discord.calls import TOO_MANY, Answer, Calls, Ended, File
from bot.log import LOG
from bot.model.hidden import Hidden

PAUSES: Final = (0.1, 0.3, 0.9, 2.7)
"""Seconds after each try in which a connection, or Discord, broke; after the last one the answer is given up."""
PATIENCE: Final = 3.0
"""Seconds that we wait when Discord, or what stands before it, asks us to."""

ANSWERED_BEFORE, UNKNOWN_MESSAGE = 40060, 10008
GONE: Final = {
    10003: "channel", 10015: "interaction", 10062: "interaction", 50001: "access", 50027: "interaction",
}  # fmt: skip
"""Discord's codes for what can't be answered any more, and what it is that is gone."""


class Response(IntEnum):
    """Discord's types of the first answer to an interaction."""

    MESSAGE = 4
    LATER = 5  # "… is thinking"
    HOLD = 6  # the pressed message may change later
    UPDATE = 7  # of the pressed message
    CHOICES = 8
    MODAL = 9


class Reached(Enum):
    """What became of it."""

    YES = auto()
    NO_MESSAGE = auto()  # the message to be edited is no longer there
    NO = auto()


class RefusedError(Exception):
    """Discord does not take what we sent, and is right."""


class Reaching(Hidden, frozen=True):
    """The ways to one interaction's member. Its token is all that they need, and part of no repr."""

    calls: Calls
    application: int
    interaction: int
    token: str

    async def respond(self, kind: Response, data: Any = None, files: Sequence[File] = ()) -> Reached:
        """The first answer."""
        path = f"interactions/{self.interaction}/{self.token}/callback"
        body = {"type": kind.value} if data is None else {"type": kind.value, "data": data}
        return (await self._reach("POST", path, body, files))[0]

    async def edit(self, body: Any, files: Sequence[File] = ()) -> Reached:
        """Change the first answer, or the pressed message if that was held."""
        return (await self._reach("PATCH", f"{self._webhook}/messages/@original", body, files))[0]

    async def delete(self) -> Reached:
        """Remove the same."""
        return (await self._reach("DELETE", f"{self._webhook}/messages/@original"))[0]

    async def follow_up(self, body: Any, files: Sequence[File] = ()) -> tuple[Reached, str]:
        """Another message, and its id. A broken connection may let it be said twice: better than never."""
        reached, sent = await self._reach("POST", f"{self._webhook}?wait=true", body, files)
        return reached, str(sent["id"]) if isinstance(sent, dict) and "id" in sent else ""

    @property
    def _webhook(self) -> str:
        return f"webhooks/{self.application}/{self.token}"

    async def _reach(
        self, method: str, path: str, body: Any = None, files: Sequence[File] = ()
    ) -> tuple[Reached, Any]:
        """What became of it, and what was answered. Raises RefusedError for what we should not have sent."""
        for pause in PAUSES:
            ended = await self.calls.make(method, path, body, files)
            if isinstance(ended, Answer) and ended.good:
                return Reached.YES, ended.data
            wait = _wait(ended, pause)
            if wait is None:
                return _settled(ended), None
            await asyncio.sleep(wait)
        _log("answer given up", tries=len(PAUSES))
        return Reached.NO, None


def _wait(ended: Ended, pause: float) -> float | None:
    """Seconds until it is worth another try; None if it is not."""
    if not isinstance(ended, Answer):
        _log("connection broke", after=type(ended).__name__)
        return pause
    if ended.status == TOO_MANY:
        return ended.wait if ended.wait <= PATIENCE else None
    return pause if ended.status >= 500 else None  # noqa: PLR2004 - the server's fault


def _settled(ended: Ended) -> Reached:
    """What a final answer means."""
    if not isinstance(ended, Answer) or ended.status == TOO_MANY:
        _log("answer refused", status=TOO_MANY)
        return Reached.NO
    if (
        ended.code == ANSWERED_BEFORE
    ):  # the first of two tries had done its work: the member has been answered
        _log("answered before", code=ended.code)
        return Reached.YES
    if ended.code == UNKNOWN_MESSAGE:
        return Reached.NO_MESSAGE
    if ended.code in GONE:
        _log("answer too late or unwanted", gone=GONE[ended.code], code=ended.code)
        return Reached.NO
    raise RefusedError(f"discord {ended.code or ended.status}")


def _log(event: str, **values: object) -> None:
    LOG.info(event, platform="discord", **values)
