"""In memory: who follows, where boards stand, and what is on its way. Part of the world of `fakes.py`."""

import heapq
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from bot.model.account import Account, Place
from bot.model.community import (
    TO_ORGANISERS,
    Announcement,
    Board,
    DeliveryState,
    Fanout,
    Follow,
    Hears,
    Job,
    Kind,
    Standing,
    Telling,
    Undelivered,
    Voice,
    Wishes,
)
from bot.pictures import Picture as Drawn
from bot.pictures import PictureError
from bot.tokens import random_id

HEARD = {
    Kind.MILESTONE: "all milestones",
    Kind.GOAL: "all milestones",
    Kind.UPDATE: "",
    **dict.fromkeys(TO_ORGANISERS, ""),
}
PERSONAL = {Kind.CLOSED, Kind.DELIVERED, Kind.UPDATE}
DUE, IN_FLIGHT, SENT = DeliveryState.DUE, DeliveryState.IN_FLIGHT, DeliveryState.SENT
HELD, LEASED = timedelta(seconds=20), timedelta(seconds=45)


class Sketcher:
    """Who draws, in tests: at once, and always the same."""

    async def draw(self, facts):
        if "\ud800" in facts.title:
            raise PictureError("A picture can't be made.")
        return Drawn(b"\x89PNG", f"A picture of {facts.title}")

    async def close(self) -> None:
        """Nothing was started."""


@dataclass
class Row:
    """A delivery as the storage keeps it."""

    id: int
    told: int
    platform: str
    due: datetime
    born: datetime
    follow: int | None = None
    account: Account | None = None
    urgency: int = 1
    state: DeliveryState = DUE
    left: datetime | None = None
    tries: int = 0
    reason: str = ""
    token: str = field(default_factory=random_id)

    @property
    def under_way(self) -> bool:
        return self.state in (DUE, IN_FLIGHT)


@dataclass
class Displaying:
    """A board as the storage keeps it."""

    follow: int
    reference: str
    since: datetime
    face: str
    edited: datetime
    next: datetime
    strikes: int = 0
    state: str = "stands"


