"""How long the parts of a petition may be."""

from typing import Final

TITLE: Final = 200
"""Characters: a title is the first line of a card, on Telegram and Discord 256 at most."""
TO: Final = 200
"""Characters: the addressee stands in the label of who sees the name."""
LETTER: Final = 100_000
"""Characters: some thirty printed pages. Nobody reads more before signing."""
BACKGROUND: Final = 100_000
PRIVACY: Final = 1_000
"""Characters: it stands in the form, between the letter and the name."""
CONTACT: Final = 200
SPONSOR: Final = 200
QUESTION: Final = 100
"""Characters: what Discord shows beside a field of a form."""
OPTION: Final = 100
"""Characters: the longest entry of a Discord list."""
OPTIONS: Final = range(2, 26)
"""A question needs a choice, and a Discord list holds 25 entries."""
GOAL: Final = 1_000_000_000
"""Signatures: one person in eight. More is a slip of the finger."""
TRANSLATIONS: Final = 40
ENTRIES: Final = 100
"""Entries of a list: more sponsors, milestones or names than that are a mistake."""
DAYS: Final = 3650
"""Days: an account need not be older than ten years."""
PER_MINUTE: Final = 10_000
"""Signatures: no community gives more in a minute."""
NAME: Final = 100
"""Characters: no signer's name is longer."""
