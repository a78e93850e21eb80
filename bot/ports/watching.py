"""Who wants to know how the intake fares: for metrics."""

from collections.abc import Callable
from typing import Protocol

from bot.model.signature import SignResult


class Watch(Protocol):
    """Told in the event loop, beside people who wait: it must be quick, and never raise."""

    def queue(self, depth: Callable[[], int]) -> None:
        """Once, at the start: how to ask how many requests wait."""

    def batch(self, size: int, waited: float) -> None:
        """So many requests are about to be written together; the first of them waited so many seconds."""

    def signed(self, result: SignResult) -> None:
        """One request has got its result."""


class Unwatched:
    """Nobody wants to know."""

    def queue(self, depth: Callable[[], int]) -> None:
        pass

    def batch(self, size: int, waited: float) -> None:
        pass

    def signed(self, result: SignResult) -> None:
        pass
