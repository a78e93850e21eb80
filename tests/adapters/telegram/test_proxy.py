"""Where Telegram is blocked, the bot goes out through the proxy that the environment names."""

import asyncio
import base64
import contextlib
import json
import os

import pytest
from telegram.error import NetworkError

from adapters.telegram import platform
from adapters.telegram.methods import Chat, Methods
from adapters.telegram.proxy import way_out
from adapters.telegram.transport import NotSentError, make_bot
from bot.errors import UndersignedError
from bot.settings import TelegramSettings
from tests.adapters.scripted import Scripted, certificate

TOKEN = "123456:planted-token-that-nobody-may-see"
SETTINGS = TelegramSettings(token=TOKEN, api_url="http://telegram.invalid")
SAFE = TelegramSettings(token=TOKEN, api_url="https://telegram.invalid")
ME = {"id": 1, "is_bot": True, "first_name": "Bot", "username": "b"}
NAMES = (
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "all_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
)


class Asked(list):
    status = "200 OK"


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.fixture
async def proxy(environment):
    """A proxy; what it was asked for, line by line. It answers in Telegram's place."""
    asked = Asked()

    async def serve(reader, writer):
        asked.extend((await reader.readuntil(b"\r\n\r\n")).decode().splitlines())
        body = json.dumps({"ok": True, "result": ME}).encode()
        head = f"HTTP/1.1 {asked.status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        address = server.sockets[0].getsockname()
        environment.setenv("HTTP_PROXY", f"http://{address[0]}:{address[1]}")
        yield asked


async def test_whoever_asks_and_whoever_serves_goes_through_it(proxy):
    assert (await platform(SETTINGS).introduce()).name == "@b"
    async with make_bot(SETTINGS) as bot:
        assert bot.username == "b"
    requests = [line for line in proxy if "HTTP/1.1" in line]
    assert [line.split()[1] for line in requests] == [f"http://telegram.invalid/bot{TOKEN}/getMe"] * 2


async def test_what_a_proxy_refuses_to_pass_on_has_not_left(proxy, environment):
    proxy.status = "503 Service Unavailable"
    environment.setenv("HTTPS_PROXY", os.environ["HTTP_PROXY"])
    with pytest.raises(NotSentError):
        async with make_bot(SAFE):
            pass


async def test_a_proxy_is_told_its_name_and_password_and_no_token(proxy, environment):
    environment.setenv("HTTPS_PROXY", os.environ["HTTP_PROXY"].replace("//", "//ana:s3cret@"))
    with pytest.raises(UndersignedError, match="can't be reached"):  # what answers there speaks no TLS
        await platform(SAFE).introduce()
    assert proxy[0] == "CONNECT telegram.invalid:443 HTTP/1.1"
    assert f"Proxy-Authorization: Basic {base64.b64encode(b'ana:s3cret').decode()}" in proxy
    assert TOKEN not in "".join(proxy)


@pytest.mark.parametrize("named", ["", "*", "telegram.invalid"])
async def test_telegram_may_be_excepted(proxy, environment, named):
    environment.setenv("NO_PROXY", named)
    assert (way_out(SETTINGS.api_url) == "") is bool(named)


def test_a_proxy_for_other_addresses_is_not_for_ours(environment):
    environment.setenv("HTTP_PROXY", "http://proxy.invalid:3128")
    assert not way_out("https://api.telegram.org")
    environment.setenv("HTTPS_PROXY", "proxy.invalid:3128")
    assert way_out("https://api.telegram.org") == "http://proxy.invalid:3128"


async def test_a_proxy_that_is_not_there_is_told_without_its_password(environment, unused_tcp_port):
    environment.setenv("HTTP_PROXY", f"http://ana:s3cret@127.0.0.1:{unused_tcp_port}")
    with pytest.raises(UndersignedError, match="can't be reached") as told:
        await platform(SETTINGS).introduce()
    with pytest.raises(NetworkError) as failed:
        async with make_bot(SETTINGS):
            pass
    assert "s3cret" not in f"{told.value} {failed.value}"


def test_a_proxy_of_another_kind_is_told_of_rather_than_passed_by(environment):
    environment.setenv("HTTP_PROXY", "socks5://ana:s3cret@127.0.0.1:1080")
    with pytest.raises(UndersignedError, match="socks5 proxy") as told:
        make_bot(SETTINGS)
    assert "s3cret" not in str(told.value)


SENT = json.dumps({"ok": True, "result": {"message_id": 7, "date": 0, "chat": {"id": 1, "type": "private"}}})


@pytest.fixture
async def tunnels(environment):
    """Makes proxies that pass on to a server, wherever that is said to be; all that they see."""
    async with contextlib.AsyncExitStack() as standing:

        async def make(server, tls):
            async def copy(reader, writer):
                with contextlib.suppress(OSError):
                    while data := await reader.read(4096):
                        seen.append(data)
                        writer.write(data)
                writer.close()

            async def serve(reader, writer):
                seen.append(await reader.readuntil(b"\r\n\r\n"))
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                there = await asyncio.open_connection("127.0.0.1", server.port)
                await asyncio.gather(copy(reader, there[1]), copy(there[0], writer))

            seen = []
            standing_by = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
            await standing.enter_async_context(standing_by)
            port = standing_by.sockets[0].getsockname()[1]
            environment.setenv("HTTPS_PROXY", f"http{'s' if tls else ''}://127.0.0.1:{port}")
            return seen

        yield make


@pytest.mark.parametrize("encrypted", [False, True])
async def test_a_proxy_sees_where_it_goes_and_nothing_of_what_is_said(
    tunnels, environment, tmp_path, encrypted
):
    serving, _ = certificate(tmp_path, "127.0.0.1", "telegram.invalid")
    environment.setenv("SSL_CERT_FILE", str(tmp_path / "both.pem"))
    answer = [f"HTTP/1.1 200 OK\r\nContent-Length: {len(SENT)}\r\n\r\n{SENT}".encode()]
    async with Scripted(answer, answer, tls=serving) as server:
        seen = await tunnels(server, serving if encrypted else None)
        bot = make_bot(SAFE)
        assert await Methods(bot).send(Chat(1), "hello") == 7
        await bot.send_photo(1, b"PNG")
        await bot.shutdown()
    assert [b"hello" in server.asked[0], b"PNG" in server.asked[1], server.connections] == [True, True, 1]
    assert b"content-type: application/json" in server.asked[0].lower()
    assert seen[0].startswith(b"CONNECT telegram.invalid:443 HTTP/1.1\r\n")
    assert TOKEN.encode() not in b"".join(seen)


@pytest.mark.parametrize("refusal", ["407 Proxy Authentication Required", "503 Service Unavailable"])
async def test_a_file_that_a_proxy_does_not_pass_on_has_not_left(proxy, environment, refusal):
    proxy.status = refusal
    environment.setenv("HTTPS_PROXY", os.environ["HTTP_PROXY"])
    bot = make_bot(SAFE)
    with pytest.raises(NotSentError) as told:
        await bot.send_photo(1, b"PNG")
    await bot.shutdown()
    assert TOKEN not in f"{told.value!r} {told.value.__cause__!r}"


@pytest.mark.parametrize("named", ["http://", "http://-x.\u00e9-:3128", "http://proxy.invalid:port"])
async def test_what_is_no_address_of_a_proxy_is_told(environment, named):
    environment.setenv("HTTP_PROXY", named)
    with pytest.raises(UndersignedError, match="no address of a proxy"):
        make_bot(SETTINGS)
