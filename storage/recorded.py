"""Selecting rows for `storage.records`, within statements that SQLAlchemy builds."""

from typing import Any, Final

from sqlalchemy import Select, select, text

from storage import records as written
from storage.tables import petition, signature, text_version

STANDING: Final = text(written.STANDING)


def records() -> Select[Any]:
    """Everything that `Records.signature` needs."""
    columns = [signature.c[name] for name in written.COLUMNS]
    return (
        select(*columns, text_version.c.sha256, petition.c.key)
        .join(text_version, text_version.c.id == signature.c.text_version)
        .join(petition, petition.c.id == signature.c.petition)
    )
