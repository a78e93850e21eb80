"""In which order the characters of one line are seen: the Unicode Bidirectional Algorithm (UAX #9).

Left out is what needs control characters (embeddings, overrides, isolates): `bot.fonts.display` takes those away,
since in a title or a name they only serve to deceive.
"""

import unicodedata
from collections.abc import Sequence
from itertools import groupby
from typing import TypeVar

T = TypeVar("T")

_STRONG = {"L", "R", "AL"}
_NUMBERS = {"EN", "AN"}
_NEUTRAL = {"B", "S", "WS", "ON"}
_OPENING = "([{⁅⁽₍⟦⟨⟪⟬⟮⦃⦅⧼⸢⸤⸦⸨〈《「『【〔〖〘〚（［｛｟｢༺༼᚛"  # noqa: RUF001 - the brackets of every script
_CLOSING = ")]}⁆⁾₎⟧⟩⟫⟭⟯⦄⦆⧽⸣⸥⸧⸩〉》」』】〕〗〙〛）］｝｠｣༻༽᚜"  # noqa: RUF001 - the same
_CLOSES = dict(zip(_OPENING, _CLOSING, strict=True))
_MAX_OPEN = 63  # BD16


def is_rtl(text: str) -> bool:
    """Whether a text reads from right to left: by its first strong character (P2, P3)."""
    strong = (kind for kind in map(unicodedata.bidirectional, text) if kind in _STRONG)
    return next(strong, "L") != "L"


def levels(text: str, *, rtl: bool) -> list[int]:
    """The embedding level of each character of a paragraph: even ones read to the right, odd ones to the left."""
    base = int(rtl)
    side = "R" if rtl else "L"
    original = [unicodedata.bidirectional(char) or "L" for char in text]
    kinds = _weak(original, side)
    _brackets(text, original, kinds, side)
    _neutral(kinds, side)
    return [base + _rise(kind, base) for kind in kinds]


def on_line(line: str, levels: Sequence[int], *, rtl: bool) -> list[int]:
    """The levels of a part of a paragraph that stands on a line of its own: its last spaces go with it (L1)."""
    length = len(line.rstrip())
    return [*levels[:length], *[int(rtl)] * (len(line) - length)]


def visual(items: Sequence[T], levels: Sequence[int]) -> list[T]:
    """`items` from left to right as they are seen (L2)."""
    order = list(range(len(items)))
    for level in range(max(levels, default=0), 0, -1):
        turned: list[int] = []
        for is_high, group in groupby(order, key=lambda place: levels[place] >= level):
            places = list(group)
            turned += reversed(places) if is_high else places
        order = turned
    return [items[place] for place in order]


def _weak(original: Sequence[str], side: str) -> list[str]:
    """W1 to W7: marks, digits and what stands between digits."""
    kinds = _marks(original, side)
    last = side
    for place, kind in enumerate(kinds):
        if kind in _STRONG:
            last = kind
        elif kind == "EN" and last == "AL":
            kinds[place] = "AN"  # W2
    kinds = ["R" if kind == "AL" else kind for kind in kinds]  # W3
    _separators(kinds)
    _terminators(kinds)
    last = side
    for place, kind in enumerate(kinds):
        if kind in _STRONG:
            last = kind
        elif kind == "EN" and last == "L":
            kinds[place] = "L"  # W7
    return kinds


def _marks(original: Sequence[str], side: str) -> list[str]:
    """W1; a joiner goes with what it joins."""
    kinds: list[str] = []
    for kind in original:
        kinds.append((kinds[-1] if kinds else side) if kind in {"NSM", "BN"} else kind)
    return kinds


def _separators(kinds: list[str]) -> None:
    """W4: 1,000 and 3.5 and 1+1."""
    for place in range(1, len(kinds) - 1):
        before, kind, after = kinds[place - 1 : place + 2]
        if before == after and ((kind == "CS" and before in _NUMBERS) or (kind == "ES" and before == "EN")):
            kinds[place] = before


def _terminators(kinds: list[str]) -> None:
    """W5 and W6: a currency or per cent sign goes with its number, any other sign is neutral."""
    for start, stop in _spans(kinds, {"ET"}):
        beside = kinds[max(start - 1, 0) : start] + kinds[stop : stop + 1]
        kinds[start:stop] = ["EN" if "EN" in beside else "ON"] * (stop - start)
    kinds[:] = ["ON" if kind in {"ES", "CS"} else kind for kind in kinds]


def _brackets(text: str, original: Sequence[str], kinds: list[str], side: str) -> None:
    """N0: both brackets of a pair go the way of what they enclose."""
    other = "L" if side == "R" else "R"
    for opening, closing in _pairs(text, kinds):
        inside = {_as_strong(kind) for kind in kinds[opening + 1 : closing]}
        if side in inside:
            direction = side
        elif other in inside:
            before = [strong for kind in kinds[:opening] if (strong := _as_strong(kind))]
            direction = before[-1] if before else side
        else:
            continue
        for bracket in (opening, closing):
            kinds[bracket] = direction
            for place in range(bracket + 1, len(kinds)):
                if original[place] not in {"NSM", "BN"}:
                    break
                kinds[place] = direction


def _pairs(text: str, kinds: Sequence[str]) -> list[tuple[int, int]]:
    """BD16: the places of brackets that belong together, by where they open."""
    open_ones: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for place, char in enumerate(unicodedata.normalize("NFC", char) for char in text):
        if kinds[place] != "ON":
            continue
        if char in _CLOSES:
            if len(open_ones) == _MAX_OPEN:
                break
            open_ones.append((_CLOSES[char], place))
        for depth in reversed(range(len(open_ones))):
            if open_ones[depth][0] == char:
                pairs.append((open_ones[depth][1], place))
                del open_ones[depth:]
                break
    return sorted(pairs)


def _neutral(kinds: list[str], side: str) -> None:
    """N1 and N2: what is neutral goes with its neighbours if they agree, or else with the line."""
    for start, stop in _spans(kinds, _NEUTRAL):
        before = _as_strong(kinds[start - 1]) if start else side
        after = _as_strong(kinds[stop]) if stop < len(kinds) else side
        kinds[start:stop] = [before if before == after else side] * (stop - start)


def _as_strong(kind: str) -> str:
    """The direction for which a kind counts among neutrals; empty for a neutral one."""
    return "R" if kind in _NUMBERS or kind == "R" else "L" if kind == "L" else ""


def _rise(kind: str, base: int) -> int:
    """I1 and I2."""
    if base:
        return 0 if kind == "R" else 1
    return {"L": 0, "R": 1}.get(kind, 2)


def _spans(kinds: Sequence[str], wanted: set[str]) -> list[tuple[int, int]]:
    """Where unbroken stretches of some kinds begin and end."""
    found = []
    place = 0
    for is_wanted, group in groupby(kinds, key=wanted.__contains__):
        length = sum(1 for _ in group)
        if is_wanted:
            found.append((place, place + length))
        place += length
    return found
