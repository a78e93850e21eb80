"""What the configuration says that people are told or that the core goes by."""

from dataclasses import dataclass

from bot.model.account import Account


@dataclass(frozen=True, slots=True)
class House:
    """Organisers by configuration, and what a petition that leaves it out takes from there."""

    admins: frozenset[Account] = frozenset()
    contact: str = ""
    privacy: str = ""
    ask_to_follow: bool = False
    """Whether an organiser confirms each new community."""
    days_after_delivery: int | None = None
    days_after_close: int | None = None
