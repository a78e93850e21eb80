"""What is due by the clock: quiet hours, digests by local time, what a petition's times bring. Pure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.later import Later
from bot.model.community import Kind, Rhythm, Wishes
from bot.model.petition import Petition, State

if TYPE_CHECKING:
    import zoneinfo
else:
    zoneinfo = Later("zoneinfo")

DIGEST_AT = time(9)
"""Local time of a digest; a weekly one comes on Monday."""
LAST_HOURS = timedelta(hours=72)
LATE = timedelta(hours=24)
"""So long after its instant is it still said that the last hours have begun."""
STALE = timedelta(days=7)
"""What happened longer ago is no news."""
ZONES = (
    "UTC", "Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Phoenix", "America/Denver",
    "America/Chicago", "America/Mexico_City", "America/New_York", "America/Bogota", "America/Caracas",
    "America/Puerto_Rico", "America/Santiago", "America/Sao_Paulo", "America/Argentina/Buenos_Aires",
    "Europe/London", "Europe/Madrid", "Europe/Berlin", "Europe/Athens", "Africa/Lagos", "Africa/Nairobi",
    "Asia/Kolkata", "Asia/Shanghai", "Australia/Sydney",
)  # fmt: skip
"""Time zones that are offered. Buttons name them by their place here, so new ones come at the end."""


def zone_of(name: str) -> "zoneinfo.ZoneInfo":
    """A time zone by its IANA name, or else UTC: what is stored may be unknown to this machine."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return zoneinfo.ZoneInfo("UTC")


def wakes(wishes: Wishes, at: datetime) -> datetime:
    """When a community may be written to, from `at` on: at once, or when its quiet hours end."""
    start, end = wishes.quiet_from, wishes.quiet_to
    if start is None or end is None or start == end:
        return at
    zone = zone_of(wishes.zone)
    local = at.astimezone(zone)
    over_midnight = start > end
    quiet = local.hour >= start or local.hour < end if over_midnight else start <= local.hour < end
    if not quiet:
        return at
    day = local.date() + timedelta(days=1) if over_midnight and local.hour >= start else local.date()
    return max(at, _instant(day, time(end), zone))


def next_digest(rhythm: Rhythm, zone_name: str, after: datetime) -> datetime | None:
    """The first digest after an instant. There is one for each local day (or Monday), whatever clocks do there."""
    if rhythm is Rhythm.OFF:
        return None
    zone = zone_of(zone_name)
    day = after.astimezone(zone).date()
    while rhythm is Rhythm.WEEKLY and day.weekday() != 0:
        day += timedelta(days=1)
    if (slot := _instant(day, DIGEST_AT, zone)) > after:
        return slot
    return _instant(day + timedelta(days=7 if rhythm is Rhythm.WEEKLY else 1), DIGEST_AT, zone)


def events(petition: Petition, now: datetime) -> Iterator[tuple[Kind, datetime]]:
    """What the petition's own times have brought: what to announce, and the instant that makes it one of its kind.

    What an organiser did by hand was announced when it was done.
    """
    opens, closes, state = petition.content.opens, petition.content.closes, petition.state(now)
    opened_by_itself = petition.stored_state is State.DRAFT and state is State.OPEN
    if opens is not None and opened_by_itself and now - opens < STALE:
        yield Kind.OPENED, opens
    if closes is None:
        return
    by_itself = petition.stored_state in {State.DRAFT, State.OPEN, State.PAUSED} and state is State.CLOSED
    if by_itself and now - closes < STALE:
        yield Kind.CLOSED, closes
    begun = closes - LAST_HOURS
    there_before = petition.added <= begun and (opens is None or opens <= begun)
    if state is State.OPEN and there_before and begun <= now < begun + LATE:
        yield Kind.LAST_HOURS, closes


def _instant(day: date, at: time, zone: "zoneinfo.ZoneInfo") -> datetime:
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
