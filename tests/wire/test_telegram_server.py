"""The local Telegram behaves as Telegram does towards the unmodified python-telegram-bot."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram import (
    Bot,
    BotCommandScopeAllGroupChats,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaDocument,
    InputTextMessageContent,
    ReplyParameters,
    Update,
)
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, NetworkError, RetryAfter
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from tests.wire.telegram import Member, NeverHappened, Spec, TelegramServer

SIGN = InlineKeyboardMarkup([[InlineKeyboardButton("Sign as Ana", callback_data="s:1")]])


class PlainBot:
    """A small bot, as anyone would write it with python-telegram-bot."""

    def __init__(self) -> None:
        self.seen: list[Update] = []

    async def remember(self, update: Update, _: object) -> None:
        self.seen.append(update)

    async def petition(self, update: Update, _: object) -> None:
        await update.message.reply_html("<b>Save the park</b>\nTo: the Mayor", reply_markup=SIGN)

    async def start(self, update: Update, context) -> None:
        await update.message.reply_text(f"Welcome {' '.join(context.args)}")

    async def sign(self, update: Update, _: object) -> None:
        await update.callback_query.answer("Signed")
        await update.callback_query.edit_message_text("Receipt #1")

    async def name(self, update: Update, _: object) -> None:
        await update.message.reply_text("Your name?", reply_markup=ForceReply())

    async def named(self, update: Update, _: object) -> None:
        await update.message.reply_text(f"Hello {update.message.text}")

    async def offer(self, update: Update, _: object) -> None:
        card = InlineQueryResultArticle("1", "Save the park", InputTextMessageContent("Save the park"), SIGN)
        await update.inline_query.answer([card], cache_time=10)

    def application(self, server: TelegramServer) -> Application:
        builder = Application.builder().token(server.token).concurrent_updates(True)
        builder.connection_pool_size(16).pool_timeout(30)
        app = builder.base_url(f"{server.url}/bot").base_file_url(f"{server.url}/file/bot").build()
        app.add_handler(TypeHandler(Update, self.remember), group=-1)
        for name, handler in (("petition", self.petition), ("start", self.start), ("name", self.name)):
            app.add_handler(CommandHandler(name, handler))
        app.add_handler(CallbackQueryHandler(self.sign))
        app.add_handler(InlineQueryHandler(self.offer))
        app.add_handler(MessageHandler(filters.REPLY & ~filters.COMMAND, self.named))
        return app

    @asynccontextmanager
    async def running(self, server: TelegramServer, **polling: object) -> AsyncIterator[Application]:
        async with self.application(server) as app:
            await app.start()
            await app.updater.start_polling(timeout=5, **polling)
            await server.until(lambda: server.updates.polled)
            yield app
            await app.updater.stop()
            await app.stop()


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server
        assert server.violations == []


@pytest.fixture
async def lenient() -> AsyncIterator[TelegramServer]:
    """Without the specification, so that Telegram's own refusals are seen."""
    async with TelegramServer(specs=None) as server:
        yield server


@pytest.fixture
async def api(lenient: TelegramServer) -> AsyncIterator[Bot]:
    async with Bot(lenient.token, f"{lenient.url}/bot", f"{lenient.url}/file/bot") as bot:
        yield bot


@pytest.fixture
async def ana(lenient: TelegramServer) -> Member:
    member = lenient.member("Ana", language="es")
    await member.start()
    return member


@pytest.fixture
def bot() -> PlainBot:
    return PlainBot()


# A whole conversation


async def test_a_command_gets_a_card_and_a_press_turns_it_into_a_receipt(server, bot):
    ana = server.member("Ana", "Gil", language="es")
    async with bot.running(server):
        card = await ana.ask("/petition")
        assert card.text == "Save the park\nTo: the Mayor"
        assert card.html == "<b>Save the park</b>\nTo: the Mayor"
        assert [button.text for button in card.buttons] == ["Sign as Ana"]
        press = await ana.press(card, "Sign")
        assert press.text == "Signed"
        await ana.until(lambda chat: card.text == "Receipt #1")
        await server.idle()
    assert card.buttons == []
    assert ana.chat.last is card
    assert server.unanswered == []
    assert bot.seen[0].effective_user.language_code == "es"


