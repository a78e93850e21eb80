"""Looking at signatures, and deciding on them. Implements `bot.ports.Reviews`."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection, func, select, update

from bot.model.petition import State
from bot.model.review import Action, Backlog, Cases, Outcome, Preview, Which
from bot.model.signature import Change, Identity, Status, Totals
from bot.ports import Clock
from bot.ports.reviewing import Progress
from storage import actions, audit, cases, searching, surges
from storage.actions import MAKE, UNDO, Decided, Way
from storage.changes import Changes
from storage.database import Database
from storage.keys import random_id
from storage.ledger import COUNTS
from storage.tables import decision, petition, signature, totals
from storage.vault import Vault

LAID_DOWN: Final = 2000
"""Decisions that are written in one transaction: signers come between."""


class Reviews:
    """Reads what waits and what is asked for, and makes what is decided."""

    def __init__(self, database: Database, changes: Changes, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._changes = changes
        self._vault = vault
        self._clock = clock

    async def backlog(self, petition_id: int) -> Backlog:
        return await self._database.scan(lambda on: cases.backlog(on, self._vault, petition_id))

    async def page(
        self, petition_id: int, which: Which, *, after: str | None = None, limit: int = 10
    ) -> Cases:
        look = self._database.read if which.community is None else self._database.scan
        return await look(lambda on: cases.page(on, self._vault, petition_id, which, after, limit))

    async def find(self, petition_id: int, name: str, *, after: str | None = None, limit: int = 10) -> Cases:
        return await self._database.scan(
            lambda on: searching.find(on, self._vault, petition_id, name, after, limit)
        )

    async def preview(
        self, petition_id: int, which: Which, change: Change, *, reason: str = "", actor: str | None = None
    ) -> Preview:
        if change is Change.WITHDRAW:
            raise ValueError("Signers withdraw, nobody else.")
        now = self._clock()
        counts, decided = await self._database.scan(lambda on: self._decided(on, petition_id, which, change))
        preview = _preview(petition_id, change, counts, decided, now)
        sealed = self._vault.seal("action.reason", preview.action, reason) if reason else None
        action_id = await self._database.write(lambda on: actions.add(on, preview, sealed, actor, now))
        for start in range(0, len(decided), LAID_DOWN):
            some = decided[start : start + LAID_DOWN]
            await self._database.write(
                partial(actions.decide, action_id=action_id, start=start + 1, decided=some)
            )
        return preview

    async def settle(
        self, action: str, *, actor: str | None = None, progress: Progress | None = None
    ) -> Outcome | None:
        return await self._go(action, MAKE, actor, progress)

    async def undo(
        self, action: str, *, actor: str | None = None, progress: Progress | None = None
    ) -> Outcome | None:
        return await self._go(action, UNDO, actor, progress)

    async def actions(self, petition_id: int, *, limit: int = 10) -> Sequence[Action]:
        def work(connection: Connection) -> list[Action]:
            rows = actions.latest(connection, petition_id, limit)
            return [actions.as_action(connection, row, partial(cases.reason, self._vault)) for row in rows]

        return await self._database.read(work)

    async def action(self, action: str) -> Action | None:
        def work(connection: Connection) -> Action | None:
            row = actions.read(connection, action)
            found = partial(cases.reason, self._vault)
            return None if row is None else actions.as_action(connection, row, found)

        return await self._database.read(work)

    async def remind(self) -> None:
        for petition_id in await self._database.read(surges.waiting):
            await self._database.write(
                partial(
                    surges.remind, ledger=self._changes.ledger, petition_id=petition_id, now=self._clock()
                )
            )

    async def strike_comment(self, petition_id: int, handle: str, *, actor: str | None = None) -> bool:
        now = self._clock()
        return await self._database.write(
            lambda on: self._strike_comment(on, petition_id, handle, actor, now)
        )

    def _decided(
        self, connection: Connection, petition_id: int, which: Which, change: Change
    ) -> tuple[Counter[Status], list[Decided]]:
        """How many have each status, and what the change does to those that it fits: nothing after delivery."""
        row = connection.execute(select(totals).where(totals.c.petition == petition_id)).one()
        counts = Counter({Status(name): getattr(row, name) for name in COUNTS})
        state = connection.execute(select(petition.c.state).where(petition.c.id == petition_id)).scalar()
        if state == State.DELIVERED:
            return counts, []
        pages = cases.pages(connection, self._vault, petition_id, which)
        return counts, actions.planned(connection, self._vault, pages, change)

    async def _go(self, token: str, way: Way, actor: str | None, progress: Progress | None) -> Outcome | None:
        """Go through an action part by part."""
        row = await self._database.write(
            lambda on: actions.begin(on, self._changes, token, way, actor, self._clock)
        )
        if row is None:
            return None
        wanted = select(func.count()).where(decision.c.action == row.id)
        total = await self._database.read(lambda on: on.execute(wanted).scalar_one())
        done, after = 0, 0
        while (reached := await self._part(token, way, after)) is not None:
            done, after = done + actions.PART, reached
            if progress is not None:
                progress(min(done, total), total)
            await asyncio.sleep(0)  # signers come first
        if progress is not None:
            progress(total, total)
        return await self._database.read(lambda on: self._outcome(on, token))

    async def _part(self, token: str, way: Way, after: int) -> int | None:
        return await self._database.write(
            lambda on: actions.part(on, self._changes, token, way, after, self._clock)
        )

    def _outcome(self, connection: Connection, token: str) -> Outcome | None:
        row = actions.read(connection, token)
        return None if row is None else actions.outcome(connection, row)

    def _strike_comment(
        self, connection: Connection, petition_id: int, form: str, actor: str | None, now: datetime
    ) -> bool:
        locked = self._changes.ledger.lock(connection, petition_id)
        mine = (signature.c.form == form) & (signature.c.petition == petition_id)
        sealed = connection.execute(select(signature.c.identity).where(mine)).scalar()
        identity = self._vault.open_identity(form, sealed)
        if identity is None or not identity.comment or locked.state(now) is State.DELIVERED:
            return False
        bare = self._vault.seal_identity(form, Identity(identity.name))
        connection.execute(update(signature).where(mine).values(identity=bare))
        audit.record(connection, "strike comment", petition_id, now, actor=actor)
        return True


def _preview(
    petition_id: int, change: Change, counts: Counter[Status], decided: Sequence[Decided], now: datetime
) -> Preview:
    before = Counter(one.before for one in decided)
    after = counts.copy()
    after.subtract(before)
    after.update(one.after for one in decided)
    return Preview(
        action=random_id(),
        petition_id=petition_id,
        change=change,
        count=len(decided),
        statuses=dict(before),
        now=_totals(counts, now),
        after=_totals(after, now),
    )


def _totals(counts: Counter[Status], now: datetime) -> Totals:
    return Totals(
        counts[Status.COUNTED], counts[Status.HELD], counts[Status.WITHDRAWN], counts[Status.STRUCK], now
    )
