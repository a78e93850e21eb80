"""A bare discord.py bot as the library's own documentation teaches it: `/sign`, a modal, a receipt.

A `Client` with a `CommandTree`, a `Modal` with its `on_submit`, a view as the answer, and `Client.run`, with its
event loop and its log. Each form has the random custom id that the library gives it, so that it keeps them apart;
one with a fixed id would take one member's answers for another's.
"""

import discord
import yarl
from discord import app_commands, ui
from discord.gateway import DiscordWebSocket

from benchmarks.bare import LETTER, REACHES, RECEIPT


class Client(discord.Client):
    """Knows `/sign`."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.default(), allowed_mentions=discord.AllowedMentions.none())
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        await self.tree.sync()


class Form(ui.Modal, title="Sign the letter"):
    """The form."""

    letter = ui.TextDisplay(LETTER)
    name = ui.Label(text="Your name", component=ui.TextInput(max_length=100))
    reach = ui.Label(
        text="Who sees it",
        component=ui.RadioGroup(
            options=[
                discord.RadioGroupOption(label=one, value=one, default=one == REACHES[0]) for one in REACHES
            ]
        ),
    )
    comment = ui.Label(
        text="Comment", component=ui.TextInput(style=discord.TextStyle.paragraph, required=False)
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(view=Receipt(), ephemeral=True)


class Buttons(ui.ActionRow):
    """What stands below a receipt."""

    @ui.button(label="My signatures")
    async def mine(self, interaction: discord.Interaction, _: ui.Button) -> None:
        await interaction.response.defer()

    @ui.button(label="Tell me")
    async def tell(self, interaction: discord.Interaction, _: ui.Button) -> None:
        await interaction.response.defer()


class Receipt(ui.LayoutView):
    """The receipt."""

    card = ui.Container(ui.TextDisplay(RECEIPT), Buttons())


def run(url: str, token: str) -> None:
    """Until it is ended."""
    discord.http.Route.BASE = url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url.replace("http", "ws", 1)).with_path("/gateway/")
    client = Client()

    @client.tree.command(description="Sign")
    async def sign(interaction: discord.Interaction) -> None:
        form = Form()
        form.name.component.default = interaction.user.display_name
        await interaction.response.send_modal(form)

    client.run(token)
