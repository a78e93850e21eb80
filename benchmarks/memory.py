"""Memory of `undersigned run` with both platforms: at rest, and over an hour of steady signing, shortened.

The hour has as many signings as one signature every half second would make of it; they come as fast as they can,
on both platforms in turn. Memory is flat if the second half
adds next to nothing to what the first one took.
"""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from msgspec.structs import replace

import storage
from benchmarks.figure import Figure
from benchmarks.places import made, now
from benchmarks.running import run
from bot.model.petition import Act
from tests.e2e.discord.house import LIBRARY
from tests.e2e.discord.house import sign as sign_on_discord
from tests.e2e.process import Process
from tests.e2e.telegram.house import sign as sign_on_telegram
from tests.wire.discord import DiscordServer
from tests.wire.telegram import TelegramServer

HOUR, AT_ONCE = 7200, 20
PATIENCE = 60
ALLOWED = 150.0
Sign = Callable[[int], Awaitable[object]]


def figures() -> Iterator[Figure]:
    rest, half, full = run(_measured())
    allowed = "what the project allows itself"
    yield Figure("memory at rest, both platforms", rest, "MB", allowed, ALLOWED, "at most", 1.0)
    after = f"memory after {HOUR:,} signings"
    yield Figure(after, full, "MB", f"after {HOUR // 2:,} of them", half, "at most", 1.05)


async def _measured() -> tuple[float, float, float]:
    async with _served() as (sign, process):
        await asyncio.sleep(2)
        rest = _megabytes(process)
        await _crowd(sign, 0, HOUR // 2)
        half = _megabytes(process)
        await _crowd(sign, HOUR // 2, HOUR)
        return rest, half, _megabytes(process)


async def _crowd(sign: Sign, first: int, last: int) -> None:
    numbers = iter(range(first, last))

    async def work() -> None:
        for number in numbers:
            await sign(number)

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))


@asynccontextmanager
async def _served() -> AsyncIterator[tuple[Sign, int]]:
    """Both platforms with the bot in them: how a member signs there, and the bot's process."""
    discord = DiscordServer(strict=False, record=False, patience=PATIENCE)
    telegram = TelegramServer(specs=None)
    async with discord, telegram:
        with tempfile.TemporaryDirectory() as folder:
            made(f"sqlite:///{folder}/u.db", Path(folder, "u.key"))
            await _open(folder)
            bot = Process(Path(folder), "DISCORD", discord.token, discord.api_url)
            bot.environ |= {
                "UNDERSIGNED_TELEGRAM__TOKEN": telegram.token,
                "UNDERSIGNED_TELEGRAM__API_URL": telegram.url,
            }
            guild = discord.guild("Town")
            channel = guild.channel("general")
            process = await bot.start("run")
            reading = asyncio.create_task(process.communicate())
            await discord.until(lambda: discord.gateway.identified and discord.commands, within=PATIENCE)
            await telegram.until(lambda: telegram.updates.polled, PATIENCE)

            async def sign(number: int) -> None:
                if number % 2:
                    await sign_on_discord(guild.member(_name(number)), channel)
                else:
                    await sign_on_telegram(telegram.member(_name(number)), within=PATIENCE)

            try:
                yield sign, process.pid
            finally:
                process.terminate()
                await reading


async def _open(folder: str) -> None:
    async with storage.open_storage(f"sqlite:///{folder}/u.db", Path(folder, "u.key"), now) as ports:
        await ports.petitions.add(replace(LIBRARY, goal=100_000, milestones=(1000, 2500, 5000)))
        await ports.petitions.act(LIBRARY.slug, Act.OPEN)


def _name(number: int) -> str:
    return "Member " + "".join(chr(97 + number // 26**place % 26) for place in range(4))


def _megabytes(process: int) -> float:
    resident = Path(f"/proc/{process}/statm").read_text("ascii").split()[1]
    return int(resident) * os.sysconf("SC_PAGESIZE") / 1e6
