"""What each character does in a name, where it stands, in any script (pure; for `bot.names`)."""

import re
import unicodedata
from enum import StrEnum
from itertools import groupby

import idna


class Kind(StrEnum):
    """What a character is for in a name; the last four have no place in one."""

    LETTER = "L"
    MARK = "M"
    SPACE = "S"
    APOSTROPHE = "A"  # and Hebrew geresh, gershayim
    HYPHEN = "H"
    DOT = "D"  # and what else ends an abbreviation or a syllable: Indic signs, the Tibetan tsheg
    BETWEEN = (
        "B"  # middle dots, Ethiopic wordspace, slash (Malaysian a/l, Ethiopian abbreviations), Mohawk colon
    )
    COMMA = "C"  # King, Jr.
    CONTROL = "control"
    INVISIBLE = "invisible"
    SYMBOL = "symbol"
    DIGIT = "digit"


_PUNCTUATION = (
    {" ": Kind.SPACE, ",": Kind.COMMA}
    | dict.fromkeys("'\u2018\u2019\u055a\u05f3\u05f4", Kind.APOSTROPHE)
    | dict.fromkeys("-\u058a\u05be\u1400\u30a0", Kind.HYPHEN)
    | dict.fromkeys(".\u0970\u09fd\u0a76\u0af0\u0f0b", Kind.DOT)
    | dict.fromkeys("\xb7\u30fb\u1361/:\ua789", Kind.BETWEEN)
)
_CATEGORIES = (
    dict.fromkeys(("Lu", "Ll", "Lt", "Lm", "Lo"), Kind.LETTER)
    | dict.fromkeys(("Mn", "Mc"), Kind.MARK)
    | dict.fromkeys(("Cc", "Cn", "Co", "Cs", "Zl", "Zp"), Kind.CONTROL)
    | dict.fromkeys(("Nd", "Nl", "No"), Kind.DIGIT)
    | {"Cf": Kind.INVISIBLE}
)
_INVISIBLE = re.compile(  # Default_Ignorable_Code_Point (DerivedCoreProperties.txt), and the blank of Braille
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Marks that strike out or frame, music; cuneiform and hieroglyphs, which name no one now.
_NOT_IN_NAMES = re.compile("[\u0334-\u0338\u20d0-\u20ff\U00012000-\U0001467f\U0001d100-\U0001d1ff]")
_FANCY = re.compile("<(font|wide|narrow|circle|square|initial|medial|final|isolated)>")
# Squamish and Lillooet write the glottal stop as 7. Other digits are of phone numbers and user names.
_NUMERAL = re.compile(
    r"(?<!\S)(1st|2nd|3rd|[4-9]th)(?!\S)|(?<=[^\d\s])7(?!\d)|(?<!\d)7(?=[^\d\s])", re.IGNORECASE
)
_DIACRITIC = re.compile("[\u0300-\u036f\u0483-\u0487\u1ab0-\u1aff\u1dc0-\u1dff\ufe20-\ufe2f]")
_SYLLABLE = re.compile("SYLLAB|(HIRAGANA|KATAKANA|CHEROKEE) (SMALL )?LETTER")
_VIRAMA = 9  # its Canonical_Combining_Class
_FIXED_PLACES = range(10, 200)  # the classes of marks that have one place on a letter (UAX #44, table 15)
_WINDOW = 12  # letters and marks around a joiner
_MAX_MARKS = 6  # Myanmar needs five, Tibetan four
_MAX_DIACRITICS = 3  # polytonic Greek
# Which kinds may follow a kind; "^" is the beginning, "O" an apostrophe that opens a word ('t Hooft).
_FOLLOWS = (
    dict.fromkeys("LM", "LMAHDBCS")
    | {"A": "LHDSC", "D": "LHASC", "H": "LO", "B": "L", "C": "S", "S": "LO"}
    | {"^": "LO", "O": "L"}
)
_MAY_NOT_END = "HBCSO"


def kinds_of(name: str) -> list[Kind]:
    """The kind of each character of a name in NFC."""
    numerals = {at for match in _NUMERAL.finditer(name) for at in range(*match.span())}
    return [Kind.LETTER if at in numerals else _kind(name, at) for at in range(len(name))]


def is_letter(char: str) -> bool:
    """Whether it can be a name's own letter, not only modify one."""
    return unicodedata.category(char) in ("Lu", "Ll", "Lt", "Lo") or _is_ideograph(char)


def is_word(char: str) -> bool:
    """Whether one of it can be a whole name: an ideograph is a word, and a syllable two letters' worth."""
    return _is_ideograph(char) or _SYLLABLE.search(unicodedata.name(char, "")) is not None


def is_seen(char: str) -> bool:
    """Whether it shows by itself."""
    return unicodedata.category(char)[0] in "LNPS" and not _INVISIBLE.match(char)


def is_extra(char: str) -> bool:
    """Whether it adds no letter or vowel sign to a name: a joiner, or a mark that any script may borrow."""
    return (_INVISIBLE.match(char) or _DIACRITIC.match(char)) is not None


def stacked_marks(name: str) -> tuple[str, str]:
    """The marks that are too many on their letters, and the name (in NFC) without them."""
    runs = groupby(unicodedata.normalize("NFD", name), _is_carried)
    cut = [(is_marks, "".join(chars)) for is_marks, chars in runs]
    too_many = [is_marks and _are_stacked(_INVISIBLE.sub("", run)) for is_marks, run in cut]
    marks, rest = (
        "".join(run for bad, (_, run) in zip(too_many, cut, strict=True) if bad is sort)
        for sort in (True, False)
    )
    return marks, unicodedata.normalize("NFC", rest)


def first_misplaced(name: str) -> str | None:
    """The first character that names have, but not where it stands; None if all is well."""
    state, last = "^", ""
    for char, kind in zip(name, kinds_of(name), strict=True):
        following = _next(state, kind)
        if following is None:  # a letter or a space is never to blame, but what it should not follow
            return last if kind in "LS" and last else char
        state, last = following, char
    return last if state in _MAY_NOT_END else None


def without_misplaced(name: str) -> str:
    """The name with what should not stand where it does left out, from left to right."""
    kept, states = "", ""
    for char, kind in zip(name, kinds_of(name), strict=True):
        if following := _next(states[-1:] or "^", kind):
            kept, states = kept + char, states + following
    return kept[: len(states.rstrip(_MAY_NOT_END))]


def is_fancy(char: str) -> bool:
    """Whether it is a plain letter in another dress (fraktur, full width…), which NFKC takes off."""
    tag = unicodedata.decomposition(char).partition(" ")[0]
    return (
        _FANCY.match(tag) is not None
        or (tag == "<compat>" and not is_letter(char))
        or "\ufb00" <= char <= "\ufb17"
    )


def _next(state: str, kind: Kind) -> str | None:
    """Where the grammar of names stands after such a character, None if it can't come here."""
    opens = kind is Kind.APOSTROPHE and state in "^SH"
    following = "O" if opens else str(kind)
    return following if following in _FOLLOWS[state] else None


def _is_carried(char: str) -> bool:
    return unicodedata.category(char)[0] == "M" or _INVISIBLE.match(char) is not None


def _are_stacked(marks: str) -> bool:
    """Whether they are more than any script puts on a letter, one is there twice, or two are in one place."""
    places = [place for mark in marks if (place := unicodedata.combining(mark)) in _FIXED_PLACES]
    repeated = len(set(marks)) < len(marks) or len(set(places)) < len(places)
    return repeated or len(marks) > _MAX_MARKS or len(_DIACRITIC.findall(marks)) > _MAX_DIACRITICS


def _kind(name: str, at: int) -> Kind:
    char = name[at]
    if char in _PUNCTUATION:
        return _PUNCTUATION[char]
    if _INVISIBLE.match(char):
        return Kind.MARK if _is_needed(char, name[:at], name[at + 1 :]) else Kind.INVISIBLE
    if _NOT_IN_NAMES.match(char) or is_fancy(char):
        return Kind.SYMBOL
    return Kind.LETTER if _is_ideograph(char) else _CATEGORIES.get(unicodedata.category(char), Kind.SYMBOL)


def _is_ideograph(char: str) -> bool:
    if char == "\u3007" or unicodedata.name(char, "").startswith(("CJK UNIFIED", "CJK COMPATIBILITY IDEO")):
        return True
    # Planes 2 and 3 are kept for ideographs, some of which are newer than this Python's tables: Unicode 15.1
    # added those that are in Chinese people's identity cards.
    return "\U00020000" <= char < "\U00034000" and ord(char) & 0xFFFE != 0xFFFE  # noqa: PLR2004  noncharacters


def _is_needed(char: str, before: str, after: str) -> bool:
    """Whether an invisible character changes how its neighbours are written.

    Joiners as in RFC 5892, appendix A, and the Unicode Standard, chapter 12; variants as in UTS #37.
    """
    last, following = before[-1:] or " ", after[:1] or " "
    if char == "\u200c":
        window = before[-_WINDOW:]  # idna refuses long labels, and characters without a name
        return unicodedata.category(last)[0] in "LM" and idna.valid_contextj(
            window + char + after[:_WINDOW], len(window)
        )
    if char == "\u200d":
        eyelash_or_yaphalaa = last in "\u09b0\u09f0\u0cb0" and following in "\u09cd\u0ccd"
        return unicodedata.combining(last) == _VIRAMA or eyelash_or_yaphalaa
    if "\u180b" <= char <= "\u180f":  # Mongolian variant selectors, and the separator of a last vowel
        return "\u1820" <= last <= "\u18aa" and (char != "\u180e" or "\u1820" <= following <= "\u18aa")
    # Ideographs that Japanese family registers tell apart.
    return ("\ufe00" <= char <= "\ufe02" or "\U000e0100" <= char <= "\U000e01ef") and _is_ideograph(last)
