"""Writing the list of signers: the whole command with its progress bar, beside `sqlite3 -csv` of the same rows.

SQLite reads them unencrypted: from tables like ours, putting each line together as an export does, and from a single
table of finished lines, which is the least that such a program can do. The commands take turns, and the best of
each counts, so that whatever else the machine does befalls all. Memory is the most that the process ever held.
"""

import asyncio
import os
import pty
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

from msgspec.structs import replace

import storage
from benchmarks.figure import Figure
from benchmarks.places import CAMPAIGN, folder, made, now
from bot.model.account import Place, PlaceKind
from bot.model.petition import Act, Petition
from bot.model.signature import Context, Identity
from storage import keys
from storage.instants import micros
from storage.vault import Vault

MANY, FEWER, ROUNDS = 1_000_000, 100_000, 3
GIVEN = (
    "Ana María",
    "Olga",
    "John",
    "Fatima",
    "Wei",
    "Yuki",
    "Ivan",
    "Søren",
    "Zoë",
    "Chloé",
    "Kwame",
    "Aïcha",
)
FAMILY = (
    "García",
    "Smith",
    "Müller",
    "O’Brien",
    "Novák",
    "Nguyen",
    "Okafor",
    "Haddad",
    "Cohen",
    "Tanaka",
    "Kowalski",
)
ELSEWHERE = [
    "محمد العلي",
    "王小明",
    "Иван Петров",
    "दीपक शर्मा",
    "שרה כהן",
    "สมชาย ใจดี",
    "김민수",
    "Άννα Παπαδοπούλου",
]
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
CLEAR = """
CREATE TABLE text_version (id INTEGER PRIMARY KEY, sha256 TEXT);
CREATE TABLE community (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE signature (form TEXT PRIMARY KEY, petition INTEGER, number INTEGER, status TEXT, name TEXT, comment TEXT,
    answer TEXT, reach TEXT, at INTEGER, day TEXT, language TEXT, platform TEXT, community INTEGER,
    text_version INTEGER, UNIQUE (petition, number));
"""
JOINED = """SELECT number, status, s.name, comment, answer, reach,
    strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000000.0, 'unixepoch') signed_at, day, language, platform, community,
    c.name community_name, t.sha256 text_version
FROM signature s JOIN text_version t ON t.id = s.text_version LEFT JOIN community c ON c.id = s.community
WHERE petition = 1 AND status = 'counted' ORDER BY number"""


@dataclass(frozen=True, slots=True)
class Ran:
    """How long a command took, in seconds, and the most memory that it held, in MB."""

    seconds: float
    memory: float


def figures() -> Iterator[Figure]:
    with folder() as path:
        populate(path)
        yield from speed(path)
        csv, fewer = export(path, "park", "csv"), export(path, "lake", "csv")
        yield at_most("export csv, 1,000,000 signers, memory", csv, "100,000 signers", fewer.memory, 1.1)
        yield at_most("the same", csv, "the limit", 200)
        for form in ("jsonl", "xlsx"):
            yield at_most(
                f"export {form}, 1,000,000 signers, memory", export(path, "park", form), "the limit", 200
            )
        sorted_ = export(path, "park", "csv", "--for", "addressee")
        yield at_most("export csv for the addressee, by name, memory", sorted_, "the limit", 200)
        yield at_most("export pdf, 100,000 signers, memory", export(path, "lake", "pdf"), "the limit", 500)


def speed(path: Path) -> Iterator[Figure]:
    if shutil.which("sqlite3") is None:
        print("export: sqlite3 is not installed, so there is nothing to measure the speed against")
        return
    rounds = [
        (export(path, "park", "csv"), lines(path, JOINED), lines(path, "SELECT * FROM line"))
        for _ in range(ROUNDS)
    ]
    ours, joined, finished = (MANY / min(one.seconds for one in runs) for runs in zip(*rounds, strict=True))
    what = "export csv, 1,000,000 signers, the whole command"
    yield Figure(what, ours, "/s", "sqlite3 -csv, the same tables unencrypted", joined, "at least", 0.25)
    yield Figure(
        "the same", ours, "/s", "sqlite3 -csv, a table of finished lines", finished, "at least", 0.25
    )


def at_most(name: str, ran: Ran, limit_name: str, limit: float, goal: float = 1) -> Figure:
    return Figure(name, ran.memory, "MB", limit_name, limit, "at most", goal)


# --- commands ---


def export(path: Path, slug: str, form: str, *options: str) -> Ran:
    """`undersigned export` as somebody at a terminal runs it."""
    target = path / f"list.{form}"
    command = [
        "-m",
        "bot",
        "--config",
        str(path / "config.toml"),
        "export",
        slug,
        "-o",
        str(target),
        "--force",
    ]
    return ran([sys.executable, *command, *options])


