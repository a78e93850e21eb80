"""The Discord wire server against a bare discord.py bot: what adapters' journeys will lean on."""

import asyncio
import contextlib
import io
from datetime import UTC, datetime, timedelta

import aiohttp
import discord
import pytest
from discord import app_commands, ui

from tests.wire.discord import USUAL_PERMISSIONS, DiscordServer, File


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
        try:
            await asyncio.wait_for(bot.ready.wait(), 5)
            yield bot
        finally:
            await bot.close()
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def server():
    async with DiscordServer() as server:
        yield server


@pytest.fixture
async def channel(server):
    return server.guild("Friends of the library").channel("general")


@pytest.fixture
async def ana(server, channel):
    return server.guilds[0].member("Ana", nick="Ana P.", locale="es-ES")


@pytest.fixture
async def bot(server, channel):
    async with running(server) as bot:
        yield bot
    assert [str(one) for one in server.violations] == []


async def sign(member, place, **answers):
    card = await member.command(place, "petition")
    form = await member.press(card, "Sign")
    return await (await member.submit(form, **answers)).settled()


async def test_a_member_reads_presses_fills_in_and_gets_a_private_receipt(bot, ana, channel, server):
    card = await ana.command(channel, "petition")
    assert card.ephemeral
    assert card.text == "# Save the library"
    form = await ana.press(card, "Sign")
    assert form.modal.title == "Sign"
    assert form.modal.text == "Dear council, keep it open."
    assert form.modal["Your name"].value == "Ana"
    assert form.modal["reach"].value == "addressee"
    receipt = await ana.submit(form, {"Who sees my name": "Everyone"}, name="Ana Pérez", topics=["Quiet"])
    await receipt.settled()
    assert receipt.ephemeral
    assert receipt.text == "Thank you: Ana Pérez, everyone, ['Quiet'] (es-ES)"
    assert server.messages(channel) == []


async def test_a_member_signs_in_a_direct_message(bot, ana, server):
    bea = server.user("Bea")
    assert (await sign(bea, bea.dm)).text == "Thank you: Ana, addressee, [] (en-US)"


async def test_choices_are_completed_and_a_late_answer_brings_its_file(bot, channel, server):
    moderator = server.guilds[0].member("Mo", permissions=discord.Permissions.all())
    assert await moderator.autocomplete(channel, "totals", "which", "libr") == [{"name": "Libr", "value": "libr"}]
    report = await (await moderator.command(channel, "totals", which="libr")).settled()
    assert report.text == "libr: 12"
    assert report.ephemeral
    assert report.files == [File("n.csv", b"n,12")]


async def test_a_hidden_command_is_not_found_unless_it_was_opened(bot, ana, channel):
    with pytest.raises(AssertionError, match="hidden"):
        await ana.command(channel, "totals")
    ana.sees_all = True
    assert (await ana.command(channel, "totals")).ephemeral


async def test_two_hundred_members_sign_at_once(bot, channel, server):
    members = [server.guilds[0].member(f"Member {n}") for n in range(200)]
    receipts = await asyncio.gather(*(sign(one, channel, name=f"Name {n}") for n, one in enumerate(members)))
    assert [r.text.split(",")[0] for r in receipts] == [f"Thank you: Name {n}" for n in range(200)]


async def test_a_forged_button_and_a_replayed_event_reach_the_bot(bot, ana, channel, server):
    card = await ana.command(channel, "petition")
    assert (await ana.press(card, "made-up", forged=True)).modal
    server.inject(card.event)
    await server.called("create_interaction_response", 3)
    assert server.refusals == [("create_interaction_response", 400, 40060)]


@pytest.mark.parametrize("lose", ["reconnect", "drop"])
async def test_a_lost_gateway_resumes_and_nothing_is_missed(bot, ana, channel, server, lose):
    getattr(server.gateway, lose)()
    await bot.lost.wait()
    assert (await sign(ana, channel, name="Ana")).text.startswith("Thank you")
    assert (server.gateway.identified, server.gateway.resumed) == (1, 1)


