"""A small discord.py bot, unmodified client and all, to try the Discord wire server with."""

import asyncio
import contextlib
import io

import discord
from discord import app_commands, ui

from tests.wire.discord import DiscordServer


class NameForm(ui.Modal, title="Sign"):
    letter = ui.TextDisplay("Dear council, keep it open.")
    name = ui.Label(text="Your name", component=ui.TextInput(custom_id="name", default="Ana", max_length=100))
    reach = ui.Label(
        text="Who sees my name",
        component=ui.RadioGroup(
            custom_id="reach",
            options=[
                discord.RadioGroupOption(label="The council", value="addressee", default=True),
                discord.RadioGroupOption(label="Everyone", value="everyone"),
            ],
        ),
    )
    topics = ui.Label(
        text="Topics",
        component=ui.CheckboxGroup(
            custom_id="topics", required=False, max_values=2,
            options=[discord.CheckboxGroupOption(label=one) for one in ("Books", "Quiet")],
        ),
    )  # fmt: skip


class Card(ui.LayoutView):
    def __init__(self, *rows: ui.ActionRow) -> None:
        super().__init__(timeout=None)
        self.add_item(ui.Container(ui.TextDisplay("# Save the library"), *rows))


def sign_row(**kw) -> ui.ActionRow:
    return ui.ActionRow(ui.Button(label="Sign", custom_id="sign", style=discord.ButtonStyle.primary, **kw))


class Bot(discord.Client):
    """A petition of five minutes: a card, a form, a receipt. It keeps what goes wrong in its handlers."""

    def __init__(self, **options) -> None:
        quiet = discord.AllowedMentions.none()
        super().__init__(
            intents=discord.Intents(guilds=True), guild_ready_timeout=0.05, allowed_mentions=quiet, **options
        )
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(app_commands.Command(name="petition", description="Read", callback=self.show))
        self.tree.add_command(self._slow())
        self.tree.error(self.on_tree_error)
        self.failures: asyncio.Queue[Exception] = asyncio.Queue()
        self.ready, self.lost = asyncio.Event(), asyncio.Event()

    def _slow(self) -> app_commands.Command:
        @app_commands.command(description="Answer late")
        @app_commands.default_permissions(manage_guild=True)
        async def totals(interaction: discord.Interaction, which: str = "all") -> None:
            await interaction.response.defer(ephemeral=True)
            await interaction.followup.send(f"{which}: 12", file=discord.File(io.BytesIO(b"n,12"), "n.csv"))

        @totals.autocomplete("which")
        async def complete(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
            return [app_commands.Choice(name=typed.title(), value=typed)]

        return totals

    async def on_tree_error(self, interaction: discord.Interaction, error: Exception) -> None:
        self.failures.put_nowait(getattr(error, "original", error))

    async def failure(self) -> Exception:
        return await asyncio.wait_for(self.failures.get(), 5)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def show(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(view=Card(sign_row()), ephemeral=True)

    async def before_identify_hook(self, shard_id, *, initial=False) -> None:
        """Without the five seconds that the client waits before it identifies again."""

    async def on_ready(self) -> None:
        self.ready.set()

    async def on_disconnect(self) -> None:
        self.lost.set()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        data = interaction.data
        if interaction.type is discord.InteractionType.component:
            form = NameForm(custom_id="form")
            form.stop()
            await interaction.response.send_modal(form)
        elif interaction.type is discord.InteractionType.modal_submit:
            answers = [part["component"] for part in data["components"] if part["type"] == 18]
            await interaction.response.defer(ephemeral=True, thinking=True)
            shown = ", ".join(str(one.get("value", one.get("values"))) for one in answers)
            await interaction.followup.send(f"Thank you: {shown} ({interaction.locale})")


@contextlib.asynccontextmanager
async def running(server: DiscordServer, **options):
    with server.as_discord():
        bot = Bot(**options)
        task = asyncio.create_task(bot.start(server.token))
        ready = asyncio.create_task(bot.ready.wait())
        try:
            await asyncio.wait({task, ready}, timeout=10, return_when=asyncio.FIRST_COMPLETED)
            assert ready.done(), f"the bot did not start: {task} {server.violations}"
            yield bot
        finally:
            ready.cancel()
            await bot.close()
            await asyncio.gather(task, ready, return_exceptions=True)


async def sign(member, place, **answers):
    card = await member.command(place, "petition")
    form = await member.press(card, "Sign")
    return await (await member.submit(form, **answers)).settled()
