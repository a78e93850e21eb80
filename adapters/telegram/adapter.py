"""What the composition root gets: Telegram with its token, to be verified, examined and run."""

from collections.abc import Collection, Sequence

from msgspec import Struct, field

from adapters.telegram import checking
from adapters.telegram.timing import Timing
from bot.core import Core
from bot.model.account import Place
from bot.platform import Introduction
from bot.ports import Finding
from bot.settings import TelegramSettings


class Telegram(Struct, frozen=True):
    """Telegram as `bot.platform.Platform`."""

    settings: TelegramSettings
    timing: Timing = field(default_factory=Timing)
    name: str = "telegram"

    async def introduce(self) -> Introduction:
        return await checking.introduce(self.settings)

    async def examine(
        self, places: Sequence[Place] = (), pinned: Collection[Place] = ()
    ) -> Sequence[Finding]:
        return await checking.examine(self.settings, places, pinned)

    async def run(self, core: Core) -> None:
        from adapters.telegram.serving import serve  # noqa: PLC0415 - the SDK, which asking does without

        await serve(self.settings, core, self.timing)
