"""The petitions: adding, editing and moving them through their states. Implements `bot.ports.Petitions`.

Every event asks for them and hardly any changes them, so they are kept for a moment (`FRESH`). What this process
changes shows at once; a signature given to what another process has changed meanwhile is refused by the intake,
which reads state and text anew under the lock, and has them read anew here.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from msgspec.structs import replace
from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.model.milestones import crossed
from bot.model.petition import TARGETS, TRANSITIONS, Act, Content, Petition, State, state_at
from bot.model.signature import ActRefused, ActResult, Dimension, Moved
from bot.ports import Clock
from storage import audit, texts
from storage.content import decode_settings, encode_settings, normal_text
from storage.database import Database
from storage.keys import random_id
from storage.ledger import Ledger, Locked, record_passed, show_now
from storage.recent import Recent
from storage.tables import counter, petition, totals
from storage.telling import tell_act

T = TypeVar("T")

KEY_CHARACTERS = 8
FRESH: Final = 0.1
"""Seconds after which what another process has changed shows."""


class Petitions:
    """The petitions and their texts."""

    def __init__(self, database: Database, ledger: Ledger, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock
        self._texts = texts.Texts()
        self._recent = Recent(lambda: database.read(self._select), FRESH)

    async def all(self) -> Sequence[Petition]:
        return await self._recent.get()

    async def find(self, slug: str) -> Petition | None:
        return next((each for each in await self.all() if each.slug == slug), None)

    async def by_key(self, key: str) -> Petition | None:
        return next((each for each in await self.all() if each.key == key), None)

    def forget(self) -> None:
        """They have changed: read them anew."""
        self._recent.forget()

    async def add(self, content: Content, *, actor: str | None = None) -> Petition | None:
        content = _normal(content)
        now = self._clock()
        try:
            return await self._write(lambda on: self._add(on, content, now, actor))
        except IntegrityError:
            if await self.find(content.slug):
                return None
            raise

    async def update(
        self, slug: str, content: Content, *, seen: int, actor: str | None = None
    ) -> Petition | None:
        content = _normal(content)
        now = self._clock()
        try:
            return await self._write(lambda on: self._update(on, slug, content, seen, now, actor))
        except IntegrityError:
            if await self.find(content.slug):
                return None  # the new slug is another petition's
            raise

    async def act(
        self, slug: str, act: Act, *, closes: datetime | None = None, actor: str | None = None
    ) -> ActResult:
        return await self._write(lambda on: self._act(on, slug, act, closes, actor))

    async def signed_versions(self, petition_id: int) -> Mapping[str, int]:
        wanted = select(counter.c.value, counter.c.count).where(
            counter.c.petition == petition_id,
            counter.c.dimension == Dimension.TEXT_VERSION.value,
            counter.c.count > 0,
        )
        return dict(await self._database.read(lambda on: on.execute(wanted).all()))

    async def _write(self, work: Callable[[Connection], T]) -> T:
        try:
            return await self._database.write(work)
        finally:
            self.forget()

    def read(self, connection: Connection, petition_id: int) -> Petition:
        """The petition with this id. Raises LookupError if there is none."""
        found = self._select(connection, petition.c.id == petition_id)
        if not found:
            raise LookupError("There is no such petition.")
        return found[0]

    def _select(self, connection: Connection, *conditions: Any) -> list[Petition]:
        rows = connection.execute(select(petition).where(*conditions).order_by(petition.c.id)).all()
        self._texts.load(connection, [(row.id, row.revision) for row in rows])
        return [self._petition(row) for row in rows]

    def _petition(self, row: Row[Any]) -> Petition:
        content = Content(
            slug=row.slug,
            texts=self._texts.of(row.id, row.revision),
            opens=row.opens,
            closes=row.closes,
            **decode_settings(row.settings),
        )
        times = {"closed": row.closed_at, "delivered": row.delivered_at, "anonymised": row.anonymised_at}
        return Petition(row.id, row.key, content, State(row.state), row.revision, row.added, **times)

    def _add(self, connection: Connection, content: Content, now: datetime, actor: str | None) -> Petition:
        made = insert(petition).values(
            key=random_id(KEY_CHARACTERS),
            slug=content.slug,
            state=State.DRAFT.value,
            revision=1,
            added=now,
            **_columns(content),
        )
        petition_id = connection.execute(made.returning(petition.c.id)).scalar_one()
        zeros = {column.name: 0 for column in totals.c if column.name not in {"changed_at", "shown_at"}}
        connection.execute(
            insert(totals).values(zeros | {"petition": petition_id, "changed_at": now, "shown_at": now})
        )
        texts.store(connection, petition_id, 1, content.texts)
        audit.record(connection, "add", petition_id, now, actor=actor)
        return self._select(connection, petition.c.id == petition_id)[0]

    def _update(
        self, connection: Connection, slug: str, content: Content, seen: int, now: datetime, actor: str | None
    ) -> Petition | None:
        locked = self._lock(connection, slug)
        if locked is None or locked.revision != seen:
            return None
        terms = self._ledger.terms(connection, locked)
        revision = seen + 1
        values = {"slug": content.slug, "revision": revision, **_columns(content)}
        connection.execute(update(petition).where(petition.c.id == locked.id).values(values))
        texts.store(connection, locked.id, revision, content.texts)
        if not terms.hourly:
            show_now(connection, locked)
        passed = crossed(content.milestones, content.goal, 0, locked.peak)
        record_passed(connection, locked, passed)
        audit.record(connection, "update", locked.id, now, f"revision {revision}", actor=actor)
        return self._select(connection, petition.c.id == locked.id)[0]

    def _act(
        self, connection: Connection, slug: str, act: Act, closes: datetime | None, actor: str | None
    ) -> ActResult:
        locked = self._lock(connection, slug)
        if locked is None:
            raise LookupError(f"There is no petition {slug!r}.")
        now = self._clock()
        state = locked.state(now)
        target = TRANSITIONS.get((state, act))
        if target is None:
            return Moved(state, moved=False) if TARGETS[act] is state else ActRefused(state, act)
        if act is Act.REOPEN and _anonymised(connection, locked.id):
            return ActRefused(state, act)  # nobody could tell who has signed before
        values = _times(locked, act, closes, now)
        connection.execute(
            update(petition).where(petition.c.id == locked.id).values(state=target.value, **values)
        )
        audit.record(connection, act.value, locked.id, now, actor=actor)
        tell_act(connection, locked, act, now)
        return Moved(state_at(target, locked.opens, values.get("closes", locked.closes), now), moved=True)

    def _lock(self, connection: Connection, slug: str) -> Locked | None:
        found = connection.execute(select(petition.c.id).where(petition.c.slug == slug)).scalar()
        return None if found is None else self._ledger.lock(connection, found)


def _anonymised(connection: Connection, petition_id: int) -> bool:
    wanted = select(petition.c.anonymised_at).where(petition.c.id == petition_id)
    return connection.execute(wanted).scalar() is not None


def _normal(content: Content) -> Content:
    return replace(content, texts=tuple(normal_text(text) for text in content.texts))


def _columns(content: Content) -> dict[str, Any]:
    return {"opens": content.opens, "closes": content.closes, "settings": encode_settings(content)}


def _times(locked: Locked, act: Act, closes: datetime | None, now: datetime) -> dict[str, datetime | None]:
    """The times that an act sets. A petition opened before its opening time opens now."""
    match act:
        case Act.OPEN:
            early = locked.opens is not None and locked.opens > now
            return {"opened_at": now, "opens": now if early else locked.opens}
        case Act.REOPEN:
            passed = locked.closes is not None and locked.closes <= now
            kept = None if passed else locked.closes
            return {"closed_at": None, "closes": closes or kept}
        case Act.CLOSE:
            return {"closed_at": now}
        case Act.DELIVER:
            return {"delivered_at": now}
        case _:
            return {}
