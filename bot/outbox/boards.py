"""When a board may be edited again, and what it shows. Pure.

A board shows a *face*: its petition's total, state and revision. It is edited when its face is no longer the newest,
so it always ends on the newest total, however many signatures come meanwhile.
"""

from datetime import datetime, timedelta

from bot.model.community import Board, Displayed
from bot.model.petition import Petition
from bot.model.signature import Totals
from bot.sending import Gone, Later, Lost, Outcome, Sent

BETWEEN = timedelta(seconds=5)
BETWEEN_SHARED = timedelta(seconds=10)
"""Between edits: where all messages count against one limit (a Telegram group: 20 a minute), six a minute at most."""
OLD, OLDER = timedelta(hours=1), timedelta(days=1)
BETWEEN_OLD, BETWEEN_OLDER = timedelta(seconds=30), timedelta(seconds=60)
"""Discord refuses frequent edits of messages older than an hour (its code 30046)."""
SHARE = 0.8
"""How much of the platform's pace all boards together may take."""
MOST_STRIKES = 8
LONGEST = timedelta(hours=1)


def face(petition: Petition, totals: Totals, now: datetime) -> str:
    """What stands on this petition's boards, in few characters."""
    return f"{totals.counted}|{petition.state(now)}|{petition.revision}"


def interval(boards: int, age: timedelta, per_second: float, *, discreet: bool) -> timedelta:
    """The least time between two edits of a board of this age, where so many stand."""
    sweep = timedelta(seconds=boards / (per_second * SHARE))
    aged = BETWEEN_OLDER if age > OLDER else BETWEEN_OLD if age > OLD else timedelta(0)
    return max(BETWEEN if discreet else BETWEEN_SHARED, aged, sweep)


def edited(board: Board, outcome: Outcome, face: str, now: datetime, between: timedelta) -> Displayed | None:
    """What is to be noted of a board after an edit; None if the whole community can't be reached any more."""
    number = board.id
    match outcome:
        case Sent():
            strikes = max(0, board.strikes - 1)
            return Displayed(number, now + between, face, strikes, gone=board.leaving)
        case Gone(Lost.MESSAGE):
            return Displayed(number, now + between, gone=True, deleted=True)
        case Gone():
            return Displayed(number, now + between, gone=True) if board.leaving else None
    strikes = min(board.strikes + 1, MOST_STRIKES)
    wait = min(between * (1 << strikes), LONGEST)
    if isinstance(outcome, Later):
        wait = max(wait, timedelta(seconds=outcome.seconds))
    gone = board.leaving and strikes == MOST_STRIKES
    return Displayed(number, now + wait, strikes=strikes, gone=gone)
