"""A whole signing over the wire, beside a bare bot that answers the same calls with constants (`benchmarks.bare`).

The bots run as processes of their own, ours as `undersigned run` on a fresh SQLite; this process is the platform and
its members. A member asks for the form, sends it, and holds the receipt; as many do so at a time as `AT_ONCE`. They
come one after another; measured is from when the first `WARM` have signed to when the last ones begin to be fewer. The
bots take turns, so that whatever else the machine does befalls all.

On Discord a member looks at the form for `LOOKING` first. discord.py knows of a form that it has opened once it has
read the answer to its own request, and loses one that is sent before: nobody can, but this program could. Who gets no
answer within Discord's `WINDOW` sends the form again, and has waited all that time.
"""

import asyncio
import contextlib
import itertools
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import storage
from benchmarks.figure import Figure
from benchmarks.places import made, now
from bot.model.petition import Act, Content, Text
from tests.wire.discord import DiscordServer
from tests.wire.telegram import TelegramServer

AT_ONCE = {"discord": 512, "telegram": 64}
COMING = 512
"""How many come in a second, until as many are there."""
LOOKING, WINDOW = 0.25, 3.0
"""Seconds. The first is no part of the wait."""
ROUNDS = 5
WARM, SIGNERS = {"discord": 1500, "telegram": 200}, {"discord": 3000, "telegram": 1000}
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
    sign: Callable[[str], Awaitable[float]]
    """The same, send it, and get the receipt: the seconds waited for the bot."""
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
async def on_discord(*, ours: bool, bare: str = "discord") -> AsyncIterator[Bot]:
    """A Discord with one of the bots in it; `bare` is which, if it is not ours."""
    async with DiscordServer(strict=False, record=False, patience=PATIENCE) as server:
        guild = server.guild("Town")
        channel = guild.channel("general")

        async def ask(name: str):
            member = guild.member(name)
            form = await member.command(channel, "sign")
            assert form.modal, form
            return member, form

        async def sign(name: str) -> float:
            begun = time.perf_counter()
            member, form = await ask(name)
            seen = time.perf_counter()
            await asyncio.sleep(LOOKING)
            sent = time.perf_counter()
            receipt = await _insisting(member, form)
            assert "You have signed" in receipt.text, receipt
            return time.perf_counter() - sent + seen - begun

        async with _process("discord", [bare, server.api_url, server.token], ours=ours) as (process, begun):
            await server.until(lambda: server.gateway.identified and server.commands, "the bot")
            yield Bot(ask, sign, process, begun)


async def _insisting(member, form):
    """The answer to a form; without one in time, it is sent again."""
    while True:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WINDOW):
                return await (await member.submit(form)).settled()


@contextlib.asynccontextmanager
async def on_telegram(*, ours: bool, bare: str = "telegram") -> AsyncIterator[Bot]:
    """A Telegram with one of the bots in it."""
    async with TelegramServer(specs=None) as server:

        async def ask(name: str):
            member = server.member(name)
            return member, await member.ask("/sign", within=PATIENCE)

        async def sign(name: str) -> float:
            begun = time.perf_counter()
            member, form = await ask(name)
            await member.press(form, "Sign as", within=PATIENCE)
            await member.until(lambda chat: "You have signed" in chat.from_bot[-1].text, PATIENCE)
            return time.perf_counter() - begun

        async with _process("telegram", [bare, server.url, server.token], ours=ours) as (process, begun):
            yield Bot(ask, sign, process, begun)


PLACES = {"discord": on_discord, "telegram": on_telegram}


