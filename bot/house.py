"""What the configuration says that people are told or that the core goes by."""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from bot.model.account import Account

MEMBER_REQUESTS: Final = 120
COMMUNITY_REQUESTS: Final = 10_000
COMMUNITY_SIGNATURES: Final = 3000


class ChatExports(StrEnum):
    """Whether organisers get the list of signers in the chat: as it is, encrypted to their age key, or not at all."""

    ON = "on"
    ENCRYPTED = "encrypted"
    OFF = "off"


class House(Struct, frozen=True):
    """Organisers by configuration, and what a petition that leaves it out takes from there."""

    admins: frozenset[Account] = frozenset()
    contact: str = ""
    privacy: str = ""
    ask_to_follow: bool = False
    """Whether an organiser confirms each new community."""
    days_after_delivery: int | None = None
    days_after_close: int | None = None
    backup_days: int | None = None
    """For how long backups are kept, by the organisers' own word."""
    chat_exports: ChatExports = ChatExports.ON
    held_names: tuple[str, ...] = ()
    """Names that are held for review, beside the kept lists, where a petition holds listed names."""
    member_requests: int = MEMBER_REQUESTS
    """What one member may ask for in a minute; 0, here and below: without end."""
    community_requests: int = COMMUNITY_REQUESTS
    """The same for all members of a community together; beyond it each of them may ask for a few things."""
    community_signatures: int = COMMUNITY_SIGNATURES
    """Signatures that count at once from one community in a minute; those beyond wait for review."""
