"""The list of erasures beside the key file: what a restored backup must not bring back.

One line for each, `kind hash`, appended and synced before the erasure is committed. A hash is keyed
(`Keys.erasure`), so that the list names no signature to whoever finds it. It is never part of a backup.
"""

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from bot.errors import StorageError
from storage.keys import Keys


class Erasure(StrEnum):
    """How much was erased, from the least to the most."""

    WITHDRAWN = "w"
    """The signature was taken back: status withdrawn, identity scrubbed."""
    STRUCK = "s"
    """Identity, context and code are gone; it stays struck, and its account stays so that it can't sign again."""
    DELIVERED = "d"
    """Everything that links to the person is gone; it stays counted, because it had been delivered."""
    FORGOTTEN = "f"
    """It was withdrawn, and everything that links to the person is gone: identity, context, account and code."""


def of_notice(petition_id: int, owner: bytes, since: int) -> str:
    """What stands for somebody who asked to be told, and who was forgotten. `since` in microseconds."""
    return f"notice|{petition_id}|{owner.hex()}|{since}"


def of_organiser(account: bytes, since: int) -> str:
    """What stands for an organiser who was forgotten."""
    return f"organiser|{account.hex()}|{since}"


def of_petition(key: str) -> str:
    """What stands for a petition whose signatures were all scrubbed."""
    return f"petition|{key}"


class Erasures:
    """The list. Lines of a kind that this version does not know count as the strongest one.

    It holds signatures, and people and petitions that were forgotten apart from them (`of_notice`, …).
    """

    def __init__(self, key_file: Path, keys: Keys) -> None:
        self.path = key_file.with_name(f"{key_file.name}.erased")
        self._keys = keys

    def record(self, erasure: Erasure, erased: str) -> None:
        """Append one, by the form of a signature or what `of_…` makes, durably. Raises StorageError."""
        line = f"{erasure.value} {self._keys.erasure(erased)}\n".encode()
        try:
            file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(file, line)
                os.fsync(file)
            finally:
                os.close(file)
        except OSError as error:
            raise StorageError(
                f"The list of erasures {self.path} can't be written: {error.strerror}."
            ) from error

    def load(self) -> Mapping[str, Erasure]:
        """Every erasure by the hash of its signature, the strongest kind of each. Raises StorageError."""
        try:
            lines = self.path.read_text(encoding="ascii").splitlines()
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError) as error:
            raise StorageError(f"The list of erasures {self.path} can't be read: {error}.") from error
        found: dict[str, Erasure] = {}
        for line in lines:
            written, _, hashed = line.partition(" ")
            kind = Erasure(written) if written in set(Erasure) else Erasure.FORGOTTEN
            found[hashed] = max(kind, found.get(hashed, kind), key=_ORDER.index)
        return found


_ORDER = tuple(Erasure)
