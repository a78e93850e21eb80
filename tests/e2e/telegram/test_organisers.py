"""An organiser's work on Telegram: from the code to the packet, in a private chat."""

import csv
import io
import threading
from datetime import timedelta

import pypdfium2
import pytest
from msgspec.structs import replace

from bot import exporting
from bot.model.account import Account
from bot.model.petition import State
from tests.e2e import organising as pages
from tests.e2e.organising import CODE, later, none_left, offer_claim
from tests.e2e.telegram.house import shown, sign
from tests.wire.telegram.faults import Fault


@pytest.fixture
async def olga(house, server):
    """Who has claimed the role."""
    olga = server.member("Olga")
    await offer_claim(house)
    assert "organiser now" in (await olga.ask(f"/claim {CODE}")).text
    return olga


async def chosen(member, label, words):
    """Press a button below the bot's newest message; the message that then says so."""
    await member.press(member.chat.from_bot[-1], label)
    return await shown(member, words)


def files(member):
    return [message for message in member.chat.from_bot if message.file]


async def got(member, number=2):
    """The list and its manifest, once they are there."""
    await member.until(lambda _: len(files(member)) == number, 10)
    return [message.file for message in files(member)]


# --- petitions ---


async def test_a_petition_lives_its_whole_life_in_the_chat(house, olga, ana, server):
    await olga.upload("park.md", pages.PARK.encode(), "/new")
    await shown(olga, "Keep the *park*")
    await chosen(olga, "Keep it as a draft", "draft")
    await chosen(olga, "Yes, open it", "Open")
    await chosen(olga, "Yes, open it", "open")
    petition = await house.ports.petitions.find("park")
    assert petition.state(house.now()) is State.OPEN
    await sign(ana)

    await olga.upload("park.md", pages.EDITED.encode(), "/edit park")
    await shown(olga, "keep all of it")
    await chosen(olga, "Change it", "changed")
    assert "Signatures: 1" in (await olga.ask("/status")).text
    for command, yes in (
        ("close", "Yes, close it"),
        ("reopen", "Yes, open it again"),
        ("close", "Yes, close it"),
    ):
        await olga.ask(f"/{command}")
        await olga.press(olga.chat.from_bot[-1], yes)
        await server.idle()
    await olga.ask("/deliver")
    await olga.press(olga.chat.from_bot[-1], "Yes, it is delivered")
    await server.idle()
    assert (await house.ports.petitions.find("park")).state(house.now()) is State.DELIVERED
    acts = [act.what for act in await house.ports.audit.acts()]
    assert acts == ["claim", "add", "open", "update", "close", "reopen", "close", "deliver"]


async def test_a_page_may_be_pasted_in_parts(house, olga, server):
    await olga.ask("/new")
    for part in pages.PARK.split("\n\n", 1):
        await olga.send(part)
    await server.idle()
    await chosen(olga, "That is all", "Keep the *park*")
    await chosen(olga, "Keep it as a draft", "draft")
    assert (await house.ports.petitions.find("park")).title == "Keep the *park*"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("park.md", pages.WRONG.encode(), "line 4"),
        ("park.png", b"\x89PNG\r\n\x1a\n\0\0", "text"),
        ("long.md", b"x" * 3_000_000, "large"),
    ],
)
async def test_a_file_that_is_no_petition_is_told_why_and_nothing_is_stored(house, olga, name, data, said):
    await olga.upload(name, data, "/new")
    assert said in (await shown(olga, said)).text
    assert await house.ports.petitions.all() == []


async def test_a_file_that_telegram_does_not_hand_out_is_told(house, olga, server):
    server.faults.append(Fault("getFile", 400, "Bad Request: file is too big"))
    await olga.upload("park.md", pages.PARK.encode(), "/new")
    await shown(olga, "could not be")


async def test_an_organisers_menu_has_their_commands_once_they_asked_for_help(house, olga, ana, server):
    assert "export" not in olga.commands()
    await olga.ask("/help")
    await server.idle()
    assert {"export", "new", "sign", "help"} <= set(olga.commands())
    await ana.ask("/help")
    await server.idle()
    assert "export" not in ana.commands()
    await olga.ask("/forgetme")
    await olga.press(olga.chat.from_bot[-1], "Yes, erase everything")
    await server.idle()
    assert olga.commands() == ana.commands()


# --- the list ---


