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
    FORGOTTEN = "f"
    """Everything that links to the person is gone: identity, context, account and code."""


class Erasures:
    """The list. Lines of a kind that this version does not know count as the strongest one."""

    def __init__(self, key_file: Path, keys: Keys) -> None:
        self.path = key_file.with_name(f"{key_file.name}.erased")
        self._keys = keys

    def record(self, erasure: Erasure, form: str) -> None:
        """Append one, durably. Raises StorageError."""
        line = f"{erasure.value} {self._keys.erasure(form)}\n".encode()
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
            kind, _, hashed = line.partition(" ")
            if kind != Erasure.WITHDRAWN or found.get(hashed) is Erasure.FORGOTTEN:
                found[hashed] = Erasure.FORGOTTEN
            else:
                found[hashed] = Erasure.WITHDRAWN
        return found
