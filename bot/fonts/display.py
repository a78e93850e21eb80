"""A text made fit to be drawn: what would deceive or disturb is gone, what is left is seen."""

import re
import unicodedata
from collections.abc import Iterator

JOINERS = "\u200c\u200d"  # zero-width non-joiner and joiner: Persian, Indic scripts and emoji need them
BREAK = "\u200b"  # zero-width space: where a line of Thai, Lao, Khmer or Burmese may end
_MAX_MARKS = 6  # Myanmar needs five, Tibetan four
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff]")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")
_SPACES = re.compile(r"\s+")
_PICTURE = "So"  # an emoji, behind a joiner a part of the one before it


def display(text: str) -> str:
    """`text` on one line, in NFC, without control, bidi and other invisible characters, and with few marks stacked."""
    normal = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    seen = "".join(filter(None, map(_seen, normal)))
    return "".join(_unstacked(_SPACES.sub(" ", seen).strip()))


def _seen(char: str) -> str:
    """A character as it is drawn; nothing for one that is not."""
    category = unicodedata.category(char)
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    if category in {"Cf", "Co"} and char not in (*JOINERS, BREAK):
        return ""
    return char


def _unstacked(text: str) -> Iterator[str]:
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char) in {"Mn", "Me"} else 0
        if marks <= _MAX_MARKS:
            yield char


def clusters(text: str) -> Iterator[str]:
    """What a reader takes for one character: a letter with its marks, an emoji with its parts, a flag."""
    cluster = ""
    for char in text:
        if cluster and not _continues(cluster, char):
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster


def _continues(cluster: str, char: str) -> bool:
    if char in JOINERS or unicodedata.category(char).startswith("M") or _SELECTORS.match(char):
        return True
    if _SKIN.match(char) or (cluster[-1] == JOINERS[1] and unicodedata.category(char) == _PICTURE):
        return unicodedata.category(cluster[0]) == _PICTURE
    return bool(_FLAG.match(char) and _FLAG.fullmatch(cluster))


def is_invisible(char: str) -> bool:
    """Whether a font need not have this character, since it only says how its neighbours look."""
    return char in JOINERS or char == BREAK or bool(_SELECTORS.match(char))
