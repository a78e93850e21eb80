"""Comma-separated values by RFC 4180, in UTF-8 with a byte order mark: Excel reads it as such by that mark alone."""

from collections.abc import Callable, Iterable, Sequence
from typing import IO, Any, Final

from bot.export.rows import Cells, Column, Kind, stamp

MARK: Final = "\ufeff"
PREFIX: Final = "'"
DANGEROUS: Final = frozenset("=+-@\t\r'")
"""A cell that begins with one of these gets the prefix: spreadsheets would run the others as formulas, and the
prefix itself is among them so that taking it away again is always right (OWASP, *CSV Injection*)."""
RULE: Final = (
    "A cell that begins with = + - @ ' or with a tab or a carriage return has one ' put before it, so that no "
    "spreadsheet takes it for a formula. To read the exact value, take one ' away from every cell that begins with it."
)


def write(out: IO[bytes], columns: Sequence[Column], pages: Iterable[Cells]) -> None:
    """Write a heading and the pages, each line ended by CRLF."""
    out.write(f"{MARK}{','.join(column.name for column in columns)}\r\n".encode())
    spell = [_SPELLED[column.kind] for column in columns]
    for page in pages:
        spelled = [spell_all(cells) for spell_all, cells in zip(spell, page, strict=True)]
        lines = map(",".join, zip(*spelled, strict=True))
        out.write(b"\r\n".join(map(str.encode, lines)) + b"\r\n")


def _texts(cells: Sequence[str | None]) -> list[str]:
    if not any(cells):
        return [""] * len(cells)
    texts = [cell or "" for cell in cells]
    return texts if _plain(texts) else [text and _text(text) for text in texts]


def _plain(texts: Sequence[str]) -> bool:
    """Whether all of them stand in the file as they are, as most names do: together they are looked through faster."""
    return DANGEROUS.isdisjoint([text[:1] for text in texts]) and not _quoted("".join(texts))


def _quoted(text: str) -> bool:
    # Looking for one letter after the other takes a tenth of the time of an expression for all of them.
    return '"' in text or "," in text or "\n" in text or "\r" in text


def _text(text: str) -> str:
    if text[0] in DANGEROUS:
        text = PREFIX + text
    return '"' + text.replace('"', '""') + '"' if _quoted(text) else text


def _words(cells: Sequence[str]) -> Sequence[str]:
    return cells


def _integers(cells: Sequence[int | None]) -> list[str]:
    return ["" if cell is None else str(cell) for cell in cells]


def _times(cells: Sequence[int | None]) -> list[str]:
    return ["" if cell is None else stamp(cell) for cell in cells]


_SPELLED: Final[dict[Kind, Callable[[Any], Sequence[str]]]] = {
    Kind.TEXT: _texts,
    Kind.WORD: _words,
    Kind.INTEGER: _integers,
    Kind.DATE: _words,
    Kind.TIME: _times,
}
