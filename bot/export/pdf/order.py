"""In which order a program that extracts text from a page finds the letters of a line.

A page tells where each letter is seen, and whoever reads it guesses how it was written. Poppler (`pdftotext`) looks
which direction has more letters on the page, takes a line from that side, and turns around its stretches that run
from right to left; digits, brackets and spaces it gives to the stretch before them, rightly or not (`dumpFragment`
in its TextOutputDev.cc). Where that finds another text than was written, the line is painted, and its text laid out
unseen so that it is found, with a direction mark (UAX #9, 2.6) wherever a stretch would not end by itself.

PDFium (Chrome) guesses otherwise, and is wrong about such lines either way; lines of one direction both read right.
"""

import re
from collections.abc import Iterator
from typing import Final
from unicodedata import bidirectional

LRM: Final = "\u200e"
RLM: Final = "\u200f"
HYPHEN: Final = "-"
"""At the end of a line Poppler takes it for one that parts a word, and leaves it out: a mark must follow it."""
_KINDS: Final = {
    "R": "R", "AL": "R", "NSM": "M", "L": "L", "EN": "L", "AN": "L", "ES": "L", "ET": "L", "CS": "L",
}  # fmt: skip
_UNKNOWN: Final = re.compile("[\u07c0-\u08ff\U00010000-\U0010ffff]")
"""Of these Poppler knows no direction: to it flags, N'Ko, Adlam and rare ideographs are as neutral as a bracket."""
_FROM_RIGHT: Final = re.compile("R(?:[MN]*R)*M*")
_LEFTWARDS: Final = re.compile("(?P<straight>[^R]+)|R[^L]*")
_RIGHTWARDS: Final = re.compile("(?P<straight>[^L]+)|L[^R]*")


def balance(text: str) -> int:
    """How many more letters run from left to right than from right to left."""
    if text.isascii():
        return sum(map(str.isalpha, text))
    kinds = list(map(bidirectional, _UNKNOWN.sub("", text)))
    return kinds.count("L") - kinds.count("R") - kinds.count("AL")


def read(seen: str, *, from_right: bool) -> str:
    """The text that a reading from that side finds where these characters stand from left to right."""
    seen = seen[::-1] if from_right else seen
    kinds = _kinds(seen)
    stretches = (_RIGHTWARDS if from_right else _LEFTWARDS).finditer(kinds)
    return "".join(seen[one.start() : one.end()][:: 1 if one["straight"] else -1] for one in stretches)


def laid_out(text: str, *, from_right: bool) -> str:
    """The characters from left to right so that a reading from that side finds the text, but for direction marks."""
    stretches = list(_stretches(text))
    return "".join(reversed(stretches) if from_right else stretches)


def turns(text: str) -> bool:
    """Whether some of it runs from right to left."""
    return "R" in _kinds(text)


def open_ends(text: str) -> tuple[bool, bool]:
    """Whether text from left to right needs a mark before or after it where a page is read from the right."""
    kinds = _kinds(text)
    return kinds[:1] != "L", kinds[-1:] != "L" or text.endswith(HYPHEN)


def _stretches(text: str) -> Iterator[str]:
    kinds, at = _kinds(text), 0
    for found in _FROM_RIGHT.finditer(kinds):
        if at < found.start():
            yield _fenced(text[at : found.start()])
        at = found.end()
        backwards = text[found.start() : at][::-1]
        yield RLM + backwards if kinds[at - 1] == "M" else backwards
    if at < len(text):
        yield _fenced(text[at:])


def _fenced(text: str) -> str:
    before, after = open_ends(text)
    return f"{LRM if before else ''}{text}{LRM if after else ''}"


def _kinds(text: str) -> str:
    """A letter for each character: L or R as it runs, M for what is put on another, N for the others.

    Digits and their signs (+ - . , : / # $ %) run as letters from left to right do.
    """
    return "".join([_KINDS.get(bidirectional(char), "N") for char in _UNKNOWN.sub("(", text)])
