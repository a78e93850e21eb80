"""The petitions. Implements `bot.ports.Petitions`; what changes them is in `petition_changes`.

Every event asks for them and hardly any changes them, so they are kept for a moment (`FRESH`). What this process
changes shows at once; a signature given to what another process has changed meanwhile is refused by the intake,
which reads state and text anew under the lock, and has them read anew here.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

from bot.model.petition import Act, Content, Petition, State
from bot.model.signature import ActResult, Dimension
from storage.content import decode_settings, normal_content
from storage.database import Database
from storage.instants import instant
from storage.recent import Recent
from storage.statements import Written
from storage.texts import Texts

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from storage.petition_changes import PetitionChanges

T = TypeVar("T")

FRESH: Final = 0.1
"""Seconds after which what another process has changed shows."""
_COLUMNS: Final = (
    "id, key, slug, state, opens, closes, closed_at, delivered_at, anonymised_at, revision, settings, added"
)
_ALL: Final = Written(f"SELECT {_COLUMNS} FROM petition ORDER BY id")
_ONE: Final = Written(f"SELECT {_COLUMNS} FROM petition WHERE id = :id")
_SIGNED: Final = Written(
    "SELECT value, count FROM counter WHERE petition = :petition AND dimension = :dimension AND count > 0"
)


class Petitions:
    """The petitions and their texts."""

    def __init__(self, database: Database, changes: "Callable[[], PetitionChanges]") -> None:
        self._database = database
        self._changes = changes
        self._texts = Texts()
        self._recent = Recent(lambda: database.read(lambda on: self._select(on, _ALL)), FRESH)

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
        content, changes = normal_content(content), self._changes()
        return await self._written(content, lambda on: changes.add(on, content, actor))

    async def update(
        self, slug: str, content: Content, *, seen: int, actor: str | None = None
    ) -> Petition | None:
        content, changes = normal_content(content), self._changes()
        return await self._written(content, lambda on: changes.update(on, slug, content, seen, actor))

    async def _written(self, content: Content, work: "Callable[[Connection], int | None]") -> Petition | None:
        """The petition that was written, as it is stored; None also where its slug is another one's."""
        from storage.faults import is_taken  # noqa: PLC0415  # with SQLAlchemy, which whoever writes has loaded

        try:
            written = await self._write(work)
        except Exception as error:
            if is_taken(error) and await self.find(content.slug):
                return None
            raise
        # Read after the commit: texts are remembered, and those of a write that was undone must not be.
        return None if written is None else await self._database.read(lambda on: self.read(on, written))

    async def act(
        self, slug: str, act: Act, *, closes: datetime | None = None, actor: str | None = None
    ) -> ActResult:
        changes = self._changes()
        return await self._write(lambda on: changes.act(on, slug, act, closes, actor))

    async def signed_versions(self, petition_id: int) -> Mapping[str, int]:
        dimension = Dimension.TEXT_VERSION.value
        rows = await self._database.read(
            lambda on: _SIGNED.rows(on, petition=petition_id, dimension=dimension)
        )
        return {row.value: row.count for row in rows}

    async def _write(self, work: "Callable[[Connection], T]") -> T:
        try:
            return await self._database.write(work)
        finally:
            self.forget()

    def read(self, connection: "Connection", petition_id: int) -> Petition:
        """The petition with this id. Raises LookupError if there is none."""
        for found in self._select(connection, _ONE, id=petition_id):
            return found
        raise LookupError("There is no such petition.")

    def _select(self, connection: "Connection", wanted: Written, **which: int) -> list[Petition]:
        rows = wanted.rows(connection, **which)
        self._texts.load(connection, [(row.id, row.revision) for row in rows])
        return [self._petition(row) for row in rows]

    def _petition(self, row: Any) -> Petition:
        content = Content(
            slug=row.slug,
            texts=self._texts.of(row.id, row.revision),
            opens=_instant(row.opens),
            closes=_instant(row.closes),
            **decode_settings(row.settings),
        )
        times = {
            "closed": _instant(row.closed_at),
            "delivered": _instant(row.delivered_at),
            "anonymised": _instant(row.anonymised_at),
        }
        return Petition(row.id, row.key, content, State(row.state), row.revision, instant(row.added), **times)


def _instant(stored: int | None) -> datetime | None:
    return None if stored is None else instant(stored)
