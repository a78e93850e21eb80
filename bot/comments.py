"""What may stand as a signer's comment: any text that shows itself as it is."""

import re
import unicodedata
from enum import StrEnum

from msgspec import Struct

MAX_COMMENT = 500
"""Code points of the stored form: a few sentences, on every platform and in the packet."""

_MAX_MARKS = 6  # as for names: Myanmar and Tibetan stack five
_JOINERS = {"\u200c", "\u200d"}  # emoji sequences and several scripts need them
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


class CommentRule(StrEnum):
    """The rules that a comment can break; the wording is elsewhere."""

    TOO_LONG = "too_long"
    HIDDEN = "hidden"  # control, bidi, zero-width, unassigned and private-use characters
    STACKED_MARKS = "stacked_marks"


class CommentRefused(Struct, frozen=True):
    """The rule, and the code point to blame or the length."""

    rule: CommentRule
    detail: str = ""


def clean_comment(text: str, limit: int = MAX_COMMENT) -> str | CommentRefused:
    """The comment in its stored form (NFC, LF, no empty lines in a row, trimmed), or why it is refused."""
    if len(text) > 4 * limit:
        return CommentRefused(CommentRule.TOO_LONG, str(len(text)))
    stored = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    stored = re.sub(r"\n{3,}", "\n\n", stored).strip()
    if len(stored) > limit:
        return CommentRefused(CommentRule.TOO_LONG, str(len(stored)))
    hidden = next((char for char in stored if _hides(char)), None)
    if hidden is not None:
        return CommentRefused(CommentRule.HIDDEN, f"U+{ord(hidden):04X}")
    if _most_marks_in_a_row(stored) > _MAX_MARKS:
        return CommentRefused(CommentRule.STACKED_MARKS)
    return stored


def _hides(char: str) -> bool:
    return char != "\n" and char not in _JOINERS and unicodedata.category(char) in _HIDDEN


def _most_marks_in_a_row(text: str) -> int:
    most = run = 0
    for char in text:
        run = run + 1 if unicodedata.category(char) in {"Mn", "Me"} else 0
        most = max(most, run)
    return most
