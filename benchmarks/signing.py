"""A whole signing over the wire, beside a bare bot that answers the same calls with constants (`benchmarks.bare`).

Both bots run as processes of their own, ours as `undersigned run` on a fresh SQLite; this process is the platform
and its members. A member asks for the form, sends it, and holds the receipt; as many do so at a time as `AT_ONCE`.
The bots take turns, so that whatever else the machine does befalls both.
"""

import asyncio
import contextlib
import itertools
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import storage
from benchmarks.figure import Figure
from benchmarks.places import made, now
from bot.model.petition import Act, Content, Text
from tests.wire.discord import DiscordServer
from tests.wire.telegram import TelegramServer

AT_ONCE, ROUNDS, WARM = 64, 5, 200
SIGNERS = {"discord": 3000, "telegram": 1000}
PATIENCE = 60
ROOT = Path(__file__).parent.parent
LETTER = "Dear council,\n\nkeep the library **open** in the evenings.\n\n- for pupils\n- for those who work"
TEXT = Text("en", "Save the library", "The city council", "It closes at *four*.", LETTER, "Kept thirty days.")
LIBRARY = Content("library", (TEXT,), goal=100_000, contact="us@example.org")


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot that runs: what a new member of some name can do with it, its process, and when that was started."""

    ask: Callable[[str], Awaitable[object]]
    """Ask for the form and get it."""
    sign: Callable[[str], Awaitable[object]]
    """The same, send it, and get the receipt."""
    process: int
    begun: float


@dataclass(frozen=True, slots=True)
class Run:
    """One round: signings a second, the 99th percentile of a member's wait, and the bot's processor time for one.

    Both in milliseconds; the last is 0 where the system does not tell.
    """

    rate: float
    p99: float
    cpu: float


@contextlib.asynccontextmanager
async def on_discord(*, ours: bool) -> AsyncIterator[Bot]:
    """A Discord with one of the bots in it."""
    async with DiscordServer(strict=False, record=False, patience=PATIENCE) as server:
        guild = server.guild("Town")
        channel = guild.channel("general")

        async def ask(name: str):
            member = guild.member(name)
            form = await member.command(channel, "sign")
            assert form.modal, form
            return member, form

        async def sign(name: str) -> None:
            member, form = await ask(name)
            receipt = await (await member.submit(form)).settled()
            assert "You have signed" in receipt.text, receipt

        async with _process("discord", server.api_url, server.token, ours=ours) as (process, begun):
            await server.until(lambda: server.gateway.identified and server.commands, "the bot")
            yield Bot(ask, sign, process, begun)


@contextlib.asynccontextmanager
async def on_telegram(*, ours: bool) -> AsyncIterator[Bot]:
    """A Telegram with one of the bots in it."""
    async with TelegramServer(specs=None) as server:

        async def ask(name: str):
            member = server.member(name)
            return member, await member.ask("/sign", within=PATIENCE)

        async def sign(name: str) -> None:
            member, form = await ask(name)
            await member.press(form, "Sign as", within=PATIENCE)
            await member.until(lambda chat: "You have signed" in chat.from_bot[-1].text, PATIENCE)

        async with _process("telegram", server.url, server.token, ours=ours) as (process, begun):
            yield Bot(ask, sign, process, begun)


PLACES = {"discord": on_discord, "telegram": on_telegram}


@contextlib.asynccontextmanager
async def _process(platform: str, url: str, token: str, *, ours: bool) -> AsyncIterator[tuple[int, float]]:
    with tempfile.TemporaryDirectory() as folder:
        if ours:
            await _petition(Path(folder))
        command = ["bot", "run"] if ours else ["benchmarks.bare", platform, url, token]
        environ = os.environ | {
            "PYTHONPATH": str(ROOT),
            "UNDERSIGNED_STORAGE__URL": "sqlite:///u.db",
            "UNDERSIGNED_SECURITY__KEY_FILE": "u.key",
            f"UNDERSIGNED_{platform.upper()}__TOKEN": token,
            f"UNDERSIGNED_{platform.upper()}__API_URL": url,
        }
        quiet = {"stdout": asyncio.subprocess.DEVNULL, "stderr": asyncio.subprocess.DEVNULL}
        begun = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *command, cwd=folder, env=environ, **quiet
        )
        try:
            yield process.pid, begun
        finally:
            process.terminate()
            await process.wait()


async def _petition(folder: Path) -> None:
    url, key = f"sqlite:///{folder / 'u.db'}", folder / "u.key"
    made(url, key)
    async with storage.open_storage(url, key, now) as ports:
        await ports.petitions.add(LIBRARY)
        await ports.petitions.act(LIBRARY.slug, Act.OPEN)


async def measure(platform: str, *, ours: bool) -> Run:
    """One round."""
    async with PLACES[platform](ours=ours) as bot:
        names = _names()
        await _crowd(bot, names, WARM)
        before, begun = _cpu(bot.process), time.perf_counter()
        waits = await _crowd(bot, names, SIGNERS[platform])
        seconds, cpu = time.perf_counter() - begun, _cpu(bot.process) - before
        p99 = statistics.quantiles(waits, n=100)[98]
        return Run(len(waits) / seconds, p99 * 1e3, cpu * 1e3 / len(waits))


async def _crowd(bot: Bot, names: Iterator[str], size: int) -> list[float]:
    """So many new members sign; how long each of them took, in seconds."""
    waits: list[float] = []

    async def work(mine: Iterator[str]) -> None:
        for name in mine:
            begun = time.perf_counter()
            await bot.sign(name)
            waits.append(time.perf_counter() - begun)

    shared = iter(list(itertools.islice(names, size)))
    await asyncio.gather(*(work(shared) for _ in range(AT_ONCE)))
    return waits


def _names() -> Iterator[str]:
    for letters in itertools.product("abcdefghijklmnop", repeat=4):
        yield "Member " + "".join(letters).title()


def _cpu(process: int) -> float:
    stat = Path(f"/proc/{process}/stat")
    if not stat.exists():
        return 0.0
    user, system = stat.read_text("ascii").rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _rounds(platform: str) -> tuple[Run, Run]:
    """Ours and the bare bot's: the median of each measure, over rounds in turn."""
    found: dict[bool, list[Run]] = {False: [], True: []}
    for number in range(ROUNDS):
        for ours in (number % 2 == 0, number % 2 == 1):
            found[ours].append(asyncio.run(measure(platform, ours=ours)))
    return _median(found[True]), _median(found[False])


def _median(runs: list[Run]) -> Run:
    each = zip(*((run.rate, run.p99, run.cpu) for run in runs), strict=True)
    return Run(*map(statistics.median, each))


def figures() -> Iterator[Figure]:
    for platform, bare, goal in (
        ("discord", "a bare discord.py bot", 0.9),
        ("telegram", "a bare python-telegram-bot bot, on httpx", 3.0),
    ):
        ours, limit = _rounds(platform)
        what = f"a whole signing over the wire, {platform.title()}, {AT_ONCE} at a time"
        yield Figure(what, ours.rate, "/s", bare, limit.rate, "at least", goal)
        yield Figure("the same, 99th percentile of the wait", ours.p99, "ms", bare, limit.p99, "at most", 2.0)
        if limit.cpu:
            yield Figure(
                "the same, processor time of one", ours.cpu, "ms", bare, limit.cpu, "at most", 1 / goal
            )