async def test_an_invalid_session_identifies_again(bot, ana, channel, server):
    server.gateway.invalidate()
    await server.identified(2)
    assert (await sign(ana, channel)).text.startswith("Thank you")


async def test_the_gateway_beats_and_is_compressed(bot, server):
    await server.until(lambda: server.gateway.beats)
    server.gateway.ask_heartbeat()
    await server.until(lambda: server.gateway.beats >= 2)
    assert server.gateway.compressed == 1


async def test_a_wrong_token_is_told(server):
    with server.as_discord():
        bot = Bot()
        with pytest.raises(discord.LoginFailure):
            await bot.login("forged")
        await bot.close()
    assert server.refusals == [("get_my_user", 401, 0)]


async def test_a_privileged_intent_is_refused(server):
    with server.as_discord():
        bot = discord.Client(intents=discord.Intents(message_content=True))
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await bot.start(server.token)
        await bot.close()


async def test_a_rate_limited_answer_is_sent_again(bot, ana, channel, server):
    limit = server.faults.rate_limit("create_interaction_response", 0.01)
    assert (await ana.command(channel, "petition")).text
    await server.called("create_interaction_response", 2)
    assert limit.suffered == 1


async def test_a_standing_limit_slows_posts_but_loses_none(bot, channel, server):
    server.faults.limit("create_message", 2, per=0.1)
    target = bot.get_channel(channel.id)
    await asyncio.gather(*(target.send(str(n)) for n in range(5)))
    assert sorted(m.text for m in server.messages(channel)) == ["0", "1", "2", "3", "4"]


async def test_an_error_after_the_work_makes_the_client_answer_twice(bot, ana, channel, server):
    server.faults.fail("create_interaction_response", 502, after=True)
    card = await ana.command(channel, "petition")
    assert card.text == "# Save the library"
    assert (await bot.failure()).code == 40060


async def test_a_broken_connection_reaches_the_handler(bot, ana, channel, server):
    server.faults.drop("create_interaction_response", after=True)
    assert (await ana.command(channel, "petition")).text
    assert isinstance(await bot.failure(), aiohttp.ClientError | OSError)


async def test_a_held_answer_waits_for_its_gate(bot, ana, channel, server):
    held = server.faults.hold("create_interaction_response")
    asked = asyncio.create_task(ana.command(channel, "petition"))
    await server.until(lambda: server.interactions)
    assert not asked.done()
    held.lift()
    assert (await asked).text


async def test_an_answer_after_three_seconds_is_unknown(channel):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    async with DiscordServer(clock=lambda: now, patience=0.2) as server:
        ana = server.guild("G").member("Ana")
        place = server.guilds[0].channel("general")
        async with running(server) as bot:
            held = server.faults.hold("create_interaction_response")
            asked = asyncio.create_task(ana.command(place, "petition"))
            await server.until(lambda: server.interactions)
            now += timedelta(seconds=3.1)
            held.lift()
            with pytest.raises(AssertionError, match="did not respond"):
                await asked
            assert (await bot.failure()).code == 10062


async def test_a_nonce_posts_once_for_two_minutes():
    now = datetime(2026, 1, 1, tzinfo=UTC)
    async with DiscordServer(clock=lambda: now) as server:
        channel = server.guild("G").channel("general")
        async with running(server) as bot:
            target = bot.get_channel(channel.id)
            first, again = await target.send("hi", nonce="n1"), await target.send("hi", nonce="n1")
            assert first.id == again.id
            now += timedelta(minutes=3)
            assert (await target.send("hi", nonce="n1")).id != first.id
    assert len(server.messages(channel)) == 2


