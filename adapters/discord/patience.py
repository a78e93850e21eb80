"""How long a member may see nothing, and how long we wait for ourselves."""

from msgspec import Struct


class Patience(Struct, frozen=True):
    """In seconds. Discord takes a first answer for three seconds after the member acted."""

    answer: float = 1.5
    """Then Discord is told that the answer takes longer."""
    form: float = 2.4
    """The same for what is answered by a modal, which can't come any more after that."""
    first_pause: float = 1.0
    longest_pause: float = 60.0
    """Between attempts to connect, doubled from the first to the longest."""


WINDOW = 3.0


def remaining(within: float, age: float) -> float:
    """How much of `within` is left for what happened `age` seconds ago, by Discord's clock.

    An age that can't be (our clocks differ) counts as none.
    """
    return max(0.0, within - age) if 0 < age < WINDOW else within
