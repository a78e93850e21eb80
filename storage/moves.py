"""What a change of signatures does to the counts: gathered first, then applied by the ledger."""

from collections.abc import Iterable
from operator import add

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
        self.statuses = dict.fromkeys(Counts._fields, 0)
        self.values: dict[Fact, int] = {}
        self.numbers = 0

    def enter(self, status: Status, facts: Iterable[Fact], *, times: int = 1, new_numbers: int = 0) -> None:
        """So many signatures with the same facts come to have a status."""
        self.statuses[str(status)] += times
        self.numbers += new_numbers
        if status is Status.COUNTED:
            for fact in facts:
                self.values[fact] = self.values.get(fact, 0) + times

    def leave(self, status: Status, facts: Iterable[Fact]) -> None:
        """One signature leaves a status."""
        self.enter(status, facts, times=-1)

    def applied_to(self, counts: Counts) -> Counts:
        """The counts after the moves."""
        return Counts(*map(add, counts, self.statuses.values()))

    def counters(self) -> list[tuple[Fact, int]]:
        """The counters that move, and by how much."""
        return [(fact, moved) for fact, moved in self.values.items() if moved]
