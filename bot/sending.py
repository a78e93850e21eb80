"""How pages reach communities unasked: the port that a connected adapter hands to the outbox.

Every result is data. Whether to try again, set a community aside or give up is decided by the outbox, in one place
for all platforms.
"""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from bot.answer import Page, Picture
from bot.model.account import Account, Place

__all__ = [
    "Failed", "Gone", "Later", "Lost", "Outcome", "Page", "Picture", "Sender", "Sent", "Unknown",
]  # fmt: skip


class Sent(Struct, frozen=True):
    """It stands there; `reference` finds it again. `place` is set where the place has moved (a migrated group)."""

    reference: str
    place: Place | None = None


class Unknown(Struct, frozen=True):
    """The request left and no answer came: it may stand there or not. A blind repetition could post twice."""


class Later(Struct, frozen=True):
    """Nothing was done; the platform asks to wait so many seconds, for this place or for everything."""

    seconds: float
    everywhere: bool = False


class Lost(StrEnum):
    """Why a place or a message can't be reached any more."""

    MESSAGE = "message"
    """The message was deleted, or can't be edited any more."""
    REMOVED = "removed"
    """The bot was removed from the place, or the place was deleted."""
    FORBIDDEN = "forbidden"
    """The bot may not post (or pin) there."""
    BLOCKED = "blocked"
    """The person blocked the bot, or never spoke to it."""


class Gone(Struct, frozen=True):
    """It can't be done, and trying again won't help until somebody changes something there."""

    why: Lost


class Failed(Struct, frozen=True):
    """It was not done and may work later; `reason` is short and names nobody."""

    reason: str


Outcome = Sent | Unknown | Later | Gone | Failed


class Sender(Protocol):
    """One connected platform, as the outbox uses it. Calls are paced by the caller and never retried inside."""

    @property
    def per_second(self) -> float:
        """The platform's broadcast rate, in messages a second."""

    @property
    def repeatable(self) -> bool:
        """Whether posting again under the same `token` within two minutes can't post twice."""

    async def post(self, place: Place, page: Page, token: str, picture: Picture | None = None) -> Outcome:
        """Post a page. `token` (at most 25 characters) marks it, where the platform can, against a second one."""

    async def find(self, place: Place, token: str, since: datetime) -> str | None:
        """The reference of our own message with this token, if the platform lets us look; None if there is none.

        It was first posted about `since`, and within two minutes after that at the latest.
        Raises LookupError where the platform can't tell.
        """

    async def edit(self, place: Place, reference: str, page: Page) -> Outcome:
        """Change a message of ours. A picture that it carries stays."""

    async def pin(self, place: Place, reference: str) -> Outcome:
        """Pin a message of ours, without a notification where the platform can."""

    async def remove(self, reference: str) -> Outcome:
        """Remove a file that was handed over, by what `bot.answer.Handed` says of it."""

    async def write(self, account: Account, page: Page, token: str) -> Outcome:
        """Write to a person who asked for it."""
