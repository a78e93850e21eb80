"""Exactly once, or at most once where the platform allows no more: what is done with a job, and what comes of it.

Pure. A job is marked as in flight before its request leaves, so one that is found in flight may stand there already
(`Job.suspect` says since when). Then:

* where a repetition under the same token can't post twice (`repeatable`, Discord's enforced nonce), it is posted again
  while the platform remembers the token, and after that our own message is looked for; only if it is not there is it
  posted afresh;
* elsewhere (Telegram) it is not sent again: UNKNOWN, and listed for the organisers.

A board that may stand in a community that has left meanwhile is looked for in any case, to say goodbye there.
"""

from datetime import datetime, timedelta
from enum import Enum, auto

from bot.model.community import DeliveryState, Job, Settled
from bot.sending import Failed, Gone, Later, Outcome, Sent, Unknown

REMEMBERED = timedelta(seconds=120)
"""How long a platform is trusted to know a token again."""
LONGEST_SEND = timedelta(seconds=15)
"""A request that takes longer is given up, its end unknown."""
GIVE_UP_AFTER = timedelta(days=1)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(hours=1)
"""Between attempts: doubled from the first to the longest."""
LOOK_AGAIN, LOOK_AGAIN_LATEST = timedelta(seconds=5), timedelta(seconds=60)
"""The same for what may have arrived: it is settled soon, while the token is known."""


class Step(Enum):
    """What to do with a job."""

    POST = auto()
    FIND = auto()
    LEAVE = auto()  # it can't be settled


def step(job: Job, now: datetime, *, repeatable: bool) -> Step:
    """What to do with a job that was taken at `now`."""
    if job.suspect is None:
        return Step.POST
    if not repeatable:
        return Step.LEAVE
    if job.unwanted:
        return Step.FIND
    if now - job.suspect <= REMEMBERED - LONGEST_SEND:
        return Step.POST
    return Step.LEAVE if job.follow is None else Step.FIND


def posted(job: Job, outcome: Outcome, now: datetime, *, repeatable: bool) -> Settled:
    """What has become of a job after posting it."""
    match outcome:
        case Sent(reference):
            return Settled(job, DeliveryState.SENT, reference=reference)
        case Unknown():
            return in_doubt(job, now) if repeatable else left(job)
        case Gone(why):
            return Settled(job, DeliveryState.FAILED, reason=why.value)
        case Later(seconds):
            return _again(job, now + timedelta(seconds=seconds), now, "busy")
        case Failed(reason):
            return _again(job, now + pause(job.tries), now, reason)


def found(job: Job, reference: str | None, now: datetime) -> Settled:
    """What has become of a job after looking for its message: it stands there, or is to be posted afresh if wanted."""
    if reference is not None:
        return Settled(job, DeliveryState.SENT, reference=reference)
    return Settled(job, DeliveryState.DUE, again=now)


def left(job: Job) -> Settled:
    """It may stand there; nobody can tell."""
    return Settled(job, DeliveryState.UNKNOWN, reason="unknown")


def in_doubt(job: Job, now: datetime) -> Settled:
    """It may stand there; look again soon, for a day."""
    if now - job.born > GIVE_UP_AFTER:
        return left(job)
    again = min(LOOK_AGAIN * (1 << min(job.tries, 10)), LOOK_AGAIN_LATEST)
    return Settled(job, DeliveryState.IN_FLIGHT, again=now + again)


def pause(tries: int) -> timedelta:
    """How long to wait after so many attempts."""
    return min(FIRST_PAUSE * (1 << min(tries, 20)), LONGEST_PAUSE)


def _again(job: Job, at: datetime, now: datetime, reason: str) -> Settled:
    """This attempt did nothing. One before it may have: then the job stays in doubt."""
    if now - job.born > GIVE_UP_AFTER:
        return Settled(job, DeliveryState.FAILED, reason=reason) if job.suspect is None else left(job)
    state = DeliveryState.DUE if job.suspect is None else DeliveryState.IN_FLIGHT
    return Settled(job, state, again=at, reason=reason)
