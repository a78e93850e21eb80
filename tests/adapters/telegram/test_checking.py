"""Whose token it is, as Telegram says, and what an operator is told when it does not."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.telegram import platform
from bot.errors import UndersignedError
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
