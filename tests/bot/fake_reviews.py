"""Fakes of review and of limits, in memory."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from bot.model.collation import sort_key
from bot.model.petition import State
from bot.model.review import Action, Backlog, Case, Cases, Outcome, Preview
from bot.model.signature import Change, Status, Totals, status_after
from bot.tokens import random_id


@dataclass
class Laid:
    """An action as the storage keeps it: by handle, the status before, the status after, and how far it is."""

    preview: Preview
    reason: str
    actor: str | None
    at: datetime
    entries: dict[str, list[Any]]
    state: str = "planned"


@dataclass
class FakeReviews:
    """Reviews what was signed in this world."""

    world: Any
    laid: dict[str, Laid] = field(default_factory=dict)

    async def backlog(self, petition_id):
        held = [each for each in self._of(petition_id) if each.status is Status.HELD]
        rules = Counter(rule for each in held for rule in self.world.held_for.get(each.form, ()))
        days = Counter(each.day for each in held)
        places = Counter((each.context.community if each.context else None) or 0 for each in held)
        return Backlog(len(held), rules, days, places)

    async def page(self, petition_id, which, *, after=None, limit=10):
        found = sorted(self._chosen(petition_id, which), key=lambda each: (each.day, each.form))
        return self._part(found, after, limit)

    async def find(self, petition_id, name, *, after=None, limit=10):
        wanted = sort_key(name)
        found = [
            each for each in self._of(petition_id) if each.identity and wanted in sort_key(each.identity.name)
        ]
        return self._part(
            sorted(found, key=lambda each: (each.number is None, each.number, each.form)), after, limit
        )

    async def preview(self, petition_id, which, change, *, reason="", actor=None):
        if change is Change.WITHDRAW:
            raise ValueError(change)
        entries, counts = {}, self._counts(petition_id)
        after = counts.copy()
        for each in self._chosen(petition_id, which):
            to = self._after(each, change)
            if to is not None and self._open(petition_id):
                entries[each.form] = [each.status, to, "planned"]
                after[each.status] -= 1
                after[to] += 1
        statuses = Counter(before for before, *_ in entries.values())
        totals = (Totals(*(n[status] for status in Status), at=self.world.now) for n in (counts, after))
        made = Preview(random_id(), petition_id, change, len(entries), statuses, *totals)
        self.laid[made.action] = Laid(made, reason, actor, self.world.now, entries)
        return made

    async def settle(self, action, *, actor=None, progress=None):
        laid = self.laid.get(action)
        if laid is None:
            return None
        if laid.state in {"planned", "begun"}:
            laid.state = "done"
            laid.actor = actor
            self._move(laid, progress, was=0, becomes=1, at="planned", done="done", not_done="skipped")
        return self._outcome(laid)

    async def undo(self, action, *, actor=None, progress=None):
        laid = self.laid.get(action)
        if laid is None or laid.state == "planned":
            return None
        if laid.state == "done":
            laid.state = "undone"
            self._move(laid, progress, was=1, becomes=0, at="done", done="undone", not_done="kept")
        return self._outcome(laid)

    async def actions(self, petition_id, *, limit=10):
        mine = [laid for laid in self.laid.values() if laid.preview.petition_id == petition_id]
        return [self._action(laid) for laid in reversed(mine) if laid.state != "planned"][:limit]

    async def action(self, action):
        laid = self.laid.get(action)
        return None if laid is None or laid.state == "planned" else self._action(laid)

    async def remind(self):
        self.world.reminded.append(self.world.now)

    async def strike_comment(self, petition_id, handle, *, actor=None):
        for at, (account, each) in enumerate(self.world.signed):
            if each.form == handle and each.identity and each.identity.comment and self._open(petition_id):
                bare = replace(each, identity=replace(each.identity, comment=""))
                self.world.signed[at] = (account, bare)
                return True
        return False

    def _of(self, petition_id):
        return [each for _, each in self.world.signed if each.petition_id == petition_id]

    def _open(self, petition_id):
        petition = next(each for each in self.world.kept if each.id == petition_id)
        return petition.state(self.world.now) is not State.DELIVERED

    def _counts(self, petition_id):
        return Counter(each.status for each in self._of(petition_id))

    def _chosen(self, petition_id, which):
        return [each for each in self._of(petition_id) if self._is_one(each, which)]

    def _is_one(self, each, which):
        place = (each.context.community if each.context else None) or 0
        return (
            each.status in which.statuses
            and (which.rule is None or which.rule in self.world.held_for.get(each.form, ()))
            and (which.day is None or each.day == which.day)
            and (which.community is None or place == which.community)
            and (not which.handles or each.form in which.handles)
            and (
                not which.numbers
                or (
                    each.number is not None and any(low <= each.number <= high for low, high in which.numbers)
                )
            )
        )

    def _after(self, each, change):
        if change is Change.UNSTRIKE and each.status is Status.STRUCK:
            return self._struck_from(each.form) or status_after(
                each.status, change, numbered=each.number is not None
            )
        return status_after(each.status, change, numbered=each.number is not None)

    def _strikes(self, form):
        """Those that struck it, the newest first."""
        for laid in reversed(self.laid.values()):
            if laid.preview.change is Change.STRIKE and laid.entries.get(form, ["", "", ""])[2] == "done":
                yield laid

    def _struck_from(self, form):
        return next((laid.entries[form][0] for laid in self._strikes(form)), None)

    def _part(self, found, after, limit):
        forms = [each.form for each in found]
        start = forms.index(after) + 1 if after in forms else 0
        chosen = found[start : start + limit]
        more = chosen[-1].form if chosen and len(found) > start + limit else None
        return Cases(tuple(map(self._case, chosen)), more)

    def _case(self, each):
        reason = next((laid.reason for laid in self._strikes(each.form)), "")
        return Case(
            each.form, each.number, each.status, each.reach, each.day, each.platform, each.identity, each.context,
            frozenset(self.world.held_for.get(each.form, ())), reason if each.status is Status.STRUCK else "",
        )  # fmt: skip

    def _move(self, laid, progress, *, was, becomes, at, done, not_done):
        for number, (form, entry) in enumerate(laid.entries.items(), 1):
            index = next(n for n, (_, each) in enumerate(self.world.signed) if each.form == form)
            account, each = self.world.signed[index]
            if entry[2] != at:
                continue
            if each.status is entry[was] and each.identity and self._open(each.petition_id):
                number_now = each.number
                if entry[becomes] is Status.COUNTED and each.number is None:
                    number_now = max((one.number or 0 for one in self._of(each.petition_id)), default=0) + 1
                self.world.signed[index] = (account, replace(each, status=entry[becomes], number=number_now))
                entry[2] = done
            else:
                entry[2] = not_done
            if progress:
                progress(number, len(laid.entries))

    def _outcome(self, laid):
        undone = laid.state == "undone"
        states = Counter(state for *_, state in laid.entries.values())
        changed, skipped = (
            (states["undone"], states["kept"]) if undone else (states["done"], states["skipped"])
        )
        made = laid.preview
        left = states["planned"] if laid.state == "begun" else 0
        return Outcome(made.action, made.petition_id, made.change, changed, skipped, undone, left)

    def _action(self, laid):
        made = laid.preview
        return Action(made.action, made.change, laid.at, laid.actor, laid.reason, self._outcome(laid))


@dataclass
class FakeLimits:
    """Counts in memory."""

    world: Any
    windows: dict[Any, tuple[datetime, int]] = field(default_factory=dict)

    async def take(
        self, what: str, who: Any, most: int, within: timedelta, *, times: int = 1
    ) -> datetime | None:
        now = self.world.now
        until, count = self.windows.get((what, who), (now, 0))
        if until <= now:
            until, count = now + within, 0
        self.windows[what, who] = (until, count + times)
        return None if count + times <= most else until