async def test_two_quick_taps_are_two_presses_and_both_are_answered(server, bot):
    ana = server.member("Ana")
    async with bot.running(server):
        card = await ana.ask("/petition")
        server.fail("editMessageText", 400, "Bad Request: message is not modified", times=2)
        first, second = await ana.double_press(card, "Sign as Ana")
        assert (len(first.answers), len(second.answers)) == (1, 1)
        await server.idle()


async def test_free_text_is_a_reply_to_the_question(server, bot):
    ana = server.member("Ana")
    async with bot.running(server):
        question = await ana.ask("/name")
        assert question.force_reply
        reply = await ana.reply(question, "Ana María")
        assert (await ana.next_message(reply)).text == "Hello Ana María"
        await server.idle()


async def test_a_deep_link_opens_the_private_chat_with_its_payload(server, bot):
    ana = server.member("Ana")
    async with bot.running(server):
        sent = await ana.follow(f"https://t.me/{server.bot.username}?start=abc_-9")
        assert (await ana.next_message(sent)).text == "Welcome abc_-9"
        await server.idle()
    with pytest.raises(AssertionError, match="does not lead"):
        await ana.follow("https://t.me/other_bot?start=x")
    with pytest.raises(ValueError, match="no client"):
        await ana.start("a b")


async def test_an_inline_card_stands_in_a_chat_where_the_bot_is_not(server, bot):
    ana, ben = server.member("Ana"), server.member("Ben")
    elsewhere = server.group("Elsewhere", bot=None)
    async with bot.running(server):
        results = await ana.inline("park")
        assert [result.title for result in results] == ["Save the park"]
        assert (results.cache_time, results.personal) == (10, False)
        card = await ana.choose(results[0], chat=elsewhere)
        assert card.via_bot == server.bot
        await ben.press(card, "Sign as Ana")
        await elsewhere.until(lambda chat: card.text == "Receipt #1")
        await server.idle()
    assert all(update.effective_chat is None for update in bot.seen)


async def test_two_hundred_people_are_served_at_once(server, bot):
    people = [server.member(f"Member {number}") for number in range(200)]

    async def one(member: Member) -> None:
        card = await member.ask("/petition", within=30)
        await member.press(card, "Sign", within=30)
        await member.until(lambda chat: chat.last.text == "Receipt #1", within=30)

    async with bot.running(server):
        await asyncio.gather(*map(one, people))
        await server.idle(within=30)
    assert len(server.called("answerCallbackQuery")) == 200


# Groups


async def test_privacy_mode_shows_the_bot_commands_and_replies_only(server, bot):
    ana = server.member("Ana")
    group = server.group("Neighbours", supergroup=True, forum=True, members=(ana,))
    topic = await group.topic("Park")
    async with bot.running(server):
        await ana.send("hello all", chat=group)
        await ana.send("/petition@some_other_bot", topic=topic)
        card = await ana.ask("/petition@undersigned_bot", topic=topic)
        assert card.topic == topic
        assert card in topic.messages
        await ana.reply(card, "who wrote this?")
        await server.idle()
    told = [update.message.text for update in bot.seen if update.message and update.message.text]
    assert told == ["/petition@undersigned_bot", "who wrote this?"]


async def test_as_administrator_the_bot_sees_everything(server, bot):
    ana = server.member("Ana")
    group = server.group("Neighbours", bot="administrator")
    async with bot.running(server):
        await ana.send("hello all", chat=group)
        await server.idle()
    assert bot.seen[0].message.text == "hello all"