@dataclass
class Outreach:
    """What the fakes below share."""

    follows: dict[int, Follow] = field(default_factory=dict)
    digests: dict[int, tuple[datetime | None, int]] = field(default_factory=dict)
    boards: list[Displaying] = field(default_factory=list)
    newest: dict[int, Displaying] = field(default_factory=dict)
    told: dict[int, tuple[Announcement, str]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    queues: dict[tuple[str, int], list[tuple[datetime, int]]] = field(default_factory=dict)
    held: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    left: dict[int, datetime] = field(default_factory=dict)
    forgotten: list[int] = field(default_factory=list)
    noted: dict[tuple[int, datetime], int] = field(default_factory=dict)

    def announce(self, telling: Telling, now: datetime, state: str = "ready") -> Announcement | None:
        same = (telling.petition_id, telling.kind, telling.key)
        tellings = [each.telling for each, _ in self.told.values()]
        if telling.key and same in [(each.petition_id, each.kind, each.key) for each in tellings]:
            return None
        made = Announcement(len(self.told) + 1, random_id(), now, telling, state != "proposed")
        self.told[made.id] = (made, state)
        return made

    def queue(self, row: Row) -> None:
        heapq.heappush(self.queues.setdefault((row.platform, row.urgency), []), (row.due, row.id))

    def first(self, platform: str, urgency: int) -> Row | None:
        """The first row under way by its due time; entries that no longer hold are dropped."""
        queue = self.queues.get((platform, urgency), [])
        while queue:
            due, number = queue[0]
            row = self.rows[number - 1]
            if row.under_way and row.due == due:
                return row
            heapq.heappop(queue)
        return None

    def board(self, follow: Follow, now: datetime, *, again: bool = False) -> None:
        pending = [row for row in self.rows if row.follow == follow.id and row.state in (DUE, IN_FLIGHT)]
        kinds = [self.told[row.told][0].telling.kind for row in pending]
        ready = [a.telling for a, state in self.told.values() if state == "ready"]
        kinds += [each.kind for each in ready if each.follow == follow.id]
        wanted = again or not self.stands(follow.id)
        if follow.standing is Standing.ACTIVE and wanted and Kind.BOARD not in kinds:
            self.announce(Telling(follow.petition_id, Kind.BOARD, follow=follow.id), now)

    def stands(self, follow: int) -> bool:
        return self.board_of(follow) is not None

    def board_of(self, follow: int) -> Displaying | None:
        """The board of a community that stands."""
        board = self.newest.get(follow)
        return board if board and board.state == "stands" else None

    def place(self, board: Displaying) -> None:
        """A board that is there from now on."""
        self.boards.append(board)
        self.newest[board.follow] = board

    def seen(self, follow: int) -> Follow | None:
        found = self.follows.get(follow)
        if found is None or found.standing is Standing.LEFT:
            return None
        return replace(found, board=self.stands(follow))


@dataclass
class FakeFollows:
    world: Any

    @property
    def out(self) -> Outreach:
        return self.world.outreach

    async def follow(self, place: Place, petition_id: int, locale: str, wishes: Wishes, *, waiting=False):
        community = await self.world.ports().communities.ensure(place)
        self.out.left.pop(community, None)
        standing = Standing.WAITING if waiting else Standing.ACTIVE
        for each in self.out.follows.values():
            if (each.community, each.petition_id) == (community, petition_id):
                again = each.standing is Standing.LEFT
                if not again and waiting and each.standing is not Standing.ASIDE:
                    standing = each.standing
                if each.standing is Standing.ASIDE:
                    standing = Standing.ACTIVE
                found = replace(
                    each, standing=standing, locale=locale if again else each.locale, reason="", untold=False
                )
                break
        else:
            number = len(self.out.follows) + 1
            found = Follow(number, community, petition_id, place, locale, standing, wishes)
        self.out.follows[found.id] = found
        self.out.digests.setdefault(found.id, (None, await self._total(petition_id)))
        self.out.board(found, self.world.now)
        return self.out.seen(found.id)

    async def at(self, place: Place):
        community = await self.world.ports().communities.ensure(place)
        seen = [self.out.seen(number) for number in self.out.follows]
        return [each for each in seen if each and each.community == community]

    async def get(self, follow: int):
        return self.out.seen(follow)

    async def wish(self, follow: int, wishes: Wishes, locale: str, digest_at: datetime | None):
        found = self.out.seen(follow)
        if found:
            if wishes.digest is not found.wishes.digest:
                self.out.digests[follow] = (digest_at, await self._total(found.petition_id))
            self.out.digests[follow] = (digest_at, self.out.digests[follow][1])
            self.out.follows[follow] = replace(found, wishes=wishes, locale=locale)
        return self.out.seen(follow)

    async def unfollow(self, follow: int) -> None:
        self._leave(follow)
        if board := self.out.board_of(follow):
            board.state, board.next = "leaving", self.world.now

    async def confirm(self, follow: int) -> bool:
        found = self.out.seen(follow)
        if not found or found.standing is not Standing.WAITING:
            return False
        self.out.follows[follow] = replace(found, standing=Standing.ACTIVE)
        self.out.board(self.out.follows[follow], self.world.now)
        return True

    async def set_aside(self, follow: int, reason: str, *, left: bool = False) -> None:
        found = self.out.follows[follow]
        if found.standing is Standing.ACTIVE:
            if left:
                self.out.left.setdefault(found.community, self.world.now)
            self.out.follows[follow] = replace(found, standing=Standing.ASIDE, reason=reason, untold=True)
            self._drop(follow, DeliveryState.FAILED, reason)

    async def bring_back(self, follow: int):
        found = self.out.seen(follow)
        if found and found.standing is Standing.ASIDE:
            self.out.follows[follow] = replace(found, standing=Standing.ACTIVE, reason="", untold=False)
            self.out.board(self.out.follows[follow], self.world.now)
        return self.out.seen(follow)

    async def board_again(self, follow: int) -> None:
        self.out.board(self.out.follows[follow], self.world.now, again=True)

    async def told(self, follow: int) -> None:
        self.out.follows[follow] = replace(self.out.follows[follow], untold=False)

    async def listed(self, *, after=0, limit=20):
        seen = [each for each in map(self.out.seen, self.out.follows) if each]
        seen.sort(key=lambda each: (each.standing is not Standing.WAITING, each.id))
        return seen[after : after + limit]

    async def standings(self, petition_id=None):
        counts: dict[tuple[str, Standing], int] = {}
        for each in self.out.follows.values():
            if petition_id in (None, each.petition_id):
                key = (each.place.platform, each.standing)
                counts[key] = counts.get(key, 0) + 1
        return counts

    async def left(self, place: Place) -> None:
        for each in await self.at(place):
            self._leave(each.id)
            for board in self.out.boards:
                board.state = "gone" if board.follow == each.id else board.state

    async def moved(self, place: Place, to: Place) -> None:
        for each in await self.at(place):
            community = await self.world.ports().communities.ensure(to)
            self.out.follows[each.id] = replace(each, place=to, community=community)

    async def forget_left(self, before: datetime) -> int:
        gone = [number for number, at in self.out.left.items() if at < before]
        for number in gone:
            del self.out.left[number]
        self.out.forgotten += gone
        return len(gone)

    async def digests_due(self, now: datetime, limit=100):
        due = [(number, at) for number, (at, _) in self.out.digests.items() if at and at <= now]
        served = [(self.out.seen(number), at) for number, at in due]
        return [(each, at) for each, at in served if each and each.standing is Standing.ACTIVE][:limit]

    async def digest(self, follow: Follow, due: datetime, total: int, following, *, tell: bool):
        at, before = self.out.digests[follow.id]
        if at != due:
            return None
        gained = total - before
        told = tell and gained > 0
        self.out.digests[follow.id] = (following, total if told else before)
        if told:
            telling = Telling(follow.petition_id, Kind.DIGEST, total=total, gained=gained, follow=follow.id)
            self.out.announce(telling, due)
        return gained

    async def _total(self, petition_id: int) -> int:
        return (await self.world.ports().tally.totals(petition_id)).counted

    def _leave(self, follow: int) -> None:
        found = replace(self.out.follows[follow], standing=Standing.LEFT, reason="", untold=False)
        self.out.follows[follow] = found
        self.out.digests[follow] = (None, 0)
        self._drop(follow, DeliveryState.SKIPPED, "")
        others = [e for e in self.out.follows.values() if e.community == found.community]
        if all(each.standing is Standing.LEFT for each in others):
            self.out.left.setdefault(found.community, self.world.now)

    def _drop(self, follow: int, state: DeliveryState, reason: str) -> None:
        for row in self.out.rows:
            if row.follow == follow and row.state is DUE:
                row.state, row.reason = state, reason


@dataclass
class FakeBoards:
    world: Any

    @property
    def out(self) -> Outreach:
        return self.world.outreach

    def _to_edit(self, platform: str, faces):
        for number, board in enumerate(self.out.boards):
            its = self.out.follows[board.follow]
            fits = its.place.platform == platform
            other = its.petition_id in faces and board.face != faces[its.petition_id]
            stands = board.state == "stands" and its.standing is Standing.ACTIVE and other
            if fits and (stands or board.state in {"leaving", "yielding"}):
                yield number, board

    async def stale(self, platform: str, faces, now: datetime, limit: int):
        found = [(n, b) for n, b in self._to_edit(platform, faces) if b.next <= now]
        found.sort(key=lambda each: (each[1].state == "stands", each[1].edited))
        return [
            Board(n, self.out.follows[b.follow], b.reference, b.since, b.strikes, b.state != "stands")
            for n, b in found[:limit]
        ]

    async def soonest(self, platform: str, faces):
        return min((board.next for _, board in self._to_edit(platform, faces)), default=None)

    async def display(self, displayed) -> None:
        for each in displayed:
            board = self.out.boards[each.board]
            if each.deleted and board.state == "yielding" and (new := self.out.board_of(board.follow)):
                new.state = "gone"
            if each.gone:
                board.state = "gone"
            board.next, board.strikes = each.again, each.strikes
            if each.face is not None:
                board.face, board.edited = each.face, self.world.now

    async def count(self, platform: str) -> int:
        return sum(board.state == "stands" for board in self.out.boards)


@dataclass
class FakeOutbox:
    world: Any

    @property
    def out(self) -> Outreach:
        return self.world.outreach

    async def announce(self, telling: Telling):
        made = self.out.announce(telling, self.world.now)
        return made.id if made else None

    async def propose(self, telling: Telling):
        return self.out.announce(telling, self.world.now, "proposed")

    async def announcement(self, token: str):
        found = [each for each, _ in self.out.told.values() if each.token == token]
        return found[0] if found else None

    async def confirm(self, token: str, *, most: int | None, since: datetime) -> bool:
        found = await self.announcement(token)
        if found is None or found.confirmed or (most is not None and await self.to_everybody(since) >= most):
            return False
        self.out.told[found.id] = (replace(found, confirmed=True, at=self.world.now), "ready")
        return True

    async def to_everybody(self, since: datetime) -> int:
        sent = [a.telling for a, state in self.out.told.values() if state != "proposed" and a.at >= since]
        kinds = {Kind.TEXT, Kind.MILESTONE}
        return sum(t.kind in kinds and (t.voice, t.follow) == (Voice.ORGANISERS, None) for t in sent)

    async def spread(self, wakes, limit=500) -> bool:
        for number, (told, state) in self.out.told.items():
            if state != "ready":
                continue
            self.out.told[number] = (told, "spread")
            telling = told.telling
            for each in list(self.out.follows.values()):
                if self._hears(each, telling):
                    asked = telling.follow is not None and telling.kind is not Kind.DIGEST
                    due = self.world.now if asked else wakes(each.wishes, self.world.now)
                    self._row(number, each.place.platform, due, follow=each.id, urgency=0 if asked else 1)
            for account, petition_id in sorted(self.world.noticed, key=str):
                if telling.kind in PERSONAL and petition_id == telling.petition_id:
                    self._row(number, account.platform, self.world.now, account=account)
            for account in self.world.actors if telling.kind in TO_ORGANISERS else ():
                self._row(number, account.platform, self.world.now, account=account)
            return True
        return False

    async def waits(self) -> bool:
        return False

    def _hears(self, each: Follow, telling: Telling) -> bool:
        if each.standing is not Standing.ACTIVE or each.petition_id != telling.petition_id:
            return False
        if telling.follow is not None:
            return telling.follow == each.id
        return each.wishes.hears.value in HEARD.get(telling.kind, Hears.ALL.value).split()

    def _row(self, told: int, platform: str, due: datetime, **more: Any) -> None:
        row = Row(len(self.out.rows) + 1, told, platform, due, self.world.now, **more)
        self.out.rows.append(row)
        self.out.queue(row)

    async def advance(self, platform: str, holder: str, settled, limit: int):
        for each in settled:
            self._settle(each)
        name, until = self.out.held.get(platform, (holder, self.world.now))
        if name != holder and until >= self.world.now:
            return None
        self.out.held[platform] = (holder, self.world.now + HELD)
        jobs: list[Job] = []
        for urgency in (0, 1):
            while (
                len(jobs) < limit and (row := self.out.first(platform, urgency)) and row.due <= self.world.now
            ):
                job = self._job(row)
                if job.unwanted and not (job.announcement.telling.kind is Kind.BOARD and row.left):
                    row.state, row.left = DeliveryState.SKIPPED, None
                    continue
                jobs.append(job)
                row.state, row.due = IN_FLIGHT, self.world.now + LEASED
                row.left, row.tries = row.left or self.world.now, row.tries + 1
                self.out.queue(row)
        return jobs

    def _job(self, row: Row) -> Job:
        follow = self.out.follows[row.follow] if row.follow else None
        locale = follow.locale if follow else "en"
        told = self.out.told[row.told][0]
        if follow:
            follow = replace(follow, board=self.out.stands(follow.id))
        return Job(
            row.id,
            row.token,
            told,
            row.due,
            row.born,
            follow,
            row.account,
            locale,
            row.tries,
            row.left,
        )

    def _settle(self, settled) -> None:
        row = self.out.rows[settled.job.id - 1]
        if row.state is not IN_FLIGHT or row.tries != settled.job.tries + 1:
            return
        row.state, row.reason = settled.state, settled.reason
        row.due = settled.again or row.due
        self.out.queue(row)
        if settled.state is not IN_FLIGHT:
            row.left = None
        telling = settled.job.announcement.telling
        if settled.state is SENT and settled.face:
            now, left = self.world.now, self.out.follows[row.follow].standing is Standing.LEFT
            if board := self.out.board_of(row.follow):
                board.state, board.next = "leaving" if telling.kind is Kind.BOARD else "yielding", now
            state = "leaving" if left else "stands"
            self.out.place(Displaying(row.follow, settled.reference, now, settled.face, now, now, 0, state))
        if settled.state is SENT and telling.kind is Kind.DELIVERED and row.account:
            self.world.noticed.discard((row.account, telling.petition_id))

    async def release(self, platform: str, holder: str) -> None:
        if self.out.held.get(platform, ("",))[0] == holder:
            del self.out.held[platform]

    async def soonest(self, platform: str):
        first = [self.out.first(platform, urgency) for urgency in (0, 1)]
        return min((row.due for row in first if row), default=None)

    async def fanout(self, announcement: int):
        rows = [row for row in self.out.rows if row.told == announcement]
        counts = {s: sum(r.state is s for r in rows) for s in DeliveryState}
        troubled = [row.reason for row in rows if row.state in (DeliveryState.FAILED, DeliveryState.UNKNOWN)]
        reasons = {reason: troubled.count(reason) for reason in troubled}
        spread = self.out.told[announcement][1] == "spread"
        return Fanout({s: n for s, n in counts.items() if n}, reasons, spread)

    async def undelivered(self, announcement: int, limit=50):
        return [
            Undelivered(
                row.platform,
                self.out.follows[row.follow].place.name if row.follow else "",
                row.state,
                row.reason,
            )
            for row in self.out.rows
            if row.told == announcement and row.state in (DeliveryState.FAILED, DeliveryState.UNKNOWN)
        ]

    async def failed(self, petition_id: int, since: datetime) -> int:
        told = {
            n for n, (a, _) in self.out.told.items() if a.telling.petition_id == petition_id and a.at >= since
        }
        troubled = (DeliveryState.FAILED, DeliveryState.UNKNOWN)
        return sum(row.told in told and row.state in troubled for row in self.out.rows)

    async def held_back(self) -> int:
        return sum(row.state is DeliveryState.HELD_BACK for row in self.out.rows)

    async def release_held(self, *, send: bool) -> None:
        for row in self.out.rows:
            if row.state is DeliveryState.HELD_BACK:
                row.state = DUE if send else DeliveryState.SKIPPED
                self.out.queue(row)

    async def hours(self, now: datetime) -> None:
        hour = now.replace(minute=0, second=0, microsecond=0)
        for petition in self.world.kept:
            if (petition.id, hour) not in self.out.noted:
                totals = await self.world.ports().tally.totals(petition.id)
                self.out.noted[petition.id, hour] = totals.counted

    async def tidy(self, now: datetime) -> None:
        stale = [
            n for n, (a, s) in self.out.told.items() if s == "proposed" and a.at <= now - timedelta(days=1)
        ]
        for number in stale:
            told, _ = self.out.told[number]
            self.out.told[number] = (replace(told, token=""), "forgotten")
