"""What the composition root gets: Telegram with its token, to be verified, examined and run."""

import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from msgspec import Struct, field

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
        from adapters.telegram import checking  # noqa: PLC0415 - serving does without

        return await checking.introduce(self.settings)

    async def examine(
        self, places: Sequence[Place] = (), pinned: Collection[Place] = ()
    ) -> Sequence[Finding]:
        from adapters.telegram import checking  # noqa: PLC0415 - as above

        return await checking.examine(self.settings, places, pinned)

    async def run(self, core: Core) -> None:
        # httpx has a command line where Rich and Click are installed, which takes longer to load than httpx itself.
        with _without("httpx._main"):
            from adapters.telegram.serving import serve  # noqa: PLC0415 - the SDK, which takes a while

        await serve(self.settings, core, self.timing)


@contextmanager
def _without(module: str) -> Iterator[None]:
    """Meanwhile this module, unless it is there already, can't be imported, as if it were not installed."""
    missing: dict[str, Any] = {} if module in sys.modules else {module: None}
    sys.modules.update(missing)
    try:
        yield
    finally:
        for each in missing:
            del sys.modules[each]
