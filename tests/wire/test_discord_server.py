"""The Discord wire server against a bare discord.py bot: what adapters' journeys will lean on."""

import asyncio
import io
from datetime import UTC, datetime, timedelta

import aiohttp
import discord
import pytest
from discord import app_commands, ui

from tests.wire.bare_bot import Bot, Card, running, sign, sign_row
from tests.wire.discord import USUAL_PERMISSIONS, DiscordServer, File

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
async def server():
    async with DiscordServer(clock=lambda: NOON, check_answers=True) as server:  # no haste on a busy machine
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
    assert await moderator.autocomplete(channel, "totals", "which", "libr") == [
        {"name": "Libr", "value": "libr"}
    ]
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


async def test_an_error_before_the_work_is_retried(bot, channel, server):
    server.faults.fail("create_message", 500)
    await bot.get_channel(channel.id).send("hi")
    assert [m.text for m in server.messages(channel)] == ["hi"]


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


async def test_a_form_opened_before_a_restart_is_submitted_after_it(server, channel, ana):
    async with running(server):
        form = await ana.press(await ana.command(channel, "petition"), "Sign")
    async with running(server):
        assert (await (await ana.submit(form)).settled()).text.startswith("Thank you")


async def test_nobody_can_act_before_a_bot_has_come(server, channel, ana):
    with pytest.raises(AssertionError, match="no command"):
        await ana.command(channel, "petition")
    with pytest.raises(AssertionError, match="offline"):
        server.inject(ana.event(2, channel, {"name": "petition"}))


async def test_follow_ups_end_with_the_token():
    now = NOON
    async with DiscordServer(clock=lambda: now) as server:
        ana = server.user("Ana")
        async with running(server) as bot:
            said = asyncio.Queue()
            bot.on_interaction = said.put
            await ana.command(ana.dm, "petition")
            interaction = await asyncio.wait_for(said.get(), 5)
            await interaction.followup.send("in time")
            now += timedelta(minutes=16)
            with pytest.raises(discord.HTTPException) as late:
                await interaction.followup.send("late")
    assert late.value.code == 50027


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
            await asyncio.wait_for(bot.start(server.token), 5)
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
    now = NOON
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
    now = NOON
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
        bot.tree.get_command("petition").allowed_installs = app_commands.AppInstallationType(
            guild=True, user=True
        )
        await bot.tree.sync()
        assert (await sign(ana, place)).text


async def test_the_server_comes_back_at_its_port(server):
    url = server.url
    await server.stop()
    await server.start()
    assert server.url == url
    async with aiohttp.ClientSession() as client, client.get(f"{server.api_url}/gateway/bot") as answer:
        assert answer.status == 401


@pytest.mark.parametrize("field", ["name", "Your name", "reach"])
async def test_a_member_cannot_submit_what_the_app_would_not(bot, ana, channel, field):
    form = await ana.press(await ana.command(channel, "petition"), "Sign")
    with pytest.raises(AssertionError):
        await ana.submit(form, {field: "" if "name" in field else "No such option"})
