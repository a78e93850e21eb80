"""The lines of a plain petition page that say what stands on them, such as `To:` and `Sponsored by`."""

import re
from enum import StrEnum

from msgspec import Struct


class Kind(StrEnum):
    """What a labelled line says."""

    TITLE = "title"
    TO = "to"
    FROM = "from"
    SPONSORS = "sponsors"
    SLUG = "slug"
    LETTER = "letter"


class Label(Struct, frozen=True):
    """A labelled line: what it says, in which language the label is, and what stands behind it."""

    kind: Kind
    language: str
    rest: str


_WITH_COLON = (
    (Kind.TITLE, "en", r"title|petition"),
    (Kind.TITLE, "es", r"t[ií]tulo|petición"),
    (Kind.TO, "en", r"to|addressed to"),
    (Kind.TO, "es", r"para|dirigid[ao] a"),
    (Kind.FROM, "en", r"from"),
    (Kind.FROM, "es", r"de(?: parte de)?"),
    (Kind.SPONSORS, "en", r"sponsored by|sponsors?"),
    (Kind.SPONSORS, "es", r"patrocinad[ao]s? por|patrocinador(?:[ao]|es|as)?"),
    (Kind.SLUG, "en", r"slug|short name"),
    (Kind.SLUG, "es", r"nombre corto"),
    (Kind.LETTER, "en", r"letter"),
    (Kind.LETTER, "es", r"carta"),
)
_LABELS = tuple(
    (kind, language, re.compile(rf"\s*(?:{words})\s*[:\uff1a]\s*(.*)", re.IGNORECASE))
    for kind, language, words in _WITH_COLON
)
_SPONSORED = {
    "en": re.compile(r"\s*sponsored by\b\s*(.*)", re.IGNORECASE),
    "es": re.compile(r"\s*patrocinad[ao]s? por\b\s*(.*)", re.IGNORECASE),
}
_HEADING = {
    "en": re.compile(r"\s*#{1,6}\s*letter\s*#*\s*", re.IGNORECASE),
    "es": re.compile(r"\s*#{1,6}\s*carta\s*#*\s*", re.IGNORECASE),
}
LONGEST_NAME = 120
"""Characters: a longer line, or one that ends in a full stop, is a sentence and no name."""


def label_of(line: str) -> Label | None:
    """The label of a line, if it has one."""
    for kind, language, pattern in _LABELS:
        found = pattern.fullmatch(line)
        if found and not (kind is Kind.LETTER and found[1].strip()):
            return Label(kind, language, found[1].strip())
    for language, pattern in _HEADING.items():
        if pattern.fullmatch(line):
            return Label(Kind.LETTER, language, "")
    for language, pattern in _SPONSORED.items():
        found = pattern.fullmatch(line)
        if found and looks_like_name(found[1]):
            return Label(Kind.SPONSORS, language, found[1].strip())
    return None


def looks_like_name(line: str) -> bool:
    """Whether a line may be a name, or a few: it is short and no sentence (but `Inc.` may end it)."""
    line = line.strip()
    if len(line) > LONGEST_NAME:
        return False
    return not line.endswith((".", "!", "?", ":")) or line.endswith(_ABBREVIATED)


_ABBREVIATED = ("Inc.", "Ltd.", "Co.", "Corp.", "A.C.", "S.A.", "e.V.")

_PLACE = re.compile(
    r"\W*[\[<{(_]\W*(?:[^\[\]]*\b(?:names?|nombres?|signer|signature|firma)\b[^\[\]]*)[\]>})_]\W*",
    re.IGNORECASE,
)


def is_signers_place(text: str) -> bool:
    """Whether `text` stands for whoever signs: `[Your Name]`, `[Su nombre]`."""
    return len(text) <= LONGEST_NAME and _PLACE.fullmatch(text) is not None


_SALUTATION = re.compile(
    r"\s*(?:dear|honorable|to whom it may concern|estimad[ao]s?|apreciad[ao]s?|querid[ao]s?|a quien corresponda)\b.*",
    re.IGNORECASE,
)


def is_salutation(line: str) -> bool:
    """Whether a line opens a letter: `Dear Governor,`."""
    return looks_like_name(line.rstrip(":")) and _SALUTATION.fullmatch(line) is not None
