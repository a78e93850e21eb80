"""Files that come with a command. Discord keeps them; they are fetched only when the core asks for one."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
import discord
from msgspec.structs import replace

from adapters.discord.interaction import Interaction
from bot.inbound import Attached, Command, Inbound

Fetch = Callable[[str], Awaitable[bytes]]


def with_file(inbound: Inbound, interaction: Interaction, fetch: Fetch) -> Inbound:
    """The same event with the file that came along, if one did; `fetch` gets what stands at an address of Discord's."""
    resolved: Mapping[str, Any] = interaction.data.get("resolved") or {}
    files = list((resolved.get("attachments") or {}).values())
    if not (files and isinstance(inbound.event, Command)):
        return inbound
    file = files[0]
    attached = Attached(str(file["filename"]), int(file["size"]), lambda: _read(fetch, str(file["url"])))
    return replace(inbound, event=replace(inbound.event, attached=attached))


async def _read(fetch: Fetch, url: str) -> bytes:
    """Raises ConnectionError, without the address."""
    try:
        return await fetch(url)
    except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
        raise ConnectionError(type(error).__name__) from None
