"""Which numbers and days stand beside a chart: few, round, and where a reader expects them."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count

_ROUND = (1, 2, 5)
_DAYS = (1, 2, 7, 14)
_MONTHS = (1, 2, 3, 6)
_SHORT = 63  # days: up to nine weeks are told by days, more by months, very many by years
_JANUARY = 1


def number_ticks(highest: int, most: int = 4) -> tuple[int, ...]:
    """0 and a few whole round numbers, the last at or above `highest`; one step at least."""
    for scale in count():
        for factor in _ROUND:
            step = factor * 10**scale
            steps = max(-(-highest // step), 1)
            if steps <= most:
                return tuple(step * number for number in range(steps + 1))
    raise AssertionError("a step is some day large enough")  # pragma: no cover


def day_ticks(first: date, last: date, most: int = 5) -> tuple[date, ...]:
    """Some days from `first` to `last`: the last and even steps before it, or else firsts of months or years."""
    if (last - first).days <= _SHORT:
        step = next(step for step in (*_DAYS, _SHORT) if (last - first).days < step * most)
        return tuple(
            sorted(last - timedelta(step * number) for number in range((last - first).days // step + 1))
        )
    for step in _month_steps():
        ticks = tuple(_firsts(first, last, step))
        if len(ticks) <= most:
            return ticks
    raise AssertionError("a step is some day large enough")  # pragma: no cover


def skeleton(ticks: tuple[date, ...], first: date, last: date) -> str:
    """The parts of a date that tell the ticks apart, as CLDR names them."""
    if (last - first).days <= _SHORT:
        return "MMMd"
    return "y" if all(tick.month == _JANUARY for tick in ticks) else "yMMM"


def _month_steps() -> Iterator[int]:
    """1, 2, 3, 6 months, then 1, 2, 5, 10 … years."""
    yield from _MONTHS
    for scale in count():
        yield from (12 * factor * 10**scale for factor in _ROUND)


def _firsts(first: date, last: date, step: int) -> Iterator[date]:
    """The first days of every `step`th month, counted from the year 0."""
    month = -(-(first.year * 12 + first.month - 1 + (first.day > 1)) // step) * step
    while month <= last.year * 12 + last.month - 1:
        yield date(month // 12, month % 12 + 1, 1)
        month += step
