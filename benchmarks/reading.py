"""`/totals` and the card, at a million signatures and at ten thousand: from the event to the page, on SQLite.

Ten thousand people sign; the other rows are copies with other numbers, accounts and codes, made by SQLite itself,
and the counts are multiplied likewise, so that all adds up. At each size the member who asks is another one each time.
"""

import asyncio
import sqlite3
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import storage
from benchmarks.figure import Figure
from benchmarks.places import CAMPAIGN, folder, made, now, requests, sign_all
from benchmarks.running import run
from bot.core import Core
from bot.house import House
from bot.inbound import Command, Inbound
from bot.model.account import Account, Actor
from bot.model.petition import Act
from tests.bot.fakes import PRIVATE, Screen

FEW, TIMES, ASKED = 10_000, 100, 300
COMMANDS = {"totals": "/totals", "petition": "the card"}
COPY = """
    INSERT INTO signature (form, petition, number, account, status, reach, text_version, day, platform, code,
        identity, context)
    SELECT form || :copy, petition, number + :copy * :few, randomblob(16), status, reach, text_version, day,
        platform, randomblob(16), identity, context
    FROM signature WHERE number <= :few
"""


def figures() -> Iterator[Figure]:
    with folder() as path:
        url, key = f"sqlite:///{path / 'u.db'}", path / "u.key"
        made(url, key)
        run(_signed(url, key))
        few = run(_asked(url, key))
        _multiply(path / "u.db")
        many = run(_asked(url, key))
    size, limit = f"{FEW * TIMES:,} signatures", f"at {FEW:,}"
    for command, what in COMMANDS.items():
        yield Figure(f"{what} at {size}", many[command], "ms", limit, few[command], "at most", 1.2)


async def _signed(url: str, key: Path) -> None:
    async with storage.open_storage(url, key, now) as ports:
        petition = await ports.petitions.add(CAMPAIGN)
        await ports.petitions.act(CAMPAIGN.slug, Act.OPEN)
        await sign_all(ports, requests(petition, FEW), 500)


async def _asked(url: str, key: Path) -> dict[str, float]:
    """The median time of each command, in milliseconds."""
    async with storage.open_storage(url, key, now) as ports:
        core = Core(ports, House(), now)
        try:
            return {command: await _median(core, command) for command in COMMANDS}
        finally:
            await core.close()


async def _median(core: Core, command: str) -> float:
    taken = []
    for number in range(ASKED):
        screen, actor = Screen(whole_forms=True), Actor(Account("test", f"{command}{number}"), "Ana")
        begun = time.perf_counter()
        await core.handle(Inbound(str(number), actor, PRIVATE, "en", Command(command)), screen)
        taken.append(time.perf_counter() - begun)
        assert screen.pages, command
        await asyncio.sleep(0)
    return statistics.median(taken) * 1e3


def _multiply(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        for copy in range(1, TIMES):
            connection.execute(COPY, {"copy": copy, "few": FEW})
        counts = ("counted", "last_number", "peak", "shown_counted")
        raised = ", ".join(f"{name} = {name} * {TIMES}" for name in counts)
        connection.execute(f"UPDATE totals SET {raised}")  # noqa: S608 - our own names only
        connection.execute("UPDATE counter SET count = count * ?, shown = shown * ?", (TIMES, TIMES))
    connection.close()
