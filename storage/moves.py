"""What a change of signatures does to the counts: gathered first, then applied by the ledger."""

from collections import Counter
from collections.abc import Iterable

from bot.model.signature import Context, Dimension, Status
from storage.hourly import Counts

Fact = tuple[str, str]
"""One value of one dimension: what a counted signature is counted under."""

# Plain strings: enum members are slow to hash, and drivers want the word.
_DAY, _PLATFORM, _LANGUAGE = Dimension.DAY.value, Dimension.PLATFORM.value, Dimension.LANGUAGE.value
_COMMUNITY, _ANSWER = Dimension.COMMUNITY.value, Dimension.ANSWER.value
_TEXT_VERSION, _REACH = Dimension.TEXT_VERSION.value, Dimension.REACH.value
OF_CONTEXT = (_LANGUAGE, _COMMUNITY, _ANSWER)
"""What only a signature's context says; once that is scrubbed, the counters alone do."""


def facts(
    day: str, platform: str, reach: str, text_version: str, context: Context | None
) -> tuple[Fact, ...]:
    """What a signature is counted under. A scrubbed context is counted under nothing any more."""
    clear = ((_DAY, day), (_PLATFORM, platform), (_REACH, reach), (_TEXT_VERSION, text_version))
    if context is None:
        return clear
    known: tuple[Fact, ...] = (*clear, (_LANGUAGE, context.language))
    if context.community is not None:
        known = (*known, (_COMMUNITY, str(context.community)))
    return known if context.answer is None else (*known, (_ANSWER, context.answer))


class Moves:
    """By how much each status and each breakdown moves, and how many new numbers are given out."""

    def __init__(self) -> None:
        self.statuses: Counter[Status] = Counter()
        self.values: Counter[Fact] = Counter()
        self.numbers = 0

    def enter(self, status: Status, values: Iterable[Fact], *, times: int = 1, new_numbers: int = 0) -> None:
        """Signatures come to have a status. `values` are the facts of all of them, one after the other."""
        self.statuses[status] += times
        self.numbers += new_numbers
        if status is Status.COUNTED:
            self.values.update(values)

    def leave(self, status: Status, values: Iterable[Fact]) -> None:
        """One signature leaves a status."""
        self.statuses[status] -= 1
        if status is Status.COUNTED:
            self.values.subtract(values)

    def applied_to(self, counts: Counts) -> Counts:
        """The counts after the moves."""
        return Counts(
            counted=counts.counted + self.statuses[Status.COUNTED],
            held=counts.held + self.statuses[Status.HELD],
            withdrawn=counts.withdrawn + self.statuses[Status.WITHDRAWN],
            struck=counts.struck + self.statuses[Status.STRUCK],
        )

    def counters(self) -> list[tuple[Fact, int]]:
        """The counters that move, and by how much."""
        return [(fact, moved) for fact, moved in self.values.items() if moved]
