"""Discord as a platform. The SDK is imported when the platform is made."""

from bot.platform import Platform
from bot.settings import DiscordSettings


def platform(settings: DiscordSettings) -> Platform:
    """Discord with this token."""
    from adapters.discord.adapter import Discord  # noqa: PLC0415 - imported when its platform is on

    return Discord(settings)
