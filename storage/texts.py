"""The texts of petitions: text versions, and the revisions that group the languages of one edit."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select, tuple_

from bot.model.petition import Text
from storage.tables import revision_text, text_version

COLUMNS: Final = ("language", "title", "addressee", "letter", "privacy")


def text_of(row: Row[Any], background: str = "") -> Text:
    """The text in a row of `text_version`."""
    return Text(row.language, row.title, row.addressee, background, row.letter, row.privacy)


def store(connection: Connection, petition_id: int, revision: int, texts: Sequence[Text]) -> None:
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


class Texts:
    """Reads texts. A revision never changes, so each is read once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], tuple[Text, ...]] = {}

    def load(self, connection: Connection, revisions: Iterable[tuple[int, int]]) -> None:
        """Make the texts of these (petition, revision) known."""
        missing = [revision for revision in revisions if revision not in self._known]
        if missing:
            self._known |= _read(connection, missing)

    def of(self, petition_id: int, revision: int) -> tuple[Text, ...]:
        """The texts of a revision that `load` was asked for."""
        return self._known[petition_id, revision]


def _read(
    connection: Connection, revisions: Sequence[tuple[int, int]]
) -> dict[tuple[int, int], tuple[Text, ...]]:
    r = revision_text.c
    columns = [text_version.c[name] for name in COLUMNS]
    rows = connection.execute(
        select(r.petition, r.revision, r.background, *columns)
        .join(text_version, text_version.c.id == r.text_version)
        .where(tuple_(r.petition, r.revision).in_(revisions))
        .order_by(r.petition, r.revision, r.position)
    )
    found: defaultdict[tuple[int, int], list[Text]] = defaultdict(list)
    for row in rows:
        found[row.petition, row.revision].append(text_of(row, row.background))
    return {revision: tuple(texts) for revision, texts in found.items()}
