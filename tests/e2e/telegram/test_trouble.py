"""What goes wrong on the way, and what people notice of it: as little as can be."""

import asyncio
from contextlib import suppress

import pytest

from adapters.telegram.adapter import Telegram
from bot.errors import UndersignedError
from bot.settings import TelegramSettings
from tests.e2e.telegram.house import HURRIED, fact, shown, sign
from tests.logs import capture_logs


def told(logs, event):
    return [entry for entry in logs if entry["event"] == event]


async def until_told(logs, event):
    async with asyncio.timeout(10):
        while not told(logs, event):  # noqa: ASYNC110 - a log wakes nobody
            await asyncio.sleep(0.01)


# --- answers ---


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText", "answerCallbackQuery"])
async def test_a_refusal_for_haste_delays_an_answer_and_loses_none(house, library, ana, server, method):
    fault = server.fail(method, 429, retry_after=1)
    receipt = await sign(ana)
    assert fact(receipt, "Number") == "#1"
    assert len(fault.hits) == 1
    assert await house.counted(library) == 1


async def test_only_the_chat_that_was_refused_waits(house, library, ana, server):
    server.fail("sendMessage", 429, chat=ana.chat, retry_after=3600)
    await ana.send("/sign")
    await server.until(lambda: server.called("sendMessage", ana.chat))
    assert fact(await sign(server.member("Ben")), "Name") == "Ben"
    assert ana.chat.from_bot == []
    house.task.cancel()  # which would wait for Ana, but not for ever
    with suppress(asyncio.CancelledError):
        await house.task


@pytest.mark.parametrize("status", [500, 502, None])
async def test_an_answer_that_got_lost_on_the_way_is_given_again(house, library, ana, server, status):
    form = await ana.ask("/sign")
    for method in ("editMessageText", "answerCallbackQuery"):
        server.fail(method, status) if status else server.drop(method)
    await ana.press(form, "Sign as")
    assert fact(await shown(ana, "You have signed"), "Number") == "#1"
    assert await house.counted(library) == 1


@pytest.mark.parametrize("status", [500, 504, None])
async def test_trouble_after_the_work_was_done_signs_nobody_twice(house, library, ana, server, status):
    form = await ana.ask("/sign")
    server.fail("editMessageText", status, after=True) if status else server.drop(
        "editMessageText", after=True
    )
    await ana.press(form, "Sign as")
    await shown(ana, "You have signed")
    await server.idle()
    assert len(ana.chat.from_bot) == 1
    assert await house.counted(library) == 1


async def test_a_message_that_was_deleted_under_the_press_is_answered_by_a_new_one(
    house, library, ana, server
):
    form = await ana.ask("/sign")
    button = form.button("Sign as")
    await ana.delete(form)
    await ana.press(form, button)
    await shown(ana, "You have signed")
    assert await house.counted(library) == 1


async def test_whoever_blocked_the_bot_costs_one_line_of_the_log(house, library, ana, server):
    form = await ana.ask("/sign")
    await ana.block()
    with capture_logs() as logs:
        ana.tap(form, "Who sees it")
        await server.idle()
        assert len(told(logs, "chat shut")) == 1
        assert told(logs, "incident") == []
    await ana.unblock()
    await ana.press(form, "Sign as")
    await shown(ana, "Your name")


async def test_a_group_where_the_bot_may_not_write_costs_one_line(house, library, ana, server):
    group = server.group("Quiet", members=(ana,))
    group.muted = True
    with capture_logs() as logs:
        await ana.send("/petition", chat=group)
        await server.idle()
    assert len(told(logs, "chat shut")) == 1
    assert told(logs, "incident") == []


async def test_a_failure_inside_is_an_apology_with_a_code_that_the_log_knows(house, library, ana, server):
    form = await ana.ask("/sign")
    server.fail("editMessageText", 400, "Bad Request: can't parse entities: nonsense")
    server.fail("sendMessage", 400, "Bad Request: can't parse entities: nonsense")
    with capture_logs() as logs:
        await ana.press(form, "Who sees it")
        apology = await shown(ana, "something went wrong on our side")
    [incident] = told(logs, "incident")
    assert incident["incident"] in apology.text
    assert "nonsense" not in str(logs)


# --- what comes in ---


HOSTILE = [
    *(
        "x",
        "sign_",
        "sign_nokey",
        "go_nolink",
        "go_aaaaaaaaaaaaaaaa",
        "step_a_b_c_d_e",
        "withdraw_x",
        "recall_x",
    ),
    *("takeback_x", "signers_x_-1", "post_x", "_" * 64, "-" * 64, "a" * 64, "../../etc", "<b>bold</b>"),
    *("sign_key'; DROP TABLE signature; --", "\u202egnp.exe", "x" * 4000, "\U0001f5f3" * 64),
]


async def test_a_hostile_deep_link_gets_a_plain_answer(house, library, ana, server):
    with capture_logs() as logs:
        for payload in HOSTILE:
            answer = await ana.ask(f"/start {payload}")
            assert 10 < len(answer.text) < 200, payload
            assert answer.buttons == [], payload
    assert told(logs, "incident") == []
    assert await house.counted(library) == 0


async def test_a_forged_press_neither_signs_nor_shows_what_is_another_members(house, library, ana, server):
    form = await ana.ask("/sign")
    mallory = server.member("Mallory")
    own = await mallory.ask("/petition")
    await mallory.press(own, form.button("Sign as"))
    await shown(mallory, "This form is no longer there")
    assert await house.counted(library) == 0
    receipt = await sign(ana)
    token = (await ana.ask("/withdraw")).button("Yes, withdraw")
    await mallory.press(await mallory.ask("/petition"), token)
    await server.idle()
    assert await house.counted(library) == 1
    assert fact(receipt, "Code") not in "".join(message.text for message in mallory.messages)


