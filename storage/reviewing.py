"""Review by organisers. Implements `bot.ports.Reviews`."""

from collections.abc import Sequence

from bot.model.review import Action, Backlog, Cases, Outcome, Preview, Which
from bot.model.signature import Change
from bot.ports.reviewing import Progress


class Reviews:
    """Not written yet: what the port says."""

    async def backlog(self, petition_id: int) -> Backlog:
        raise NotImplementedError

    async def page(
        self, petition_id: int, which: Which, *, after: str | None = None, limit: int = 10
    ) -> Cases:
        raise NotImplementedError

    async def find(self, petition_id: int, name: str, *, after: str | None = None, limit: int = 10) -> Cases:
        raise NotImplementedError

    async def preview(
        self, petition_id: int, which: Which, change: Change, *, reason: str = "", actor: str | None = None
    ) -> Preview:
        raise NotImplementedError

    async def settle(
        self, action: str, *, actor: str | None = None, progress: Progress | None = None
    ) -> Outcome | None:
        raise NotImplementedError

    async def undo(
        self, action: str, *, actor: str | None = None, progress: Progress | None = None
    ) -> Outcome | None:
        raise NotImplementedError

    async def actions(self, petition_id: int, *, limit: int = 10) -> Sequence[Action]:
        raise NotImplementedError

    async def action(self, action: str) -> Action | None:
        raise NotImplementedError

    async def strike_comment(self, petition_id: int, handle: str, *, actor: str | None = None) -> bool:
        raise NotImplementedError
