"""What the real Discord would not take, the wire server does not take either, and remembers."""

import asyncio
import os

import aiohttp
import discord
import pytest
from discord import ui

from tests.wire.bare_bot import Card, running, sign_row
from tests.wire.discord import DiscordServer

described = pytest.mark.skipif(
    "UNDERSIGNED_API_SPECS" not in os.environ, reason="UNDERSIGNED_API_SPECS names no directory"
)


@pytest.fixture
async def server():
    async with DiscordServer() as server:
        yield server


@pytest.fixture
async def channel(server):
    return server.guild("Friends of the library").channel("general")


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


def select(count=2, each=None, **more):
    options = [{"label": str(n), "value": str(n), **(each or {})} for n in range(count)]
    return {"type": 3, "custom_id": "s", "options": options, **more}


V2 = 1 << 15


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({}, "empty message"),
        ({"content": "a" * 2001}, "2000"),
        pytest.param({"content": "a", "nonce": "n" * 26}, "$.nonce", marks=described),
        ({"content": "a", "flags": V2, "components": [display("b")]}, "IS_COMPONENTS_V2"),
        ({"components": [display("b")]}, "only action rows"),
        ({"flags": V2, "components": [display("a" * 2001)] * 2}, "4002 characters"),
        ({"flags": V2, "components": [row(button(str(n))) for n in range(21)]}, "42 in all"),
        ({"content": "a", "components": [row(button(), button())]}, "'a' is there 2 times"),
        pytest.param(
            {"content": "a", "components": [row(*(button(str(n)) for n in range(6)))]},
            "components",
            marks=described,
        ),
        ({"content": "a", "components": [row(button(), select())]}, "one select"),
        pytest.param({"content": "a", "components": [row(button("c" * 101))]}, "components", marks=described),
        ({"content": "a", "components": [row(button(label=None))]}, "label or an emoji"),
        ({"content": "a", "components": [row(button(url="https://a.example"))]}, "neither has both"),
        ({"content": "a", "components": [row(select(26))]}, "options"),
        pytest.param(
            {"content": "a", "components": [row(select(each={"label": "l" * 101}))]},
            "components",
            marks=described,
        ),
        ({"content": "a", "components": [row(select(max_values=3))]}, "max_values 3 of 2"),
        ({"content": "a", "components": [row(select(each={"default": True}))]}, "2 chosen by default"),
        ({"content": "a", "components": [row(select(each={"value": "v"}))]}, "'v' is there 2 times"),
        (
            {"flags": V2, "components": [{"type": 13, "file": {"url": "attachment://no"}}]},
            "no such attachment",
        ),
        ({"content": "a", "attachments": [{"id": "0"}]}, "was not uploaded"),
        pytest.param({"content": "a", "embeds": "none"}, "embeds", marks=described),
    ],
)
async def test_a_message_that_discord_would_not_take_is_refused(server, channel, body, complaint):
    assert complaint in await violations(server, channel, **body)
    assert server.messages(channel) == []


async def test_what_discord_takes_is_no_violation(server, channel):
    assert await violations(server, channel, content="a" * 2000) == ""
    assert await violations(server, channel, flags=V2, components=[display("a" * 4000)]) == ""
    assert await violations(server, channel, components=[row(select(25, max_values=25))], content="a") == ""


async def test_an_edit_cannot_turn_a_layout_into_plain_text(server, channel):
    async with running(server) as bot:
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
        pytest.param(form(ui.TextDisplay("a" * 4001)), "components[0].content", marks=described),
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
        (
            [command(options=[option("a", autocomplete=True, choices=[{"name": "x", "value": "x"}])])],
            "exclude",
        ),
        (
            [
                command(
                    options=[option(f"o{n}", choices=[{"name": "n", "value": "v" * 5999}]) for n in range(2)]
                )
            ],
            "8000",
        ),
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