async def test_a_board_is_posted_edited_pinned_read_and_deleted(server):
    pinning = discord.Permissions(USUAL_PERMISSIONS.value | discord.Permissions(pin_messages=True).value)
    channel = server.guild("G", permissions=pinning).channel("general")
    async with running(server) as bot:
        target = bot.get_channel(channel.id)
        board = await target.send(view=Card(sign_row()))
        await board.edit(view=Card(sign_row(disabled=True)))
        await board.pin()
        assert [m.id async for m in target.pins()] == [board.id]
        assert [m.id async for m in target.history()] == [board.id]
        (seen,) = server.messages(channel)
        assert (seen.edits, seen.pinned, seen.button("Sign").disabled) == (1, True, True)
        await board.delete()
        with pytest.raises(discord.NotFound):
            await target.fetch_message(board.id)
    assert server.messages(channel) == []


async def test_files_come_back_from_the_cdn_and_may_be_shown_in_a_layout(bot, channel, server):
    view = ui.LayoutView()
    view.add_item(ui.MediaGallery(discord.MediaGalleryItem("attachment://bar.png", description="5 of 10")))
    view.add_item(ui.Separator())
    view.add_item(ui.File("attachment://letter.txt"))
    files = [discord.File(io.BytesIO(b"png"), "bar.png"), discord.File(io.BytesIO(b"Dear"), "letter.txt")]
    sent = await bot.get_channel(channel.id).send(view=view, files=files)
    assert await sent.attachments[1].read() == b"Dear"
    assert [file.name for file in server.messages(channel)[0].files] == ["bar.png", "letter.txt"]


async def test_the_bot_learns_what_it_may_not_do(bot, channel, server):
    target, friend = bot.get_channel(channel.id), server.user("Bea")
    assert target.permissions_for(target.guild.me).send_messages
    server.deny(channel, send_messages=True)
    with pytest.raises(discord.Forbidden):
        await target.send("hi")
    friend.user.closed = True
    with pytest.raises(discord.Forbidden):
        await (await bot.fetch_user(friend.id)).send("hi")
    server.delete_channel(channel)
    with pytest.raises(discord.NotFound):
        await target.send("hi")
    server.remove_bot(server.guilds[0])
    await asyncio.wait_for(_until_gone(bot), 5)
    assert [code for _, _, code in server.refusals] == [50013, 50007, 10003]


async def _until_gone(bot) -> None:
    if bot.guilds:
        await bot.wait_for("guild_remove")


async def test_mentions_that_would_notify_are_seen(bot, channel, server):
    target = bot.get_channel(channel.id)
    await target.send("@everyone <@42>")
    await target.send("@everyone <@42>", allowed_mentions=discord.AllowedMentions.all())
    assert [m.pings for m in server.messages(channel)] == [[], ["everyone", "<@42>"]]


async def test_who_installed_the_app_uses_it_where_the_bot_is_not(server):
    guild = server.guild("Elsewhere", joined=False)
    place, ana = guild.channel("general"), guild.member("Ana", installed=True)
    async with running(server) as bot:
        with pytest.raises(AssertionError, match="not installed"):
            await ana.command(place, "petition")
        bot.tree.get_command("petition").allowed_installs = app_commands.AppInstallationType(guild=True, user=True)
        await bot.tree.sync()
        assert (await sign(ana, place)).text


async def test_the_server_comes_back_at_its_port(server):
    url = server.url
    await server.stop()
    await server.start()
    assert server.url == url
    async with aiohttp.ClientSession() as client, client.get(f"{server.api_url}/gateway/bot") as answer:
        assert answer.status == 401


# -- what is refused ---------------------------------------------------------------------------------


async def violations(server, channel, **body):
    """What the server says to a raw body."""
    headers = {"Authorization": f"Bot {server.token}"}
    url = f"{server.api_url}/channels/{channel.id}/messages"
    async with aiohttp.ClientSession() as client, client.post(url, json=body, headers=headers) as answer:
        refused = answer.status == 400 and (await answer.json())["code"] == 50035
    assert refused == bool(server.violations)
    found, server.violations = server.violations, []
    return " ".join(map(str, found))


