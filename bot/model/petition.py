"""A petition: what it says, in which languages, its state and who may do what to it."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import TypeVar

from msgspec import Struct

from bot.model.holding import NO_RULES, HoldRules

T = TypeVar("T")


class State(StrEnum):
    """Where a petition stands. Only an open one takes signatures."""

    DRAFT = "draft"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"
    DELIVERED = "delivered"


class Act(StrEnum):
    """What an organiser does to a petition's state."""

    OPEN = "open"
    PAUSE = "pause"
    RESUME = "resume"
    CLOSE = "close"
    REOPEN = "reopen"
    DELIVER = "deliver"


TRANSITIONS: Mapping[tuple[State, Act], State] = MappingProxyType(
    {
        (State.DRAFT, Act.OPEN): State.OPEN,
        (State.OPEN, Act.PAUSE): State.PAUSED,
        (State.PAUSED, Act.RESUME): State.OPEN,
        (State.OPEN, Act.CLOSE): State.CLOSED,
        (State.PAUSED, Act.CLOSE): State.CLOSED,
        (State.CLOSED, Act.REOPEN): State.OPEN,
        (State.CLOSED, Act.DELIVER): State.DELIVERED,
    }
)
"""Every change of state that there is. An act that leads to the present state changes nothing."""

TARGETS: Mapping[Act, State] = MappingProxyType({act: state for (_, act), state in TRANSITIONS.items()})


class Reach(StrEnum):
    """Who sees a signer's name, from the fewest to the most."""

    ORGANISERS = "organisers"
    ADDRESSEE = "addressee"
    EVERYONE = "everyone"


class TotalsMode(StrEnum):
    """Whether the total moves with every signature, or on the hour and by five or more."""

    LIVE = "live"
    HOURLY = "hourly"


class Text(Struct, frozen=True):
    """One language of a petition, as it is shown. `background` and `letter` are Markdown."""

    language: str
    title: str
    to: str
    background: str
    letter: str
    privacy: str = ""

    @property
    def version(self) -> str:
        """The text version: SHA-256 (hex) of the canonical JSON of what a signer signs.

        Canonical: keys sorted, no spaces, UTF-8, every value in NFC with LF line ends. The background
        explains and is not signed, so it is not part of it.
        """
        return _version(self)


@lru_cache(maxsize=1024)
def _version(text: Text) -> str:
    """Kept, because every signing asks for it, of the same few texts."""
    signed = {
        "language": text.language,
        "title": text.title,
        "to": text.to,
        "letter": text.letter,
        "privacy": text.privacy,
    }
    canonical = {key: normalised(value) for key, value in signed.items()}
    data = json.dumps(canonical, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(data.encode()).hexdigest()


def normalised(value: str) -> str:
    """`value` in NFC with LF line ends: the form in which texts are stored, compared and hashed."""
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))


class AskText(Struct, frozen=True):
    """The question in one more language; its options are those of the petition, in the same order."""

    language: str
    question: str
    options: tuple[str, ...]


class Ask(Struct, frozen=True):
    """The one question a petition may put to its signers, answered from a list.

    An answer is stored as the option in the petition's own language, whatever language it was given in.
    """

    question: str
    options: tuple[str, ...]
    translations: tuple[AskText, ...] = ()

    def said(self, locale: str) -> tuple[str, Mapping[str, str]]:
        """The question for a reader's locale, and what each stored option is called in it."""
        found = _nearest({each.language: each for each in self.translations}, locale)
        question, options = (found.question, found.options) if found else (self.question, self.options)
        return question, dict(zip(self.options, options, strict=True))


class Content(Struct, frozen=True):
    """All that a petition file says. `texts` starts with the petition's own language."""

    slug: str
    texts: tuple[Text, ...]
    sponsors: tuple[str, ...] = ()
    goal: int | None = None
    milestones: tuple[int, ...] = ()
    opens: datetime | None = None
    closes: datetime | None = None
    contact: str = ""
    reach: tuple[Reach, ...] = (Reach.ADDRESSEE, Reach.ORGANISERS, Reach.EVERYONE)
    """Who may see a name, as offered to signers; the first is the default."""
    ask: Ask | None = None
    totals: TotalsMode = TotalsMode.LIVE
    hold: HoldRules = NO_RULES


class Petition(Struct, frozen=True):
    """A stored petition. `key` stands for it in button tokens: random, short and never reused."""

    id: int
    key: str
    content: Content
    stored_state: State
    revision: int
    added: datetime
    closed: datetime | None = None
    """When an organiser closed it; one that closed at its closing time has none."""
    delivered: datetime | None = None
    anonymised: datetime | None = None
    """Since when its signatures are scrubbed: it can't be reopened."""

    @property
    def slug(self) -> str:
        return self.content.slug

    @property
    def title(self) -> str:
        """The title in the petition's own language."""
        return self.content.texts[0].title

    def state(self, now: datetime) -> State:
        """The state at `now`. Opening and closing times take effect at their instant."""
        return state_at(self.stored_state, self.content.opens, self.content.closes, now)

    def ended(self, now: datetime) -> datetime | None:
        """Since when it has been closed or delivered; None while it is neither."""
        match self.state(now):
            case State.DELIVERED:
                return self.delivered
            case State.CLOSED:
                closes = self.content.closes
                return self.closed or (closes if closes and closes <= now else None)
            case _:
                return None

    def text(self, locale: str) -> Text:
        """The text for a reader's locale, or else the petition's own language."""
        return _nearest({each.language: each for each in self.content.texts}, locale) or self.content.texts[0]

    def current(self, version: str) -> Text | None:
        """The text that has this version (or a prefix of at least 12 digits of it), if it is in force."""
        if len(version) < VERSION_PREFIX:
            return None
        return next((text for text in self.content.texts if text.version.startswith(version)), None)


def _nearest(by_language: Mapping[str, T], locale: str) -> T | None:
    """What there is for a locale: `es-MX` is served by `es-MX` or else by `es`."""
    wanted = locale.replace("_", "-").lower()
    folded = {language.lower(): each for language, each in by_language.items()}
    return folded.get(wanted) or folded.get(wanted.partition("-")[0])


VERSION_PREFIX = 12
"""How many hex digits of a text version stand for it in a token: 48 bits, among a handful of texts."""


def state_at(stored: State, opens: datetime | None, closes: datetime | None, now: datetime) -> State:
    """The state in force at `now`, by what is stored and the opening and closing times."""
    state = State.OPEN if stored is State.DRAFT and opens is not None and opens <= now else stored
    if state in {State.OPEN, State.PAUSED} and closes is not None and closes <= now:
        return State.CLOSED
    return state
