"""Button tokens: an action and a few short arguments, `action_argument_argument`.

All state of a button is in its token, so that buttons work after a restart and years later. A token can be
forged by whoever holds a client, so it carries no rights: the action checks them when it is pressed.
"""

import base64
import re
import secrets
from collections.abc import Sequence

from msgspec import Struct

MAX_BYTES = 56
_FOREIGN = re.compile(r"[^A-Za-z0-9_-]")


class Token(Struct, frozen=True):
    """What a button asks for."""

    action: str
    arguments: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The token as a button carries it. Raises ValueError for what no button can carry."""
        return token(self.action, *self.arguments)

    @classmethod
    def parse(cls, written: str) -> "Token | None":
        """The token that a button brought back, or None if no button of ours can have carried it."""
        action, *arguments = parts = written.split("_")
        return cls(action, tuple(arguments)) if _carried(written, parts) else None


def token(*parts: str) -> str:
    """A token in its written form: an action, and its arguments. Raises ValueError for what no button can carry."""
    written = "_".join(parts)
    if written.count("_") != len(parts) - 1 or not _carried(written, parts):
        raise ValueError(f"a token of {len(written)} bytes, or with other characters, can't be carried")
    return written


def _carried(written: str, parts: Sequence[str]) -> bool:
    return len(written) <= MAX_BYTES and all(parts) and not _FOREIGN.search(written)


def random_id(characters: int = 16) -> str:
    """A random id of 5 bits a character (80 bits by default), safe in tokens, paths and urls."""
    random = secrets.token_bytes(characters * 5 // 8 + 1)
    return base64.b32encode(random)[:characters].decode().lower()
