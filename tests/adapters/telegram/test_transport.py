"""How what is said gets to Telegram, and what is told of it when it does not; and that nothing is left open."""

import asyncio
import json
import logging

import pytest
from telegram.error import NetworkError, RetryAfter, TelegramError, TimedOut

from adapters.telegram.methods import Chat, Methods, call_method
from adapters.telegram.transport import AWHILE, FloodError, NotSentError, make_bot
from bot.settings import TelegramSettings
from tests.adapters.scripted import Scripted, certificate, until

TOKEN = "123456:planted-token-that-nobody-may-see"
PICTURE = b"\x89PNG and so on"
STEPS_OF_BEGINNING = 8
"""More turns of the event loop than it takes until something is said."""


def said(status, answer):
    body = json.dumps(answer).encode()
    return b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)


MESSAGE = {"message_id": 7, "date": 0, "chat": {"id": 1, "type": "private"}}
PHOTO = {"file_id": "kept", "file_unique_id": "u", "width": 1, "height": 1}
SENT = said(200, {"ok": True, "result": {**MESSAGE, "photo": [PHOTO]}})


async def in_words(bot):
    return await Methods(bot).send(Chat(1), "hello")


async def with_a_file(bot):
    return (await Methods(bot).photo(Chat(1), PICTURE))[0]


async def fetched(bot):
    return await bot.request.retrieve(f"{bot.base_url}/getUpdates?timeout=1", read_timeout=0.05)


BY = pytest.mark.parametrize("say", [in_words, with_a_file])


@pytest.fixture(autouse=True)
def told(caplog, monkeypatch):
    """No token is logged, whatever is said."""
    for name in ("NO_PROXY", "no_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    caplog.set_level(logging.DEBUG)
    logging.getLogger("telegram").setLevel(logging.WARNING)  # as serving does
    yield
    assert TOKEN not in "".join(record.getMessage() for record in caplog.get_records("call"))


@pytest.fixture
async def to():
    opened = []

    def connected(server):
        url = server.url.removesuffix("/api/")
        opened.append(make_bot(TelegramSettings(token=TOKEN, api_url=url)))
        return opened[-1]

    yield connected
    for bot in opened:
        await bot.shutdown()


@pytest.fixture
def proxied(monkeypatch):
    """What is said from here on goes through this server."""

    def through(server):
        monkeypatch.setenv("HTTP_PROXY", server.url.removesuffix("/api/"))

    return through


async def failure(saying):
    """How it ends, soon, and in a word that tells no token."""
    with pytest.raises(TelegramError) as caught:
        async with asyncio.timeout(5):
            await saying
    error = caught.value
    assert "Unknown" not in str(error), "the library did not know what to make of it"
    assert TOKEN not in f"{error!r} {error} {error.__cause__!r}"
    return type(error)


# --- what arrives ---


async def test_what_is_said_in_words_is_json_and_the_next_goes_over_the_same_connection(to):
    async with Scripted([SENT], [SENT]) as server:
        bot = to(server)
        assert [await in_words(bot), await in_words(bot)] == [7, 7]
    head, _, body = server.asked[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /bot" + TOKEN.encode() + b"/sendMessage HTTP/1.1\r\n")
    assert b"Content-Type: application/json" in head
    assert json.loads(body)["text"] == "hello"
    assert server.connections == 1


async def test_a_file_goes_as_a_form(to):
    async with Scripted([SENT], [SENT]) as server:
        bot = to(server)
        assert [await with_a_file(bot), await with_a_file(bot)] == [7, 7]
    head, _, body = server.asked[0].partition(b"\r\n\r\n")
    assert b"content-type: multipart/form-data" in head.lower()
    assert PICTURE in body
    assert b'name="chat_id"\r\n\r\n1\r\n' in body
    assert server.connections == 1


async def test_a_file_is_read_as_it_is_sent_and_never_as_a_whole(to, tmp_path, monkeypatch):
    """What is exported may be larger than the memory that is left."""
    whole = b"name\r\n" * 200_000
    (tmp_path / "list.csv").write_bytes(whole)
    read, opened = [], type(tmp_path).open

    def watched(path, mode):
        file = opened(path, mode)

        class Watched:
            def __getattr__(self, name):
                return getattr(file, name)

            def __enter__(self):
                return self

            def __exit__(self, *_):
                file.close()

            def read(self, size=-1):
                read.append(data := file.read(size))
                return data

        return Watched()

    monkeypatch.setattr(type(tmp_path), "open", watched)
    async with Scripted([SENT]) as server:
        await Methods(to(server)).document(1, tmp_path / "list.csv", "list.csv", "The list")
    assert b"".join(read) == whole
    assert max(map(len, read)) <= 1 << 17
    assert whole in server.asked[0]


@BY
async def test_a_proxy_for_other_things_is_passed_by(to, monkeypatch, unused_tcp_port, say):
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{unused_tcp_port}")
    async with Scripted([SENT]) as server:
        assert await say(to(server)) == 7


@BY
async def test_an_encrypted_address_is_talked_to_when_it_proves_who_it_is(to, tmp_path, monkeypatch, say):
    serving, _ = certificate(tmp_path, "127.0.0.1")
    async with Scripted([SENT], tls=serving) as server:
        monkeypatch.delenv("SSL_CERT_FILE", raising=False)
        assert await failure(say(to(server))) is NotSentError
        assert not server.asked
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "both.pem"))
        assert await say(to(server)) == 7


