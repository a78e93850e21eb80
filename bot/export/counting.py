"""Counting anew what is in a file that was exported, in memory that does not grow with it.

A pdf can't be counted: its names are set in lines. What is said of it is bound by the manifest's own checksum alone.
"""

import csv
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final

from msgspec import Struct, field

from bot.errors import UndersignedError
from bot.export.request import Format

_STATUS, _VERSION = "status", "text_version"
_PIECE: Final = 1 << 20
_ROW: Final = re.compile(rb"<row .*?</row>", re.DOTALL)
_CELL: Final = re.compile(rb'<c r="([A-Z])\d+" t="inlineStr"[^>]*><is><t[^>]*>([^<]*)</t>')
_SHEET: Final = re.compile(r"xl/worksheets/sheet(\d+)\.xml")


class Counted(Struct):
    """What a file holds: its columns, its rows, and of each status and text version how many, where it has these."""

    columns: list[str] = field(default_factory=list)
    rows: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    versions: Counter[str] = field(default_factory=Counter)

    def add(self, status: str | None, version: str | None) -> None:
        """Count one row."""
        self.rows += 1
        if status is not None and version is not None:
            self.statuses[status] += 1
            self.versions[version] += 1


def counted(file: Path, form: Format) -> Counted | None:
    """What is in it; None for what can't be counted. Raises UndersignedError for what is of another format."""
    count = _COUNTS.get(form)
    if count is None:
        return None
    try:
        return count(file)
    except (ValueError, AttributeError, StopIteration, csv.Error, zipfile.BadZipFile) as error:
        raise UndersignedError(
            f"{file} is no {form} of Undersigned's, though its manifest says so."
        ) from error


def _count_csv(file: Path) -> Counted:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.reader(lines, strict=True)
        found = Counted(next(rows))
        places = _places(found.columns)
        for row in rows:
            found.add(*(row[place] if place is not None else None for place in places))
    return found


def _count_jsonl(file: Path) -> Counted:
    found = Counted()
    with file.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            row: Mapping[str, Any] = json.loads(line)
            found.columns = found.columns or list(row)
            found.add(row.get(_STATUS), row.get(_VERSION))
    return found


def _count_xlsx(file: Path) -> Counted:
    found = Counted()
    with zipfile.ZipFile(file) as archive:
        # The last sheet is about the list.
        *lists, _ = sorted(filter(_SHEET.fullmatch, archive.namelist()), key=_number)
        for name in lists:
            with archive.open(name) as sheet:
                rows = _xml_rows(sheet)
                heading = {text: letter for letter, text in _cells(next(rows)).items()}
                found.columns = list(heading)
                for row in rows:
                    cells = _cells(row) if _VERSION in heading else {}
                    found.add(*(cells.get(heading.get(each, "")) for each in (_STATUS, _VERSION)))
    return found


def _number(sheet: str) -> int:
    return int("".join(filter(str.isdigit, sheet)))


def _cells(row: bytes) -> dict[str, str]:
    """The texts of a row, by the letters of their columns."""
    return {letter.decode(): text.decode() for letter, text in _CELL.findall(row)}


def _xml_rows(sheet: IO[bytes]) -> Iterator[bytes]:
    """The rows of a sheet as they are written: no text holds a `<` of its own."""
    rest = b""
    while piece := sheet.read(_PIECE):
        rest += piece
        end = 0
        for row in _ROW.finditer(rest):
            yield row[0]
            end = row.end()
        rest = rest[end:]


def _places(columns: list[str]) -> tuple[int | None, int | None]:
    status, version = (columns.index(name) if name in columns else None for name in (_STATUS, _VERSION))
    return status, version


_COUNTS: Final[Mapping[Format, Callable[[Path], Counted]]] = {
    Format.CSV: _count_csv,
    Format.JSONL: _count_jsonl,
    Format.XLSX: _count_xlsx,
}
