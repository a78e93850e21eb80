"""Encrypting a file to somebody's age key (age-encryption.org/v1), while it is written.

What is to be encrypted goes through a pipe: it is on no disk in clear.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyrage

from bot.errors import UndersignedError

SUFFIX = ".age"


def recipient(key: str) -> pyrage.x25519.Recipient:
    """The key of somebody who is to read it. Raises UndersignedError."""
    try:
        return pyrage.x25519.Recipient.from_str(key.strip())
    except pyrage.RecipientError as error:
        raise UndersignedError(
            "That is no age key to encrypt to: it begins with age1 and is made by 'age-keygen', which prints it as "
            "the public key."
        ) from error


@contextmanager
def sealed(out: IO[bytes], recipients: Sequence[pyrage.x25519.Recipient]) -> Iterator[IO[bytes]]:
    """What is written inside goes to `out`, encrypted. If the inside raises, so does this, and `out` is of no use."""
    reading, writing = os.pipe()
    failures: list[BaseException] = []

    def encrypt() -> None:
        with os.fdopen(reading, "rb") as source:
            try:
                pyrage.encrypt_io(source, out, recipients)
            except BaseException as error:  # noqa: BLE001  it is raised where somebody waits
                failures.append(error)

    thread = threading.Thread(target=encrypt, name="undersigned-age")
    thread.start()
    try:
        with os.fdopen(writing, "wb", buffering=1 << 16) as pipe:
            yield pipe
    except BrokenPipeError:
        if not failures:
            raise
    finally:
        thread.join()
    if failures:
        raise OSError(f"encrypting ended with {failures[0]}") from failures[0]


def identities(key_file: Path) -> list[pyrage.x25519.Identity]:
    """The secret keys in a file of age-keygen's. Raises UndersignedError, and quotes nothing of it."""
    try:
        lines = key_file.read_text("utf-8").splitlines()
        keys = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
        found = [pyrage.x25519.Identity.from_str(key) for key in keys]
    except OSError as error:
        raise UndersignedError(f"The key {key_file} can't be read: {error.strerror}.") from error
    except (UnicodeDecodeError, pyrage.IdentityError) as error:
        raise UndersignedError(
            f"{key_file} is no secret key of age: 'age-keygen -o FILE' makes one."
        ) from error
    if not found:
        raise UndersignedError(f"There is no key in {key_file}.")
    return found


def unseal(source: IO[bytes], out: IO[bytes], keys: Sequence[pyrage.x25519.Identity]) -> None:
    """Decrypt. Raises UndersignedError for a file that is not for these keys, or was altered."""
    try:
        pyrage.decrypt_io(source, out, list(keys))
    except (pyrage.DecryptError, OSError) as error:
        if getattr(error, "errno", None) is not None:
            raise  # the disk, and not what was decrypted
        raise UndersignedError("It can't be decrypted: it is for another key, or it was altered.") from error
