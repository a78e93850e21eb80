"""Adding and editing petitions, and moving them through their states, within a transaction of somebody else's."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from bot.model.milestones import crossed
from bot.model.petition import TARGETS, TRANSITIONS, Act, Content, State, Text, state_at
from bot.model.signature import ActRefused, ActResult, Moved
from bot.ports import Clock
from storage import audit
from storage.content import encode_settings
from storage.keys import random_id
from storage.ledger import Ledger, Locked, record_passed, show_now
from storage.tables import petition, revision_text, text_version, totals
from storage.telling import tell_act
from storage.texts import COLUMNS

KEY_CHARACTERS: Final = 8


class PetitionChanges:
    """Writes petitions, under their locks."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    def add(self, connection: Connection, content: Content, actor: str | None) -> int:
        """Store a new draft; its id."""
        now = self._clock()
        made = insert(petition).values(
            key=random_id(KEY_CHARACTERS),
            slug=content.slug,
            state=State.DRAFT.value,
            revision=1,
            added=now,
            **_columns(content),
        )
        petition_id = int(connection.execute(made.returning(petition.c.id)).scalar_one())
        zeros = {column.name: 0 for column in totals.c if column.name not in {"changed_at", "shown_at"}}
        connection.execute(
            insert(totals).values(zeros | {"petition": petition_id, "changed_at": now, "shown_at": now})
        )
        _store(connection, petition_id, 1, content.texts)
        audit.record(connection, "add", petition_id, now, actor=actor)
        return petition_id

    def update(
        self, connection: Connection, slug: str, content: Content, seen: int, actor: str | None
    ) -> int | None:
        """Store an edit of the revision `seen`; the petition's id, or None if that is not the newest any more."""
        now = self._clock()
        locked = self._lock(connection, slug)
        if locked is None or locked.revision != seen:
            return None
        terms = self._ledger.terms(connection, locked)
        revision = seen + 1
        values = {"slug": content.slug, "revision": revision, **_columns(content)}
        connection.execute(update(petition).where(petition.c.id == locked.id).values(values))
        _store(connection, locked.id, revision, content.texts)
        if not terms.hourly:
            show_now(connection, locked)
        passed = crossed(content.milestones, content.goal, 0, locked.peak)
        record_passed(connection, locked, passed)
        audit.record(connection, "update", locked.id, now, f"revision {revision}", actor=actor)
        return locked.id

    def act(
        self, connection: Connection, slug: str, act: Act, closes: datetime | None, actor: str | None
    ) -> ActResult:
        """Change the state by the transition table. Raises LookupError if there is no such petition."""
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


def _store(connection: Connection, petition_id: int, revision: int, texts: Sequence[Text]) -> None:
    """Store the texts of a new revision; a text version that was there already is used again."""
    known = {
        row.sha256: row.id
        for row in connection.execute(
            select(text_version.c.sha256, text_version.c.id).where(text_version.c.petition == petition_id)
        )
    }
    for position, text in enumerate(texts):
        version = known.get(text.version) or _store_version(connection, petition_id, text)
        connection.execute(
            insert(revision_text).values(
                petition=petition_id,
                revision=revision,
                position=position,
                text_version=version,
                background=text.background,
            )
        )


def _store_version(connection: Connection, petition_id: int, text: Text) -> int:
    values = {name: getattr(text, "to" if name == "addressee" else name) for name in COLUMNS}
    made = insert(text_version).values(petition=petition_id, sha256=text.version, **values)
    return int(connection.execute(made.returning(text_version.c.id)).scalar_one())
