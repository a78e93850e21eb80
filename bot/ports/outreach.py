"""What the outbox needs of the world: who follows, where boards stand, and what is on its way."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.model.account import Place
from bot.model.community import (
    Announcement,
    Board,
    DeliveryState,
    Displayed,
    Fanout,
    Follow,
    Job,
    Settled,
    Standing,
    Telling,
    Undelivered,
    Wishes,
)

Wakes = Callable[[Wishes, datetime], datetime]
"""When a community with these wishes may next be written to, from an instant on."""


class Follows(Protocol):
    """The communities that follow petitions."""

    async def follow(
        self, place: Place, petition_id: int, locale: str, wishes: Wishes, *, waiting: bool = False
    ) -> Follow:
        """Follow, or follow again what was left or set aside, keeping earlier wishes then.

        Its board is announced unless it waits for an organiser's word, or one stands.
        """

    async def at(self, place: Place) -> Sequence[Follow]:
        """What this place follows, what it has left excepted."""

    async def get(self, follow: int) -> Follow | None:
        """One of them by its id, unless it has left."""

    async def wish(
        self, follow: int, wishes: Wishes, locale: str, digest_at: datetime | None
    ) -> Follow | None:
        """Change what it hears and in which language, and when its next digest is due."""

    async def unfollow(self, follow: int) -> None:
        """Leave. The board says goodbye; what was on its way to there is skipped."""

    async def confirm(self, follow: int) -> bool:
        """An organiser's word for one that waits: its board is announced. False if it does not wait."""

    async def set_aside(self, follow: int, reason: str, *, left: bool = False) -> None:
        """Post there no more until a moderator brings it back. Until then it has `left`, if that is why."""

    async def bring_back(self, follow: int) -> Follow | None:
        """Serve one again that was set aside."""

    async def board_again(self, follow: int) -> None:
        """Announce its board once more; the message that was the board until now then says that it has moved."""

    async def told(self, follow: int) -> None:
        """A moderator has been told that it was set aside."""

    async def listed(self, *, after: int = 0, limit: int = 20) -> Sequence[Follow]:
        """All that have not left, those that wait first, in the order in which they came."""

    async def standings(self, petition_id: int | None = None) -> Mapping[tuple[str, Standing], int]:
        """How many there are, by platform and standing."""

    async def left(self, place: Place) -> None:
        """The bot is no longer in this place, nor in any part of it: everything there is left."""

    async def moved(self, place: Place, to: Place) -> None:
        """The place has another id from now on (a migrated group)."""

    async def forget_left(self, before: datetime) -> int:
        """Erase the ids of places that were left before this instant; how many."""

    async def digests_due(self, now: datetime, limit: int = 100) -> Sequence[tuple[Follow, datetime]]:
        """Those whose digest is due, and since when."""

    async def digest(
        self, follow: Follow, due: datetime, total: int, following: datetime | None, *, tell: bool
    ) -> int | None:
        """Announce the digest that was due and set when the next one is; by how much the total rose.

        None (and nothing done) if somebody else has done so meanwhile. Nothing is announced unless `tell` and
        the total rose since the last.
        """


class Boards(Protocol):
    """The boards that stand."""

    async def stale(
        self, platform: str, faces: Mapping[int, str], now: datetime, limit: int
    ) -> Sequence[Board]:
        """Boards that may be edited now and show another face than their petition has, by petition id.

        Those that say goodbye come first, then those of the petition whose total moved last; of one petition
        those edited longest ago.
        """

    async def soonest(self, platform: str, faces: Mapping[int, str]) -> datetime | None:
        """When the next of those that show another face may be edited."""

    async def display(self, displayed: Sequence[Displayed]) -> None:
        """Note what boards show now."""

    async def count(self, platform: str) -> int:
        """How many stand on this platform."""


class Outbox(Protocol):
    """What is to be told, and to whom it still has to be.

    `platform` is served by one `holder` at a time: who advances holds it for some seconds.
    """

    async def announce(self, telling: Telling) -> int | None:
        """Announce. None if it was announced before (the same petition, kind and key)."""

    async def propose(self, telling: Telling) -> Announcement:
        """Keep what somebody may want to announce, for a day; nothing goes out before it is confirmed."""

    async def announcement(self, token: str) -> Announcement | None:
        """An announcement by its token."""

    async def confirm(self, token: str, *, most: int | None, since: datetime) -> bool:
        """Let what was proposed go out. False if it has been confirmed before, or is no longer there.

        Nor if organisers have announced `most` to everybody since then (None: that does not matter), however many
        confirm at the same instant.
        """

    async def to_everybody(self, since: datetime) -> int:
        """How often organisers have announced something to everybody since then."""

    async def spread(self, wakes: Wakes, limit: int = 500) -> bool:
        """Make out the deliveries of what was announced, at most so many at a time; whether there was anything.

        `wakes` says when each community may be written to. A milestone waits until the burst of signatures that
        crossed it has ended; of those that one burst crossed the highest is told.
        """

    async def waits(self) -> bool:
        """Whether something was announced whose deliveries are still to be made out."""

    async def advance(
        self, platform: str, holder: str, settled: Sequence[Settled], limit: int
    ) -> Sequence[Job] | None:
        """In one transaction, note what became of jobs and take the next that are due, marked as in flight.

        None if another holder serves the platform; what was settled is noted all the same.
        """

    async def release(self, platform: str, holder: str) -> None:
        """Serve the platform no longer: another holder may begin at once."""

    async def soonest(self, platform: str) -> datetime | None:
        """When the next delivery on this platform is due."""

    async def states(self) -> Mapping[tuple[str, DeliveryState], int]:
        """How many deliveries there are in each state, by platform."""

    async def fanout(self, announcement: int) -> Fanout:
        """How far an announcement has got."""

    async def undelivered(self, announcement: int, limit: int = 50) -> Sequence[Undelivered]:
        """What could not be delivered or can't be settled, and why."""

    async def failed(self, petition_id: int, since: datetime) -> int:
        """How many messages about a petition, announced since then, could not be delivered or can't be settled."""

    async def held_back(self) -> int:
        """How many deliveries and announcements were held back when a backup was restored."""

    async def release_held(self, *, send: bool) -> None:
        """Let them go out after all, or drop them."""

    async def hours(self, now: datetime) -> None:
        """Once an hour: note each total as it is shown, and let hourly totals and their milestones move."""

    async def tidy(self, now: datetime) -> None:
        """Forget proposals that nobody confirmed within a day."""
