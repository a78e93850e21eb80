"""What the outbox hears of a post, an edit, a pin: on the local Telegram, with its faults."""

import asyncio
import struct
import time
import zlib
from datetime import UTC, datetime

import pytest

from adapters.telegram.methods import Methods
from adapters.telegram.pacer import Pacer
from adapters.telegram.sending import PATIENCE, TelegramSender
from adapters.telegram.transport import make_bot
from bot.answer import Button, Page, Picture
from bot.document import heading, paragraph
from bot.model.account import Account, Place, PlaceKind
from bot.sending import Failed, Gone, Later, Lost, Sent, Unknown
from bot.settings import TelegramSettings
from tests.wire.telegram import TelegramServer

PAGE = Page((heading("Save the library"), paragraph("100 have signed")), private=False)
OTHER = Page((heading("Save the library"), paragraph("101 have signed")), private=False)
LONG = Page((heading("Save the library"), paragraph("word " * 300)), private=False)
SIGN = Page(PAGE.blocks, ((Button("Sign", "go_abc"),),), private=False)
TOKEN = "token-of-the-delivery"
GONE = {
    "Forbidden: bot was kicked from the supergroup chat": Lost.REMOVED,
    "Forbidden: bot is not a member of the channel chat": Lost.REMOVED,
    "Forbidden: the group chat was deleted": Lost.REMOVED,
    "Bad Request: chat not found": Lost.REMOVED,
    "Bad Request: message thread not found": Lost.REMOVED,
    "Bad Request: CHANNEL_PRIVATE": Lost.REMOVED,
    "Bad Request: not enough rights to send text messages to the chat": Lost.FORBIDDEN,
    "Bad Request: need administrator rights in the channel chat": Lost.FORBIDDEN,
    "Bad Request: have no rights to send a message": Lost.FORBIDDEN,
    "Bad Request: CHAT_WRITE_FORBIDDEN": Lost.FORBIDDEN,
    "Bad Request: TOPIC_CLOSED": Lost.FORBIDDEN,
    "Forbidden: something that nobody has seen yet": Lost.FORBIDDEN,
}


def png(shade):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = zlib.compress(b"\0" + bytes([shade]))
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", row) + chunk(b"IEND", b"")


CARD = Picture(png(0), "100 of 200 have signed")


def place(chat, topic=None):
    kind = PlaceKind.CHANNEL if chat.type == "channel" else PlaceKind.GROUP
    return Place(
        "telegram", f"{chat.id}/{topic.id}" if topic else str(chat.id), kind, chat.title, discreet=False
    )


def account(member):
    return Account("telegram", str(member.id))


@pytest.fixture
async def server():
    async with TelegramServer() as server:
        yield server
        assert server.violations == []


@pytest.fixture
def moved():
    return []


@pytest.fixture
async def pacer():
    return Pacer()


@pytest.fixture
async def sender(server, pacer, moved):
    async def note(*numbers):
        moved.append(numbers)

    async with make_bot(TelegramSettings(token=server.token, api_url=server.url)) as bot:
        yield TelegramSender(Methods(bot), pacer, note)


@pytest.fixture
def group(server):
    return server.group("Friends", supergroup=True)


# --- what stands afterwards ---


async def test_a_page_for_all_has_links_into_the_private_chat(sender, server, group):
    assert isinstance(await sender.post(place(group), SIGN, TOKEN), Sent)
    [message] = group.from_bot
    assert message.html == "<b>Save the library</b>\n\n100 have signed"
    assert message.button("Sign").url == f"https://t.me/{server.bot.username}?start=go_abc"
    assert message.content.preview == {"is_disabled": True}


async def test_a_picture_carries_the_words_below_it(sender, group):
    sent = await sender.post(place(group), SIGN, TOKEN, CARD)
    [message] = group.from_bot
    assert (message.file.kind, message.file.data) == ("photo", CARD.png)
    assert message.html == "<b>Save the library</b>\n\n100 have signed"
    assert message.button("Sign").url
    await sender.edit(place(group), sent.reference, OTHER)
    assert "101 have signed" in message.text
    assert message.file.data == CARD.png, "the picture stays"


async def test_words_that_fit_below_no_picture_go_alone(sender, group):
    assert isinstance(await sender.post(place(group), LONG, TOKEN, CARD), Sent)
    [message] = group.from_bot
    assert message.file is None
    assert len(message.text) > 1024


@pytest.mark.parametrize(
    "refusal",
    [
        "not enough rights to send photos to the chat",
        "PHOTO_INVALID_DIMENSIONS",
        "CHAT_SEND_PHOTOS_FORBIDDEN",
    ],
)
async def test_where_no_picture_is_taken_the_words_go_alone(sender, server, group, refusal):
    server.fail("sendPhoto", 400, f"Bad Request: {refusal}")
    assert isinstance(await sender.post(place(group), PAGE, TOKEN, CARD), Sent)
    [message] = group.from_bot
    assert message.file is None


