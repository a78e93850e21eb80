"""A bare discord.py bot that leaves aside what the library offers for commands, forms and views: it answers the event.

Harder to keep up with than `bare_discord`: one listener, nothing kept, objects made only for what is sent, uvloop.
"""

import asyncio

import discord
from discord import ui

from benchmarks.bare import LETTER, REACHES, RECEIPT


class Discord(discord.AutoShardedClient):
    """`/sign`, a modal, a receipt."""

    def __init__(self) -> None:
        super().__init__(
            intents=discord.Intents.none(), allowed_mentions=discord.AllowedMentions.none(), max_messages=None
        )

    async def setup_hook(self) -> None:
        sign = {"name": "sign", "description": "Sign", "type": 1, "options": []}
        await self.http.bulk_upsert_global_commands(self.application_id, [sign])

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.application_command:
            await interaction.response.send_modal(_modal(interaction))
        else:
            await interaction.response.send_message(view=_receipt(), ephemeral=True)


def _modal(interaction: discord.Interaction) -> ui.Modal:
    modal = ui.Modal(title="Sign the letter", custom_id=f"sign-{interaction.id}", timeout=None)
    radios = [discord.RadioGroupOption(label=one, value=one, default=one == REACHES[0]) for one in REACHES]
    name = ui.TextInput(custom_id="name", default=interaction.user.display_name, max_length=100)
    comment = ui.TextInput(custom_id="comment", style=discord.TextStyle.paragraph, required=False)
    modal.add_item(ui.TextDisplay(LETTER))
    modal.add_item(ui.Label(text="Your name", component=name))
    modal.add_item(ui.Label(text="Who sees it", component=ui.RadioGroup(custom_id="reach", options=radios)))
    modal.add_item(ui.Label(text="Comment", component=comment))
    modal.stop()
    return modal


def _receipt() -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    rows = [ui.ActionRow(ui.Button(label=label, custom_id=label)) for label in ("My signatures", "Tell me")]
    view.add_item(ui.Container(ui.TextDisplay(RECEIPT), *rows))
    view.stop()
    return view


def run(url: str, token: str) -> None:
    """Until it is ended."""

    async def serve() -> None:
        async with Discord() as bot:
            await bot.start(token)

    discord.http.Route.BASE = url
    asyncio.run(serve())
