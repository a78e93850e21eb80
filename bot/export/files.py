"""A file for its owner alone, which is there whole or not at all.

Where the system can (Linux), it has no name until it is finished, so that nothing is left of it if the program is
killed. Elsewhere it is a hidden file beside the target; `sweep` removes those that a killed program left.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from bot.errors import UndersignedError

_MARK = ".undersigned-unfinished"


class Output:
    """The file while it is written. Nothing is to be seen of it before `publish`."""

    def __init__(self, path: Path, *, replace: bool) -> None:
        self.path = path
        self._replace = replace
        self._named: Path | None = None
        self.file: IO[bytes] = os.fdopen(self._open(), "wb", buffering=1 << 18)

    def _open(self) -> int:
        nameless = getattr(os, "O_TMPFILE", None)
        if nameless is not None:
            with suppress(OSError):  # not every file system can
                return os.open(self.path.parent, nameless | os.O_WRONLY, 0o600)
        self._named = self._beside()
        return os.open(self._named, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)

    def _beside(self) -> Path:
        return self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}{_MARK}")

    def publish(self) -> None:
        """Give the finished file its name, once it is on the disk."""
        self.file.flush()
        os.fsync(self.file.fileno())
        if self._named is None and not self._replace:
            self._name(self.path)
        else:
            named = self._named or self._beside()
            if self._named is None:
                self._name(named)
            self._named = named
            self._rename(named)
        self.file.close()

    def _name(self, path: Path) -> None:
        """Link the nameless file; like everything here that must not overwrite, it fails if the name is taken."""
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:  # with a folder, Python calls linkat, which follows the link that /proc shows; link would not
            os.link(f"/proc/self/fd/{self.file.fileno()}", path.name, dst_dir_fd=folder, follow_symlinks=True)
        finally:
            os.close(folder)

    def _rename(self, named: Path) -> None:
        if self._replace:
            named.replace(self.path)
        else:
            os.link(named, self.path)
            named.unlink()
        self._named = None

    def drop(self) -> None:
        """Let go of it; what was not published is gone."""
        with suppress(OSError):
            self.file.close()
        if self._named is not None:
            self._named.unlink(missing_ok=True)


def _require_absent(path: Path) -> None:
    """Say so before the work, rather than after it."""
    if path.exists():
        raise FileExistsError


@contextmanager
def private_file(path: Path, *, replace: bool = False) -> Iterator[Output]:
    """An `Output` at `path`. Raises UndersignedError, in one line, for whatever the system refuses."""
    try:
        if not replace:
            _require_absent(path)
        output = Output(path, replace=replace)
        try:
            yield output
        finally:
            output.drop()
    except FileExistsError as error:
        raise UndersignedError(
            f"{path} is there already. Name another file, or add --force to replace it."
        ) from error
    except OSError as error:
        raise UndersignedError(f"{path} can't be written: {error.strerror or error}.") from error


def sweep(folder: Path) -> None:
    """Remove what an export into this folder left when it was killed, where files can't be nameless."""
    with suppress(OSError):
        for left in folder.glob(f".*{_MARK}"):
            left.unlink(missing_ok=True)
