"""Where pictures are drawn: in a process of its own, started for the first one and ended when none is asked for."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Callable
from pathlib import Path

import bot
from bot.pictures.facts import CardFacts, ChartFacts, Picture
from bot.pictures.worker import LENGTH, question, understood

_PATIENCE = 20.0  # seconds for a picture that takes a tenth of one, and for Python to start on a busy machine
_IDLE = 60.0  # seconds without a question until the process ends and gives back its 45 MB
_SECRETS = "UNDERSIGNED_"  # settings from the environment: whoever draws need not know them

Start = Callable[[], Awaitable[Process]]


class Workshop:
    """Draws one picture at a time; callers take turns."""

    def __init__(self, patience: float = _PATIENCE, idle: float = _IDLE, start: Start | None = None) -> None:
        self._start = start or started
        self._patience = patience
        self._idle = idle
        self._process: Process | None = None
        self._closing: asyncio.TimerHandle | None = None

    async def draw(self, facts: CardFacts | ChartFacts) -> Picture:
        """The picture. Raises PictureError, or OSError, EOFError or TimeoutError if the process is in trouble."""
        self._stay_open()
        try:
            async with asyncio.timeout(self._patience):
                answer = await self._ask(question(facts))
        except BaseException:  # a late answer must not be taken for that to the next question
            await self.close()
            raise
        self._closing = asyncio.get_running_loop().call_later(self._idle, self._hang_up)
        return understood(answer)

    async def close(self) -> None:
        """End the process."""
        self._stay_open()
        process, self._process = self._process, None
        if process is not None:
            if process.returncode is None:
                process.kill()
            await process.wait()

    async def _ask(self, message: bytes) -> bytes:
        if self._process is None or self._process.returncode is not None:
            self._process = await self._start()
        asked, answered = self._process.stdin, self._process.stdout
        if asked is None or answered is None:  # pragma: no cover - it was started with pipes
            raise OSError("no pipes")
        asked.write(message)
        await asked.drain()
        length = int.from_bytes(await answered.readexactly(LENGTH))
        return await answered.readexactly(length)

    def _hang_up(self) -> None:
        """Let the process end by itself, as its input does."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None

    def _stay_open(self) -> None:
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None


async def started() -> Process:
    """The process that draws, just begun."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_SECRETS)}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",  # with -m Python would warn: our package imports that module, too
        "from bot.pictures.worker import main; main()",
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,  # a traceback there would hold a petition's title
        cwd=Path(bot.__file__).parent.parent,  # the same code as ours
        env=environment,
    )
