"""The intake on SQLite, against raw sqlite3 and against a session of SQLAlchemy's for each signature."""

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import storage
from benchmarks import sessions
from benchmarks.figure import Figure
from benchmarks.places import CAMPAIGN, WAITING, folder, made, now, requests, sign_all
from benchmarks.running import run
from bot.model.petition import Petition
from storage.engines import writer
from storage.tables import signature
from tests.storage.world import opened_petition

MANY, FEW, ROUNDS = 20_000, 1000, 5
NEVER_MET = 10**9  # a limit on communities that is counted, and never met
Rows = Sequence[tuple[Any, ...]]
COLUMNS = [column.name for column in signature.c]
_INSERT = f"INSERT INTO signature ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608  # our own names
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM signature ORDER BY number"  # noqa: S608  # the same


def figures() -> Iterator[Figure]:
    with folder() as where:
        _prepare(where)
        many = [(_ours(where, MANY, WAITING), _raw(where, WAITING)) for _ in range(ROUNDS)]
        ours, raw = _medians(many)
        yield Figure(
            f"intake, SQLite, {WAITING} waiting, everything on", ours, "/s",
            f"raw sqlite3, the same rows, {WAITING} a transaction", raw, "at least", 0.5,
        )  # fmt: skip
        yield Figure(
            "the same", ours, "/s",
            "the same by a SQLAlchemy session and commit for each signature", _sessions(where), "at least", 30,
        )  # fmt: skip
        few = [(_ours(where, FEW, 1), _raw(where, 1)) for _ in range(ROUNDS)]
        ours, raw = _medians(few)
        yield Figure(
            "intake, SQLite, one at a time", ours, "/s",
            "raw sqlite3, the same rows, one a transaction", raw, "at least", 0.35,
        )  # fmt: skip


def _medians(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    ours, limits = zip(*pairs, strict=True)
    return median(ours), median(limits)


def _prepare(where: Path) -> None:
    """A storage with one open petition, that each round begins from."""

    async def opened() -> None:
        async with storage.open_storage(f"sqlite:///{where}/empty.db", where / "key", now) as ports:
            await opened_petition(ports, CAMPAIGN)

    made(f"sqlite:///{where}/empty.db", where / "key")
    run(opened())
    with sqlite3.connect(where / "empty.db") as connection:
        connection.execute("PRAGMA journal_mode=DELETE")  # one file, to be copied


def _fresh(where: Path, name: str) -> Path:
    for old in where.glob(f"{name}*"):
        old.unlink()
    shutil.copy(where / "empty.db", where / name)
    return where / name


def _rate(count: int, work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return count / (time.perf_counter() - started)


def _ours(where: Path, count: int, waiting: int) -> float:
    path = _fresh(where, "ours.db")

    async def signing() -> float:
        opened = storage.open_storage(f"sqlite:///{path}", where / "key", now, community_per_minute=NEVER_MET)
        async with opened as ports:
            petition = await ports.petitions.find(CAMPAIGN.slug)
            assert petition is not None
            wanted = requests(petition, count)
            started = time.perf_counter()
            await sign_all(ports, wanted, waiting)
            return count / (time.perf_counter() - started)

    return run(signing())


def _signed(where: Path) -> Rows:
    """The rows that the intake wrote last."""
    with sqlite3.connect(where / "ours.db") as connection:
        return connection.execute(_SELECT).fetchall()


def _raw(where: Path, at_once: int) -> float:
    """Nothing but the rows, with the pragmas of the intake's own connection."""
    rows = _signed(where)
    engine = writer(_fresh(where, "raw.db"))
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        rate = _rate(len(rows), lambda: _insert(driver, rows, at_once))
    engine.dispose()
    return rate


def _insert(driver: sqlite3.Connection, rows: Rows, at_once: int) -> None:
    for start in range(0, len(rows), at_once):
        driver.execute("BEGIN IMMEDIATE")
        driver.executemany(_INSERT, rows[start : start + at_once])
        driver.execute("COMMIT")


def _sessions(where: Path) -> float:
    """The same work by the same library, as it is most often used."""
    path = _fresh(where, "sessions.db")

    async def petition() -> Petition:
        async with storage.open_storage(f"sqlite:///{path}", where / "key", now) as ports:
            found = await ports.petitions.find(CAMPAIGN.slug)
            assert found is not None
            return found

    engine = writer(path)
    try:
        return sessions.rate(engine, where / "key", run(petition()))
    finally:
        engine.dispose()
