"""Words in a row within a name: whole words only, so that nobody is held for letters in the middle of a name."""

import unicodedata
from collections.abc import Iterable

from msgspec import Struct

Words = tuple[str, ...]


class Phrases(Struct, frozen=True):
    """Phrases to look for. Looking takes as long as the name has words, however many phrases there are."""

    known: frozenset[Words]
    longest: int

    def within(self, words: Words) -> bool:
        """Whether any of them stands in these words, in a row."""
        return any(
            words[at : at + length] in self.known
            for at in range(len(words))
            for length in range(1, min(self.longest, len(words) - at) + 1)
        )


def phrases(entries: Iterable[str]) -> Phrases:
    """These phrases, as `words` parts them; empty ones are left out."""
    known = frozenset(filter(None, map(words, entries)))
    return Phrases(known, max(map(len, known), default=0))


def words(text: str) -> Words:
    """The words of a text without its case. What is no letter, mark, digit or apostrophe parts them.

    Accents stay: they make another word of it (San Cono is a saint).
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    parted = "".join(char if _is_of_word(char) else " " for char in folded.replace("\u2019", "'"))
    return tuple(filter(None, (word.strip("'") for word in parted.split())))


def _is_of_word(char: str) -> bool:
    return char == "'" or unicodedata.category(char)[0] in "LMN"


def stand_in(wanted: Words, given: Words) -> bool:
    """Whether the words of somebody's name stand in another's, in a row; a single one only if it is all of it.

    Who is called Bishop does not sign as the addressee Bishop, but who signs as Jane Doe signs as Mayor Jane Doe.
    """
    if len(wanted) <= 1:
        return bool(wanted) and wanted == given
    return any(given[at : at + len(wanted)] == wanted for at in range(len(given) - len(wanted) + 1))
