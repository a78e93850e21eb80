"""The order of names in a list: one order for every script and language (pure, and the same everywhere).

A collation by language (CLDR) would need to know each name's language, and a library with its tables. This order
finds a name by its letters: case, accents and the punctuation of names do not matter, unless nothing else
differs. Scripts follow each other as in Unicode: Latin, Greek, Cyrillic, Hebrew, Arabic, and so on to Han.
"""

import unicodedata
from typing import Final

_PUNCTUATION: Final = dict.fromkeys(map(ord, "'’‘`\u00b4-\u2010\u2011.·,"))
# Letters that are spelled as others, but do not decompose into them.
_SPELLED: Final = str.maketrans(
    {
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ħ": "h",
        "\u0131": "i",
        "ŧ": "t",
    }
)


def sort_key(name: str) -> str:
    """What a name is sorted by; equal for names that differ in case, accents and punctuation only."""
    if name.isascii():
        return name.lower().translate(_PUNCTUATION)
    letters = unicodedata.normalize("NFKD", name.casefold())
    return letters.translate(_BARE)


def _is_accent(char: str) -> bool:
    """A mark that decorates a letter: accents, and the points of Hebrew and Arabic.

    By combining class (Unicode Standard, table 4-3): viramas, nuktas, voicing marks and vowel signs, which
    make another letter or syllable of it, have others.
    """
    position = unicodedata.combining(char)
    return 10 <= position <= 36 or 200 <= position <= 240  # noqa: PLR2004  see above


class _Bare(dict[int, str]):
    """What is left of each character: for `str.translate`, ten times as fast as a loop. Learned as it is met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        left = "" if _is_accent(char) else char.translate(_SPELLED).translate(_PUNCTUATION)
        return self.setdefault(code, left)


_BARE: Final = _Bare()
