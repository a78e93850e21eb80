"""Why a signature may be held for review before it counts, and what a petition holds signatures back for."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from msgspec import Struct


class Rule(StrEnum):
    """Why a signature is held for review. Organisers see it; signers are told that it waits, and why in `/mydata`."""

    ACCOUNT_AGE = "account_age"
    MEMBERSHIP_AGE = "membership_age"
    LOOKALIKE = "lookalike"
    LISTED_NAME = "listed_name"
    COMMUNITY_RATE = "community_rate"
    """Found by the intake, which alone knows how many signed in that minute."""


class HoldRules(Struct, frozen=True):
    """For which reasons a petition holds signatures back; none of them unless it says so.

    `account_days`, `membership_days`: accounts that are younger, or joined the community less long ago.
    `lookalikes`: names that mix scripts, or look like another that stands. `listed`: names on the kept lists;
    `names`: these too. `community_per_minute`: what one community gives beyond so many in a minute.
    """

    account_days: int | None = None
    membership_days: int | None = None
    lookalikes: bool = False
    listed: bool = False
    names: tuple[str, ...] = ()
    community_per_minute: int | None = None

    @property
    def any(self) -> bool:
        """Whether there is one at all."""
        return self != NO_RULES


NO_RULES: Final = HoldRules()


def written(counts: Mapping[Rule, int]) -> str:
    """How many were held for which reason, in one line: `account_age=9 lookalike=3`."""
    return " ".join(f"{rule.value}={counts[rule]}" for rule in Rule if counts.get(rule))


def read(line: str) -> dict[Rule, int]:
    """What `written` wrote."""
    pairs = (pair.partition("=") for pair in line.split())
    return {Rule(rule): int(count) for rule, _, count in pairs}