# --- what does not ---


@BY
async def test_where_nobody_listens_nothing_has_left(to, say):
    async with Scripted() as server:
        pass
    assert await failure(say(to(server))) is NotSentError


@pytest.mark.parametrize("say", [in_words, with_a_file, fetched])
@pytest.mark.parametrize(
    "cut", [[None], [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", None], [b"x\r\n\r\n"]]
)
async def test_what_breaks_may_have_arrived_and_is_not_said_twice(to, say, cut):
    async with Scripted(cut) as server:
        assert await failure(say(to(server))) is NetworkError
    assert len(server.asked) == 1


async def test_a_question_is_asked_again_when_its_connection_was_about_to_end(to):
    async with Scripted([SENT], [None], [SENT]) as server:
        bot = to(server)
        await in_words(bot)
        assert b"message_id" in await fetched(bot)
    assert server.connections == 2


@pytest.mark.parametrize("through", [False, True])
async def test_an_answer_is_waited_for_as_long_as_the_question_says(to, proxied, through):
    async with Scripted([]) as server:
        if through:
            proxied(server)
        assert await failure(fetched(to(server))) is TimedOut


async def test_a_long_answer_may_take_longer_than_each_piece_of_it(to):
    async with Scripted([b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n", *[0.1, b"x"] * 6]) as server:
        bot = to(server)
        assert await bot.request.retrieve(f"{bot.base_url}/getUpdates", read_timeout=0.35) == b"xxxxxx"


async def test_nothing_has_left_while_the_connection_does_not_stand(to, monkeypatch):
    monkeypatch.setattr("adapters.telegram.ways.CONNECTING", 0.01)
    monkeypatch.setattr("adapters.connections.Connections._connect", lambda _: asyncio.Event().wait())
    async with Scripted() as server:
        assert await failure(in_words(to(server))) is NotSentError


async def test_a_file_is_waited_for_longer(to, monkeypatch):
    monkeypatch.setattr("adapters.telegram.transport.PATIENT", 0.05)
    async with Scripted([]) as server:
        assert await failure(with_a_file(to(server))) is TimedOut


async def test_a_server_that_asks_to_wait_is_understood_whatever_else_it_says(to):
    hasty = {"ok": False, "error_code": 429, "description": "Too Many Requests"}
    answers = [said(429, {**hasty, "parameters": {"retry_after": 40}}), said(429, hasty), said(429, [])]
    async with Scripted(*([each] for each in answers)) as server:
        bot = to(server)
        waits = []
        for _ in answers:
            with pytest.raises(FloodError) as flood:
                await in_words(bot)
            waits.append(flood.value.seconds)
    assert waits == [40, AWHILE, AWHILE]
    assert not isinstance(flood.value, RetryAfter)


@BY
async def test_an_answer_that_is_no_json_is_told_without_quoting_it(to, say):
    async with Scripted([b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret"]) as server:
        with pytest.raises(TelegramError, match="Invalid server response") as caught:
            await say(to(server))
    assert "secret" not in f"{caught.value!r} {caught.value.__cause__!r}"


async def test_an_address_that_is_none_reaches_nobody(to):
    async with Scripted() as server:
        assert await failure(call_method(to(server), "send Message")) is NotSentError
    assert not server.asked


# --- the end ---


@pytest.mark.parametrize("turns", range(STEPS_OF_BEGINNING))
async def test_a_start_that_is_ended_at_any_moment_leaves_no_connection_open(to, turns):
    async with Scripted([]) as server:
        bot = to(server)
        begun = asyncio.create_task(bot.initialize())
        for _ in range(turns):
            await asyncio.sleep(0)
        begun.cancel()
        with pytest.raises(asyncio.CancelledError):
            await begun
        await bot.shutdown()
        await until(lambda: server.ended == server.connections)


@BY
async def test_the_end_leaves_no_connection_open_and_nothing_is_said_any_more(to, say):
    async with Scripted([SENT], [SENT]) as server:
        bot = to(server)
        await in_words(bot)
        await with_a_file(bot)
        await bot.shutdown()
        await until(lambda: server.ended == server.connections == 2)
        assert await failure(say(bot)) is NotSentError
    assert len(server.asked) == 2
