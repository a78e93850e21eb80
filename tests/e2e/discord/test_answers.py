"""What an answer of the core's becomes on Discord: progress in place, files, public and private pages."""

import pytest
from msgspec.structs import replace

from bot.answer import Button, File, Page, Picture
from bot.commands import COMMANDS
from bot.core import Plan
from bot.document import paragraph
from bot.inbound import Press
from bot.words import discord as words
from bot.words.catalog import Words
from tests.e2e.discord.house import NothingGoesOut, read

EN = Words("en")


class Doing:
    """A core that answers every event by what a test says."""

    specs = COMMANDS
    outbox = NothingGoesOut()

    def __init__(self, answer, plan):
        self.answer, self._plan = answer, plan

    def plan(self, _):
        return self._plan

    async def handle(self, inbound, answer):
        await self.answer(answer, inbound)


def says(text, *, private=True, button=""):
    buttons = ((Button(button, "next"),),) if button else ()
    return Page((paragraph(text),), buttons, private=private)


@pytest.fixture
async def answering(stored, channel):
    """Serve, answering each event by a coroutine of the answer and the event."""
    stack = []

    async def start(answer, plan=Plan()):  # noqa: B008 - a plan never changes
        serving = stored.served(core=Doing(answer, plan))
        stack.append(serving)
        await serving.__aenter__()

    yield start
    for serving in stack:
        await serving.__aexit__(None, None, None)


async def test_progress_and_report_are_one_message(answering, ana, channel):
    async def work(answer, _):
        for percent in (10, 50, 100):
            await answer.replace(says(f"{percent} of 100"))
        await answer.replace(says("Done."))

    await answering(work, Plan(slow=True))
    report = await ana.command(channel, "petition")
    await report.until(lambda reply: reply.text == "Done.", "the report")
    assert len(report.messages) == 1
    assert report.ephemeral


async def test_shown_pages_stay_below_each_other(answering, ana, channel):
    async def work(answer, _):
        for text in ("One", "Two", "Three"):
            await answer.show(says(text))

    await answering(work)
    answer = await ana.command(channel, "petition")
    await answer.followed(2)
    assert answer.text == "One\nTwo\nThree"


async def test_a_file_is_handed_to_the_member_alone(answering, ana, channel, tmp_path):
    path = tmp_path / "export"
    path.write_bytes(b"1,Ana\r\n")

    async def work(answer, _):
        await answer.file(File(path, "signers of “park”.csv", says("The signers.")))

    await answering(work)
    answer = await ana.command(channel, "petition")
    (file,) = answer.files
    assert (file.name, file.data) == ("signers_of__park_.csv", b"1,Ana\r\n")
    assert answer.text == "The signers."
    assert answer.ephemeral


async def test_a_file_that_discord_would_not_take_is_explained(answering, ana, channel, tmp_path):
    path = tmp_path / "export"
    with path.open("wb") as file:
        file.truncate(11 * 1024 * 1024)

    async def work(answer, _):
        await answer.file(File(path, "signers.csv", says("The signers.")))

    await answering(work)
    answer = await ana.command(channel, "petition")
    assert read(answer) == EN(words.FILE_TOO_LARGE)
    assert answer.files == []


async def test_a_public_page_never_becomes_a_private_one(answering, ana, moderator, channel, server):
    async def work(answer, inbound):
        if inbound.actor.moderates:
            await answer.show(says("For all", private=False, button="Next"))
        else:
            await answer.replace(says("For you"))

    await answering(work)
    await moderator.command(channel, "petition")
    (public,) = server.messages(channel)
    answer = await ana.press(public, "Next")
    assert (answer.text, answer.ephemeral) == ("For you", True)
    assert public.text == "For all"


async def test_a_page_that_names_a_person_is_private_whatever_it_says(answering, ana, channel, server):
    async def work(answer, _):
        await answer.show(Page((paragraph("Ana"),), private=False, names_a_person=True))

    await answering(work)
    assert (await ana.command(channel, "petition")).ephemeral
    assert server.messages(channel) == []


async def test_only_what_a_member_alone_sees_can_be_removed(answering, ana, moderator, channel, server):
    async def work(answer, inbound):
        if inbound.actor.moderates:
            await answer.show(says("For all", private=False, button="Next"))
        elif hasattr(inbound.event, "token"):
            await answer.remove()
        else:
            await answer.show(says("For you", button="Next"))

    await answering(work)
    await moderator.command(channel, "petition")
    (public,) = server.messages(channel)
    await ana.press(public, "Next")
    assert server.messages(channel) == [public]
    own = await ana.command(channel, "petition")
    message = own.messages[0]
    pressed = await ana.press(own, "Next")
    await pressed.until(lambda _: message.deleted, "the removal")


async def test_in_a_direct_message_a_button_changes_what_it_stands_in(answering, server):
    async def work(answer, inbound):
        if hasattr(inbound.event, "token"):
            await answer.replace(says("Two"))
        else:
            await answer.show(says("One", private=False, button="Next"))

    await answering(work)
    bea = server.user("Bea")
    first = await bea.command(bea.dm, "petition")
    second = await bea.press(first, "Next")
    assert second.messages == first.messages
    assert first.text == "Two"


async def test_where_only_the_member_brought_us_nobody_else_sees_anything(answering, server):
    async def work(answer, _):
        await answer.show(says("For all", private=False))

    await answering(work)
    elsewhere = server.guild("Elsewhere", joined=False)
    place, ana = elsewhere.channel("general"), elsewhere.member("Ana", installed=True)
    assert (await ana.command(place, "petition")).ephemeral


async def test_a_message_dismissed_meanwhile_is_said_anew(answering, ana, channel, server):
    async def work(answer, _):
        await answer.replace(says("One"))
        server.faults.fail("update_webhook_message", 404, 10008)
        await answer.replace(says("Two"))

    await answering(work)
    answer = await ana.command(channel, "petition")
    assert (await answer.followed()).text == "Two"


async def test_a_picture_is_shown_with_its_words_and_goes_with_the_page_that_it_belongs_to(
    answering, ana, channel
):
    chart = Picture(b"\x89PNG a chart", "How it grew: 3, then 5")

    async def turn(answer, inbound):
        if isinstance(inbound.event, Press):
            await answer.replace(says("No chart here."))
        else:
            await answer.show(replace(says("So far.", button="More"), picture=chart))

    await answering(turn)
    reply = await ana.command(channel, "totals")
    (message,) = reply.messages
    assert [file.data for file in message.files] == [chart.png]
    (shown,) = [part for part in message.data["components"][0]["components"] if part["type"] == 12]
    assert shown["items"][0]["description"] == chart.alt

    await ana.press(reply, "More")
    assert (message.text, message.files) == ("No chart here.", [])
