"""What the core needs of the world. Storage implements these; tests have fakes of them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from msgspec import Struct

from bot.model.account import Account, Place
from bot.model.hidden import Hidden
from bot.model.petition import Act, Content, Petition, Reach
from bot.model.signature import (
    ActResult,
    ChangeResult,
    Dimension,
    Identity,
    Signature,
    SignRequest,
    SignResult,
    Totals,
)
from bot.ports.maintaining import Finding, Level, Maintenance, Restored
from bot.ports.organising import Audit, Organisers, Removals, Retention, Roster
from bot.ports.outreach import Boards, Follows, Outbox, Wakes
from bot.ports.people import Rights
from bot.ports.reviewing import Limits, Reviews

__all__ = [
    "Audit", "Boards", "Clock", "Communities", "Draft", "Drafts", "Finding", "Follows", "Level", "Limits", "Link",
    "Maintenance", "Notices", "Organisers", "Outbox", "Petitions", "Ports", "Post", "Removals",
    "Restored", "Retention", "Reviews", "Rights", "Roster", "Signatures", "Tally", "Wakes",
]  # fmt: skip

Clock = Callable[[], datetime]
"""The present instant, aware and in UTC."""


class Petitions(Protocol):
    """The petitions and their texts."""

    async def all(self) -> Sequence[Petition]:
        """Every petition, newest last."""

    async def find(self, slug: str) -> Petition | None:
        """The petition with this slug."""

    async def by_key(self, key: str) -> Petition | None:
        """The petition that a button token stands for."""

    async def add(self, content: Content, *, actor: str | None = None) -> Petition | None:
        """Store a new draft, whole or not at all; None if the slug is taken.

        `actor`, here and below: the organiser who does it, by their random id; else the operator does.
        """

    async def update(
        self, slug: str, content: Content, *, seen: int, actor: str | None = None
    ) -> Petition | None:
        """Store an edit as a new revision; signatures stay bound to the text they signed.

        `seen` is the revision that the editor saw; None if it is no longer the newest (or no such petition).
        """

    async def act(
        self, slug: str, act: Act, *, closes: datetime | None = None, actor: str | None = None
    ) -> ActResult:
        """Change the state by the transition table, under the petition's lock.

        Opening before the opening time opens now. Reopening drops a closing time that has passed, or sets
        `closes`; one whose signatures were scrubbed can't be. Raises LookupError if there is no such petition.
        """

    async def signed_versions(self, petition_id: int) -> Mapping[str, int]:
        """How many counted signatures each text version has."""


class Signatures(Protocol):
    """Giving, changing and taking back signatures. Totals and counters move in the same transaction."""

    async def sign(self, request: SignRequest) -> SignResult:
        """Sign. Returns only when the result is durable."""

    async def of(self, account: Account) -> Sequence[Signature]:
        """The account's signatures that are counted, held or struck, on every petition, oldest first."""

    async def on(self, petition: Petition, account: Account) -> Signature | None:
        """The same on one petition: what keeps the account from signing it again."""

    async def get(self, form: str, account: Account) -> Signature | None:
        """This account's own signature by its id, whatever its status."""

    async def by_code(self, code: str) -> Signature | None:
        """The signature that a receipt's code belongs to, whatever its status; without identity and context."""

    async def withdraw(self, form: str) -> ChangeResult:
        """Take a signature back, until delivery. Whoever calls has checked the account or the code."""

    async def amend(self, form: str, account: Account, identity: Identity, reach: Reach) -> ChangeResult:
        """Change name, comment and reach of the account's own counted or held signature, until delivery.

        Raises ValueError for a reach that the petition does not offer.
        """

    async def public(
        self, petition_id: int, *, after: int = 0, limit: int = 50, before: date | None = None
    ) -> Sequence[tuple[int, Identity]]:
        """Number and identity of counted signatures of reach `everyone`, by number, from `after` on.

        `before` leaves out those given on that day or later.
        """