async def test_an_anonymous_administrator_writes_as_the_group(server, bot):
    ana = server.member("Ana")
    group = server.group("Neighbours", supergroup=True)
    await group.promote(ana, anonymous=True)
    async with bot.running(server):
        await ana.ask("/petition", chat=group, anonymous=True)
        await server.idle()
    message = bot.seen[0].message
    assert (message.sender_chat.id, message.from_user.username) == (group.id, "GroupAnonymousBot")


async def test_a_channel_post_has_no_sender_but_the_channel(server, bot):
    channel = server.channel("News", username="news")
    async with bot.running(server) as app:
        await channel.post("/follow")
        sent = await app.bot.send_message("@news", "The board", reply_markup=SIGN)
        await server.idle()
    assert bot.seen[0].channel_post.sender_chat.id == channel.id
    assert sent.from_user is None
    assert channel.from_bot[0].buttons[0].text == "Sign as Ana"


async def test_the_bot_hears_what_happens_to_it(server, bot):
    ana = server.member("Ana")
    group = server.group("Neighbours", bot=None)
    async with bot.running(server, allowed_updates=Update.ALL_TYPES):
        await group.add_bot(by=ana)
        await group.promote_bot("can_pin_messages", by=ana)
        await group.join(server.member("Ben"))
        await group.remove_bot(by=ana)
        await ana.block()
        await server.idle()
    changes = [update.my_chat_member for update in bot.seen if update.my_chat_member]
    assert [change.new_chat_member.status for change in changes] == [
        *("member", "administrator", "kicked"),
        "kicked",
    ]
    assert changes[1].new_chat_member.can_pin_messages
    assert not changes[1].new_chat_member.can_delete_messages
    assert [update.chat_member.new_chat_member.status for update in bot.seen if update.chat_member] == [
        "member"
    ]


async def test_a_group_that_became_a_supergroup_points_to_its_new_id(api, lenient, ana):
    group = lenient.group("Neighbours", members=(ana,))
    await api.send_message(group.id, "before")
    new = await group.migrate()
    with pytest.raises(ChatMigrated) as moved:
        await api.send_message(group.id, "after")
    assert moved.value.new_chat_id == new.id
    assert (await api.send_message(new.id, "after")).chat.type == "supergroup"
    updates = await api.get_updates()
    assert updates[-2].message.migrate_to_chat_id == new.id
    assert updates[-1].message.migrate_from_chat_id == group.id


async def test_rights_decide_about_deleting_and_pinning(api, lenient, ana):
    group = lenient.group("Neighbours")
    typed = await ana.send("/sign", chat=group)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await api.delete_message(group.id, typed.id)
    await group.promote_bot("can_delete_messages", by=ana)
    assert await api.delete_message(group.id, typed.id)
    assert (group.messages, group.deleted) == ([], [typed])
    board = await api.send_message(group.id, "board")
    with pytest.raises(BadRequest, match="Not enough rights to manage pinned"):
        await board.pin()
    await group.promote_bot("can_pin_messages", by=ana)
    await board.pin()
    assert group.last.pinned
    assert (await api.get_chat(group.id)).pinned_message.text == "board"
    assert [each.user.id for each in await api.get_chat_administrators(group.id)] == [lenient.bot.id]
    await api.leave_chat(group.id)
    with pytest.raises(Forbidden, match="not a member of the group chat"):
        await board.edit_text("later")


# How updates come


async def test_a_second_poller_ends_the_first(lenient, api):
    first = asyncio.create_task(api.get_updates(timeout=5))
    await lenient.until(lambda: lenient.updates.polled)
    async with Bot(lenient.token, f"{lenient.url}/bot") as other:
        assert await other.get_updates() == ()
    with pytest.raises(Conflict, match="terminated by other getUpdates"):
        await first


async def test_updates_are_kept_until_they_are_confirmed_and_can_be_replayed(api, lenient, ana):
    [update] = await api.get_updates()
    assert [each.update_id for each in await api.get_updates()] == [update.update_id]
    assert await api.get_updates(offset=update.update_id + 1) == ()
    lenient.replay()
    assert [each.to_dict() for each in await api.get_updates(offset=update.update_id + 1)] == [
        update.to_dict()
    ]