def button(custom_id="a", **more):
    return {"type": 2, "style": 1, "label": "A", "custom_id": custom_id, **more}


def row(*parts):
    return {"type": 1, "components": list(parts)}


def display(text):
    return {"type": 10, "content": text}


def select(count=2, **more):
    options = [{"label": str(n), "value": str(n), **more.pop("each", {})} for n in range(count)]
    return {"type": 3, "custom_id": "s", "options": options, **more}


V2 = 1 << 15


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({}, "empty message"),
        ({"content": "a" * 2001}, "2000"),
        ({"content": "a", "nonce": "n" * 26}, "$.nonce"),
        ({"content": "a", "flags": V2, "components": [display("b")]}, "IS_COMPONENTS_V2"),
        ({"components": [display("b")]}, "only action rows"),
        ({"flags": V2, "components": [display("a" * 2001)] * 2}, "4002 characters"),
        ({"flags": V2, "components": [row(button(str(n))) for n in range(21)]}, "42 in all"),
        ({"content": "a", "components": [row(button(), button())]}, "'a' is there 2 times"),
        ({"content": "a", "components": [row(*(button(str(n)) for n in range(6)))]}, "components"),
        ({"content": "a", "components": [row(button(), select())]}, "one select"),
        ({"content": "a", "components": [row(button("c" * 101))]}, "components"),
        ({"content": "a", "components": [row(button(label=None))]}, "label or an emoji"),
        ({"content": "a", "components": [row(button(url="https://a.example"))]}, "neither has both"),
        ({"content": "a", "components": [row(select(26))]}, "options"),
        ({"content": "a", "components": [row(select(each={"label": "l" * 101}))]}, "components"),
        ({"content": "a", "components": [row(select(max_values=3))]}, "max_values 3 of 2"),
        ({"content": "a", "components": [row(select(each={"default": True}))]}, "2 chosen by default"),
        ({"content": "a", "components": [row(select(each={"value": "v"}))]}, "'v' is there 2 times"),
        ({"flags": V2, "components": [{"type": 13, "file": {"url": "attachment://no"}}]}, "no such attachment"),
        ({"content": "a", "attachments": [{"id": "0"}]}, "was not uploaded"),
        ({"content": "a", "embeds": "none"}, "embeds"),
    ],
)
async def test_a_message_that_discord_would_not_take_is_refused(server, channel, body, complaint):
    assert complaint in await violations(server, channel, **body)
    assert server.messages(channel) == []


async def test_what_discord_takes_is_no_violation(server, channel):
    assert await violations(server, channel, content="a" * 2000) == ""
    assert await violations(server, channel, flags=V2, components=[display("a" * 4000)]) == ""
    assert await violations(server, channel, components=[row(select(25, max_values=25))], content="a") == ""


async def test_an_edit_cannot_turn_a_layout_into_plain_text(bot, channel, server):
    board = await bot.get_channel(channel.id).send(view=Card(sign_row()))
    with pytest.raises(discord.HTTPException, match="IS_COMPONENTS_V2"):
        await board.edit(content="plain")
    assert server.violations.pop().operation == "update_message"


def form(*parts, title="Sign"):
    shell = ui.Modal(title=title, custom_id="form")
    for part in parts:
        shell.add_item(part)
    return shell


def radio(count, **more):
    options = [discord.RadioGroupOption(label=str(n), **more) for n in range(count)]
    return ui.Label(text="Pick", component=ui.RadioGroup(custom_id="r", options=options))