class Tally(Protocol):
    """The counts. Reading one costs the same at ten signatures and at ten million."""

    async def totals(self, petition_id: int, *, live: bool = False) -> Totals:
        """The totals at the instant stamped on them. Raises LookupError if there is no such petition.

        In hourly mode these are the totals as last shown, `live` (for organisers alone) those that stand now.
        """

    async def breakdown(
        self, petition_id: int, dimension: Dimension, *, live: bool = False
    ) -> Mapping[str, int]:
        """Counted signatures by the values of one dimension; in hourly mode as last shown, unless `live`."""

    async def before(self, petition_id: int, at: datetime) -> int:
        """The total that was shown at the last full hour up to `at`; 0 before the hour in which it opened."""


class Draft(Hidden, frozen=True):
    """A half-filled form: its id (the form id), its token, the values so far, and what is being asked."""

    form: str
    token: str
    step: int
    values: Mapping[str, str]
    asking: str | None = None


class Drafts(Protocol):
    """Half-filled forms. They survive a restart, expire after a day, and are spent by signing."""

    async def save(self, account: Account, draft: Draft) -> None:
        """Store or overwrite. A draft that asks makes the account's other drafts stop asking."""

    async def get(self, account: Account, form: str) -> Draft | None:
        """The account's own draft by its form id, unless expired."""

    async def asking(self, account: Account) -> Draft | None:
        """The account's draft that waits for typed text, unless expired."""

    async def drop(self, account: Account, form: str) -> None:
        """Forget it."""


class Post(Struct, frozen=True):
    """A card that stands in a community: what the platform needs to remove it, and since when it stands."""

    reference: str
    at: datetime


class Link(Struct, frozen=True):
    """Where a deep link leads: the petition, and the community whose post carried it."""

    petition_id: int
    community: int


class Communities(Protocol):
    """The places that petitions are signed from."""

    async def ensure(self, place: Place) -> int:
        """The id of this community, made when it is first needed."""

    async def last_post(self, community: int, petition_id: int) -> Post | None:
        """The newest card that was posted there on a member's word."""

    async def posted(self, community: int, petition_id: int, post: Post) -> None:
        """Note the card that stands there now."""

    async def link(self, community: int, petition_id: int) -> str:
        """A random id for a deep link from there to the petition; the same one until it is revoked."""

    async def follow_link(self, link: str) -> Link | None:
        """Where a deep link leads; None if it is unknown or revoked."""

    async def revoke_links(self, community: int) -> None:
        """Make every deep link from there lead nowhere."""

    async def names(self, communities: Sequence[int]) -> Mapping[int, str]:
        """What these communities are called, as far as that is known."""

    async def whole(self, community: int) -> str:
        """What this community is a part of (`Place.whole`), as far as its id tells; empty if it is not known."""


class Notices(Protocol):
    """Who asked to be told what happens to a petition. Their address is encrypted and serves nothing else."""

    async def ask(self, account: Account, petition_id: int, locale: str) -> None:
        """Note that this account wants to be told at closing and delivery."""

    async def stop(self, account: Account, petition_id: int) -> None:
        """Forget it."""

    async def asked(self, account: Account, petition_id: int) -> bool:
        """Whether this account is noted."""

    async def count(self, petition_id: int) -> int:
        """How many accounts are noted."""


async def _at_once() -> None:
    """All of it is loaded."""


class Ports(Struct, frozen=True):
    """The storage as the core sees it."""

    petitions: Petitions
    signatures: Signatures
    tally: Tally
    drafts: Drafts
    organisers: Organisers
    communities: Communities
    notices: Notices
    follows: Follows
    boards: Boards
    outbox: Outbox
    roster: Roster
    audit: Audit
    rights: Rights
    retention: Retention
    reviews: Reviews
    limits: Limits
    removals: Removals
    loaded: Callable[[], Awaitable[None]] = _at_once
    """Returns when what the first answers do without is loaded. Work that nobody asked for begins after it."""