@asynccontextmanager
async def listening(app: Application, secret: str) -> AsyncIterator[str]:
    """A webhook listener as an adapter would have one; PTB's own wants another web server installed."""

    async def receive(request: web.Request) -> web.Response:
        if request.headers.get("X-Telegram-Bot-Api-Secret-Token") != secret:
            return web.Response(status=403)
        await app.update_queue.put(Update.de_json(await request.json(), app.bot))
        return web.Response()

    listener = web.Application()
    listener.router.add_post("/hook", receive)
    async with TestServer(listener) as running:
        yield str(running.make_url("/"))


async def test_a_webhook_gets_the_secret_and_is_tried_again(lenient, bot, ana):
    async with bot.application(lenient) as app, listening(app, "s-3_cret") as address:
        lenient.updates.proxy("https://bot.example/", address)
        await app.start()
        await app.bot.set_webhook("https://bot.example/hook", secret_token="s-3_cret")
        assert (await ana.ask("/petition")).text.startswith("Welcome")  # what waited comes first
        with pytest.raises(Conflict, match="webhook is active"):
            await app.bot.get_updates()
        lenient.updates.webhook.secret = "wrong"
        await ana.send("/petition")
        await lenient.until(lambda: lenient.updates.deliveries[-1][1] == 403)
        info = await app.bot.get_webhook_info()
        assert (info.pending_update_count, info.url) == (1, "https://bot.example/hook")
        assert "403" in info.last_error_message
        lenient.updates.webhook.secret = "s-3_cret"
        await ana.until(lambda chat: len(chat.from_bot) == 3)
        await app.bot.delete_webhook()
        await app.stop()


# What Telegram refuses


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("¿<br>", 'Unsupported start tag "br" at byte offset 2'),
        ("<b>bold", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<a href=https://x.org>x</a>", "Unexpected end of name token at byte offset 8"),
        ('<span class="red">x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_markup_that_telegram_cannot_read_is_refused(api, ana, markup, words):
    with pytest.raises(BadRequest) as refused:
        await api.send_message(ana.id, markup, parse_mode="HTML")
    assert (
        refused.value.message == f"Can't parse entities: {words[0].lower()}{words[1:]}"
        or refused.value.message == (f"Can't parse entities: {words}")
    )


@pytest.mark.parametrize(
    ("markup", "text", "html"),
    [
        ("AT&T &amp; you &lt;3 &#39;&#x1F331;", "AT&T & you <3 '🌱", "AT&amp;T &amp; you &lt;3 '🌱"),
        ("<strong>a<em>b</em></strong>", "ab", "<b>a<i>b</i></b>"),
        ("<i><b>x</b></i>", "x", "<b><i>x</i></b>"),
        ("🌱<U>x</>", "🌱x", "🌱<u>x</u>"),
        ("<blockquote expandable>q</blockquote>", "q", "<blockquote expandable>q</blockquote>"),
        ('<a href="t.me/x?a=1&amp;b">x</a>', "x", '<a href="http://t.me/x?a=1&amp;b">x</a>'),
        ('<a href="nowhere">x</a>', "x", "x"),
        ("<code>&lt;b&gt;</code> <b></b>  \n", "<b>", "<code>&lt;b&gt;</code>"),
        ('<pre><code class="language-py">x</code></pre>', "x", "<pre>x</pre>"),
    ],
)
async def test_markup_is_read_as_telegram_reads_it(api, ana, markup, text, html):
    sent = await api.send_message(ana.id, markup, parse_mode="HTML")
    assert (sent.text, ana.chat.last.html) == (text, html)


def _button(**what: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("x", **what)]])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda api, ana: api.send_message(ana.id, "🌱" * 2049), "Message is too long"),
        (lambda api, ana: api.send_message(ana.id, " \n"), "Text must be non-empty"),
        (lambda api, ana: api.send_document(ana.id, b"x", caption="x" * 1025), "Message caption is too long"),
        (lambda api, ana: api.send_photo(ana.id, b"no picture"), "Image_process_failed"),
        (
            lambda api, ana: api.send_message(ana.id, "x", reply_markup=_button(callback_data="ñ" * 33)),
            "Button_data",
        ),
        (
            lambda api, ana: api.send_message(ana.id, "x", reply_markup=_button(url="http://x")),
            "Wrong HTTP URL",
        ),
        (lambda api, ana: api.send_message(4, "x"), "Chat not found"),
        (lambda api, ana: api.edit_message_text("x", ana.id, 99), "Message to edit not found"),
        (lambda api, ana: api.edit_message_text("x", ana.id, ana.chat.last.id), "Message can't be edited"),
        (lambda api, ana: api.delete_message(ana.id, 99), "Message to delete not found"),
        (lambda api, ana: api.answer_callback_query("99"), "Query is too old"),
        (lambda api, ana: api.set_my_commands([("Sign", "x")]), "Bot_command_invalid"),
        (lambda api, ana: api.set_my_commands([("sign", "x")], language_code="spa"), "Lang_code_invalid"),
        (
            lambda api, ana: api.send_message(ana.id, "x", reply_parameters=ReplyParameters(99)),
            "Message to be replied not found",
        ),
    ],
)
async def test_what_telegram_refuses_is_refused(api, ana, call: Callable, words):
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await call(api, ana)


