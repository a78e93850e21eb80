"""What may stand as a signer's name, in any script, and the nearest name to what may not (pure).

A name is words of letters and their marks, with the punctuation of names where names have it.
No digits but an ordinal's and a 7 that is a letter, no brackets or quotation marks (they hold remarks), no
judgement of look-alikes. The characters themselves are sorted in `bot.name_characters`.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from itertools import islice, pairwise

from msgspec import Struct

from bot.name_characters import (
    Kind,
    first_misplaced,
    is_extra,
    is_fancy,
    is_letter,
    is_seen,
    is_word,
    kinds_of,
    stacked_marks,
    without_misplaced,
)

MIN_NAME = 2
"""Letters and vowel signs ("J." has one); a single one will do if it is a word or syllable (Han, Hangul)."""
MAX_NAME = 100
"""Code points of the stored form; not grapheme clusters, which have no greatest length."""

_MAX_RAW = 4 * MAX_NAME  # no character decomposes into more than four, so no name is longer as typed


class NameRule(StrEnum):
    """The rules a name can break; their wording is elsewhere."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    LINK = "link"
    MENTION = "mention"
    CONTROL = "control"  # control, line separator, unassigned, private use, surrogate
    INVISIBLE = "invisible"  # bidi control, zero width, filler, joiner that joins nothing
    SYMBOL = "symbol"  # a character that names don't have: digit, emoji, markup, letter in fancy dress
    STACKED_MARKS = "stacked_marks"
    MISPLACED = "misplaced"  # punctuation or a mark that names have, where no name has it
    NO_LETTER = "no_letter"
    PLACEHOLDER = "placeholder"  # "[Your Name]", "-"


class NameRefused(Struct, frozen=True):
    """The first rule that a text breaks, the nearest acceptable name if any, and the characters to blame.

    `detail` has three of them at most, those that can't be seen as "U+202E"; foreign text, so escape it.
    """

    rule: NameRule
    suggestion: str | None
    detail: str = ""


_UNFIT = {  # in the order of mending: what stands beside a digit or a joiner decides whether that is fit
    Kind.INVISIBLE: NameRule.INVISIBLE,
    Kind.CONTROL: NameRule.CONTROL,
    Kind.SYMBOL: NameRule.SYMBOL,
    Kind.DIGIT: NameRule.SYMBOL,
}
# A link cut down, or a stand-in without its brackets, would be nobody's name.
_BEYOND_MENDING = (NameRule.LINK, NameRule.PLACEHOLDER)
_FOLDED = str.maketrans(
    dict.fromkeys("\t\r\n\xa0\u1680\u202f\u205f\u3000", " ")
    | {chr(space): " " for space in range(0x2000, 0x200B)}
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\uff0d", "-")  # what keyboards and phones make of a hyphen
    | {"\uff1d": "\u30a0", "\uff65": "\u30fb", "\u2027": "\xb7", "\u0f0c": "\u0f0b"}
)
_TATWEEL = "\u0640"
_MENTION = re.compile("[@\uff20\ufe6b]|<#[0-9]")
_PLACEHOLDER = re.compile(
    r"[\[<{][^\[\]<>{}]*[\]>}]|[-\u2014._?*~\u2026 ]+|n/a|(your|full) name( here)?|(tu|su) nombre",
    re.IGNORECASE,
)
_BRACKETS = r"()\[\]{}<>\uff08\uff09\uff3b\uff3d\u300c-\u3011"
_ASIDE = re.compile(rf"[{_BRACKETS}][^{_BRACKETS}]*[{_BRACKETS}]|(?<=\S) [|\u2022\u2014] .*")
_MENTIONING = re.compile(r"\S*[@\uff20\ufe6b]\S*")
_HEBREW_QUOTE = re.compile('(?<=[\u05d0-\u05ea])["\u201c\u201d](?=[\u05d0-\u05ea])')
_JOINED_TWICE = re.compile("([\u200c\u200d])\\1+")
_REPAIRED = str.maketrans("`\xb4\u2032\u2022\u2219\u22c5\u2014\u2015", "'''\xb7\xb7\xb7--")
_PLAIN = re.compile(
    r"(?=.{2,100}\Z)[A-Za-z\xc0-\xd6\xd8-\xf6\xf8-\xff]+(?: [A-Za-z\xc0-\xd6\xd8-\xf6\xf8-\xff]+)*"
)
_MAX_ABBREVIATION = 4  # letters: Mohd.Ali, Prof.Ng


def clean_name(text: str) -> str | NameRefused:
    """The name in its stored form (NFC, single spaces, plain hyphens, no stretching), or why it is none."""
    if len(text) > _MAX_RAW:
        return NameRefused(NameRule.TOO_LONG, None)
    if _PLAIN.fullmatch(text) and not _PLACEHOLDER.fullmatch(
        text
    ):  # as most are: no other rule can be broken
        return text
    name = _stored_form(text)
    broken = _broken_rule(name)
    if broken is None:
        return name
    rule, detail = broken
    return NameRefused(rule, None if rule in _BEYOND_MENDING else _mended(name), detail)


