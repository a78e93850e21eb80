"""Files that are handed to somebody in the chat: nothing of them is left behind, also if the program is killed."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_OWN = Path("/proc/self/fd")


@contextmanager
def passing_file() -> Iterator[tuple[IO[bytes], Path]]:
    """A file to write, and the path at which this process finds it for as long as the context lasts.

    Where the system can (Linux) it has no name, so that nobody else finds it and its space is free when we end,
    however we end. Elsewhere it is in a folder of our own.
    """
    if hasattr(os, "O_TMPFILE") and _OWN.is_dir():
        with tempfile.TemporaryFile() as file:
            yield file, _OWN / str(file.fileno())
        return
    with tempfile.TemporaryDirectory(prefix="undersigned-") as folder:
        path = Path(folder) / "file"
        with path.open("wb") as file:
            yield file, path
