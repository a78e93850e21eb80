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
        self.windows, self.keys, self.most = windows, keys, most
        self.share = -(-most // EIGHTHS)
        self.since: datetime | None = None
        self.given: dict[Source, int] = {}
        self.full: dict[Source, datetime] = {}

    def batch(self) -> "Crowd | None":
        """Counts for a batch; None where there is no limit."""
        return Crowd(self) if self.most else None

    def begin(self, now: datetime) -> None:
        """Begin another minute when one is over, or the clock was put back."""
        if self.since is None or not self.since <= now < self.since + MINUTE:
            self.since = now
            self.given = {}
            self.full = {source: end for source, end in self.full.items() if now < end <= now + MINUTE}


class Crowd:
    """What communities give in one batch, which may be tried again."""

    def __init__(self, crowds: Crowds) -> None:
        self._crowds = crowds
        self._given: dict[Source, int] = {}
        self._filled: set[Source] = set()
        self._kept: datetime | None = None  # in the minute that began then

    def begin(self, now: datetime) -> None:
        """Begin, or begin again: then what the try before this one gave has not been written."""
        crowds = self._crowds
        crowds.begin(now)
        if self._kept is not None and self._kept == crowds.since:
            for source, given in self._given.items():
                crowds.given[source] -= given
            for source in self._filled:
                crowds.full.pop(source, None)
        self._given, self._filled, self._kept = {}, set(), None

    def take(self, source: Source, now: datetime) -> bool:
        """Count one more; whether it is one too many."""
        crowds = self._crowds
        given = self._given[source] = self._given.get(source, 0) + 1
        if crowds.given.get(source, 0) + given > crowds.most:
            return True
        return bool(crowds.full) and crowds.full.get(source, now) > now

    def store(self, connection: Connection, now: datetime) -> None:
        """Keep what it gave, in the transaction that writes it; for other processes each eighth of the limit as one."""
        crowds = self._crowds
        self._kept = crowds.since
        for source in sorted(self._given):
            before = crowds.given.get(source, 0)
            crowds.given[source] = after = before + self._given[source]
            eighths = after // crowds.share - before // crowds.share
            if eighths:
                self._note(connection, source, eighths, now)

    def _note(self, connection: Connection, source: Source, eighths: int, now: datetime) -> None:
        crowds, who = self._crowds, self._crowds.keys.allowance(f"crowd|{source}")
        crowds.windows.count(connection, who, now, MINUTE, eighths)
        window = crowds.windows.counted(connection, [who], now)[who]
        if window.times >= EIGHTHS and source not in crowds.full:
            crowds.full[source] = window.until
            self._filled.add(source)
