"""A spreadsheet (Office Open XML, ECMA-376 part 1), written straight into its archive: no temporary file holds a name.

Texts are inline strings, which nothing takes for a formula; days and times are typed. A sheet ends where Excel's
does, and the next one goes on.
"""

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, islice
from typing import IO, Any, Final
from xml.sax.saxutils import escape

from bot.export.rows import Cells, Column, Kind
from bot.export.workbook import BOLD, DAY, MAIN, PLAIN, TEXT, TIME, XML, package

SHEET_ROWS: Final = 1_048_576
"""Rows of a sheet in Excel, with the heading."""
_CHUNK: Final = 500
_EPOCH: Final = date(1899, 12, 30).toordinal()  # day 0 of the 1900 date system, its false leap day counted
_UNIX: Final = date(1970, 1, 1).toordinal() - _EPOCH
_SECOND: Final = 1_000_000
_DAY_SECONDS: Final = 86_400
_Row = Sequence[Any]
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# What XML can't hold is written _xHHHH_, and so is what reads like that already (ECMA-376, 22.9.2.19 ST_Xstring).
_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_RETURN: Final = {"\r": "&#13;"}  # which XML would read as the end of a line


def write(
    out: IO[bytes],
    columns: Sequence[Column],
    pages: Iterable[Cells],
    about: Callable[[], Sequence[tuple[str, str]]],
) -> None:
    """Write the list on as many sheets as it needs, and what there is to say about it, at its end, on the last."""
    names: list[str] = []
    rows = (row for page in pages for row in zip(*page, strict=True))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in _parts(rows):
            names.append("Signatures" if not names else f"Signatures {len(names) + 1}")
            _sheet(archive, len(names), _heading(columns), _lines(columns, part))
        names.append("About")
        _sheet(archive, len(names), _columns((24, 100)), _facts(about()))
        for name, content in package(names):
            archive.writestr(_entry(name), content)


def _parts(rows: Iterator[_Row]) -> Iterator[Iterator[_Row]]:
    """The rows, parted where a sheet ends; one part without rows if there are none."""
    first = next(rows, None)
    yield iter(()) if first is None else chain([first], islice(rows, SHEET_ROWS - 2))
    while (first := next(rows, None)) is not None:
        yield chain([first], islice(rows, SHEET_ROWS - 2))


def _entry(name: str) -> zipfile.ZipInfo:
    """A member without the time at which it was made."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    return entry


def _sheet(archive: zipfile.ZipFile, number: int, head: str, lines: Iterator[str]) -> None:
    with archive.open(_entry(f"xl/worksheets/sheet{number}.xml"), "w", force_zip64=True) as sheet:
        sheet.write(f"{XML}<worksheet {MAIN}>{head}<sheetData>".encode())
        while chunk := "".join(islice(lines, _CHUNK)):
            sheet.write(chunk.encode())
        sheet.write(b"</sheetData></worksheet>")


def _heading(columns: Sequence[Column]) -> str:
    frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    view = f'<sheetViews><sheetView workbookViewId="0">{frozen}</sheetView></sheetViews>'
    return view + _columns([column.width for column in columns])


def _columns(widths: Sequence[int]) -> str:
    parts = (
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(widths, 1)
    )
    return f"<cols>{''.join(parts)}</cols>"


def _lines(columns: Sequence[Column], rows: Iterator[_Row]) -> Iterator[str]:
    lettered = list(zip(_LETTERS, columns, strict=False))
    yield _row(1, (_text(letter, 1, column.name, BOLD) for letter, column in lettered))
    makers = [(letter, *_MAKERS[column.kind]) for letter, column in lettered]
    for at, row in enumerate(rows, 2):
        cells = [
            make(letter, at, value, style)
            for (letter, make, style), value in zip(makers, row, strict=True)
            if value is not None and value != ""
        ]
        yield _row(at, cells)


def _facts(about: Sequence[tuple[str, str]]) -> Iterator[str]:
    for at, (label, value) in enumerate(about, 1):
        yield _row(at, [_text("A", at, label, BOLD), _text("B", at, value, TEXT)])


def _row(at: int, cells: Iterable[str]) -> str:
    return f'<row r="{at}">{"".join(cells)}</row>'


def _text(letter: str, at: int, value: str, style: int) -> str:
    shown = escape(_UNFIT.sub(_spelled, value), _RETURN)
    return f'<c r="{letter}{at}" t="inlineStr" s="{style}"><is><t xml:space="preserve">{shown}</t></is></c>'


def _number(letter: str, at: int, value: float, style: int) -> str:
    return f'<c r="{letter}{at}" s="{style}"><v>{value}</v></c>'


def _date(letter: str, at: int, value: str, style: int) -> str:
    return _number(letter, at, date.fromisoformat(value).toordinal() - _EPOCH, style)


def _time(letter: str, at: int, value: int, style: int) -> str:
    """To the second, so that what is shown is what is there: a spreadsheet would round it up."""
    return _number(letter, at, _UNIX + round(value / _SECOND) / _DAY_SECONDS, style)


def _spelled(unfit: re.Match[str]) -> str:
    return f"_x{ord(unfit[0]):04X}_"


_Maker = Callable[[str, int, Any, int], str]
_MAKERS: Final[dict[Kind, tuple[_Maker, int]]] = {
    Kind.TEXT: (_text, TEXT),
    Kind.WORD: (_text, TEXT),
    Kind.INTEGER: (_number, PLAIN),
    Kind.DATE: (_date, DAY),
    Kind.TIME: (_time, TIME),
}
