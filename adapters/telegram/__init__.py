"""Telegram as a platform. The SDK is imported when it runs, not before."""

from bot.platform import Platform
from bot.settings import TelegramSettings


def platform(settings: TelegramSettings) -> Platform:
    """Telegram with this token."""
    from adapters.telegram.adapter import Telegram  # noqa: PLC0415 - imported when its platform is on

    return Telegram(settings)
