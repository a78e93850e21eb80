"""Files that come with a command. Discord keeps them; they are fetched only when the core asks for one."""

from dataclasses import replace
from typing import Any

import aiohttp
import discord

from bot.inbound import Attached, Command, Inbound


def with_file(inbound: Inbound, interaction: discord.Interaction[Any]) -> Inbound:
    """The same event with the file that came along, if one did."""
    data: Any = interaction.data or {}
    files = list(((data.get("resolved") or {}).get("attachments") or {}).values())
    if not (files and isinstance(inbound.event, Command)):
        return inbound
    file = discord.Attachment(data=files[0], state=interaction._state)  # noqa: SLF001 - it has no other door
    attached = Attached(file.filename, file.size, lambda: _read(file))
    return replace(inbound, event=replace(inbound.event, attached=attached))


async def _read(file: discord.Attachment) -> bytes:
    """Raises ConnectionError, without the address."""
    try:
        return await file.read()
    except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
        raise ConnectionError(type(error).__name__) from None