@pytest.mark.parametrize(
    ("modal", "complaint"),
    [
        (form(ui.TextDisplay("a"), title="t" * 46), "title"),
        (form(ui.TextDisplay("a" * 4001)), "components[0].content"),
        (form(radio(1)), "options"),
        (form(radio(2, default=True)), "2 chosen by default"),
        (form(radio(2, value="v")), "'v' is there 2 times"),
        (form(ui.Label(text="l" * 46, component=ui.TextInput())), "label"),
        (form(ui.Label(text="Name", component=ui.TextInput(default="abc", max_length=2))), "3 characters"),
    ],
)
async def test_a_modal_that_discord_would_not_open_is_refused(server, channel, modal, complaint):
    async with running(server) as bot:
        bot.on_interaction = lambda interaction: interaction.response.send_modal(modal)
        member = server.guilds[0].member("Ana")
        card = await member.command(channel, "petition")
        asked = asyncio.create_task(member.press(card, "Sign"))
        await server.until(lambda: server.violations)
        assert complaint in str(server.violations[0])
        asked.cancel()


@pytest.mark.parametrize(
    ("answers", "complaint"),
    [([9, 9], "40060"), ([6, 9], "40060"), ([8], "does not answer"), ([5, 9], "40060")],
)
async def test_a_modal_is_only_a_first_answer(server, channel, answers, complaint):
    modal = {"title": "T", "custom_id": "c", "components": [display("a")]}
    async with running(server) as bot, aiohttp.ClientSession() as client:
        said = asyncio.Queue()

        async def answer(interaction):
            url = f"{server.api_url}/interactions/{interaction.id}/{interaction.token}/callback"
            for kind in answers:
                body = {"type": kind, "data": modal if kind == 9 else {"choices": []} if kind == 8 else {}}
                async with client.post(url, json=body) as response:
                    said.put_nowait(await response.text())

        card = await server.guilds[0].member("Ana").command(channel, "petition")
        bot.on_interaction = answer
        pressed = asyncio.create_task(server.guilds[0].member("Bo").press(card, "Sign"))
        last = [await asyncio.wait_for(said.get(), 5) for _ in answers][-1]
        assert complaint in last
        pressed.cancel()


def command(name="sign", **more):
    return {"name": name, "description": "Sign it", "type": 1, **more}


def option(name, **more):
    return {"type": 3, "name": name, "description": "Which", **more}


@pytest.mark.parametrize(
    ("commands", "complaint"),
    [
        ([command("Sign")], "bad name"),
        ([command(description="d" * 101)], "description"),
        ([command(description="")], "description"),
        ([command(), command()], "2 times"),
        ([command(options=[option("a"), option("b", required=True)])], "before non-required"),
        ([command(name_localizations={"es": "firmar"})], "no locale 'es'"),
        ([command(name_localizations={"es-ES": "Firmar"})], "bad name"),
        ([command(options=[option("a", autocomplete=True, choices=[{"name": "x", "value": "x"}])])], "exclude"),
        ([command(options=[option(f"o{n}", choices=[{"name": "n", "value": "v" * 5999}]) for n in range(2)])], "8000"),
    ],
)
async def test_commands_that_discord_would_not_register_are_refused(server, commands, complaint):
    url = f"{server.api_url}/applications/{server.application_id}/commands"
    headers = {"Authorization": f"Bot {server.token}"}
    async with aiohttp.ClientSession() as client, client.put(url, json=commands, headers=headers) as answer:
        assert answer.status == 400
    assert complaint in str(server.violations[0])


async def test_an_endpoint_that_the_server_does_not_speak_is_a_violation(server):
    async with aiohttp.ClientSession() as client, client.get(f"{server.api_url}/nowhere") as answer:
        assert answer.status == 404
    assert [str(one) for one in server.violations] == ["unknown: GET /api/v10/nowhere"]


@pytest.mark.parametrize("field", ["name", "Your name", "reach"])
async def test_a_member_cannot_submit_what_the_app_would_not(bot, ana, channel, field):
    form = await ana.press(await ana.command(channel, "petition"), "Sign")
    with pytest.raises(AssertionError):
        await ana.submit(form, {field: "" if "name" in field else "No such option"})
