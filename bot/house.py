"""What the configuration says that people are told or that the core goes by."""

from dataclasses import dataclass
from enum import StrEnum

from bot.model.account import Account


class ChatExports(StrEnum):
    """Whether organisers get the list of signers in the chat: as it is, encrypted to their age key, or not at all."""

    ON = "on"
    ENCRYPTED = "encrypted"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class House:
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
