"""The texts of petitions: text versions, and the revisions that group the languages of one edit."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from bot.model.petition import Text
from storage.statements import Written

if TYPE_CHECKING:
    from sqlalchemy import Connection

COLUMNS: Final = ("language", "title", "addressee", "letter", "privacy")
_REVISION: Final = Written(f"""
    SELECT {", ".join(COLUMNS)}, background
    FROM revision_text JOIN text_version ON text_version.id = revision_text.text_version
    WHERE revision_text.petition = :petition AND revision_text.revision = :revision
    ORDER BY revision_text.position""")


def text_of(row: Any, background: str = "") -> Text:
    """The text in a row of `text_version`."""
    return Text(row.language, row.title, row.addressee, background, row.letter, row.privacy)


class Texts:
    """Reads texts. A revision never changes, so each is read once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], tuple[Text, ...]] = {}

    def load(self, connection: "Connection", revisions: Iterable[tuple[int, int]]) -> None:
        """Make the texts of these (petition, revision) known."""
        for revision in revisions:
            if revision not in self._known:
                self._known[revision] = _read(connection, *revision)

    def of(self, petition_id: int, revision: int) -> tuple[Text, ...]:
        """The texts of a revision that `load` was asked for."""
        return self._known[petition_id, revision]


def _read(connection: "Connection", petition_id: int, revision: int) -> tuple[Text, ...]:
    rows = _REVISION.rows(connection, petition=petition_id, revision=revision)
    return tuple(text_of(row, row.background) for row in rows)
