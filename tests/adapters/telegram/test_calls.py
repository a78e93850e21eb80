"""What becomes of a call, by what Telegram says to it: on the local Telegram, with its faults."""

import pytest
from telegram.error import BadRequest, InvalidToken, NetworkError

from adapters.telegram.calls import Calls
from adapters.telegram.methods import Chat
from adapters.telegram.moderators import FRESH, Moderators
from adapters.telegram.pacer import Pacer
from adapters.telegram.transport import make_bot
from bot.settings import TelegramSettings
from tests.wire.telegram import TelegramServer


class Clock:
    """Sleeping takes no time but on this clock."""

    def __init__(self):
        self.now, self.slept = 0.0, []

    def time(self):
        return self.now

    async def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def server():
    async with TelegramServer() as server:
        yield server
        assert server.violations == []


@pytest.fixture
async def calls(server, clock):
    bot = make_bot(TelegramSettings(token=server.token, api_url=server.url))
    async with bot:
        yield Calls(bot, Pacer(clock.time, clock.sleep), sleep=clock.sleep)


@pytest.fixture
async def ana(server):
    ana = server.member("Ana")
    await ana.start()
    return ana


async def test_a_place_is_a_chat_and_perhaps_a_topic_in_it():
    assert Chat.at("-1007/12") == Chat(-1007, 12)
    assert Chat.at("7") == Chat(7)


async def test_a_message_is_sent_changed_and_removed(calls, ana):
    number = await calls.send(Chat(ana.id), "<b>one</b>", protected=True)
    [message] = ana.chat.from_bot
    assert (message.id, message.html, message.protected) == (number, "<b>one</b>", True)
    assert message.content.preview == {"is_disabled": True}
    assert await calls.edit(Chat(ana.id), number, "two", None)
    assert await calls.edit(Chat(ana.id), number, "two", None), "nothing to change is no failure"
    assert message.text == "two"
    assert await calls.delete(Chat(ana.id), number)
    assert await calls.delete(Chat(ana.id), number), "gone already is as good"
    assert not await calls.edit(Chat(ana.id), number, "three", None)


async def test_a_reply_is_tried_again_a_few_times(calls, server, ana, clock):
    server.fail("sendMessage", 502, times=2)
    server.drop("sendMessage")
    assert await calls.send(Chat(ana.id), "x")
    assert clock.slept == list(calls.pauses)
    server.fail("sendMessage", 500, times=4)
    with pytest.raises(NetworkError):
        await calls.send(Chat(ana.id), "x")


async def test_a_refusal_for_haste_is_waited_out_however_often(calls, server, ana, clock):
    server.fail("sendMessage", 429, retry_after=40, times=5)
    assert await calls.send(Chat(ana.id), "x")
    assert clock.now == 200


async def test_a_group_that_says_wait_is_waited_for_once_it_was_worth_speaking(calls, server, ana, clock):
    group = server.group("Friends", supergroup=True)
    server.fail("sendMessage", 429, chat=group, retry_after=300)
    assert await calls.send(Chat(group.id), "x")
    assert clock.now >= 300


@pytest.mark.parametrize("closed", ["blocked", "kicked", "muted", "unknown"])
async def test_where_nobody_is_there_or_the_bot_may_not_write_nothing_is_sent(calls, server, ana, closed):
    group = server.group("Friends", supergroup=True)
    chat = {"blocked": ana.id, "unknown": 424242}.get(closed, group.id)
    if closed == "blocked":
        await ana.block()
    elif closed == "kicked":
        await group.remove_bot(by=ana)
    group.muted = closed == "muted"
    assert await calls.send(Chat(chat), "x") is None


async def test_what_telegram_does_not_understand_is_our_fault_and_is_told(calls, ana):
    with pytest.raises(BadRequest):
        await calls.send(Chat(ana.id), "a < b")


async def test_a_group_that_moved_is_followed_and_told_of(server, calls, clock):
    moved = []

    async def note(old, new):
        moved.append((old, new))

    following = Calls(calls.bot, calls.pacer, migrated=note, sleep=clock.sleep)
    group = server.group("Friends")
    new = await group.migrate()
    assert await following.send(Chat(group.id), "x")
    assert new.from_bot[-1].text == "x"
    assert moved == [(group.id, new.id)]


async def test_a_message_that_a_group_left_behind_is_not_sought_where_it_went(server, calls):
    group = server.group("Friends")
    number = await calls.send(Chat(group.id), "x")
    new = await group.migrate()
    while await calls.send(Chat(new.id), "other") < number:
        pass
    assert not await calls.edit(Chat(group.id), number, "changed", None)
    assert not await calls.delete(Chat(group.id), number)
    assert {message.text for message in new.from_bot} == {"other"}


async def test_a_file_can_not_be_passed_on(calls, ana, tmp_path):
    (tmp_path / "x").write_bytes(b"name\r\nAna\r\n")
    assert await calls.document(Chat(ana.id), tmp_path / "x", "signers.csv", "<i>The list</i>")
    [message] = ana.chat.from_bot
    assert (message.file.name, message.file.data, message.html, message.protected) == (
        "signers.csv",
        b"name\r\nAna\r\n",
        "<i>The list</i>",
        True,
    )


async def test_whoever_was_demoted_loses_the_right_within_a_minute(calls, server, ana, clock):
    group = server.group("Friends", supergroup=True, members=(ana,))
    moderators = Moderators(calls.bot, clock.time)
    assert not await moderators.include(group.id, str(ana.id))
    await group.promote(ana)
    clock.now += FRESH
    assert await moderators.include(group.id, str(ana.id))
    await group.demote(ana)
    assert await moderators.include(group.id, str(ana.id))
    assert len(server.called("getChatAdministrators")) == 2
    clock.now += FRESH
    assert not await moderators.include(group.id, str(ana.id))
    assert FRESH < 60


async def test_while_telegram_does_not_say_who_moderates_nobody_does(calls, server, ana, clock):
    group = server.group("Friends", supergroup=True)
    await group.promote(ana)
    server.fail("getChatAdministrators", 500)
    moderators = Moderators(calls.bot, clock.time)
    assert not await moderators.include(group.id, str(ana.id))
    assert await moderators.include(group.id, str(ana.id))
    clock.now += FRESH
    server.fail("getChatAdministrators", 500)
    assert not await moderators.include(group.id, str(ana.id))


async def test_nothing_that_is_looked_at_tells_the_token(calls, server, ana):
    assert server.token not in f"{calls!r} {calls.bot!r} {calls.bot} {calls.bot.request!r}"
    server.fail("getMe", 401)
    with pytest.raises(InvalidToken) as caught:
        await calls.bot.get_me()
    assert server.token not in repr(caught.value)
    await server.stop()
    with pytest.raises(NetworkError) as caught:
        await calls.bot.get_me()
    assert server.token not in f"{caught.value!r} {caught.value.__cause__!r}"
