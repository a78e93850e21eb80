"""How old an account, and its membership, are when it signs (pure)."""

from datetime import datetime, timedelta


def is_younger(since: datetime | None, days: int | None, now: datetime) -> bool:
    """Whether what began at `since` is younger than `days` at `now`.

    False where there is no such rule, and where the platform does not tell when it began: nobody is held for what
    isn't known of them.
    """
    return since is not None and days is not None and now - since < timedelta(days=days)
