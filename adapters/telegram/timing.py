"""How long things take that wait, and the clock that they wait by. Both can be given in tests."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from msgspec import Struct

Time = Callable[[], float]
"""Seconds on a clock that never goes back."""
Sleep = Callable[[float], Awaitable[None]]


class Timing(Struct, frozen=True):
    """Seconds of everything that waits."""

    poll: int = 30
    """How long Telegram keeps a question for updates open."""
    first_pause: float = 1.0
    longest_pause: float = 30.0
    """Between attempts while Telegram is out of reach: doubled from the first to the longest."""
    conflict_pause: float = 15.0
    """Before asking again while another program asks for the same updates."""
    notice: float = 2.0
    """How long a button in a group may spin for an answer that can be shown as a notice."""
    farewell: float = 5.0
    """For finishing what is under way at the end."""
    sleep: Sleep = asyncio.sleep
    time: Time = time.monotonic
