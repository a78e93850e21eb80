"""Where lines end. Places are those of characters in the text; widths are whatever the measure says."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from bot.fonts import clusters
from bot.fonts.display import BREAK

_EVENER = 0.97  # by how much lines are narrowed at a time
_WORD = re.compile(rf"([^ {BREAK}]+)[ {BREAK}]*")
# Scripts in which a line may end behind each sign (Han, Kana, Yi) …
_ANYWHERE = re.compile(
    "[\u2e80-\u30ff\u3100-\u312f\u31a0-\u9fff\ua000-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff9f\U00020000-\U0003ffff]"
)
# … but not before what closes, stops, repeats or is written small (kinsoku, JIS X 4051, as far as titles have it).
_NOT_FIRST = re.compile(
    "[,.:;!?%…\u3001\u3002\u3005\u301c\u30fb-\u30fe\u3041\u3043\u3045\u3047\u3049\u3063\u3083\u3085\u3087\u308e"
    "\u309d\u309e\u30a1\u30a3\u30a5\u30a7\u30a9\u30c3\u30e3\u30e5\u30e7\u30ee\uff01\uff05\uff0c\uff0e\uff1a\uff1b\uff1f]"
)
# Thai and Lao write words without spaces; a vowel that is written first at least begins a syllable. Tibetan divides
# syllables, and Ethiopic words, by signs of their own.
_BEFORE = re.compile("[เ-ไເ-ໄ]")
_BEHIND = re.compile("[་།፡]")
_OPENING = {"Ps", "Pi"}
_CLOSING = {"Pe", "Pf"}

Measure = Callable[[int, int], float]
"""How wide the text between two places is."""
Span = tuple[int, int]
"""Where a line begins and ends, without the spaces behind it."""


class Segment(Struct, frozen=True):
    """What stays together on a line: from `start` to `stop`; up to `next` are spaces, which a line's end swallows."""

    start: int
    stop: int
    next: int
    width: float
    space: float


def segments(text: str, measure: Measure) -> Iterator[Segment]:
    """The parts of `text` between which a line may end."""
    for word in _WORD.finditer(text):
        stops = [*_ends(word[1], word.start())]
        for start, stop in zip([word.start(), *stops[:-1]], stops, strict=True):
            yield _segment(start, stop, word.end() if stop == word.end(1) else stop, measure)


def broken(parts: Sequence[Segment], width: float) -> list[Span]:
    """Lines that are no wider than `width`, unless a single part is; each takes as many parts as it can."""
    lines: list[Span] = []
    used = 0.0
    for part in parts:
        if lines and used + part.width <= width:
            lines[-1] = (lines[-1][0], part.stop)
        else:
            lines.append((part.start, part.stop))
            used = 0.0
        used += part.width + part.space
    return lines


def even(parts: Sequence[Segment], width: float) -> list[Span]:
    """As many lines as `broken` makes, but of like length."""
    lines = broken(parts, width)
    widest = max((part.width for part in parts), default=width)
    while 0 < widest <= (width := width * _EVENER) and len(narrower := broken(parts, width)) == len(lines):
        lines = narrower
    return lines


def chopped(text: str, parts: Sequence[Segment], width: float, measure: Measure) -> Iterator[Segment]:
    """The parts, where one that is wider than a line is cut into its characters."""
    for part in parts:
        if part.width <= width:
            yield part
            continue
        start = part.start
        for cluster in clusters(text[part.start : part.stop]):
            stop = start + len(cluster)
            yield _segment(start, stop, part.next if stop == part.stop else stop, measure)
            start = stop


def shortened(text: str, line: Span, width: float, measure: Measure) -> Span:
    """As much of a line as is no wider than `width`."""
    start, stop = line
    for cluster in reversed(list(clusters(text[start:stop]))):
        if measure(start, stop) <= width:
            break
        stop -= len(cluster)
    return start, start + len(text[start:stop].rstrip())


def _segment(start: int, stop: int, after: int, measure: Measure) -> Segment:
    return Segment(start, stop, after, measure(start, stop), measure(stop, after) if after > stop else 0.0)


def _ends(word: str, start: int) -> Iterator[int]:
    """Where the parts of a word end that begins at `start`."""
    last = ""
    for cluster in clusters(word):
        if last and _may_end(last, cluster[0]):
            yield start
        start += len(cluster)
        last = cluster[-1]
    yield start


def _may_end(last: str, first: str) -> bool:
    if _BEFORE.match(first) or _BEHIND.match(last):
        return unicodedata.category(last) not in _OPENING
    if not (_ANYWHERE.match(last) or _ANYWHERE.match(first)):
        return False
    closes = unicodedata.category(first) in _CLOSING or _NOT_FIRST.match(first)
    return not closes and unicodedata.category(last) not in _OPENING
