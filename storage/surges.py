"""Telling organisers of what is held: of many at once, once for each surge; of a few that nobody looks at, once a day.

Both are noted under the petition's lock, so that each is told once, however many processes there are. A surge is ten
in an hour, and lasts for as long as every hour that follows has ten.
"""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, insert, select, update

from bot.model.community import Kind, Telling
from bot.model.holding import Rule, written
from bot.model.petition import State
from storage.cases import HELD
from storage.instants import micros
from storage.ledger import Ledger
from storage.tables import announcement, petition, signature, surge, totals
from storage.telling import announce

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
MANY: Final = 10


def note(
    connection: Connection, petition_id: int, held: int, rules: Mapping[Rule, int], now: datetime
) -> None:
    """So many more are held, for these reasons. The petition is locked."""
    mine = surge.c.petition == petition_id
    row = connection.execute(select(surge).where(mine)).one_or_none()
    since, burst, counts = now, None, Counter[str]()
    if row is not None and row.since <= now < row.since + HOUR:
        since, burst, counts = row.since, row.burst, Counter(json.loads(row.rules))
    elif (
        row is not None and row.since <= now < row.since + 2 * HOUR and json.loads(row.rules)["held"] >= MANY
    ):
        burst = row.burst
    counts.update({"held": held} | {rule.value: times for rule, times in rules.items()})
    if counts["held"] >= MANY:
        burst = burst or since
        _tell(connection, petition_id, counts, burst, now)
    values = {"since": since, "burst": burst, "rules": json.dumps(counts)}
    if row is None:
        connection.execute(insert(surge).values(values | {"petition": petition_id}))
    else:
        connection.execute(update(surge).where(mine).values(values))


def _tell(
    connection: Connection, petition_id: int, counts: Mapping[str, int], burst: datetime, now: datetime
) -> None:
    """Once: the key is when the surge began."""
    said = written({Rule(rule): times for rule, times in counts.items() if rule != "held"})
    key = str(micros(burst))
    announce(connection, Telling(petition_id, Kind.HELD, total=counts["held"], text=said, key=key), now)


def waiting(connection: Connection) -> list[int]:
    """Petitions that have some that are held, and that can still count them."""
    undelivered = petition.c.state != State.DELIVERED.value
    wanted = select(petition.c.id).join(totals, totals.c.petition == petition.c.id)
    return list(connection.execute(wanted.where(totals.c.held > 0, undelivered)).scalars())


def remind(connection: Connection, ledger: Ledger, petition_id: int, now: datetime) -> None:
    """Tell of those that wait since yesterday, unless it was told of any within a day."""
    locked = ledger.lock(connection, petition_id)
    oldest = select(func.min(signature.c.day)).where(signature.c.petition == petition_id, HELD)
    since = connection.execute(oldest).scalar()
    told = (announcement.c.petition == petition_id) & (announcement.c.kind == Kind.HELD.value)
    lately = connection.execute(select(announcement.c.id).where(told, announcement.c.at > now - DAY)).first()
    today = now.date().isoformat()
    if since is not None and since < today and lately is None:
        held = locked.standing.counts.held
        announce(connection, Telling(petition_id, Kind.HELD, total=held, key=f"waits {today}"), now)
