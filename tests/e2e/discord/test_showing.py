"""What members see: hostile text as text, long letters whole, each command's answer to them alone."""

import pytest
from msgspec.structs import replace

from bot.words import chat
from bot.words import discord as words
from bot.words.catalog import Words
from tests.adapters.discord.reader import seen
from tests.e2e.discord.house import ENGLISH, LIBRARY, fact, read, sign

EN = Words("en")
HOSTILE = "@everyone **bold** <@1> [x](https://evil.example) https://evil.example ||s|| <t:0:R> `c`"


def effects(reply):
    """What Discord makes of an answer's texts, beside our own headings, bold labels, code and times."""
    ours = {"heading", "bold", "code", "time", "small", "list", "italic"}
    return {kind for message in reply.messages for kind, _ in seen(message.text).effects} - ours


async def test_markup_in_a_profile_name_is_no_name_that_could_be_signed(house, library, guild, channel):
    eve = guild.member("Eve", nick="**Eve** @everyone <@1>")
    form = await eve.command(channel, "sign")
    assert not set(form.modal["name"].value) & set("*@<>")
    refused = await eve.submit(form, name="**Eve** @everyone")
    assert refused.ephemeral
    assert effects(refused) == set()
    assert refused.messages[0].pings == []
    assert await house.counted(library) == 0


async def test_markup_in_a_comment_is_shown_as_it_was_typed(house, library, ana, channel):
    receipt = await sign(ana, channel, comment=HOSTILE, reach="everyone")
    signers = await ana.command(channel, "signers")
    for reply in (receipt, signers):
        assert HOSTILE in seen(reply.text).text
        assert effects(reply) == set()
        assert reply.messages[0].mentions == {"parse": []}


async def test_markup_in_a_title_and_in_what_was_asked_for_is_shown_as_text(house, ana, channel, server):
    await house.opened(replace(LIBRARY, texts=(replace(ENGLISH, title=HOSTILE, to=HOSTILE),)))
    card = await ana.command(channel, "petition")
    assert HOSTILE in seen(card.text).text
    assert effects(card) == set()
    unknown = await ana.command(channel, "totals", which="# @here " + HOSTILE)
    assert HOSTILE[:60] in seen(unknown.text).text
    assert effects(unknown) == set()
    form = await ana.command(channel, "sign")
    assert form.modal["reach"].options[0]["label"].endswith("…")


async def test_a_letter_of_some_pages_is_several_private_messages(house, ana, channel, server):
    paragraphs = [f"{number}: " + "We ask you to keep it open. " * 20 for number in range(20)]
    await house.opened(replace(LIBRARY, texts=(replace(ENGLISH, letter="\n\n".join(paragraphs)),)))
    card = await ana.command(channel, "petition")
    letter = await ana.press(card, "Read the letter")
    await letter.until(lambda reply: reply.buttons, "the last message")
    assert letter.ephemeral
    assert 1 < len(letter.messages) <= 4
    shown = seen(letter.text).text
    assert all(f"{number}: We ask" in shown for number in range(20))
    assert (await ana.press(letter, "Sign")).modal
    assert server.messages(channel) == []


async def test_a_letter_longer_than_that_is_a_file(house, ana, channel):
    letter = "\n\n".join(f"{number}: " + "We ask you to keep it open. " * 30 for number in range(100))
    await house.opened(replace(LIBRARY, texts=(replace(ENGLISH, letter=letter),)))
    form = await ana.command(channel, "sign")
    assert "“Read the letter”" in form.modal.text
    read_it = await ana.press(await ana.command(channel, "petition"), "Read the letter")
    (file,) = read_it.files
    assert "99: We ask you to keep it open." in file.text
    assert EN(words.TEXT_AS_FILE) in read(read_it)
    assert read_it.ephemeral
    assert "You have signed" in (await ana.submit(form)).text


@pytest.mark.parametrize(
    "command", ["mysignatures", "withdraw", "totals", "signers", "privacy", "help", "petition"]
)
async def test_what_a_member_asks_for_is_for_them_alone(house, library, ana, channel, server, command):
    await sign(ana, channel, reach="everyone")
    answer = await ana.command(channel, command)
    assert answer.ephemeral
    assert answer.text
    assert server.messages(channel) == []


async def test_more_petitions_than_buttons_fit_are_all_offered(house, ana, channel):
    for number in range(20):
        await house.opened(
            replace(LIBRARY, slug=f"p{number}", texts=(replace(ENGLISH, title=f"No. {number}"),))
        )
    offered = await ana.command(channel, "sign")
    assert len(offered.buttons) == 20
    form = await ana.press(offered, "No. 7")
    assert fact(await ana.submit(form), "Petition") == r"No. 7"


async def test_everyone_sees_the_time_by_their_own_clock(house, library, ana, channel):
    totals = await ana.command(channel, "totals")
    assert seen(totals.text).of("time")
    assert EN(chat.TOTALS_TITLE, title="Save the library") in read(totals)
