"""From the bytes of a petition file to clean text: its size, its encoding, and the characters in it."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from bot.errors import PetitionFileError
from bot.model.petition import normalised
from bot.petition_file.problem import Problem, Report, Severity
from bot.words import petition_file as said
from bot.words.catalog import Message, Words

LIMIT = 1_000_000
"""The most bytes of a petition file: ten times the longest letter, so that translations fit too."""


def read_file(path: Path) -> bytes:
    """The bytes of a petition file, or its first LIMIT + 1, which `read_petition` refuses as too large.

    Raises PetitionFileError where there is nothing to read: absent, a folder, not permitted.
    """
    try:
        with path.open("rb") as file:
            return file.read(LIMIT + 1)
    except FileNotFoundError:
        raise _unreadable(path, said.ABSENT) from None
    except IsADirectoryError:
        raise _unreadable(path, said.A_FOLDER) from None
    except PermissionError:
        raise _unreadable(path, said.A_FOLDER if path.is_dir() else said.NOT_PERMITTED) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise _unreadable(path, said.UNREADABLE, reason=reason) from None


def _unreadable(path: Path, message: Message, **values: str) -> PetitionFileError:
    name = "".join(character if character.isprintable() else "?" for character in str(path))
    problem = Problem(None, Severity.ERROR, message, {"name": name, **values})
    return PetitionFileError((problem,), problem.said(Words()))


def decoded(data: bytes, report: Report) -> str | None:
    """The text in NFC with LF line ends, without what may not stand in it; None if there is none to read."""
    refusal = _refusal(data)
    if refusal is not None:
        report.error(None, refusal)
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        report.error(line, said.NOT_UTF8, encoding=_likely_encoding(data))
        return None
    text = _without_invisible(normalised(text), report)
    _report_hostile(text, report)
    return HOSTILE.sub("", text)


_KINDS = (
    (b"%PDF", said.A_PDF),
    (b"PK\x03\x04", said.AN_OFFICE_FILE),
    (b"\xd0\xcf\x11\xe0", said.AN_OFFICE_FILE),
    (b"{\\rtf", said.AN_OFFICE_FILE),
)
_HTML = re.compile(rb"<(?:!doctype html|html)", re.IGNORECASE)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def _refusal(data: bytes) -> Message | None:
    """Why the whole file can't be text, if so."""
    if len(data) > LIMIT:
        return said.TOO_LARGE
    if not data.removeprefix(b"\xef\xbb\xbf").strip(b"\0 \t\r\n"):
        return said.EMPTY
    head = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    for magic, message in _KINDS:
        if head.startswith(magic):
            return message
    if _HTML.match(head):
        return said.A_WEB_PAGE
    if data.startswith(_UTF16) or _looks_like_utf16(data):
        return said.UTF16
    return said.BINARY if b"\0" in data else None


def _looks_like_utf16(data: bytes) -> bool:
    even, odd = data[::2].count(0), data[1::2].count(0)
    return max(even, odd) > len(data) // 4 and min(even, odd) == 0


def _likely_encoding(data: bytes) -> str:
    """A guess by how much is not ASCII: few accents among letters, or a script of its own."""
    letters = len(re.findall(rb"[A-Za-z]", data))
    others = len(re.findall(rb"[\x80-\xff]", data))
    return "Windows-1252" if others < letters else "Windows-1251"


# ------------------------------------------------------------------------------------- characters

HOSTILE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters
    "\u202a-\u202e\u2066-\u2069"  # direction overrides, embeddings and isolates
    "\u2028\u2029\ufffd"  # line separators that editors do not show, and letters lost before
    "\ufdd0-\ufdef"  # never characters, like the last two of each plane
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17))
    + "]"
)
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

# What nobody sees and no script needs: soft hyphens, joiners of words, marks of byte order, tags outside of
# flags, and zero-width spaces but in the scripts of South East Asia, which part words with them.
_INVISIBLE = re.compile(
    "(\U0001f3f4[\U000e0020-\U000e007f]+)|[\u00ad\u2060-\u2064\ufeff\U000e0000-\U000e007f]"
    "|(?<![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])\u200b"
)


def code_point(character: str) -> str:
    """How an invisible character is named: `U+202E`."""
    return f"U+{ord(character):04X}"


MARKS = 6
"""The most marks on one letter. Scripts that stack marks (Thai, Hebrew with accents, Tibetan) need fewer."""

LINES_TOLD = 5
"""So many lines with characters that can't stand are told one by one."""


def _without_invisible(text: str, report: Report) -> str:
    first = next((found for found in _INVISIBLE.finditer(text) if not found[1]), None)
    if first is None:
        return text
    report.note(text.count("\n", 0, first.start()) + 1, said.INVISIBLE_TAKEN_OUT)
    return _INVISIBLE.sub(lambda found: found[1] or "", text)


def _report_hostile(text: str, report: Report) -> None:
    found = _hostile_lines(text)
    for line, message, character in islice(found, LINES_TOLD):
        report.error(line, message, character=code_point(character))
    more = sum(1 for _ in found)
    if more:
        report.error(None, said.MORE_LINES_LIKE_IT, count=more)


def _hostile_lines(text: str) -> Iterator[tuple[int, Message, str]]:
    for number, line in enumerate(text.split("\n"), start=1):
        hostile = _hostility(line)
        if hostile is not None:
            yield number, *hostile


def _hostility(text: str) -> tuple[Message, str] | None:
    """What may not stand in a text, if anything: the rule and the character."""
    found = HOSTILE.search(text)
    if found is not None:
        message = said.LETTER_LOST if found[0] == "\ufffd" else said.CONTROL_CHARACTER
        return said.DIRECTION_OVERRIDE if found[0] in _OVERRIDES else message, found[0]
    marks = 0
    for character in "" if text.isascii() else text:
        marks = marks + 1 if unicodedata.category(character).startswith("M") else 0
        if marks > MARKS:
            return said.STACKED_MARKS, character
    return None
