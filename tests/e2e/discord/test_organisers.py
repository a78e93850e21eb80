"""An organiser's work on Discord: from the code to the packet, by answers that nobody else sees."""

import csv
import io
from datetime import timedelta

import pypdfium2
import pytest

from bot.model.petition import State
from tests.e2e import organising as pages
from tests.e2e.discord.house import read, sign
from tests.e2e.organising import CODE, later, none_left, offer_claim
from tests.wire.discord import File


@pytest.fixture
async def olga(house, guild, channel):
    """Who has claimed the role."""
    olga = guild.member("Olga")
    await offer_claim(house)
    assert "organiser now" in read(await olga.command(channel, "claim", code=CODE))
    return olga


def page(text, name="park.md"):
    return File(name, text.encode())


async def test_a_petition_lives_its_whole_life_by_commands(house, olga, channel, ana, server):
    shown = await (await olga.command(channel, "new", file=page(pages.PARK))).settled()
    assert "Keep the *park*" in read(shown)
    kept = await olga.press(shown, "Keep it as a draft")
    asked = await olga.press(kept, "Yes, open it")
    await olga.press(asked, "Yes, open it")
    petition = await house.ports.petitions.find("park")
    assert petition.state(house.now()) is State.OPEN
    await sign(ana, channel)

    shown = await (await olga.command(channel, "edit", which="park", file=page(pages.EDITED))).settled()
    assert "keep all of it" in read(shown)
    assert "1 " in read(shown), "how many signed the old text"
    await olga.press(shown, "Change it")
    assert "Signatures: 1" in read(await olga.command(channel, "status")).replace("*", "")
    for command, yes in (
        ("close", "Yes, close it"),
        ("reopen", "Yes, open it again"),
        ("close", "Yes, close it"),
    ):
        await olga.press(await olga.command(channel, command), yes)
    await olga.press(await olga.command(channel, "deliver"), "Yes, it is delivered")
    assert (await house.ports.petitions.find("park")).state(house.now()) is State.DELIVERED
    assert not server.messages(channel), "and the channel saw nothing of it"
    acts = [act.what for act in await house.ports.audit.acts()]
    assert acts == ["claim", "add", "open", "update", "close", "reopen", "close", "deliver"]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (File("park.md", pages.WRONG.encode()), "4"),
        (File("park.png", b"\x89PNG\r\n\x1a\n\0\0"), "text"),
        (File("empty.md", b""), "empty"),
        (File("long.md", b"x" * 3_000_000), "large"),
    ],
)
async def test_a_file_that_is_no_petition_is_told_why_and_nothing_is_stored(house, olga, channel, file, said):
    reply = await (await olga.command(channel, "new", file=file)).settled()
    assert said in read(reply)
    assert await house.ports.petitions.all() == []


async def test_a_present_page_comes_as_a_file_that_can_be_sent_back(house, library, olga, channel):
    asked = await olga.command(channel, "edit", which="library")
    assert asked.modal, "or, if it is short, in the form itself"


# --- the list ---


async def test_the_list_comes_to_the_organiser_alone_and_is_gone_after_a_quarter_of_an_hour(
    house, library, olga, channel, ana, server
):
    await sign(ana, channel)
    reply = await (await olga.command(channel, "export", format="csv")).settled()
    await reply.followed(2)
    await reply.until(lambda one: "removed from this chat" in read(one))
    (named, manifest) = reply.files
    assert reply.ephemeral
    assert "Ana López" in {row["name"] for row in csv.DictReader(io.StringIO(named.data.decode("utf-8-sig")))}
    assert manifest.name == f"{named.name}.manifest.json"
    assert not server.messages(channel)

    later(house, minutes=13, seconds=30)
    await server.until(lambda: not server.calls_of("delete_webhook_message"), "peace", within=1)
    assert len(reply.files) == 2
    later(house, minutes=1)
    await reply.until(lambda one: not one.files, "the files to be gone")
    assert "export" in [act.what for act in await house.ports.audit.acts()]


async def test_it_is_removed_also_by_the_process_that_runs_next(stored, channel, guild, ana):
    async with stored.served():
        await stored.opened()
        await sign(ana, channel)
        await offer_claim(stored)
        olga = guild.member("Olga")
        await olga.command(channel, "claim", code=CODE)
        reply = await (await olga.command(channel, "export", format="jsonl")).settled()
        await reply.until(lambda one: "removed from this chat" in read(one))
    stored.ahead += timedelta(minutes=14)
    async with stored.served():
        await reply.until(lambda one: not one.files, "the files to be gone")


async def test_what_discord_lets_nobody_remove_any_more_is_forgotten(
    house, library, olga, channel, ana, server
):
    await sign(ana, channel)
    reply = await (await olga.command(channel, "export", format="jsonl")).settled()
    await reply.until(lambda one: "removed from this chat" in read(one))
    server.interactions.clear()  # the interaction is over
    later(house, minutes=14)
    await server.until(lambda: len(server.calls_of("delete_webhook_message")) == 2, "two attempts")
    later(house, minutes=14)
    await none_left(lambda: house.ports.removals.due("discord"))
    assert len(server.calls_of("delete_webhook_message")) == 2


async def test_a_button_leads_to_the_packet_for_the_addressee(house, library, olga, channel, ana):
    await sign(ana, channel)
    offered = await (await olga.command(channel, "export")).settled()
    chosen = await (await olga.press(offered, "For the addressee")).settled()
    packet = await (await olga.press(chosen, "pdf")).settled()
    await packet.until(lambda one: "removed from this chat" in read(one))
    sheets = pypdfium2.PdfDocument(packet.files[0].data)
    text = "\n".join(sheet.get_textpage().get_text_bounded() for sheet in sheets)
    assert "Save the library" in text
    assert "Ana López" in text


async def test_formats_and_readers_are_suggested_while_they_are_typed(house, library, olga, channel):
    choices = await olga.autocomplete(channel, "export", "for", "add")
    assert [choice["value"] for choice in choices] == ["addressee"]
    assert len(await olga.autocomplete(channel, "export", "format")) == 4


async def test_a_list_that_discord_does_not_take_is_told_with_the_command(house, library, olga, channel, ana):
    await sign(ana, channel)
    event_limit = olga.event

    def tight(*arguments):
        return event_limit(*arguments) | {"attachment_size_limit": 100}

    olga.event = tight
    reply = await (await olga.command(channel, "export", format="csv")).settled()
    await reply.until(lambda one: "undersigned export library --format csv --for organisers" in read(one))
    assert not reply.files
    assert [act.what for act in await house.ports.audit.acts()][-1] != "export"
