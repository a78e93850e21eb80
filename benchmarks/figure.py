"""A figure: something measured, beside the limit it was measured against in the same run."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` and `limit` in `unit` (`/s`, `ms`, `MB` …); their ratio should be at least, or at most, the goal."""

    name: str
    """What was measured, for a reader: 'intake, SQLite, 500 waiting'."""
    value: float
    unit: str
    limit_name: str
    """What it was measured against: 'raw sqlite3, the same rows, 500 a transaction'."""
    limit: float
    should_be: Literal["at least", "at most"]
    goal: float
    """What the issue of the work asks of `value / limit`."""

    @property
    def ratio(self) -> float:
        """How the value stands to its limit."""
        return self.value / self.limit

    @property
    def met(self) -> bool:
        """Whether the goal is reached."""
        return self.ratio >= self.goal if self.should_be == "at least" else self.ratio <= self.goal
