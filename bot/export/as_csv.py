"""Comma-separated values by RFC 4180, in UTF-8 with a byte order mark: Excel reads it as such by that mark alone."""

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime
from itertools import islice
from typing import IO, Any, Final

from bot.export.rows import Column, Row, iso

MARK: Final = "\ufeff"
PREFIX: Final = "'"
DANGEROUS: Final = frozenset("=+-@\t\r'")
"""A cell that begins with one of these gets the prefix: spreadsheets would run the others as formulas, and the
prefix itself is among them so that taking it away again is always right (OWASP, *CSV Injection*)."""
RULE: Final = (
    "A cell that begins with = + - @ ' or with a tab or a carriage return has one ' put before it, so that no "
    "spreadsheet takes it for a formula. To read the exact value, take one ' away from every cell that begins with it."
)
_CHUNK: Final = 1000


def write(out: IO[bytes], columns: Iterable[Column], rows: Iterable[Row]) -> None:
    """Write a heading and the rows, each line ended by CRLF."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    text.write(MARK)
    writer.writerow([column.name for column in columns])
    waiting = map(_cells, rows)
    while chunk := list(islice(waiting, _CHUNK)):
        writer.writerows(chunk)
        _flush(text, out)
    _flush(text, out)


def _flush(text: io.StringIO, out: IO[bytes]) -> None:
    out.write(text.getvalue().encode())
    text.seek(0)
    text.truncate()


def _cells(row: Row) -> list[Any]:
    return [_cell(value) for value in row]


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return PREFIX + value if value[:1] in DANGEROUS else value
    if isinstance(value, datetime):
        return iso(value)
    return value.isoformat() if isinstance(value, date) else value
