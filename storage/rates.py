"""How many signatures each community gives a petition in a minute, which begins with the first of them.

Counted under the petition's lock, so that all processes count together. Those who come by no community are one for
each platform: else a flood would take that way.
"""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from storage.keys import Keys
from storage.windows import Windows

MINUTE: Final = timedelta(minutes=1)
Source = tuple[str, int | None]
"""Platform and community."""


class Rate:
    """What is counted for one batch, beside what had been given before."""

    def __init__(self, windows: Windows, most: int, petition_id: int, keys: Keys) -> None:
        self._windows, self._most, self._petition_id, self._keys = windows, most, petition_id, keys
        self._who: dict[Source, bytes] = {}
        self._before: dict[bytes, int] = {}
        self._now: Counter[bytes] = Counter()

    def know(self, connection: Connection, sources: Collection[Source], now: datetime) -> None:
        """Read how many these have given."""
        self._who = {source: self._keys.allowance(f"rate|{self._petition_id}|{source}") for source in sources}
        found = self._windows.counted(connection, list(self._who.values()), now)
        self._before = {who: one.times for who, one in found.items()}

    def take(self, source: Source) -> bool:
        """Count one more; whether it is one too many."""
        who = self._who[source]
        self._now[who] += 1
        return self._before.get(who, 0) + self._now[who] > self._most

    def store(self, connection: Connection, now: datetime) -> None:
        """Write how many they have given."""
        for who, times in self._now.items():
            self._windows.count(connection, who, now, MINUTE, times)
