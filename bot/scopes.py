"""Which signatures a button is about, in a few characters that its token can carry.

`all` that are held, or those of a rule (`r-account-age`), a day (`d-20260308`), a community (`c-12`); those that are
`struck`; those with these numbers (`n-12-20`); one (`h-` and its handle). A name that was searched for does not fit:
`q-` is the id of the draft that keeps it, and means the page that is shown; `f-` means all that are found.
"""

import re
from datetime import date
from typing import Final

from bot.model.holding import Rule
from bot.model.review import Which
from bot.model.signature import Status

ALL: Final = "all"
STRUCK: Final = "struck"
_RANGE = re.compile(r"#?(\d{1,9})(?:\s*[-–]\s*#?(\d{1,9}))?")


def of_rule(rule: Rule) -> str:
    return "r-" + rule.value.replace("_", "-")


def of_day(day: date) -> str:
    return f"d-{day:%Y%m%d}"


def of_community(community: int) -> str:
    return f"c-{community}"


def of_one(handle: str) -> str:
    return f"h-{handle}"


def of_numbers(first: int, last: int) -> str:
    return f"n-{first}-{last}"


def of_search(draft: str) -> str:
    return f"q-{draft}"


def of_found(scope: str) -> str:
    """All that are found by a search, of which `scope` is a page."""
    return f"f-{scope.removeprefix('q-')}"


def searched(scope: str) -> str | None:
    """The id of the draft that keeps what was searched for; None for any other scope."""
    kind, _, form = scope.partition("-")
    return form if kind in {"q", "f"} and form else None


def is_found(scope: str) -> bool:
    """Whether it means all that are found, and not a page of them."""
    return scope.startswith("f-")


def which(scope: str) -> Which | None:
    """The signatures that a scope stands for; None for what no button of ours carries."""
    kind, _, value = scope.partition("-")
    match kind:
        case "all":
            return Which()
        case "struck":
            return Which(statuses=frozenset({Status.STRUCK}))
        case "r" if value.replace("-", "_") in set(Rule):
            return Which(rule=Rule(value.replace("-", "_")))
        case "d" if re.fullmatch(r"[0-9]{8}", value):
            return _of_day(value)
        case "c" if re.fullmatch(r"[0-9]{1,9}", value):
            return Which(community=int(value))
        case "n":
            found = numbers(value)
            return Which.numbered(found) if found else None
        case "h" if value:
            return Which.one(value)
        case _:
            return None


def _of_day(value: str) -> Which | None:
    try:
        return Which(day=date.fromisoformat(value))
    except ValueError:
        return None


def numbers(text: str) -> tuple[int, int] | None:
    """`#12` and `12-20` as the first and the last of a range; None for what is no number, and so a name."""
    found = _RANGE.fullmatch(text.strip())
    return (int(found[1]), int(found[2] or found[1])) if found else None
