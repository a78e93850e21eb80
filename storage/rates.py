"""How many signatures each community gives in a minute, and which of them are too many to count at once.

A community is the whole that its members talk in, be it a server of many channels and threads: else a flood would
make more of those. Those who come by no community are one for each platform: else a flood would take that way.

There are two rates. `Rate` is what a petition says of itself: counted one by one under the petition's lock, so that
all processes count together. `Crowds` is what the configuration says for all petitions together: each process counts
by itself, and notes each eighth of what is allowed in the storage, so that it costs next to nothing.
"""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from bot.model.signature import SignRequest
from storage.keys import Keys
from storage.windows import Windows

MINUTE: Final = timedelta(minutes=1)
EIGHTHS: Final = 8
Source = tuple[str, str]
"""Platform, and the whole that a community is a part of."""


def source_of(request: SignRequest) -> Source:
    """What a signature counts for."""
    return request.account.platform, request.whole or str(request.community or "")


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


class Crowds:
    """What communities have given this process in the minute that runs; `most` is what one may, 0 without end."""

    def __init__(self, windows: Windows, keys: Keys, most: int) -> None:
        self._windows, self._keys, self._most = windows, keys, most
        self._share = -(-most // EIGHTHS)
        self._since: datetime | None = None
        self._given: dict[Source, int] = {}
        self._full: dict[Source, datetime] = {}

    def begin(self, now: datetime) -> "Crowd | None":
        """Count for a batch; None where there is no limit."""
        if not self._most:
            return None
        # Another minute begins also when the clock was put back.
        if self._since is None or not self._since <= now < self._since + MINUTE:
            self._since = now
            self._given = {}
            self._full = {source: end for source, end in self._full.items() if now < end <= now + MINUTE}
        return Crowd(self._given, self._full, self._most)

    def store(self, connection: Connection, crowd: "Crowd", now: datetime) -> None:
        """Keep what a batch gave, once it is written; for other processes each eighth of the limit as one."""
        for source in sorted(crowd.given):
            before = self._given.get(source, 0)
            self._given[source] = after = before + crowd.given[source]
            eighths = after // self._share - before // self._share
            if eighths:
                self._note(connection, source, eighths, now)

    def _note(self, connection: Connection, source: Source, eighths: int, now: datetime) -> None:
        who = self._keys.allowance(f"crowd|{source}")
        self._windows.count(connection, who, now, MINUTE, eighths)
        window = self._windows.counted(connection, [who], now)[who]
        if window.times >= EIGHTHS:
            self._full[source] = window.until


class Crowd:
    """What communities give in one batch. Nothing is kept of it until it is written: a batch may be tried again."""

    def __init__(self, before: dict[Source, int], full: dict[Source, datetime], most: int) -> None:
        self._before, self._full, self._most = before, full, most
        self.given: dict[Source, int] = {}

    def take(self, source: Source, now: datetime) -> bool:
        """Count one more; whether it is one too many."""
        given = self.given[source] = self.given.get(source, 0) + 1
        if self._before.get(source, 0) + given > self._most:
            return True
        return bool(self._full) and self._full.get(source, now) > now