def lines(path: Path, query: str) -> Ran:
    with (path / "lines.csv").open("wb") as out:
        return ran(["sqlite3", "-csv", str(path / "clear.db"), query], out)


def ran(command: list[str], out: Any = subprocess.DEVNULL) -> Ran:
    ours, theirs = pty.openpty()
    drain = Thread(target=_drain, args=(ours,))
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=out, stderr=theirs)
    os.close(theirs)
    drain.start()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    drain.join()
    os.close(ours)
    assert process.returncode == 0, command
    return Ran(seconds, usage.ru_maxrss / 1024)


def _drain(terminal: int) -> None:
    try:
        while os.read(terminal, 4096):
            pass
    except OSError:  # how a terminal ends whose program has ended
        return


# --- signers ---


def populate(path: Path) -> None:
    """A storage with two petitions, and the same rows unencrypted."""
    key_file, database = path / "key", path / "undersigned.db"
    made(f"sqlite:///{database}", key_file)
    (path / "config.toml").write_text(
        f'[storage]\nurl = "sqlite:///{database}"\n[security]\nkey_file = "{key_file}"\n', "utf-8"
    )
    (park, lake), places = asyncio.run(_opened(f"sqlite:///{database}", key_file))
    vault = Vault(keys.load(key_file))
    with sqlite3.connect(path / "clear.db") as clear, sqlite3.connect(database) as sealed:
        clear.executescript(CLEAR)
        clear.executemany(
            "INSERT INTO community VALUES (?, ?)", [(place, f"Community {place}") for place in places]
        )
        clear.execute("INSERT INTO text_version VALUES (1, ?)", (park.content.texts[0].version,))
        for petition, count in ((park, MANY), (lake, FEWER)):
            _fill(sealed, clear, vault, petition, places, count)
        clear.execute(f"CREATE TABLE line AS {JOINED}")
    sealed.close()
    clear.close()


async def _opened(url: str, key_file: Path) -> tuple[list[Petition], list[int]]:
    async with storage.open_storage(url, key_file, now) as ports:
        found = []
        for slug in ("park", "lake"):
            petition = await ports.petitions.add(replace(CAMPAIGN, slug=slug))
            assert petition is not None
            await ports.petitions.act(slug, Act.OPEN)
            found.append(petition)
        places = [
            await ports.communities.ensure(Place("telegram", str(at), PlaceKind.GROUP, f"Community {at}"))
            for at in range(1, 51)
        ]
        return found, places


def _fill(
    sealed: sqlite3.Connection,
    clear: sqlite3.Connection,
    vault: Vault,
    petition: Petition,
    places: list[int],
    count: int,
) -> None:
    chance = random.Random(1)
    asked = "SELECT id FROM text_version WHERE petition = ? ORDER BY id"
    (version,) = sealed.execute(asked, (petition.id,)).fetchone()
    for start in range(1, count + 1, 10_000):
        plain = [
            _signer(chance, petition.id, number, places)
            for number in range(start, min(start + 10_000, count + 1))
        ]
        clear.executemany("INSERT INTO signature VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)", plain)
        sealed.executemany(
            "INSERT INTO signature (form, petition, number, account, status, reach, text_version, day, platform, code,"
            " identity, context) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [_sealed(vault, version, one) for one in plain],
        )
    counted = "UPDATE totals SET counted = ?, last_number = ?, peak = ? WHERE petition = ?"
    sealed.execute(counted, (count, count, count, petition.id))


def _signer(chance: random.Random, petition: int, number: int, places: list[int]) -> tuple[Any, ...]:
    """One in ten writes in another script, one in five says something; the times are exact to the microsecond."""
    at = BEGIN + timedelta(seconds=number, microseconds=number % 1_000_000)
    name = (
        f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}"
        if chance.random() < 0.9
        else chance.choice(ELSEWHERE)
    )
    comment = "Because this place matters to all of us, old and young." if chance.random() < 0.2 else ""
    reach = chance.choice(["addressee"] * 6 + ["organisers"] * 3 + ["everyone"])
    return (
        f"{petition:x}{number:015x}", petition, number, "counted", name, comment, None, reach, micros(at),
        at.date().isoformat(), "en", chance.choice(["discord", "telegram"]), chance.choice(places),
    )  # fmt: skip


def _sealed(vault: Vault, version: int, plain: tuple[Any, ...]) -> tuple[Any, ...]:
    form, petition, number, status, name, comment, answer, reach, at, day, language, platform, place = plain
    instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)
    identity = vault.seal_identity(form, Identity(name, comment))
    context = vault.seal_context(form, Context(instant, language, place, answer))
    return (
        form,
        petition,
        number,
        os.urandom(16),
        status,
        reach,
        version,
        day,
        platform,
        os.urandom(16),
        identity,
        context,
    )
