"""When the total that is shown moves: pure functions.

In live mode what is shown is what is counted. In hourly mode it moves on the hour and by five or more only,
so that nobody can watch a small group sign. Nothing need run on the hour: who writes next rolls what is shown
forward, and who reads applies the same function.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

STEP = 5
"""By how many counted signatures what is shown moves at least, in hourly mode."""
HOUR = timedelta(hours=1)


class Counts(NamedTuple):
    """How many signatures of one petition have each status."""

    counted: int = 0
    held: int = 0
    withdrawn: int = 0
    struck: int = 0

    def __str__(self) -> str:
        return f"{self.counted} counted, {self.held} held, {self.withdrawn} withdrawn, {self.struck} struck"


class Standing(NamedTuple):
    """The counts since `changed`, and the counts that are shown, as they stood at `shown_at`."""

    counts: Counts
    changed: datetime
    shown: Counts
    shown_at: datetime


def next_hour(at: datetime) -> datetime:
    """The first full hour (UTC) after `at`."""
    return at.replace(minute=0, second=0, microsecond=0) + HOUR


def roll(standing: Standing, now: datetime) -> Standing:
    """What hourly mode shows at `now`, if nothing changed since `standing.changed`.

    The counts at the first full hour after the last change are those that stand still, so they are shown
    from then on, if they differ enough from what was shown. The same object if nothing moves.
    """
    boundary = next_hour(standing.changed)
    near = abs(standing.counts.counted - standing.shown.counted) < STEP
    if now < boundary or near:
        return standing
    return standing._replace(shown=standing.counts, shown_at=boundary)


def change(standing: Standing, counts: Counts, now: datetime, *, hourly: bool) -> Standing:
    """The standing after a change at `now`. A clock that was set back does not take time back."""
    if not hourly:
        changed = max(now, standing.changed)
        return Standing(counts, changed, counts, changed)
    rolled = roll(standing, now)
    return rolled._replace(counts=counts, changed=max(now, standing.changed))
