"""Whose token it is, as Telegram says, and what an operator is told when it does not."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.telegram import platform
from adapters.telegram.permissions import Right, permissions
from bot.errors import UndersignedError
from bot.model.account import Place, PlaceKind
from bot.ports import Level
from bot.settings import TelegramSettings
from tests.wire.telegram import TelegramServer

TOKEN = "123456:planted-token-that-nobody-may-see"


@pytest.fixture
async def server():
    async with TelegramServer(token=TOKEN) as server:
        yield server


def telegram(api_url, token=TOKEN, **settings):
    return platform(TelegramSettings(token=token, api_url=api_url, **settings))


async def complaint(bot):
    with pytest.raises(UndersignedError) as caught:
        await bot.introduce()
    told = str(caught.value)
    assert TOKEN not in told
    assert caught.value.__cause__ is None
    assert "\n" not in told
    return told


def a_server_that(answer):
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    return TestServer(app)


async def test_a_good_token_is_answered_with_the_bots_name_and_links(server):
    bot = telegram(server.url)
    introduction = await bot.introduce()
    assert bot.name == "telegram"
    assert introduction.name == "@undersigned_bot"
    assert [address for _, address in introduction.links] == [
        "https://t.me/undersigned_bot",
        "https://t.me/undersigned_bot?startgroup=true",
    ]
    assert not server.violations


async def test_a_wrong_token_is_told_with_where_to_get_a_new_one(server):
    told = await complaint(telegram(server.url, "123456:wrong"))
    assert "does not know this token (telegram.token)" in told
    assert "@BotFather" in told


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (404, "does not know this token"),
        (429, "asks to wait"),
        (502, "trouble of its own at the moment (HTTP 502)"),
        (302, "Look at telegram.api_url"),
    ],
)
async def test_an_answer_that_is_none_is_told_in_one_line(status, said):
    async def answer(_):
        return web.Response(status=status, headers={"Location": "/elsewhere"})

    async with a_server_that(answer) as server:
        assert said in await complaint(telegram(str(server.make_url("/"))))


@pytest.mark.parametrize("body", ["<html>", "[]", "{}", ""])
async def test_an_address_that_is_not_telegram_is_told_in_one_line(body):
    async def answer(_):
        return web.Response(text=body)

    async with a_server_that(answer) as server:
        assert "telegram.api_url" in await complaint(telegram(str(server.make_url("/"))))


async def test_telegram_out_of_reach_is_told_in_one_line(unused_tcp_port):
    told = await complaint(telegram(f"http://127.0.0.1:{unused_tcp_port}"))
    assert "can't be reached at http://127.0.0.1" in told


async def test_a_dropped_connection_is_told_in_one_line(server):
    server.fail("getMe", None, times=None)
    assert "can't be reached" in await complaint(telegram(server.url))


async def examined(me, webhook="", error="", **settings):
    async def answer(request):
        getting_me = request.path.endswith("/getMe")
        result = (
            {"id": 1, "first_name": "Bot", **me}
            if getting_me
            else {"url": webhook, "last_error_message": error}
        )
        return web.json_response({"ok": True, "result": result})

    async with a_server_that(answer) as server:
        return await telegram(str(server.make_url("/")), **settings).examine()


async def test_a_bot_that_is_set_up_well_has_nothing_to_mend():
    me = {
        "username": "b",
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
    }
    findings = await examined(me)
    assert {finding.level for finding in findings} == {Level.OK}
    assert findings[0].text == "Telegram: the token belongs to @b"


@pytest.mark.parametrize(
    ("me", "said"),
    [
        ({"can_read_all_group_messages": True}, "group privacy is off"),
        ({"can_join_groups": False}, "can't be added to groups"),
        ({"supports_inline_queries": False}, "inline mode is off"),
    ],
)
async def test_what_botfather_must_change_is_told_with_how(me, said):
    (warning,) = [one for one in await examined(me) if one.level is Level.WARNING]
    assert said in warning.text
    assert "@BotFather" in warning.remedy


async def test_a_webhook_left_over_is_told_unless_it_is_wanted():
    (warning,) = [one for one in await examined({}, "https://old") if one.level is Level.WARNING]
    assert "still go to a webhook" in warning.text
    wanted = await examined({}, "https://new", webhook_url="https://new")
    assert all(one.level is Level.OK for one in wanted)


@pytest.mark.parametrize(
    ("address", "error", "said"),
    [
        ("https://old", "", "do not go to"),
        ("https://new", "Connection refused", "failed: Connection refused"),
    ],
)
async def test_a_webhook_that_updates_do_not_reach_is_told(address, error, said):
    findings = await examined({}, address, error, webhook_url="https://new")
    (warning,) = [one for one in findings if one.level is Level.WARNING]
    assert said in warning.text
    assert warning.remedy


# --- the chats that follow ---


def place(chat, topic=None):
    kind = PlaceKind.CHANNEL if chat.type == "channel" else PlaceKind.GROUP
    number = f"{chat.id}/{topic.id}" if topic else str(chat.id)
    return Place("telegram", number, kind, chat.title, discreet=False)


@pytest.fixture
def found(server):
    async def examine(*chats, pinned=()):
        places = [each if isinstance(each, Place) else place(each) for each in chats]
        findings = await telegram(server.url).examine(places, [place(chat) for chat in pinned])
        assert not server.violations
        return [one for one in findings if "token" not in one.text and "http" not in one.text]

    return examine


def warned(findings):
    return [one.text.removeprefix("Telegram: ") for one in findings if one.level is Level.WARNING]


async def test_nothing_is_said_of_chats_where_none_follows(found):
    assert await found() == []


async def test_chats_where_the_bot_may_do_all_it_is_for_are_all_right(found, server):
    chats = [server.group("Friends", bot="administrator"), server.channel("News")]
    (finding,) = await found(*chats, pinned=chats)
    assert (finding.level, "every chat that follows" in finding.text) == (Level.OK, True)


async def test_a_member_without_rights_posts_and_leaves_what_is_typed_in_sight(found, server):
    well, in_sight = await found(server.group("Friends"), server.group("Neighbours"))
    assert {well.level, in_sight.level} == {Level.OK}
    assert in_sight.text.endswith("/sign stays in sight: Friends, Neighbours.")
    assert "right to delete messages" in in_sight.remedy


async def test_a_chat_that_the_bot_was_removed_from_left_or_never_knew_is_told(found, server):
    mo = server.member("Mo")
    kicked, left, channel = server.group("Kicked"), server.group("Left", bot="left"), server.channel("Gone")
    await kicked.remove_bot(by=mo)
    await channel.remove_bot(by=mo)
    unknown = Place("telegram", "-100999", PlaceKind.GROUP, "", discreet=False)
    told = warned(await found(kicked, left, channel, unknown, server.group("Friends", bot="administrator")))
    reason = "follows a petition, and the bot can't get there."
    assert told == [f"{name} {reason}" for name in ("Kicked", "Left", "Gone", "-100999")]


async def test_a_chat_where_the_bot_may_not_write_is_told(found, server):
    muted, channel = server.group("Muted"), server.channel("News")
    muted.muted = True
    channel.stand(server.bot, "administrator", "can_edit_messages")
    told = warned(await found(muted, channel))
    assert told == [
        "in Muted the bot may not post messages.",
        "in News the bot may not post messages, send photos.",
    ]


async def test_an_administrator_may_write_where_members_may_not(found, server):
    muted = server.group("Muted", bot="administrator")
    muted.muted = True
    assert warned(await found(muted)) == []


async def test_the_right_to_pin_is_missed_only_where_the_board_is_to_be_pinned(found, server):
    group, channel = server.group("Friends"), server.channel("News")
    channel.stand(server.bot, "administrator", "can_post_messages")
    assert warned(await found(group, channel)) == []
    told = warned(await found(group, channel, pinned=[group, channel]))
    assert told == ["in Friends the bot may not pin messages.", "in News the bot may not pin messages."]


async def test_a_group_that_has_moved_is_looked_at_where_it_is_now(found, server):
    group = server.group("Friends")
    await group.migrate()
    assert warned(await found(group)) == []


async def test_the_topics_of_one_group_are_asked_about_once(found, server):
    group = server.group("Forum", supergroup=True, forum=True)
    topics = [await group.topic(name) for name in ("News", "Talk")]
    await found(*(place(group, topic) for topic in topics))
    assert len(server.called("getChat")) == len(server.called("getChatMember")) == 1


@pytest.mark.parametrize("status", [429, 502])
async def test_trouble_while_looking_blames_no_chat(found, server, status):
    server.fail("getChat", status)
    (finding,) = await found(server.group("Friends"))
    assert (finding.level, "Friends" in finding.text) == (Level.WARNING, False)


async def test_very_many_chats_are_looked_at_in_part_and_that_is_said(found, server):
    group = server.group("Forum", supergroup=True, forum=True)
    many = [
        Place("telegram", f"{group.id}/{n}", PlaceKind.GROUP, "Forum", discreet=False) for n in range(101)
    ]
    assert any("100 of 101 chats" in finding.text for finding in await found(*many))


GROUP, CHANNEL = {"type": "supergroup"}, {"type": "channel"}
ALL = frozenset(Right)


@pytest.mark.parametrize(
    ("chat", "member", "rights"),
    [
        (GROUP, {"status": "creator"}, ALL),
        (GROUP, {"status": "left"}, None),
        (GROUP, {"status": "kicked"}, None),
        (GROUP, {"status": "restricted", "is_member": False}, None),
        (GROUP, {"status": "restricted", "is_member": True, "can_send_photos": False}, {Right.POST}),
        (GROUP | {"permissions": {"can_send_messages": False}}, {"status": "member"}, {Right.PICTURES}),
        (
            GROUP | {"permissions": {"can_send_messages": False}},
            {"status": "restricted", "is_member": True, "can_send_photos": False},
            set(),
        ),
        (
            GROUP | {"permissions": {"can_pin_messages": True}},
            {"status": "member"},
            {Right.POST, Right.PICTURES, Right.PIN},
        ),
        (GROUP, {"status": "administrator"}, {Right.POST, Right.PICTURES}),
        (GROUP, {"status": "administrator", "can_pin_messages": True, "can_delete_messages": True}, ALL),
        (CHANNEL, {"status": "administrator"}, {Right.DELETE}),
        (CHANNEL, {"status": "administrator", "can_post_messages": True, "can_edit_messages": True}, ALL),
    ],
)
def test_rights_follow_from_the_standing_and_the_chat(chat, member, rights):
    assert permissions(chat, member) == rights
