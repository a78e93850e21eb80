"""Being told of updates instead of asking: behind a proxy, with a secret, in several processes."""

import asyncio
import socket
from contextlib import asynccontextmanager

import aiohttp
import pytest
from msgspec.structs import replace

from adapters.telegram.adapter import Telegram
from bot.errors import UndersignedError
from bot.settings import TelegramSettings
from tests.e2e.telegram.house import HURRIED, fact, sign


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
async def hooked(stored, server, port):
    """Served by webhook, behind a proxy."""
    stored.webhook = {
        "webhook_url": "https://signs.example.org/telegram",
        "webhook_listen": f"127.0.0.1:{port}",
    }
    server.updates.proxy("https://signs.example.org", f"http://127.0.0.1:{port}")
    async with stored.served():
        yield stored
        await server.idle()


async def test_a_member_signs_by_webhook(hooked, server, ana):
    library = await hooked.opened()
    receipt = await sign(ana)
    assert fact(receipt, "Number") == "#1"
    assert await hooked.counted(library) == 1
    assert server.called("getUpdates") == []
    assert server.updates.allowed == {
        "message",
        "callback_query",
        "inline_query",
        "my_chat_member",
        "channel_post",
    }


@pytest.mark.parametrize("secret", ["", "guessed", "ü"])
async def test_a_webhook_call_without_the_secret_is_refused(hooked, server, ana, port, secret):
    await hooked.opened()
    update = {"update_id": 5, "message": {"message_id": 1, "date": 0, "text": "/sign"}}
    update["message"] |= {"from": ana.user.json(), "chat": ana.chat.json()}
    async with aiohttp.ClientSession() as session:
        for body, headers in ((update, {}), (update, {"X-Telegram-Bot-Api-Secret-Token": secret})):
            async with session.post(
                f"http://127.0.0.1:{port}/telegram", json=body, headers=headers
            ) as answer:
                assert answer.status == 403
        async with session.get(f"http://127.0.0.1:{port}/telegram") as answer:
            assert answer.status == 405
        right = {"X-Telegram-Bot-Api-Secret-Token": server.updates.webhook.secret}
        for nonsense in (b"", b"[]", b"\xff", b'{"update_id": "x"}', b'{"update_id": null}', b"7"):
            async with session.post(f"http://127.0.0.1:{port}/", data=nonsense, headers=right) as answer:
                assert answer.status == 400
    assert ana.chat.from_bot == []


async def test_a_webhook_update_that_comes_again_changes_nothing(hooked, server, ana):
    await hooked.opened()
    await ana.ask("/sign")
    server.replay()
    await server.idle()
    assert len(ana.chat.from_bot) == 1


async def test_taps_that_come_in_another_order_and_again_sign_once(hooked, server, ana, monkeypatch):
    library = await hooked.opened()
    form, late = await ana.ask("/sign"), []
    with monkeypatch.context() as held:
        held.setattr(server.updates, "queue", lambda update, queue=0: late.append((update, queue)))
        for label in ("Who sees it", "Add a comment", "Another name", "Sign as", "Sign as"):
            ana.tap(form, label)
    turned = [({**update, "update_id": 9000 + n}, queue) for n, (update, queue) in enumerate(late[::-1])]
    for update, queue in turned + turned:
        server.updates.queue(update, queue)
    await server.idle()
    assert server.unanswered == []
    await server.until(lambda: any("You have signed" in each.text for each in ana.chat.from_bot))
    assert await hooked.counted(library) == 1
    assert [each.number for each in await hooked.signatures(ana)] == [1]


async def test_two_processes_share_one_webhook(hooked, server, ana, tmp_path):
    """Both know the same secret, so that neither locks the other out."""
    before = server.updates.webhook.secret
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        other = free.getsockname()[1]
    settings = replace(hooked.telegram().settings, webhook_listen=f"127.0.0.1:{other}")
    server.updates.proxy(
        "https://signs.example.org",
        f"http://{hooked.webhook['webhook_listen']}",
        f"http://127.0.0.1:{other}",
    )
    second = asyncio.create_task(Telegram(settings, HURRIED).run(hooked.core))
    await server.until(lambda: len(server.called("setWebhook")) == 2)
    assert server.updates.webhook.secret == before
    library = await hooked.opened()
    people = [server.member("Ana", f"Gil {letter}") for letter in "abcdef"]
    await asyncio.gather(*(sign(member) for member in people))
    assert await hooked.counted(library) == 6
    assert len({url.partition("/telegram")[0] for url, _ in server.updates.deliveries}) == 2
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)


async def test_a_webhook_address_that_telegram_refuses_and_a_port_that_is_taken_are_one_line_each(
    server, port
):
    settings = TelegramSettings(
        token=server.token,
        api_url=server.url,
        webhook_url="http://signs.example.org",
        webhook_listen=f"127.0.0.1:{port}",
    )
    with pytest.raises(UndersignedError, match=r"refuses telegram\.webhook_url: .*https"):
        await Telegram(settings, HURRIED).run(FakeCore())
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with pytest.raises(UndersignedError, match=r"telegram\.webhook_listen: .* can't be listened at"):
            await Telegram(settings, HURRIED).run(FakeCore())


class FakeCore:
    specs = ()

    @property
    def outbox(self):
        return self

    @asynccontextmanager
    async def attached(self, platform, sender):
        yield
