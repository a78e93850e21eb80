"""Names in letters that look like others (pure), by Unicode Technical Standard #39, Unicode Security Mechanisms.

Of its restriction levels (section 5.2) this is *Highly Restrictive*, word by word: the letters of a word are of one
script, or Latin beside those of Japanese, Korean or Chinese. *Moderately Restrictive* would let a word mix Latin
with whatever is neither Cyrillic nor Greek, which no spelling does, and *Single Script* would hold 山田Taro. Word by
word, because many people write their name in two scripts, one after the other: Мария Maria.

The scripts and the skeletons (section 4) are `disarm`'s, from the Unicode character database.
"""

from typing import Final

from disarm import Script, detect_scripts, is_mixed_script, skeleton_key

from bot.model.collation import sort_key

_BESIDE_LATIN: Final = frozenset(
    {Script.HAN, Script.HIRAGANA, Script.KATAKANA, Script.HANGUL, Script.BOPOMOFO}
)
_BORROWED: Final = str.maketrans("", "", "\u03b8\u03bb")
"""Greek letters that Latin alphabets of North America have (xʷməθkʷəy̓əm), and that look like no letter of theirs."""


def mixes_scripts(name: str) -> bool:
    """Whether a word of the name has letters of scripts that nobody spells a word with."""
    return any(map(_is_mixed, name.translate(_BORROWED).split()))


def _is_mixed(word: str) -> bool:
    scripts = frozenset(detect_scripts(word))
    if Script.LATIN in scripts and scripts & _BESIDE_LATIN:
        # What remains beside Latin must be one writing system: Japanese, Korean or Chinese.
        rest = "".join(char for char in word if detect_scripts(char) != [Script.LATIN])
        return not scripts <= _BESIDE_LATIN | {Script.LATIN} or is_mixed_script(rest)
    return is_mixed_script(word)


def letters_by_script(name: str) -> dict[str, str]:
    """Its different letters by their script, as an ISO 15924 code that is common among look-alikes, or its name."""
    found: dict[str, str] = {}
    for char in dict.fromkeys(name):
        for script in detect_scripts(char):
            code = _CODES.get(script, script.value)
            found[code] = found.get(code, "") + char
    return found


_CODES: Final = {
    Script.LATIN: "Latn",
    Script.CYRILLIC: "Cyrl",
    Script.GREEK: "Grek",
    Script.ARMENIAN: "Armn",
    Script.GEORGIAN: "Geor",
    Script.CHEROKEE: "Cher",
    Script.HEBREW: "Hebr",
    Script.ARABIC: "Arab",
    Script.HAN: "Hani",
    Script.HANGUL: "Hang",
    Script.HIRAGANA: "Hira",
    Script.KATAKANA: "Kana",
}


def looks_like(name: str, other: str) -> bool:
    """Whether the name is taken for the other at a glance, and is not spelled like it."""
    return skeleton(name) == skeleton(other) and sort_key(name) != sort_key(other)


def skeleton(name: str) -> str:
    """What a name looks like; compared with other skeletons only, and shown to nobody (UTS #39, section 4).

    Beside the library's, `rn` looks like `m` and `vv` like `w`, as in Unicode's own table.
    """
    return skeleton_key(name).replace("rn", "m").replace("vv", "w")