def suggest_name(profile_name: str) -> str | None:
    """The nearest acceptable name to what a platform's profile says, to fill in a form."""
    answer = clean_name(profile_name)
    return answer.suggestion if isinstance(answer, NameRefused) else answer


def _stored_form(text: str) -> str:
    text = unicodedata.normalize("NFC", text).translate(_FOLDED)
    # Arabic tatweel only stretches a word, unless it carries a mark.
    text = "".join(a for a, b in pairwise(text + " ") if a != _TATWEEL or unicodedata.category(b) == "Mn")
    return unicodedata.normalize("NFC", " ".join(word for word in text.split(" ") if word))


def _broken_rule(name: str) -> tuple[NameRule, str] | None:
    if has_link(name):
        return NameRule.LINK, ""
    if _MENTION.search(name):
        return NameRule.MENTION, ""
    if _PLACEHOLDER.fullmatch(name):
        return NameRule.PLACEHOLDER, ""
    return _unfit_character(name) or _unfit_place(name) or _unfit_length(name)


def has_link(name: str) -> bool:
    """Whether words parted by spaces hold a web address, or what a platform may make one of."""
    return "://" in name or any(map(_is_link, name.split(" ")))


def _is_link(word: str) -> bool:
    labels = word.split(".")
    has_path = "/" in word and "." in word.partition("/")[0]
    return has_path or word.lower().startswith("www.") or any(map(_is_domain, labels, labels[1:]))


def _is_domain(label: str, after: str) -> bool:
    """Whether a dot without a space joins a host's labels, rather than an initial or abbreviation and a name.

    Not by a list of top-level domains (they change monthly, and some are surnames): after an initial or an
    abbreviation comes a capital, or a letter of a script that has none; anything else reads as a link.
    """
    if sum(map(str.isalpha, after)) < MIN_NAME:
        return False
    is_small = after[0] != after[0].title()
    is_long = sum(map(str.isalpha, label)) > _MAX_ABBREVIATION
    return is_small or is_long or after.casefold() in ("com", "net", "org", "info")


def _unfit_character(name: str) -> tuple[NameRule, str] | None:
    unfit = [(_UNFIT[kind], char) for char, kind in zip(name, kinds_of(name), strict=True) if kind in _UNFIT]
    rule = unfit[0][0] if unfit else NameRule.SYMBOL
    if rule is NameRule.SYMBOL and name and not any(map(is_letter, name)):
        return NameRule.NO_LETTER, ""
    return (rule, _shown(char for broken, char in unfit if broken is rule)) if unfit else None


def _unfit_place(name: str) -> tuple[NameRule, str] | None:
    stacked, _ = stacked_marks(name)
    if stacked:
        return NameRule.STACKED_MARKS, _shown(stacked)
    misplaced = first_misplaced(name)
    return (NameRule.MISPLACED, _shown(misplaced)) if misplaced else None


def _unfit_length(name: str) -> tuple[NameRule, str] | None:
    if len(name) > MAX_NAME:
        return NameRule.TOO_LONG, ""
    counted = [kind for char, kind in zip(name, kinds_of(name), strict=True) if not is_extra(char)]
    enough = sum(kind in "LM" for kind in counted) >= MIN_NAME or any(map(is_word, name))
    return None if enough else (NameRule.TOO_SHORT, "")


def _shown(chars: Iterable[str]) -> str:
    return " ".join(c if is_seen(c) else f"U+{ord(c):04X}" for c in islice(dict.fromkeys(chars), 3))


def _mended(name: str) -> str | None:
    text = _MENTIONING.sub(" ", name)
    essence = _ASIDE.sub(" ", text)
    text = (essence if any(map(is_letter, essence)) else text).translate(_REPAIRED)
    text = _JOINED_TWICE.sub(r"\1", _HEBREW_QUOTE.sub("\u05f4", text))
    text = _stored_form("".join(unicodedata.normalize("NFKC", c) if is_fancy(c) else c for c in text))
    _, text = stacked_marks(text)
    for unfit in _UNFIT:
        text = _stored_form(_without(text, unfit))
    if has_link(text):
        return None
    text = _stored_form(without_misplaced(re.sub(",(?=[^ ])", ", ", re.sub(" *- *", "-", text))))
    return text if _broken_rule(text) is None else None


def _without(text: str, unfit: Kind) -> str:
    """Symbols part words; what can't be seen, and a mark, doesn't."""
    gaps = (" " if char.isspace() or is_seen(char) else "" for char in text)
    triples = zip(text, kinds_of(text), gaps, strict=True)
    return "".join(gap if kind is unfit else char for char, kind, gap in triples)
