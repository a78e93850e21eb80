"""The rules that hold signatures back for review, in a petition file: the table `hold`."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from bot.holding.phrases import words
from bot.model.holding import HoldRules
from bot.petition_file import limits
from bot.petition_file.keys import Table
from bot.words import petition_file as said

KEYS: Mapping[str, str] = MappingProxyType(
    {
        "account_age_days": "account_days",
        "membership_age_days": "membership_days",
        "lookalike_names": "lookalikes",
        "listed_names": "listed",
        "names": "names",
        "community_per_minute": "community_per_minute",
    }
)
"""How organisers write each of the rules."""


def read_hold(root: Table) -> HoldRules:
    """The rules of a file; none where it has none."""
    table = root.table("hold")
    if table is None:
        return HoldRules()
    table.check_keys(tuple(KEYS))
    return HoldRules(
        account_days=table.number("account_age_days", limits.DAYS),
        membership_days=table.number("membership_age_days", limits.DAYS),
        lookalikes=table.flag("lookalike_names"),
        listed=table.flag("listed_names"),
        names=_names(table),
        community_per_minute=table.number("community_per_minute", limits.PER_MINUTE),
    )


def _names(table: Table) -> tuple[str, ...]:
    names = table.texts("names", limits.NAME)
    for name in names:
        if not words(name):
            table.refuse("names", said.NO_WORD, given=name)
    return names


def rules(hold: HoldRules) -> Iterator[tuple[str, int | bool | tuple[str, ...]]]:
    """The rules that hold, by the keys that organisers write."""
    for key, field in KEYS.items():
        value = getattr(hold, field)
        if value:
            yield key, value