@contextlib.asynccontextmanager
async def _process(platform: str, bare: list[str], *, ours: bool) -> AsyncIterator[tuple[int, float]]:
    _, url, token = bare
    with tempfile.TemporaryDirectory() as folder:
        if ours:
            await _petition(Path(folder))
        command = ["bot", "run"] if ours else ["benchmarks.bare", *bare]
        environ = os.environ | {
            "PYTHONPATH": str(ROOT),
            "UNDERSIGNED_STORAGE__URL": "sqlite:///u.db",
            "UNDERSIGNED_SECURITY__KEY_FILE": "u.key",
            f"UNDERSIGNED_{platform.upper()}__TOKEN": token,
            f"UNDERSIGNED_{platform.upper()}__API_URL": url,
            "UNDERSIGNED_LIMITS__COMMUNITY_REQUESTS": "1000000",  # counted, and never reached
            "UNDERSIGNED_LIMITS__COMMUNITY_SIGNATURES": "1000000",
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


async def measure(platform: str, bare: str = "") -> Run:
    """One round, of ours or of the bare bot of this name."""
    place = PLACES[platform](ours=False, bare=bare) if bare else PLACES[platform](ours=True)
    async with place as bot:
        return await _steady(bot, AT_ONCE[platform], WARM[platform], SIGNERS[platform])


async def _steady(bot: Bot, at_once: int, warm: int, signers: int) -> Run:
    """While `at_once` members sign: what is measured of so many of them, without the first ones and the last."""
    waits: list[float] = []
    marks: dict[int, tuple[float, float]] = {}
    names = iter(list(itertools.islice(_names(), warm + signers + at_once)))

    async def work(number: int) -> None:
        await asyncio.sleep(number / COMING)
        for name in names:
            waits.append(await bot.sign(name))
            if len(waits) in {warm, warm + signers}:
                marks[len(waits)] = time.perf_counter(), _cpu(bot.process)

    await asyncio.gather(*(work(number) for number in range(at_once)))
    (begun, before), (ended, after) = marks[warm], marks[warm + signers]
    p99 = statistics.quantiles(waits[warm : warm + signers], n=100)[98]
    return Run(signers / (ended - begun), p99 * 1e3, (after - before) * 1e3 / signers)


def _names() -> Iterator[str]:
    for letters in itertools.product("abcdefghijklmnop", repeat=4):
        yield "Member " + "".join(letters).title()


def _cpu(process: int) -> float:
    stat = Path(f"/proc/{process}/stat")
    if not stat.exists():
        return 0.0
    user, system = stat.read_text("ascii").rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _rounds(platform: str, bare: Sequence[str]) -> dict[str, Run]:
    """Ours (by an empty name) and the bare bots': the median of each measure, over rounds in turn."""
    found: dict[str, list[Run]] = {name: [] for name in ("", *bare)}
    for number in range(ROUNDS):
        for name in list(found)[:: 1 if number % 2 else -1]:
            found[name].append(asyncio.run(measure(platform, name)))
    return {name: _median(runs) for name, runs in found.items()}


def _median(runs: list[Run]) -> Run:
    each = zip(*((run.rate, run.p99, run.cpu) for run in runs), strict=True)
    return Run(*map(statistics.median, each))


LIMITS = {
    "discord": {
        "discord": ("a discord.py bot as its documentation teaches", 0.9),
        "discord_raw": ("a discord.py bot of one raw listener, on uvloop", 0.9),
    },
    "telegram": {"telegram": ("a bare python-telegram-bot bot, on httpx", 3.0)},
}
"""Of each platform, the bare bots that it is measured against, with the part of their rate that is the goal."""


def figures() -> Iterator[Figure]:
    for platform, limits in LIMITS.items():
        runs = _rounds(platform, list(limits))
        what = f"a whole signing over the wire, {platform.title()}, {AT_ONCE[platform]} at a time"
        for name, (bare, goal) in limits.items():
            ours, limit = runs[""], runs[name]
            yield Figure(what, ours.rate, "/s", bare, limit.rate, "at least", goal)
            yield Figure(
                "the same, 99th percentile of the wait", ours.p99, "ms", bare, limit.p99, "at most", 2.0
            )
            if limit.cpu:
                cpu = "the same, processor time of one"
                yield Figure(cpu, ours.cpu, "ms", bare, limit.cpu, "at most", 1 / goal)
