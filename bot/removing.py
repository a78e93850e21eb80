"""What stands in a chat for a while only (a list of signers) is removed when its time is over, by any process."""

from datetime import datetime, timedelta
from typing import Final

from bot import incidents
from bot.log import LOG
from bot.ports import Clock
from bot.ports.organising import Removal, Removals
from bot.sending import Gone, Later, Sender, Sent

AGAIN: Final = timedelta(seconds=15)
"""Before the second attempt, at least."""
RARELY: Final = timedelta(hours=1)
"""Between attempts, at most."""
GIVEN_UP: Final = timedelta(hours=47)
"""After that time no platform removes it any more."""


class Removing:
    """Removes on one platform."""

    def __init__(self, platform: str, sender: Sender, removals: Removals, clock: Clock) -> None:
        self._platform, self._sender, self._removals, self._clock = platform, sender, removals, clock
        self._again: dict[str, datetime] = {}

    async def attend(self) -> None:
        """One look. What goes wrong is logged: the next look will come."""
        try:
            now = self._clock()
            for each in await self._removals.due(self._platform):
                if self._again.get(each.id, now) <= now:
                    await self._remove(each, now)
        except Exception as error:  # noqa: BLE001 - see above
            incidents.note(error, "Removing", self._platform)

    async def _remove(self, removal: Removal, now: datetime) -> None:
        """Remove it. What did not succeed is tried more and more rarely, for two days."""
        outcome = await self._sender.remove(removal.reference)
        if isinstance(outcome, Sent | Gone):
            await self._removals.settle(removal.id)
        elif now - removal.due > GIVEN_UP:
            await self._removals.settle(removal.id)
            LOG.warning("a file stays in a chat", platform=self._platform)
        else:
            asked = timedelta(seconds=outcome.seconds) if isinstance(outcome, Later) else AGAIN
            self._again[removal.id] = now + max(asked, min(RARELY, (now - removal.due) / 4))
            return
        self._again.pop(removal.id, None)