async def test_the_list_comes_protected_and_is_gone_after_a_quarter_of_an_hour(
    house, library, olga, ana, server
):
    await sign(ana)
    await olga.ask("/export library csv")
    named, manifest = await got(olga)
    assert all(message.protected for message in files(olga))
    assert "Ana López" in {row["name"] for row in csv.DictReader(io.StringIO(named.data.decode("utf-8-sig")))}
    assert manifest.name == f"{named.name}.manifest.json"
    await olga.until(lambda chat: any("removed from this chat" in each.text for each in chat.from_bot))
    assert len([each for each in olga.chat.from_bot if "list" in each.text]) == 1, (
        "one message told how it went"
    )

    later(house, minutes=14, seconds=30)
    await server.idle()
    assert len(files(olga)) == 2
    later(house, minutes=1)
    await olga.until(lambda _: not files(olga))
    assert "export" in [act.what for act in await house.ports.audit.acts()]


class Halting:
    """A roster whose reader stands still behind the first page until it may go on."""

    def __init__(self, roster):
        self.roster, self.go_on = roster, threading.Event()

    async def read(self, petition_id, work):
        def slowly(reading):
            pages = reading.pages

            def halting(*asked):
                for page in pages(*asked):
                    yield page
                    assert self.go_on.wait(10)

            reading.pages = halting
            return work(reading)

        return await self.roster.read(petition_id, slowly)


async def test_while_a_list_is_written_one_message_counts_along_and_others_sign(
    stored, server, ana, monkeypatch
):
    monkeypatch.setattr(exporting, "EVERY", 0.05)
    halting = Halting(stored.ports.roster)
    stored.ports = replace(stored.ports, roster=halting)
    async with stored.served():
        await stored.opened()
        await sign(ana)
        olga = server.member("Olga")
        await offer_claim(stored)
        await olga.ask(f"/claim {CODE}")
        told = await olga.ask("/export library csv")
        await olga.until(lambda _: "1 of 1 rows are written" in told.text)
        await sign(server.member("Ben"))
        assert not files(olga)
        halting.go_on.set()
        await got(olga)
        await olga.until(lambda _: "removed from this chat" in told.text)


async def test_it_is_removed_also_by_the_process_that_runs_next(stored, server, ana):
    async with stored.served():
        await stored.opened()
        await sign(ana)
        await offer_claim(stored)
        olga = server.member("Olga")
        await olga.ask(f"/claim {CODE}")
        await olga.ask("/export library jsonl")
        await got(olga)
        await server.idle()
    stored.ahead += timedelta(hours=3)
    async with stored.served():
        await olga.until(lambda _: not files(olga))
        await none_left(lambda: stored.ports.removals.due("telegram"))


async def test_what_the_organiser_has_deleted_is_forgotten(house, library, olga, ana, server):
    await sign(ana)
    await olga.ask("/export library jsonl")
    await got(olga)
    await server.idle()
    for message in files(olga):
        await olga.delete(message)
    later(house, minutes=16)
    await none_left(lambda: house.ports.removals.due("telegram"))
    assert len(server.called("deleteMessage")) == 2


async def test_a_button_leads_to_the_packet_for_the_addressee(house, library, olga, ana):
    await sign(ana)
    await olga.ask("/export")
    await chosen(olga, "For the addressee", "packet that is handed over")
    await olga.press(olga.chat.from_bot[-1], "pdf")
    packet, _ = await got(olga)
    text = "\n".join(sheet.get_textpage().get_text_bounded() for sheet in pypdfium2.PdfDocument(packet.data))
    assert "Save the library" in text
    assert "Ana López" in text


async def test_an_export_is_told_to_all_organisers(house, library, olga, ana, server):
    await sign(ana)
    oskar = server.member("Oskar")
    await oskar.start()
    await offer_claim(house)
    await oskar.ask(f"/claim {CODE}")
    await olga.ask("/export library csv addressee")
    told = await shown(oskar, "The list of signers was exported", 10)
    assert "as CSV, for the addressee" in told.text
    assert "Olga" not in told.text


async def test_forgetting_an_organiser_takes_the_list_back_at_once(house, library, olga, ana, server):
    await sign(ana)
    await olga.ask("/export library csv")
    await got(olga)
    await server.idle()
    await olga.ask("/forgetme")
    await olga.press(olga.chat.from_bot[-1], "Yes, erase everything")
    await olga.until(lambda _: not files(olga))
    await none_left(lambda: house.ports.removals.due("telegram"))
    assert not await house.ports.organisers.includes(olga_account(olga))


def olga_account(member):
    return Account("telegram", str(member.id))
