"""The sender on a local Discord: what is posted, found, edited; and what it tells of each thing that goes wrong."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import discord
import pytest
from msgspec.structs import replace

from adapters.discord.calls import Calls
from adapters.discord.sending import DiscordSender, mark
from bot.answer import Button, Page, Picture
from bot.document import heading, paragraph
from bot.model.account import Account, Place, PlaceKind
from bot.sending import Failed, Gone, Later, Lost, Sent, Unknown
from bot.settings import DiscordSettings
from tests.wire.discord import USUAL_PERMISSIONS, DiscordServer
from tests.wire.discord.parts import walk

PAGE = Page(
    (heading("Save the library"), paragraph("@everyone 3 have signed: https://example.org")),
    ((Button("Sign", "sign_k"), Button("Read the letter", "letter_k")),),
    private=False,
)
PICTURE = Picture(b"\x89PNG a picture", "3 of 4 have signed")
LOST = {
    10003: Lost.REMOVED, 10004: Lost.REMOVED, 50001: Lost.REMOVED, 50013: Lost.FORBIDDEN, 160005: Lost.FORBIDDEN,
    10008: Lost.MESSAGE,
}  # fmt: skip


@asynccontextmanager
async def sending(server, **changes):
    settings = DiscordSettings(token=server.token, api_url=server.api_url)
    async with Calls.opened(replace(settings, **changes)) as calls:
        yield DiscordSender(calls, server.bot.id)


@pytest.fixture
async def server():
    async with DiscordServer(check_answers=True) as server:
        yield server
        assert [str(one) for one in server.violations] == []


@pytest.fixture
async def sender(server):
    async with sending(server) as sender:
        yield sender


@pytest.fixture
def guild(server):
    permissions = discord.Permissions(USUAL_PERMISSIONS.value | discord.Permissions(pin_messages=True).value)
    return server.guild("Friends of the library", permissions=permissions)


@pytest.fixture
def channel(guild):
    return guild.channel("general")


@pytest.fixture
def place(channel):
    return Place("discord", str(channel.id), PlaceKind.GROUP)


def now():
    return datetime.now(UTC)


async def posted(sender, place, token="t1", **more):
    outcome = await sender.post(place, PAGE, token, **more)
    assert isinstance(outcome, Sent), outcome
    return outcome.reference


def gallery(message):
    return [part for part in walk(message.data["components"]) if part["type"] == 12]


# --- posting ---


async def test_a_post_has_its_text_and_buttons_and_neither_pings_nor_unfurls(server, sender, channel, place):
    reference = await posted(sender, place)
    (message,) = server.messages(channel)
    assert reference == str(message.id)
    assert "3 have signed" in message.text
    assert [(each.label, each.custom_id) for each in message.buttons] == [
        ("Sign", "sign_k"),
        ("Read the letter", "letter_k"),
    ]
    assert message.pings == []
    assert message.flags & discord.MessageFlags(suppress_embeds=True).value


async def test_a_picture_is_shown_and_said_in_words(server, sender, channel, place):
    await posted(sender, place, picture=PICTURE)
    (message,) = server.messages(channel)
    (file,) = message.files
    assert file.data == PICTURE.png
    (shown,) = gallery(message)
    assert shown["items"][0]["description"] == PICTURE.alt
    assert message.data["attachments"][0]["description"] == PICTURE.alt


async def test_a_picture_that_a_page_brings_along_is_shown_too(server, sender, channel, place):
    await sender.post(place, replace(PAGE, picture=PICTURE), "t1")
    (message,) = server.messages(channel)
    assert gallery(message)


async def test_where_no_files_may_be_attached_the_words_go_alone(server, sender, channel, place):
    server.deny(channel, attach_files=True)
    await posted(sender, place, picture=PICTURE)
    (message,) = server.messages(channel)
    assert "3 have signed" in message.text
    assert not message.files


async def test_a_text_longer_than_a_message_is_one_message_with_a_file(server, sender, channel, place):
    page = replace(PAGE, blocks=tuple(paragraph(f"{number} " + "word " * 60) for number in range(40)))
    assert isinstance(await sender.post(place, page, "t1", PICTURE), Sent)
    (message,) = server.messages(channel)
    assert "39 word" in message.files[0].text
    assert message.files[1].data == PICTURE.png
    assert len(message.buttons) == 2


async def test_posting_again_under_the_same_token_posts_nothing_more(server, sender, channel, place):
    assert sender.repeatable
    first = await posted(sender, place, picture=PICTURE)
    assert await posted(sender, place, picture=PICTURE) == first
    assert len(server.messages(channel)) == 1
    await posted(sender, place, token="t2")
    assert len(server.messages(channel)) == 2


async def test_what_was_posted_and_deleted_is_not_posted_again(server, sender, channel, place):
    await posted(sender, place)
    server.delete_message(server.messages(channel)[0])
    assert await sender.post(place, PAGE, "t1") == Gone(Lost.MESSAGE)
    assert server.messages(channel) == []


# --- what goes wrong ---


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_trouble_of_discords_own_leaves_it_unknown(server, sender, place, channel, status, after):
    server.faults.fail("create_message", status, after=after)
    assert await sender.post(place, PAGE, "t1") == Unknown()
    await posted(sender, place)
    assert len(server.messages(channel)) == 1


@pytest.mark.parametrize("after", [False, True])
async def test_a_connection_that_breaks_leaves_it_unknown(server, sender, place, channel, after):
    server.faults.drop("create_message", after=after)
    assert await sender.post(place, PAGE, "t1") == Unknown()
    await posted(sender, place)
    assert len(server.messages(channel)) == 1


async def test_without_a_connection_nothing_was_done(place, channel, server):
    await server.stop()
    async with sending(server) as sender:
        assert await sender.post(place, PAGE, "t1") == Failed("no connection")
        with pytest.raises(ConnectionError):
            await sender.find(place, "t1", now())
    await server.start()


async def test_a_rate_limit_is_told_at_once_and_of_whom_it_asks_patience(server, sender, place):
    limits = {
        Later(40.0): {"retry_after": 40.0},
        Later(0.5, everywhere=True): {"retry_after": 0.5, "scope": "global"},
        Later(90.0, everywhere=True): {"retry_after": 90.0, "via": False},
    }
    for expected, limit in limits.items():
        server.faults.rate_limit("create_message", **limit)
        assert await sender.post(place, PAGE, "t1") == expected
    await posted(sender, place)
    assert len(server.calls_of("create_message")) == 4


@pytest.mark.parametrize(("code", "why"), LOST.items())
async def test_what_is_lost_is_told_apart(server, sender, place, code, why):
    server.faults.fail("create_message", 403, code, times=2)
    assert await sender.post(place, PAGE, "t1", PICTURE) == Gone(why)


async def test_a_channel_that_was_deleted_or_left_is_lost(server, sender, place, guild, channel):
    reference = await posted(sender, place)
    server.delete_channel(channel)
    assert await sender.post(place, PAGE, "t2") == Gone(Lost.REMOVED)
    assert await sender.edit(place, reference, PAGE) == Gone(Lost.REMOVED)
    other = guild.channel("other")
    server.remove_bot(guild)
    assert await sender.post(replace(place, place_id=str(other.id)), PAGE, "t3") == Gone(Lost.REMOVED)


async def test_a_channel_where_it_may_not_post_is_forbidden(server, sender, place, channel):
    server.deny(channel, send_messages=True)
    assert await sender.post(place, PAGE, "t1", PICTURE) == Gone(Lost.FORBIDDEN)


async def test_anything_else_failed_and_says_by_which_code(server, sender, place):
    server.faults.fail("create_message", 400, 50035)
    assert await sender.post(place, PAGE, "t1") == Failed("discord 50035")
    server.faults.fail("create_message", 418)
    assert await sender.post(place, PAGE, "t1") == Failed("discord 418")


async def test_the_token_is_in_no_outcome(server, place):
    async with sending(server, token=DiscordSettings(token="secret").token) as stranger:
        assert await stranger.post(place, PAGE, "t1") == Failed("discord 401")


async def test_requests_keep_to_discords_pace_and_what_must_wait_long_is_told(server, sender):
    people = [server.user(f"Ana {number}") for number in range(60)]
    started = asyncio.get_running_loop().time()
    outcomes = await asyncio.gather(
        *(sender.write(Account("discord", str(each.id)), PAGE, f"t{each.id}") for each in people)
    )
    took = asyncio.get_running_loop().time() - started
    assert len(server.calls) <= 1 + 50 * (took + 0.1)
    waits = [each for each in outcomes if not isinstance(each, Sent)]
    assert waits
    assert all(isinstance(each, Later) and each.everywhere for each in waits)


# --- editing and pinning ---


async def test_an_edit_changes_text_and_buttons(server, sender, channel, place):
    reference = await posted(sender, place)
    changed = await sender.edit(
        place, reference, replace(PAGE, blocks=(paragraph("It is closed."),), buttons=())
    )
    assert changed == Sent(reference)
    (message,) = server.messages(channel)
    assert (message.text, message.buttons, message.edits) == ("It is closed.", [], 1)
    assert message.flags & discord.MessageFlags(suppress_embeds=True).value


async def test_a_picture_stays_when_the_text_below_it_changes(server, sender, channel, place):
    reference = await posted(sender, place, picture=PICTURE)
    for text in ("It is closed.", "It is delivered."):
        outcome = await sender.edit(place, reference, replace(PAGE, blocks=(paragraph(text),)))
        assert outcome == Sent(reference)
    (message,) = server.messages(channel)
    assert message.text == "It is delivered."
    assert [file.data for file in message.files] == [PICTURE.png]
    (shown,) = gallery(message)
    assert shown["items"][0]["description"] == PICTURE.alt


async def test_a_new_picture_takes_the_place_of_the_old(server, sender, channel, place):
    reference = await posted(sender, place, picture=PICTURE)
    newer = Picture(b"\x89PNG another", "4 of 4 have signed")
    await sender.edit(place, reference, replace(PAGE, picture=newer))
    (message,) = server.messages(channel)
    assert [file.data for file in message.files] == [newer.png]


@pytest.mark.parametrize("picture", [None, PICTURE])
async def test_a_deleted_message_is_gone(server, sender, channel, place, picture):
    reference = await posted(sender, place, picture=picture)
    server.delete_message(server.messages(channel)[0])
    assert await sender.edit(place, reference, PAGE) == Gone(Lost.MESSAGE)
    assert await sender.pin(place, reference) == Gone(Lost.MESSAGE)


async def test_an_old_message_that_is_edited_too_often_is_edited_later(server, sender, place):
    reference = await posted(sender, place)
    server.faults.rate_limit("update_message", 2.5, code=30046)
    assert await sender.edit(place, reference, PAGE) == Later(2.5)
    assert await sender.edit(place, reference, PAGE) == Sent(reference)


@pytest.mark.parametrize("picture", [None, PICTURE])
async def test_a_message_is_pinned(server, sender, channel, place, picture):
    reference = await posted(sender, place, picture=picture)
    assert await sender.pin(place, reference) == Sent(reference)
    assert server.messages(channel)[0].pinned


async def test_without_the_right_to_pin_that_is_told(server, sender, channel, place):
    reference = await posted(sender, place)
    server.deny(channel, pin_messages=True)
    assert await sender.pin(place, reference) == Gone(Lost.FORBIDDEN)


# --- finding ---


@pytest.mark.parametrize("picture", [None, PICTURE])
async def test_our_own_message_is_found_among_others_by_its_token(server, sender, channel, place, picture):
    since = now()
    for number in range(120):
        server.create_message(channel, {"content": f"chat {number}"}, [])
    reference = await posted(sender, place, token="wanted", picture=picture)
    await posted(sender, place, token="another")
    assert await sender.find(place, "wanted", since) == reference
    assert await sender.find(place, "never posted", since) is None
    assert 0 < mark("wanted") < 1 << 31


async def test_what_others_post_with_the_same_mark_is_not_ours(server, sender, channel, place):
    await posted(sender, place, token="wanted")
    server.messages(channel)[0].data["author"] = server.user("Eve").user.json()
    assert await sender.find(place, "wanted", now()) is None


async def test_a_history_that_may_not_be_read_tells_nothing(server, sender, channel, place):
    await posted(sender, place, token="wanted")
    server.deny(channel, read_message_history=True)
    with pytest.raises(LookupError):
        await sender.find(place, "wanted", now())
    assert await sender.find(place, "wanted", now() + timedelta(hours=1)) is None


async def test_in_a_channel_that_is_gone_or_empty_there_is_nothing(server, sender, channel, place):
    assert await sender.find(place, "wanted", now()) is None
    server.delete_channel(channel)
    assert await sender.find(place, "wanted", now()) is None


async def test_where_too_much_was_said_nobody_looks_for_ever(server, sender, channel, place, monkeypatch):
    monkeypatch.setattr("adapters.discord.sending.PAGES", 2)
    for number in range(210):
        server.create_message(channel, {"content": f"chat {number}"}, [])
    with pytest.raises(LookupError):
        await sender.find(place, "wanted", now())


@pytest.mark.parametrize("status", [429, 500])
async def test_looking_again_later_is_asked_for(server, sender, place, status):
    server.faults.fail("list_messages", status)
    with pytest.raises(ConnectionError):
        await sender.find(place, "wanted", now())


# --- writing to a person ---


async def test_a_person_is_written_to_once(server, sender):
    ana = server.user("Ana")
    for _ in range(2):
        assert isinstance(await sender.write(Account("discord", str(ana.id)), PAGE, "t1"), Sent)
    (message,) = server.messages(server.dm(ana.user))
    assert "3 have signed" in message.text


async def test_a_person_who_takes_no_messages_is_not_written_to(server, sender):
    ana = server.user("Ana")
    ana.user.closed = True
    assert await sender.write(Account("discord", str(ana.id)), PAGE, "t1") == Gone(Lost.BLOCKED)
    assert await sender.write(Account("discord", "12345"), PAGE, "t2") == Gone(Lost.BLOCKED)


async def test_until_the_conversation_is_open_nothing_was_written(server, sender):
    ana = server.user("Ana")
    server.faults.fail("create_dm", 500)
    assert await sender.write(Account("discord", str(ana.id)), PAGE, "t1") == Failed("no answer")
    server.faults.fail("create_message", 500)
    assert await sender.write(Account("discord", str(ana.id)), PAGE, "t1") == Unknown()
