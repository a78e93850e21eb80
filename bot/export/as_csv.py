"""Comma-separated values by RFC 4180, in UTF-8 with a byte order mark: Excel reads it as such by that mark alone."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

from bot.export.rows import Column, Kind, Row, iso

MARK: Final = "\ufeff"
PREFIX: Final = "'"
DANGEROUS: Final = frozenset("=+-@\t\r'")
"""A cell that begins with one of these gets the prefix: spreadsheets would run the others as formulas, and the
prefix itself is among them so that taking it away again is always right (OWASP, *CSV Injection*)."""
RULE: Final = (
    "A cell that begins with = + - @ ' or with a tab or a carriage return has one ' put before it, so that no "
    "spreadsheet takes it for a formula. To read the exact value, take one ' away from every cell that begins with it."
)


def head(columns: Sequence[Column]) -> bytes:
    """What stands before the rows: the mark, and the names of the columns."""
    return MARK.encode() + _lines([[column.name for column in columns]])


def lines(columns: Sequence[Column], rows: Iterable[Row]) -> bytes:
    """Some rows, each line ended by CRLF."""
    texts = [at for at, column in enumerate(columns) if column.kind is Kind.TEXT]
    times = [at for at, column in enumerate(columns) if column.kind is Kind.TIME]
    plain = ",".join(["%s"] * len(columns))
    return "".join(
        [_line(plain % tuple(cells), cells) for cells in (_cells(row, texts, times) for row in rows)]
    ).encode()


def _line(plain: str, cells: Sequence[Any]) -> str:
    """A row as csv.writer writes it, in half the time where nothing needs quotation marks, as in most."""
    if plain.count(",") >= len(cells) or '"' in plain or "\n" in plain or "\r" in plain:
        return _lines([cells]).decode()
    return plain + "\r\n"


def _cells(row: Row, texts: Sequence[int], times: Sequence[int]) -> list[Any]:
    """A row as it stands in the file; days are written as ISO 8601 by themselves."""
    cells: list[Any] = ["" if value is None else value for value in row]
    for at in texts:
        text = cells[at]
        if text and text[0] in DANGEROUS:
            cells[at] = PREFIX + text
    for at in times:
        if cells[at]:
            cells[at] = iso(cells[at])
    return cells


def _lines(rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
