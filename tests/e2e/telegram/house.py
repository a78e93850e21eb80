"""A whole Undersigned on a local Telegram: storage on SQLite, core, adapter, the unmodified telegram library."""

import asyncio
import contextlib
import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

from msgspec.structs import replace

import storage
from adapters.telegram.adapter import Telegram
from adapters.telegram.timing import Timing
from bot.core import Core
from bot.house import House
from bot.model.account import Account
from bot.model.petition import Ask, Content, Text
from bot.model.signature import Signature
from bot.ports import Ports
from bot.settings import TelegramSettings
from tests.e2e.campaign import Campaign
from tests.e2e.ground import prepared
from tests.wire.telegram import Member, Message, TelegramServer

FASTER = 50
"""How much faster than ours the bot's waiting goes: a minute takes little more than a second."""
LETTER = "Dear council,\n\nkeep the library **open** in the evenings.\n\n- for pupils\n- for those who work"
ENGLISH = Text(
    "en", "Save the library", "The city council", "It closes at *four*.", LETTER, "Kept thirty days."
)
SPANISH = Text("es", "Salvad la biblioteca", "El pueblo", "Cierra a las 4.", "Abridla de noche.", "30 días.")
LIBRARY = Content(
    "library", (ENGLISH, SPANISH), goal=4, contact="us@example.org", ask=Ask("Where?", ("North", "South"))
)


async def _hurried(seconds: float) -> None:
    await asyncio.sleep(seconds / FASTER)


HURRIED = Timing(poll=5, farewell=1, sleep=_hurried, time=lambda: time.monotonic() * FASTER)


def _at_work() -> bool:
    return any(task.get_coro().__qualname__ == "Turns._turn" for task in asyncio.all_tasks())


@dataclass
class Undersigned(Campaign):
    """Started against one Telegram; stopped and started again, it finds its database as it was."""

    accounts_of: ClassVar[str] = "telegram"
    library: ClassVar[Content] = LIBRARY

    server: TelegramServer
    folder: Path
    ahead: timedelta = timedelta()
    webhook: dict[str, str] = field(default_factory=dict)
    admins: frozenset[Account] = frozenset()
    passed: float = 0.0
    core: Core = field(init=False)
    ports: Ports = field(init=False)
    task: asyncio.Task = field(init=False)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    @contextlib.asynccontextmanager
    async def stored(self):
        url, key = prepared(self.folder, self.now)
        async with storage.open_storage(url, key, self.now) as self.ports:
            yield self

    def telegram(self) -> Telegram:
        settings = TelegramSettings(token=self.server.token, api_url=self.server.url, **self.webhook)
        hurried = replace(HURRIED, time=lambda: HURRIED.time() + self.passed)
        return Telegram(settings, hurried)

    def let_pass(self, seconds: float) -> None:
        """Let time pass for what the adapter measures by a clock of its own."""
        self.passed += seconds

    @contextlib.asynccontextmanager
    async def served(self):
        """The adapter, connected; what it started is ended with it."""
        self.core = Core(self.ports, House(admins=self.admins), self.now)
        self.server.working = _at_work
        self.task = asyncio.create_task(self.telegram().run(self.core))
        try:
            await self.server.until(lambda: self._listening() or self.task.done())
            if self.task.done():
                await self.task
            yield self
        finally:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)
            await self.core.close()

    def _listening(self) -> bool:
        updates = self.server.updates
        return bool(updates.webhook) if self.webhook else updates.polled


def fact(message: Message, label: str) -> str:
    """The value of one line of a form or a receipt."""
    found = re.search(rf"^{re.escape(label)}:? (.*)$", message.text, re.MULTILINE)
    assert found, f"no {label!r} in {message.text!r}"
    return found[1]


async def shown(member: Member, words: str, within: float = 5) -> Message:
    """The newest message in the private chat, once it says `words`."""
    return await member.until(
        lambda chat: chat.from_bot and words in chat.from_bot[-1].text and chat.from_bot[-1], within
    )


async def sign(member: Member, opening: str = "/sign", within: float = 5) -> Message:
    """`/sign`, one tap, the receipt."""
    form = await member.ask(opening, within=within)
    await member.press(form, "Sign as", within=within)
    return await shown(member, "Keep the code", within)


async def signed_by(house: Undersigned, member: Member) -> list[Signature]:
    """The member's signatures, once there is one."""
    await house.server.idle()
    return await house.signatures(member)
