"""Who speaks, and where."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from bot.model.hidden import Hidden


class Account(Hidden, frozen=True):
    """One person's account on one platform, by the platform's own user id."""

    platform: str
    user_id: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.user_id}"

    def __repr__(self) -> str:
        """Names the platform only: an account id must not get into logs or error reports."""
        return f"Account({self.platform}:…)"

    @classmethod
    def parse(cls, text: str) -> "Account":
        """`discord:123` as an account. Raises ValueError for anything else."""
        platform, colon, user_id = text.strip().partition(":")
        if not (platform and colon and user_id):
            raise ValueError(f"write an account as platform:id, such as telegram:123, not {text!r}")
        return cls(platform.lower(), user_id)


class ActorKind(StrEnum):
    """What speaks. Only a member is a person who can sign."""

    MEMBER = "member"
    ANONYMOUS = "anonymous"
    CHANNEL = "channel"
    BOT = "bot"


class Actor(Hidden, frozen=True):
    """Who caused an event: the account, the name that the platform shows, and whether they moderate here.

    A `reachable` one can be written to later, if they ask for it. `since` and `joined`: when the account was made,
    and when it came to this place, where the platform tells.
    """

    account: Account
    name: str = ""
    kind: ActorKind = ActorKind.MEMBER
    moderates: bool = False
    reachable: bool = False
    since: datetime | None = None
    joined: datetime | None = None

    def __repr__(self) -> str:
        """Names nobody: an actor's name and id must not get into logs or error reports."""
        return f"Actor({self.account.platform}, {self.kind})"


class PlaceKind(StrEnum):
    """A private chat with the bot, a place where members talk, or a channel where only its owners post."""

    PRIVATE = "private"
    GROUP = "group"
    CHANNEL = "channel"


class Place(Struct, frozen=True):
    """Where an event came from. In a `discreet` place an answer can be shown to the actor alone.

    `place_id` is the platform's own id; `a/b` is the part `b` (a topic) of the place `a`. `server`: what it is a
    part of, where the platform does not say so in the id; it is known while an event is handled, and not stored.
    """

    platform: str
    place_id: str
    kind: PlaceKind
    name: str = ""
    discreet: bool = True
    server: str = ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Place) and self._stored == other._stored

    def __hash__(self) -> int:
        return hash(self._stored)

    @property
    def _stored(self) -> tuple[str, str, PlaceKind, str, bool]:
        return self.platform, self.place_id, self.kind, self.name, self.discreet

    @property
    def whole(self) -> str:
        """The id of the whole that this is a part of: its members are one crowd, in whichever part they are."""
        return self.server or self.place_id.partition("/")[0]

    @property
    def shared(self) -> bool:
        """Whether other members are here: such a place is a community."""
        return self.kind is not PlaceKind.PRIVATE

    def within(self, other: "Place") -> bool:
        """Whether this is the other place, or a part of it."""
        same = self.platform == other.platform
        return same and (self.place_id == other.place_id or self.place_id.startswith(f"{other.place_id}/"))
