"""Telling organisers that many signatures are being held: once for each surge.

A surge lasts for as long as one is held every hour. It is noted under the petition's lock, so that it is told once,
however many processes take signatures.
"""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, insert, select, update

from bot.model.community import Kind, Telling
from bot.model.holding import Rule, written
from storage.instants import micros
from storage.tables import surge
from storage.telling import announce

PAUSE: Final = timedelta(hours=1)
"""Without one that is held: so a surge ends."""
MANY: Final = 10
"""So many are worth a word; fewer are seen in `/review` and `/status`."""


def note(
    connection: Connection, petition_id: int, held: int, rules: Mapping[Rule, int], now: datetime
) -> None:
    """So many more are held, for these reasons. The petition is locked."""
    mine = surge.c.petition == petition_id
    row = connection.execute(select(surge).where(mine)).one_or_none()
    since, counts = now, Counter[str]()
    if row is not None and now - row.latest < PAUSE:
        since, counts = row.since, Counter(json.loads(row.rules))
    counts.update({"held": held} | {rule.value: times for rule, times in rules.items()})
    if counts["held"] >= MANY:
        _tell(connection, petition_id, counts, since, now)
    values = {"since": since, "latest": now, "rules": json.dumps(counts)}
    if row is None:
        connection.execute(insert(surge).values(values | {"petition": petition_id}))
    else:
        connection.execute(update(surge).where(mine).values(values))


def _tell(
    connection: Connection, petition_id: int, counts: Mapping[str, int], since: datetime, now: datetime
) -> None:
    """Once: the key is when the surge began."""
    said = written({Rule(rule): times for rule, times in counts.items() if rule != "held"})
    key = str(micros(since))
    announce(connection, Telling(petition_id, Kind.HELD, total=counts["held"], text=said, key=key), now)
