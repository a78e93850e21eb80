"""A Discord to test against: REST v10 and the gateway, spoken to the unmodified discord.py.

    async with DiscordServer(token="t") as server:
        guild = server.guild("Library friends")
        channel = guild.channel("general")
        ana = guild.member("Ana", nick="Ana P.", locale="es-ES")
        …start a bot whose `discord.api_url` is `server.api_url`; a bare client inside `server.as_discord()`…
        await server.identified()
        form = await ana.command(channel, "sign", which="save-the-library")
        receipt = await (await ana.submit(form, name="Ana Pérez")).settled()
        assert receipt.ephemeral and "#1" in receipt.text
        assert not server.violations

Members act (`Member`) and see (`Reply`, `Message`, `Modal`); the server misbehaves on demand (`server.faults`,
`server.gateway`); every body is checked against Discord's description where UNDERSIGNED_API_SPECS names its
directory, and against rules of Discord's that the description does not tell (`server.violations`).
"""

from .calls import Call
from .faults import Fault, Faults
from .model import USUAL_PERMISSIONS, Channel, Message, User
from .parts import Button, Field, File, Modal
from .people import GuildHandle, Member, Reply
from .server import DiscordServer, Violation

__all__ = [
    "USUAL_PERMISSIONS", "Button", "Call", "Channel", "DiscordServer", "Fault", "Faults", "Field", "File",
    "GuildHandle", "Member", "Message", "Modal", "Reply", "User", "Violation",
]  # fmt: skip
