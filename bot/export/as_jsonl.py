"""One JSON object a line (RFC 8259, UTF-8, LF): the exact values, for programs."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import IO, Any, Final

from bot.export.rows import Cells, Column, Kind, stamp


def write(out: IO[bytes], columns: Sequence[Column], pages: Iterable[Cells]) -> None:
    """Write the pages."""
    for page in pages:
        out.write(lines(columns, page))


def lines(columns: Sequence[Column], page: Cells) -> bytes:
    """A page. Keys are always there, in the order of the columns; what is not known is null."""
    spelled = [_spelled(column, cells) for column, cells in zip(columns, page, strict=True)]
    return "".join([f"{{{', '.join(row)}}}\n" for row in zip(*spelled, strict=True)]).encode()


def _spelled(column: Column, cells: Sequence[Any]) -> list[str]:
    spell, key = _SPELLED[column.kind], _quote(column.name)
    return [f"{key}: null" if cell is None else f"{key}: {spell(cell)}" for cell in cells]


_quote: Final = json.encoder.encode_basestring  # what the encoder itself writes texts with


def _time(micros: int) -> str:
    return f'"{stamp(micros)}"'


_SPELLED: Final[dict[Kind, Callable[[Any], str]]] = {
    Kind.TEXT: _quote,
    Kind.WORD: _quote,
    Kind.INTEGER: str,
    Kind.DATE: _quote,
    Kind.TIME: _time,
}