async def test_an_edit_that_changes_nothing_is_refused(api, ana):
    sent = await api.send_message(ana.id, "<b>x</b>", parse_mode="HTML", reply_markup=SIGN)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await sent.edit_text("<strong>x</strong>", parse_mode="HTML", reply_markup=SIGN)
    await sent.edit_text("x", reply_markup=SIGN)
    assert [content.text for content in ana.chat.last.edits] == ["x"]


async def test_those_who_blocked_or_never_started_cannot_be_written_to(api, lenient, ana):
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await api.send_message(lenient.member("Ben").id, "x")
    await ana.block()
    with pytest.raises(Forbidden, match="blocked by the user"):
        await api.send_message(ana.id, "x")
    await ana.unblock()
    await api.send_message(ana.id, "x")


# Faults on demand


async def test_faults_strike_before_or_after_the_work_is_done(api, lenient, ana, monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # without it RetryAfter warns whenever it is made
    group = lenient.group("Neighbours")
    flood = lenient.fail("sendMessage", 429, retry_after=7, chat=ana.chat)
    await api.send_message(group.id, "elsewhere")
    with pytest.raises(RetryAfter) as refused:
        await api.send_message(ana.id, "one")
    assert refused.value.retry_after.total_seconds() == 7
    lenient.fail("sendMessage", 502, after=True)
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await api.send_message(ana.id, "two")
    lenient.drop("sendMessage", after=True)
    with pytest.raises(NetworkError, match=r"RemoteProtocolError|ReadError"):
        await api.send_message(ana.id, "three")
    assert [message.text for message in ana.chat.from_bot] == ["two", "three"]
    assert len(flood.hits) == 1


async def test_the_network_can_go_away_and_come_back(api, lenient, ana):
    await lenient.stop()
    with pytest.raises(NetworkError, match="ConnectError"):
        await api.send_message(ana.id, "lost")
    await lenient.start()
    await api.send_message(ana.id, "back")
    assert [message.text for message in ana.chat.from_bot] == ["back"]


async def test_a_gate_shows_what_happens_meanwhile(api, lenient, ana):
    gate = lenient.hold("sendMessage")
    sending = asyncio.create_task(api.send_message(ana.id, "x"))
    assert (await gate.reached()).text("text") == "x"
    assert ana.chat.from_bot == []
    gate.open()
    await sending
    assert ana.chat.last.text == "x"


async def test_waiting_in_vain_says_what_there_was(lenient, ana):
    with pytest.raises(NeverHappened, match="/start"):
        await ana.until(lambda chat: chat.from_bot, within=0.01)
    with pytest.raises(NeverHappened, match="update_id"):
        await lenient.idle(within=0.01)


async def test_a_button_that_nobody_answers_spins(api, lenient, ana):
    card = await api.send_message(ana.id, "x", reply_markup=SIGN)
    with pytest.raises(NeverHappened, match="'Sign as Ana' still spins"):
        await ana.press(ana.chat.last, "Sign", within=0.01)
    await api.get_updates(offset=2000)
    with pytest.raises(NeverHappened, match="Press"):
        await lenient.idle(within=0.01)
    [press] = lenient.unanswered
    press.expired = True
    with pytest.raises(BadRequest, match="Query is too old"):
        await api.answer_callback_query(press.id)
    assert press.refused == 1
    with pytest.raises(AssertionError, match="0 buttons 'Withdraw'"):
        ana.tap(ana.chat.last, "Withdraw")
    assert card.message_id == ana.chat.last.id


# Files and settings


async def test_files_go_both_ways(api, ana):
    sent = await ana.upload("petition.md", b"+++", "my petition")
    [*_, update] = await api.get_updates()
    assert update.message.caption == "my petition"
    file = await update.message.document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"+++" == sent.file.data
    export = await api.send_document(
        ana.id, b"a,b", filename="signers.csv", caption="<b>1</b>", parse_mode="HTML"
    )
    assert (ana.chat.last.file.name, ana.chat.last.html) == ("signers.csv", "<b>1</b>")
    await export.edit_caption("two", reply_markup=SIGN)
    await export.edit_media(InputMediaDocument(b"c,d", filename="later.csv"))
    assert (ana.chat.last.file.data, ana.chat.last.text) == (b"c,d", "")
    picture = b"\x89PNG\r\n\x1a\n" + bytes(8) + (600).to_bytes(4, "big") + (400).to_bytes(4, "big")
    photo = await api.send_photo(ana.id, picture, protect_content=True)
    assert (photo.photo[0].width, ana.chat.last.protected) == (600, True)
    assert (await api.send_photo(ana.id, photo.photo[0].file_id)).photo == photo.photo


async def test_each_person_is_offered_the_commands_of_their_scope_and_language(api, lenient, ana):
    ben = lenient.member("Ben")
    group = lenient.group("Neighbours", members=(ana, ben))
    await api.set_my_commands([("sign", "Sign")])
    await api.set_my_commands([("sign", "Firmar")], language_code="es")
    await api.set_my_commands([("totals", "Totals")], scope=BotCommandScopeAllGroupChats())
    assert [each["description"] for member in (ana, ben) for each in member.command_menu()] == [
        "Firmar",
        "Sign",
    ]
    assert ana.commands(group) == ["totals"]
    await api.set_my_description("firma", language_code="es")
    assert (await api.get_my_description("es")).description == "firma"


# The specification


@pytest.fixture
def spec() -> Spec:
    """A small specification with everything that the real one has."""
    field = {"required": False, "description": ""}
    return Spec(
        {
            "version": "test",
            "methods": {
                "sendMessage": {
                    "fields": [
                        {
                            "name": "chat_id",
                            "types": ["Integer", "String"],
                            "required": True,
                            "description": "",
                        },
                        {
                            "name": "text",
                            "types": ["String"],
                            "required": True,
                            "description": "1-5 characters",
                        },
                        {**field, "name": "silent", "types": ["Boolean"]},
                        {**field, "name": "rows", "types": ["Array of Array of Button"]},
                        {**field, "name": "media", "types": ["Media"]},
                        {**field, "name": "file", "types": ["InputFile", "String"]},
                    ]
                }
            },
            "types": {
                "Button": {
                    "fields": [{"name": "n", "types": ["Integer"], "required": True, "description": ""}]
                },
                "Media": {"subtypes": ["Photo", "Film"]},
                "Photo": {
                    "fields": [
                        {
                            "name": "type",
                            "types": ["String"],
                            "required": True,
                            "description": "must be photo",
                        }
                    ]
                },
                "Film": {
                    "fields": [
                        {
                            "name": "type",
                            "types": ["String"],
                            "required": True,
                            "description": "must be film",
                        },
                        {"name": "length", "types": ["Float"], "required": True, "description": ""},
                    ]
                },
            },
        }
    )


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        (
            {
                "chat_id": "1",
                "text": "x",
                "silent": "true",
                "rows": '[[{"n": 1}]]',
                "media": '{"type": "photo"}',
            },
            None,
        ),
        ({"chat_id": "@x", "text": "x", "file": "file_id"}, None),
        ({"chat_id": 1}, "text is missing"),
        ({"chat_id": 1.5, "text": "x"}, "chat_id: 1.5 is no Integer"),
        ({"chat_id": 1, "text": "x", "colour": "red"}, "unknown field colour"),
        ({"chat_id": 1, "text": "123456"}, "text is not 1-5 characters long"),
        ({"chat_id": 1, "text": "x", "silent": "maybe"}, "silent: 'maybe' is no Boolean"),
        ({"chat_id": 1, "text": "x", "rows": '[[{"n": true}]]'}, "rows: [0] [0] n: True is no Integer"),
        ({"chat_id": 1, "text": "x", "media": '{"type": "film"}'}, "media: length is missing"),
        ({"chat_id": 1, "text": "x", "media": '{"type": "gif"}'}, "media: type must be photo"),
    ],
)
def test_a_call_is_held_against_the_specification(spec, params, problem):
    assert spec.check("SendMessage", params, {}) == ([f"SendMessage: {problem}"] if problem else [])


