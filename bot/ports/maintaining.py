"""What an operator does to the storage as a whole, and what is found there."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from msgspec import Struct


class Level(StrEnum):
    """How a finding reads: all right, worth a look, or broken."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


class Finding(Struct, frozen=True):
    """One line of an examination: what was found and what to do about it."""

    level: Level
    text: str
    remedy: str = ""


class Restored(Struct, frozen=True):
    """What a restore did beside putting the file in place."""

    made: datetime
    erased: int
    """Signatures in the backup that had been withdrawn or forgotten since, and were again."""
    held_back: int
    """Deliveries due before the restore, which now wait for an organiser's word."""


class Maintenance(Protocol):
    """What an operator does to the storage as a whole. Each raises StorageError or ConfigError in one line."""

    def create_keys(self) -> bool:
        """Write a fresh key file with mode 0600; False (and nothing touched) if there is one."""

    def examine(self) -> Sequence[Finding]:
        """Key file, its mode and folder, database, its integrity and schema version: what `check` prints."""

    def migrate(self) -> Sequence[str]:
        """Bring the schema to the newest version; the revisions that were applied, none if up to date."""

    async def verify(
        self, *, repair: bool = False, progress: Callable[[int, int], None] = lambda *_: None
    ) -> Sequence[Finding]:
        """Recount everything (totals, counters, numbers, text versions, milestones) and open all that is encrypted.

        Mends only with `repair`, and then what can be counted anew. `progress` is told how much is done, of how much.
        """

    async def rotate_key(self, progress: Callable[[int, int], None]) -> tuple[int, int]:
        """Add a data key, and encrypt everything under it, beside whatever runs; or finish what was interrupted.

        `progress` is told how many values are done, of how many. Returns the key's id and the values rewritten.
        """

    def backup(self, file: Path) -> None:
        """A consistent copy while others read and write, mode 0600; never over an existing file."""

    def prune(self, folder: Path, days: int) -> Sequence[Path]:
        """Delete this database's backups in `folder` that are older than that; which ones. Nothing else."""

    def restore(self, file: Path, *, replace: bool = False) -> Restored:
        """Put a backup in place of the database (over an existing one only with `replace`, keeping it aside)."""

    async def copy(self, to: str, progress: Callable[[int, int], None]) -> tuple[int, Sequence[Finding]]:
        """Copy everything into the empty database at `to`, all or nothing; rows, and what a recount there found.

        `progress` is told how many rows are done, of how many. Nobody else may use either database meanwhile.
        """

    async def add_claim(self, code: str, expires: datetime) -> None:
        """Let `code` make one account an organiser, once, until `expires`. Only its hash is stored."""