async def test_what_no_telegram_sends_keeps_nobody_from_being_served(house, library, ana, server):
    nonsense = [
        {"message": {"chat": "none", "from": 7}},
        {
            "message": {
                "message_id": 1,
                "date": 0,
                "chat": {"id": ana.id, "type": "private"},
                "from": {"id": "x"},
            }
        },
        {"callback_query": {"id": "1", "from": {"id": 1, "is_bot": False, "first_name": ""}, "data": "x"}},
        {"callback_query": {"id": "2", "message": "x", "data": "y"}},
        {"inline_query": {}},
        {"message": []},
        {"unheard_of": {"from": None}},
        {"my_chat_member": {"from": {"id": []}}},
    ]
    for number, update in enumerate(nonsense):
        server.inject(update_id=900_000 + number, **update)
    await server.idle()
    assert fact(await sign(server.member("Ben")), "Number") == "#1"


# --- the line to Telegram ---


async def test_a_network_that_is_down_at_the_start_is_waited_for(stored, server, ana):
    await server.stop()
    with capture_logs() as logs:

        async def mended():
            await until_told(logs, "connection lost")
            await server.start()

        mending = asyncio.create_task(mended())
        async with stored.served():
            await mending
            await stored.opened()
            assert fact(await sign(ana), "Number") == "#1"


async def test_a_network_that_goes_and_comes_back_is_noticed_by_nobody(house, library, ana, server):
    with capture_logs() as logs:
        await server.stop()
        await until_told(logs, "connection lost")
        await ana.send("/sign")
        await server.start()
        form = await shown(ana, "Your name")
        await ana.press(form, "Sign as")
        await shown(ana, "You have signed")
    assert len(told(logs, "connected again")) == 1


async def test_a_second_program_with_the_same_token_is_said_in_one_line(house, library, ana, server):
    with capture_logs() as logs:
        server.fail("getUpdates", 409, "Conflict: terminated by other getUpdates request", times=3)
        await ana.send("/sign")
        form = await shown(ana, "Your name")
        await ana.press(form, "Sign as")
        await shown(ana, "You have signed")
    [line] = told(logs, "connection lost")
    assert "another program serves the same bot" in line["reason"]


@pytest.mark.parametrize("status", [401, 404])
async def test_a_refused_token_is_one_line_without_the_token(server, status, capsys):
    server.fail("getMe", status)
    settings = TelegramSettings(token=server.token, api_url=server.url)
    with pytest.raises(UndersignedError, match=r"does not know this token \(telegram\.token\)") as caught:
        await Telegram(settings, HURRIED).run(None)
    assert server.token not in str(caught.value) + str(caught.value.__cause__)
    assert "\n" not in str(caught.value)


async def test_a_token_that_is_revoked_while_serving_turns_the_platform_off(stored, server):
    async with stored.served():
        server.fail("getUpdates", 401, times=None)
        server.inject(message={})
        with pytest.raises(UndersignedError, match="does not know this token"):
            await asyncio.wait_for(stored.task, 10)


async def test_updates_that_come_in_another_order_are_each_taken_and_never_asked_for_again(
    house, library, server, monkeypatch
):
    poll, given = server.updates.poll, []

    async def turned(*asked):
        batch = (await poll(*asked))[::-1]
        given.extend(update["update_id"] for update in batch)
        return batch

    monkeypatch.setattr(server.updates, "poll", turned)
    people = [server.member("Ana", f"Gil {letter}") for letter in "abcdef"]
    await asyncio.gather(*(sign(member) for member in people))
    await server.idle()
    assert await house.counted(library) == len(people)
    assert given != sorted(given), "they came one by one"
    assert len(given) == len(set(given))


async def test_a_left_over_webhook_is_removed_and_nothing_is_lost(stored, server, ana):
    server.updates.set_webhook("https://old.example.org", "", 1, drop=False)
    await ana.send("/sign")
    async with stored.served():
        await stored.opened()
        await ana.until(lambda chat: chat.from_bot)
        assert server.updates.webhook is None
        await server.idle()


async def test_an_answer_under_way_is_finished_before_the_end(stored, server, ana):
    async with stored.served():
        library = await stored.opened()
        form = await ana.ask("/sign")
        gate = server.hold("editMessageText")
        press = ana.tap(form, "Sign as")
        await gate.reached()
        stored.task.cancel()
        gate.open()
        await asyncio.gather(stored.task, return_exceptions=True)
    assert press.answers
    assert "You have signed" in form.text
    assert await stored.counted(library) == 1


async def test_what_is_not_finished_in_time_comes_again(stored, server, ana):
    async with stored.served():
        library = await stored.opened()
        form = await ana.ask("/sign")
        gate = server.hold("editMessageText")
        ana.tap(form, "Sign as")
        await gate.reached()
        stored.task.cancel()
        await asyncio.wait_for(asyncio.gather(stored.task, return_exceptions=True), 20)
        gate.open()
    async with stored.served():
        await shown(ana, "Keep the code")
        assert await stored.counted(library) == 1


async def test_one_member_is_served_in_order_while_another_waits_for_nobody(house, library, ana, server):
    gate = server.hold("sendMessage", chat=ana.chat)
    await ana.send("/petition")
    await ana.send("/help")
    await gate.reached()
    assert fact(await sign(server.member("Ben")), "Number") == "#1"
    gate.open()
    await ana.until(lambda chat: len(chat.from_bot) == 2)
    assert [message.text.splitlines()[0] for message in ana.chat.from_bot] == [
        "Save the library",
        "What you can do here",
    ]