async def test_a_call_that_breaks_the_specification_is_recorded_and_refused(spec):
    async with TelegramServer(specs=spec) as server, aiohttp.ClientSession() as session:
        ana = server.member("Ana")
        await ana.start()
        url = f"{server.url}/bot{server.token}"
        async with session.post(
            f"{url}/sendMessage", json={"chat_id": ana.id, "text": "hi", "colour": 1}
        ) as answer:
            assert (answer.status, (await answer.json())["ok"]) == (400, False)
        async with session.get(f"{url}/sendMessage", params={"chat_id": ana.id, "text": "hi"}) as answer:
            assert (await answer.json())["result"]["text"] == "hi"
        async with session.get(f"{url}/sendParrot") as answer:
            assert answer.status == 404
        async with session.get(f"{server.url}/bot1:wrong/getMe") as answer:
            assert answer.status == 401
    assert server.violations == ["sendMessage: unknown field colour", "sendParrot: no such method"]
    assert [message.text for message in ana.chat.from_bot] == ["hi"]


async def test_the_official_description_catches_what_the_client_lets_through():
    official = Spec.from_environment()
    if not official:
        pytest.skip("UNDERSIGNED_API_SPECS is not set")
    async with TelegramServer(specs=official) as server, Bot(server.token, f"{server.url}/bot") as bot:
        ana = server.member("Ana")
        await ana.start()
        await bot.send_message(ana.id, "fine", reply_markup=SIGN)
        with pytest.raises(BadRequest):
            await bot.send_message(
                ana.id, "x", api_kwargs={"reply_markup": json.dumps({"inline_keyboard": [{}]})}
            )
        with pytest.raises(BadRequest):
            await bot.set_my_commands([("sign", "x" * 257)])
    assert [each.partition(":")[0] for each in server.violations] == ["sendMessage", "setMyCommands"]


def test_the_server_does_not_lean_on_the_library_that_it_tests():
    for source in (Path(__file__).parent / "telegram").glob("*.py"):
        assert "from telegram" not in source.read_text(encoding="utf-8")
