"""Knowing the SHA-256 of a file while it is written."""

import hashlib
from pathlib import Path
from typing import IO, cast


class Hashing:
    """Passes on what is written to it. It can't seek, and what is written through it may not need to."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        self.size += len(data)
        self._out.write(data)
        return len(data)

    def flush(self) -> None:
        self._out.flush()

    @property
    def sha256(self) -> str:
        """Of all that was written so far, in hex."""
        return self._hash.hexdigest()

    @property
    def file(self) -> IO[bytes]:
        """This, for those who ask for a file and only write to it."""
        return cast("IO[bytes]", self)


def sha256_of(path: Path) -> str:
    """Of a file. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
