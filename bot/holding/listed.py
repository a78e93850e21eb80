"""Names on a list (pure): those who are addressed or stand behind a petition, invented names, slurs, and others.

The kept lists are text files beside this module, in `lists/`; a petition and the configuration add to them.
"""

import re
from functools import lru_cache
from importlib.resources import files

from msgspec import Struct

from bot.holding.lookalikes import skeleton
from bot.holding.phrases import Phrases, Words, phrases, stand_in, words
from bot.model.collation import sort_key
from bot.model.petition import Content

KEPT = ("slurs", "invented")
"""The kept lists whose words nobody signs with."""
_PARTS = re.compile(r"[,;&/()\n]")


class Protected(Struct, frozen=True):
    """A name that is somebody else's: by its letters, and by what it looks like."""

    letters: Words
    looks: Words


def is_somebody_else(name: str, content: Content) -> bool:
    """Whether the name is the addressee's or a sponsor's; case and accents make no difference."""
    given = _letters(name)
    return any(stand_in(each.letters, given) for each in _protected(*_named(content)))


def looks_like_somebody_else(name: str, content: Content) -> bool:
    """Whether it is taken for one of those at a glance, and is spelled otherwise."""
    given, looks = _letters(name), _looks(name)
    return any(
        stand_in(each.looks, looks) and not stand_in(each.letters, given)
        for each in _protected(*_named(content))
    )


def is_kept(name: str) -> bool:
    """Whether the words of an entry of the kept lists stand in the name."""
    return kept(*KEPT).within(words(name))


def is_among(name: str, entries: tuple[str, ...]) -> bool:
    """Whether the words of one of these entries stand in the name."""
    return _phrases(entries).within(words(name))


@lru_cache
def kept(*lists: str) -> Phrases:
    """The phrases of these lists. A line that begins with # says something to readers."""
    folder = files("bot.holding") / "lists"
    text = "\n".join((folder / f"{each}.txt").read_text("utf-8") for each in lists)
    return phrases(line for line in text.splitlines() if not line.startswith("#"))


@lru_cache
def _phrases(entries: tuple[str, ...]) -> Phrases:
    return phrases(entries)


def _named(content: Content) -> tuple[str, ...]:
    return (*(text.to for text in content.texts), *content.sponsors)


@lru_cache
def _protected(*named: str) -> tuple[Protected, ...]:
    """Each of them, the parts that commas part, and the persons in them without their titles."""
    found = {part for text in named for whole in (text, *_PARTS.split(text)) for part in _with_bare(whole)}
    return tuple(Protected(_letters(part), _looks(part)) for part in sorted(found) if part)


def _with_bare(part: str) -> tuple[str, ...]:
    """A name as it is written, and what follows its last title if that is first name and surname."""
    titles = kept("titles").known
    given = part.split()
    at = max((at for at, word in enumerate(given, 1) if words(word) in titles), default=0)
    whole, bare = " ".join(given), " ".join(given[at:])
    return (whole, bare) if len(given) - at > 1 else (whole,)


def _letters(name: str) -> Words:
    return tuple(filter(None, map(sort_key, words(name))))


def _looks(name: str) -> Words:
    return words(skeleton(name))
