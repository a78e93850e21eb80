"""The key file while it is in use: adding a data key to it, and noticing that another process has."""

import json
import os
import secrets
import time
from pathlib import Path
from typing import Any, Final

from bot.errors import ConfigError
from storage.files import sync
from storage.keys import KEY_BYTES, Keys, encode, load

NOTICED: Final = 1.0
"""Seconds, at most, until a running process goes by a key file that has changed."""


def extend(path: Path, key_id: int) -> Keys:
    """Have the key with this id in the file, made if need be, and encrypt under it from now on.

    The file is replaced as a whole, so that it is never half written. Raises ConfigError.
    """
    keys = load(path)
    if key_id in keys.key_ids and keys.current == key_id:
        return keys
    target = path.resolve()  # a link to the file stays one
    content: Any = json.loads(target.read_text(encoding="utf-8"))
    content["keys"].setdefault(str(key_id), encode(secrets.token_bytes(KEY_BYTES)))
    content["current"] = key_id
    _replace(target, json.dumps(content, indent=2) + "\n")
    return load(path)


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.unlink(missing_ok=True)  # left by a process that was killed
        file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
        sync(path.parent)
    except OSError as error:
        raise ConfigError(f"The key file {path} can't be written: {error.strerror}.") from error


class KeyWatch:
    """Tells a running process that the key file has changed. Called for every value that is encrypted."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int, int] | None = (
            None  # the first look reads it again: it may have changed since
        )
        self._next = time.monotonic() + NOTICED

    def newer(self, known: Keys, *, now: bool = False) -> Keys | None:
        """The keys that the file holds by now, if they are `known` and more; looks seldom, unless `now`.

        A file that is gone, damaged or another one is left alone: what is known still serves.
        """
        at = time.monotonic()
        if at < self._next and not now:
            return None
        self._next = at + NOTICED
        stamp = self._look()
        if stamp == self._stamp and not now:
            return None
        self._stamp = stamp
        try:
            found = load(self._path)
        except ConfigError:
            return None
        return found if found.checks().items() >= known.checks().items() else None

    def _look(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size
