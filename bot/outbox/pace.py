"""The pace of one platform: so many calls a second, evenly, however many wait. Pure: time is handed in."""

from msgspec import Struct


class Pace(Struct):
    """Hands out places in time, one every `1 / per_second` seconds of a clock that never goes back."""

    per_second: float
    next: float = 0.0
    """When the next place is."""

    def room(self, now: float, ahead: float) -> int:
        """How many places there are from now to `ahead` seconds from now."""
        left = now + ahead - max(self.next, now)
        return max(0, int(left * self.per_second + 1e-9))

    def take(self, now: float) -> float:
        """Take the next place; when it is."""
        place = max(self.next, now)
        self.next = place + 1 / self.per_second
        return place

    def pause(self, until: float) -> None:
        """Let there be no place before that instant."""
        self.next = max(self.next, until)
