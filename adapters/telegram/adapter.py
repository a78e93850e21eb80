"""What the composition root gets: Telegram with its token, to be verified, examined and run."""

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.telegram import checking
from bot.core import Core
from bot.errors import UndersignedError
from bot.platform import Introduction
from bot.ports import Finding
from bot.settings import TelegramSettings


@dataclass(frozen=True, slots=True)
class Telegram:
    """Telegram as `bot.platform.Platform`."""

    settings: TelegramSettings
    name: str = "telegram"

    async def introduce(self) -> Introduction:
        return await checking.introduce(self.settings)

    async def examine(self) -> Sequence[Finding]:
        return await checking.examine(self.settings)

    async def run(self, core: Core) -> None:  # noqa: ARG002 - until there is something to run
        raise UndersignedError("this version can't serve Telegram yet")
