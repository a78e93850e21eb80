"""Sorting more than fits into memory, on disk and yet secret: what is spilled is encrypted under a passing key.

The file has no name where the system allows that, and the key is nowhere but in this process: if it is killed,
nothing that can be read stays behind.
"""

import heapq
import json
import os
import struct
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import IO, Any, Final, TypeVar

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

T = TypeVar("T")
Row = Sequence[Any]
"""What JSON can hold; the first item is a string, by which it is sorted."""

RUN: Final = 20_000
"""Rows that are sorted in memory at once."""
BLOCK: Final = 200
"""Rows that are read back at once, of each run."""
_NONCE_BYTES: Final = 12
_SIZE: Final = struct.Struct(">I")
_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_first: Final = itemgetter(0)


def in_order(rows: Iterable[Row], *, run: int = RUN) -> Iterator[Row]:
    """The rows, sorted by their first items."""
    waiting = iter(rows)
    chunk = sorted(islice(waiting, run), key=_first)
    if len(chunk) < run:
        yield from chunk
        return
    with tempfile.TemporaryFile() as file:
        spill = _Spill(file)
        while chunk:
            spill.write(chunk)
            chunk = sorted(islice(waiting, run), key=_first)
        yield from heapq.merge(*spill.runs(), key=_first)


class _Spill:
    """Sorted runs in a file, each a row of encrypted blocks."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._cipher = AESGCM(AESGCM.generate_key(256))
        self._starts: list[int] = []
        self._end = 0

    def write(self, rows: Sequence[Row]) -> None:
        self._starts.append(self._end)
        for at in range(0, len(rows), BLOCK):
            nonce = os.urandom(_NONCE_BYTES)
            sealed = nonce + self._cipher.encrypt(nonce, _encode(rows[at : at + BLOCK]).encode(), None)
            self._file.write(_SIZE.pack(len(sealed)) + sealed)
            self._end += _SIZE.size + len(sealed)

    def runs(self) -> list[Iterator[Row]]:
        self._file.flush()
        return [
            self._read(start, end)
            for start, end in zip(self._starts, [*self._starts[1:], self._end], strict=True)
        ]

    def _read(self, at: int, end: int) -> Iterator[Row]:
        while at < end:
            self._file.seek(at)
            (size,) = _SIZE.unpack(self._file.read(_SIZE.size))
            sealed = self._file.read(size)
            at += _SIZE.size + size
            yield from json.loads(self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None))
