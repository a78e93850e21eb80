"""Which totals are worth telling everybody about."""

from collections.abc import Iterator, Sequence
from itertools import takewhile

_STEPS = (10, 25, 50)


def series() -> Iterator[int]:
    """10, 25, 50, 100, 250, 500, 1000 … without end: the milestones of a petition that names none."""
    scale = 1
    while True:
        yield from (step * scale for step in _STEPS)
        scale *= 10


def crossed(milestones: Sequence[int], goal: int | None, before: int, after: int) -> tuple[int, ...]:
    """The milestones in (before, after], rising. The goal is one, whatever else the petition names.

    A total that falls crosses nothing.
    """
    named = milestones or takewhile(lambda total: total <= after, series())
    reached = {total for total in (*named, *([goal] if goal else [])) if before < total <= after}
    return tuple(sorted(reached))


def following(milestones: Sequence[int], goal: int | None, total: int) -> int | None:
    """The next milestone above `total`; None where the petition names none so high."""
    ahead = [step for step in (*milestones, *([goal] if goal else [])) if step > total]
    if not milestones:
        ahead.append(next(step for step in series() if step > total))
    return min(ahead, default=None)
