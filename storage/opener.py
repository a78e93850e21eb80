"""A process of its own that reads and decrypts a long list for the one that writes it: `Opener`, and its other end.

`python -m storage.opener DATABASE KEY_FILE` takes a snapshot and says `ready`; is told a query in one line of JSON;
and writes a line of JSON for each page: the clear columns, the identities, the contexts. Whatever it meets that it
can't open ends it, and who asked reads on alone, and tells what it was. Nothing of this is ever in a file.
"""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import repeat
from pathlib import Path
from typing import IO, Any, Final, cast

from sqlalchemy import Connection

from bot.errors import StorageError
from storage import keys
from storage.lost import half_empty
from storage.vault import Vault

PAGE: Final = 200
"""Signatures that are read and decrypted at once: so many that a call's cost is shared, so few that they fit into a
processor's cache and the garbage collector is not called for them."""
WORTH: Final = 50_000
"""Of so many signatures it is worth starting a process, which takes a fifth of a second."""
READY: Final = b"ready\n"
Rows = Sequence[Sequence[Any]]
"""Or columns. A row has its form first, then what is clear, then identity and context."""


class Opener:
    """The process, with a snapshot of its own."""

    def __init__(self, driver: sqlite3.Connection, database: str, key_file: Path) -> None:
        """`driver` is a connection that is about to take its snapshot. Raises OSError if nothing can be started."""
        self._driver = driver
        self._before = _commits(driver)
        self._process = subprocess.Popen(  # noqa: S603  # ourselves
            [sys.executable, "-m", "storage.opener", database, str(key_file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        self._ready = self._out.readline() == READY

    @property
    def _out(self) -> IO[bytes]:
        return cast("IO[bytes]", self._process.stdout)

    def sees_the_same(self) -> bool:
        """Whether nothing was committed until `driver` took its snapshot, so that it is the same as the process's."""
        return self._ready and _commits(self._driver) == self._before

    def pages(self, query: str, status: str) -> Iterator[list[Any]]:
        """Its pages: the clear columns, identities, contexts. Then `failed` tells if these were not all."""
        with suppress(BrokenPipeError), cast("IO[bytes]", self._process.stdin) as asking:
            asking.write(json.dumps([query, status]).encode() + b"\n")
        for line in self._out:
            if line.endswith(b"\n"):
                yield json.loads(line)

    @property
    def failed(self) -> bool:
        """Whether it ended before its time."""
        return self._process.wait() != 0

    def end(self) -> None:
        """Let go of it, whatever it does."""
        self._process.kill()
        with suppress(BrokenPipeError), self._process:
            pass  # which closes the pipes and waits


@contextmanager
def opener_for(connection: Connection, petition_id: int, key_file: Path) -> Iterator[Opener | None]:
    """One, if the petition is large and there is a processor for it, on SQLite; `connection` has not begun yet."""
    opener = None
    if connection.dialect.name == "sqlite" and (os.cpu_count() or 1) > 1:
        driver: Any = connection.connection.driver_connection
        ((_, _, database), *_) = driver.execute("PRAGMA database_list").fetchall()
        found = driver.execute("SELECT counted FROM totals WHERE petition = ?", (petition_id,)).fetchone()
        if found and found[0] >= WORTH:
            with suppress(OSError):
                opener = Opener(driver, database, key_file)
    try:
        yield opener
    finally:
        if opener is not None:
            opener.end()


def _commits(driver: sqlite3.Connection) -> int:
    """A number that changes with what others commit (https://www.sqlite.org/pragma.html#pragma_data_version)."""
    number: int = driver.execute("PRAGMA data_version").fetchone()[0]
    return number


def opened(vault: Vault, rows: Rows, status: str) -> tuple[Rows, bytes, bytes]:
    """Of a page: the clear columns, and the JSON of its identities and of its contexts.

    Raises as `Vault.open` does, and StorageError where a part of a signature is gone.
    """
    forms, *clear, identity, context = zip(*rows, strict=True)
    whole = all(identity) and all(context)  # as nearly always, and quickly seen
    if not whole and any(map(half_empty, repeat(status), identity, context)):
        raise StorageError("Nobody asked to erase a part of a signature.")
    bound = [form.encode() for form in forms]
    return (
        clear,
        vault.open_json("signature.identity", bound, identity),
        vault.open_json("signature.context", bound, context),
    )


def main(database: str, key_file: str) -> None:
    vault = Vault(keys.load(Path(key_file)))
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA query_only=ON")
    connection.execute("BEGIN")
    connection.execute("SELECT count(*) FROM petition").fetchone()  # which takes the snapshot
    out = sys.stdout.buffer
    out.write(READY)
    out.flush()
    for line in sys.stdin:  # one or none
        query, status = json.loads(line)
        rows = connection.execute(query)
        while page := rows.fetchmany(PAGE):
            clear, identities, contexts = opened(vault, page, status)
            columns = json.dumps(clear, separators=(",", ":")).encode()
            out.write(columns[:-1] + b"," + identities + b"," + contexts + b"]\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