async def test_a_picture_is_uploaded_once_for_all(sender, server):
    groups = [server.group(f"Group {number}", supergroup=True) for number in range(3)]
    for each in groups:
        await sender.post(place(each), PAGE, TOKEN, CARD)
    assert [len(call.uploads) for call in server.called("sendPhoto")] == [1, 0, 0]
    assert [each.from_bot[0].file.data for each in groups] == [CARD.png] * 3
    await sender.post(place(groups[0]), PAGE, TOKEN, Picture(png(9), "another"))
    assert groups[0].from_bot[-1].file.data == png(9)


async def test_a_picture_that_telegram_has_forgotten_is_uploaded_again(sender, server, group):
    await sender.post(place(group), PAGE, TOKEN, CARD)
    server.files.clear()
    await sender.post(place(group), PAGE, TOKEN, CARD)
    await sender.post(place(group), PAGE, TOKEN, CARD)
    assert [len(call.uploads) for call in server.called("sendPhoto")] == [1, 0, 1]
    assert [message.file is not None for message in group.from_bot] == [True, False, True]


async def test_a_topic_hears_what_is_meant_for_it(sender, server):
    forum = server.group("Neighbours", forum=True)
    topic = await forum.topic("Library")
    await sender.post(place(forum, topic), PAGE, TOKEN)
    await sender.post(place(forum, topic), PAGE, TOKEN, CARD)
    assert len(topic.messages) == 2


async def test_a_channel_is_posted_to(sender, server):
    channel = server.channel("News")
    sent = await sender.post(place(channel), SIGN, TOKEN)
    assert await sender.pin(place(channel), sent.reference) == sent
    assert channel.from_bot[0].pinned


async def test_a_message_is_edited_in_place_and_the_same_twice_is_no_failure(sender, group):
    sent = await sender.post(place(group), PAGE, TOKEN)
    assert await sender.edit(place(group), sent.reference, OTHER) == sent
    assert await sender.edit(place(group), sent.reference, OTHER) == sent
    assert [message.text for message in group.from_bot] == ["Save the library\n\n101 have signed"]


async def test_pinning_tells_nobody_aloud(sender, server):
    group = server.group("Friends", bot="administrator", supergroup=True)
    sent = await sender.post(place(group), PAGE, TOKEN)
    assert await sender.pin(place(group), sent.reference) == sent
    assert group.from_bot[0].pinned
    assert server.called("pinChatMessage")[0].flag("disable_notification")


async def test_a_person_is_written_to_with_buttons_that_act_there(sender, server):
    ana = server.member("Ana")
    await ana.start()
    stop = Page(PAGE.blocks, ((Button("No more", "untell_abc"),),))
    assert isinstance(await sender.write(account(ana), stop, TOKEN), Sent)
    assert ana.chat.from_bot[0].button("No more").data == "untell_abc"


async def test_nobody_can_look_for_a_message(sender, group):
    with pytest.raises(LookupError):
        await sender.find(place(group), TOKEN, datetime.now(UTC))


# --- what can't be done ---


@pytest.mark.parametrize("said", GONE)
@pytest.mark.parametrize("with_picture", [False, True])
async def test_refusals_tell_why_a_place_can_not_be_reached(sender, server, group, said, with_picture):
    server.fail(None, 400 if said.startswith("Bad") else 403, said, times=None)
    picture = CARD if with_picture else None
    assert await sender.post(place(group), PAGE, TOKEN, picture) == Gone(GONE[said])


async def test_what_telegram_does_not_understand_has_failed(sender, server, group):
    server.fail("sendMessage", 400, "Bad Request: can't parse entities: nonsense")
    assert await sender.post(place(group), PAGE, TOKEN) == Failed("refused")


async def test_a_deleted_message_is_gone(sender, server):
    for picture in (None, CARD):
        group = server.group("Friends", bot="administrator", supergroup=True)
        sent = await sender.post(place(group), PAGE, TOKEN, picture)
        group.from_bot[-1].deleted = True
        assert await sender.edit(place(group), sent.reference, OTHER) == Gone(Lost.MESSAGE)
        assert await sender.pin(place(group), sent.reference) == Gone(Lost.MESSAGE)


async def test_without_the_right_to_pin_nothing_is_pinned(sender, group):
    sent = await sender.post(place(group), PAGE, TOKEN)
    assert await sender.pin(place(group), sent.reference) == Gone(Lost.FORBIDDEN)


