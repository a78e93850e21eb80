"""The short name (slug) of a petition and the codes of its languages."""

import re
import unicodedata

from babel import Locale, UnknownLocaleError

SLUG_RULE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])")
"""2 to 40 small letters, digits and hyphens: what can be typed after a command on every keyboard."""
LONGEST_SLUG = 40

# Latin letters that no decomposition parts from their stroke or ligature.
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i"}
)
_JOINED = re.compile(r"[()\[\]'’.]")


def slug_from(title: str) -> str | None:
    """A short name made of a title; None where more than half of its letters are not Latin."""
    folded = unicodedata.normalize("NFKD", title.casefold().translate(_LETTERS))
    letters = [character for character in folded if character.isalnum()]
    latin = [character for character in letters if character.isascii()]
    if len(latin) * 2 <= len(letters):
        return None
    bare = "".join(character for character in folded if not unicodedata.combining(character))
    words = re.findall(r"[a-z0-9]+", _JOINED.sub("", bare))
    slug = words[0][:LONGEST_SLUG] if words else ""
    for word in words[1:]:
        if len(slug) + 1 + len(word) > LONGEST_SLUG:
            break
        slug += f"-{word}"
    return slug if SLUG_RULE.fullmatch(slug) else None


_CODE = re.compile(r"[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?", re.IGNORECASE)


def language_code(code: str) -> str | None:
    """A known language code in its usual letters (`es`, `pt-BR`, `zh-Hant`); None for an unknown one."""
    code = code.replace("_", "-")
    if not _CODE.fullmatch(code):
        return None
    try:
        Locale.parse(code, sep="-")
    except (ValueError, UnknownLocaleError):
        return None
    language, *others = code.split("-")
    return "-".join([language.lower(), *(_subtag(part) for part in others)])


def _subtag(part: str) -> str:
    return part.title() if len(part) == len("Hant") else part.upper()
