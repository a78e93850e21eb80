"""One JSON object a line (RFC 8259, UTF-8, LF): the exact values, for programs."""

import json
from collections.abc import Iterable
from datetime import date, datetime

from bot.export.rows import Column, Row, iso


def lines(columns: Iterable[Column], rows: Iterable[Row]) -> bytes:
    """Some rows. Keys are always there, in the order of the columns; what is not known is null."""
    names = tuple(column.name for column in columns)
    return "".join([line(names, row) for row in rows]).encode()


def line(names: tuple[str, ...], row: Row) -> str:
    """One row as it stands in the file, with its line end."""
    return _encode(dict(zip(names, row, strict=True))) + "\n"


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


_encode = json.JSONEncoder(ensure_ascii=False, default=_plain).encode
