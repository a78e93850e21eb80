"""What review needs of the storage: what waits, what is found, and changes that are previewed, made and undone."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.model.account import Account
from bot.model.review import Action, Backlog, Cases, Outcome, Preview, Which
from bot.model.signature import Change

Progress = Callable[[int, int], None]
"""Told how many signatures are done, of how many."""


class Reviews(Protocol):
    """Looking at signatures, and deciding on them. `actor`: the organiser, by their random id; else the operator.

    Who asks has been checked to be an organiser. Names are opened for `page` and `find` alone.
    """

    async def backlog(self, petition_id: int) -> Backlog:
        """What waits for review."""

    async def page(
        self, petition_id: int, which: Which, *, after: str | None = None, limit: int = 10
    ) -> Cases:
        """Some of them, by day, or by number if they are asked for so; ask for the next with `Cases.after`."""

    async def find(self, petition_id: int, name: str, *, after: str | None = None, limit: int = 10) -> Cases:
        """Those whose name has this in it, whatever case, accents and punctuation; by number, others last.

        It reads all names, in a thread of its own. (By number: `page` with `Which.numbered`.)
        """

    async def preview(
        self, petition_id: int, which: Which, change: Change, *, reason: str = "", actor: str | None = None
    ) -> Preview:
        """Lay down a change of all of them that it fits, without making it. `settle` makes it, within a day.

        `reason` (of a strike) is kept encrypted and shown to organisers. Raises ValueError for `WITHDRAW`.
        """

    async def settle(
        self, action: str, *, actor: str | None = None, progress: Progress | None = None
    ) -> Outcome | None:
        """Make it, in parts, so that nobody waits. What was interrupted is finished by doing it again.

        Only those are changed that still have the status that they had at the preview. Done before, or undone:
        the same outcome again. None: it is not there (any more).
        """

    async def undo(
        self, action: str, *, actor: str | None = None, progress: Progress | None = None
    ) -> Outcome | None:
        """Give all that it changed their status back, except what has been changed since; numbers stay.

        Also one that is under way, or was interrupted: what it has not done yet it does not do any more.
        """

    async def actions(self, petition_id: int, *, limit: int = 10) -> Sequence[Action]:
        """What was done lately, the newest first; what was only previewed is not among it."""

    async def action(self, action: str) -> Action | None:
        """One of them."""

    async def remind(self) -> None:
        """Tell organisers of signatures that wait since yesterday: once a day, and not where they were told today."""

    async def strike_comment(self, petition_id: int, handle: str, *, actor: str | None = None) -> bool:
        """Erase the comment, and nothing else, for good; False if there is none, or the petition is delivered."""


class Limits(Protocol):
    """How often somebody may do something: counted in the storage, so that all processes share it."""

    async def take(
        self, what: str, who: Account | int | str, most: int, within: timedelta, *, times: int = 1
    ) -> datetime | None:
        """Count it once more (or so many `times`) for this account, community, or whole of communities.

        None: it may be, at most `most` times in the time `within` that begins with the first; else when it may be
        again.
        """