async def test_a_person_who_blocked_the_bot_or_never_spoke_to_it_is_gone(sender, server):
    ana, ben = server.member("Ana"), server.member("Ben")
    await ana.start()
    await ana.block()
    for lost in (account(ana), account(ben), Account("telegram", "424242")):
        assert await sender.write(lost, PAGE, TOKEN) == Gone(Lost.BLOCKED)


# --- groups that move ---


async def test_a_post_follows_a_group_that_moved(sender, server):
    group = server.group("Friends")
    new = await group.migrate()
    sent = await sender.post(place(group), PAGE, TOKEN, CARD)
    assert sent.place == place(new)
    [message] = new.from_bot
    assert await sender.edit(place(new), sent.reference, OTHER) == Sent(sent.reference)
    assert "101" in message.text


async def test_a_board_that_a_group_left_behind_is_not_sought_where_it_went(sender, server, moved):
    group = server.group("Friends")
    sent = await sender.post(place(group), PAGE, TOKEN)
    new = await group.migrate()
    for _ in range(5):
        await sender.post(place(new), PAGE, TOKEN)
    assert await sender.edit(place(group), sent.reference, OTHER) == Failed("moved")
    assert moved == [(group.id, new.id)]
    assert await sender.edit(place(new), sent.reference, OTHER) == Gone(Lost.MESSAGE)
    assert await sender.pin(place(new), sent.reference) == Gone(Lost.MESSAGE)
    assert all("100" in message.text for message in new.from_bot)


# --- trouble on the way ---


@pytest.mark.parametrize("status", [500, 502, 504, None])
@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize("picture", [None, CARD])
async def test_what_may_have_arrived_is_not_known(sender, server, group, status, after, picture):
    method = "sendPhoto" if picture else "sendMessage"
    server.fail(method, status, after=after) if status else server.drop(method, after=after)
    assert await sender.post(place(group), PAGE, TOKEN, picture) == Unknown()
    assert len(server.called(method)) == 1, "it is not sent again"
    assert len(group.from_bot) == after


async def test_what_never_left_has_failed(sender, server, group):
    await server.stop()
    for _ in range(10):  # the end of the last connection is heard of
        await asyncio.sleep(0)
    assert await sender.post(place(group), PAGE, TOKEN) == Failed("not connected")
    await server.start()
    assert isinstance(await sender.post(place(group), PAGE, TOKEN), Sent)


async def test_a_refused_token_sends_nothing(sender, server, group):
    server.fail("sendMessage", 401)
    assert await sender.post(place(group), PAGE, TOKEN) == Failed("token refused")


async def test_a_chat_that_says_wait_waits_alone_and_costs_no_further_call(sender, server, group):
    other = server.group("Others", supergroup=True)
    server.fail("sendMessage", 429, chat=group, retry_after=40)
    assert await sender.post(place(group), PAGE, TOKEN) == Later(40)
    again = await sender.post(place(group), PAGE, TOKEN)
    assert isinstance(again, Later)
    assert (38 < again.seconds <= 40, again.everywhere) == (True, False)
    assert isinstance(await sender.post(place(other), PAGE, TOKEN), Sent)
    assert len(server.called("sendMessage", group)) == 1


async def test_chats_that_say_wait_without_having_been_told_anything_mean_all_of_them(sender, server):
    groups = [server.group(f"Group {number}", supergroup=True) for number in range(3)]
    server.fail("sendMessage", 429, times=2, retry_after=40)
    assert await sender.post(place(groups[0]), PAGE, TOKEN) == Later(40)
    assert await sender.post(place(groups[1]), PAGE, TOKEN) == Later(40, everywhere=True)
    third = await sender.post(place(groups[2]), PAGE, TOKEN)
    assert isinstance(third, Later)
    assert third.everywhere
    assert groups[2].from_bot == []


async def test_busy_chats_that_say_wait_mean_themselves(sender, server):
    groups = [server.group(f"Group {number}", supergroup=True) for number in range(2)]
    for each in groups:
        for _ in range(3):
            assert isinstance(await sender.post(place(each), PAGE, TOKEN), Sent)
    server.fail("sendMessage", 429, times=2, retry_after=40)
    for each in groups:
        assert await sender.post(place(each), PAGE, TOKEN) == Later(40)


async def test_a_group_is_not_told_more_than_it_bears_and_nobody_waits_long(sender, group):
    began = time.monotonic()
    outcomes = await asyncio.gather(*(sender.post(place(group), PAGE, TOKEN) for _ in range(12)))
    assert len(group.from_bot) == sum(isinstance(each, Sent) for each in outcomes) <= 6
    assert {type(each) for each in outcomes} == {Sent, Later}
    assert time.monotonic() - began < 4 * PATIENCE
