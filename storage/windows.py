"""How often something may happen: a count for each window of time, shared by all processes.

Implements `bot.ports.Limits`.
"""

from datetime import datetime, timedelta

from bot.model.account import Account


class Limits:
    """Not written yet: what the port says."""

    async def take(self, what: str, who: Account | int, most: int, within: timedelta) -> datetime | None:
        raise NotImplementedError
