"""What a request carries, and what is made of what comes back."""

import pytest
from aiohttp import web

from adapters.discord.calls import Answer, Calls
from bot.sending import Failed, Unknown
from bot.settings import DiscordSettings

FILES = [("letter.txt", b"Dear council")]
HTML = "<html>error code: 1015</html>"


class Recorder:
    """Says that all is done, or what it is told to say (None: nothing) once; knows what it was asked."""

    def __init__(self):
        self.asked, self.answer = [], web.Response(status=204)

    async def serve(self, request):
        self.asked.append((request.path, dict(request.headers), await request.read()))
        if self.answer is None:
            request.transport.abort()
        told, self.answer = self.answer, web.Response(status=204)
        return told or web.Response()


@pytest.fixture
async def discord():
    recorder, app = Recorder(), web.Application()
    app.router.add_route("*", "/{any:.*}", recorder.serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    recorder.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/v10"
    yield recorder
    await runner.cleanup()


@pytest.fixture
async def calls(discord):
    async with Calls.opened(DiscordSettings(token="a.b.c", api_url=discord.url)) as calls:
        yield calls


@pytest.mark.parametrize("files", [(), FILES])
@pytest.mark.parametrize(
    ("path", "token"),
    [
        ("channels/1/messages", "Bot a.b.c"),
        ("users/@me", "Bot a.b.c"),
        ("interactions/1/t/callback", None),
        ("webhooks/1/t?wait=true", None),
        ("webhooks/1/t/messages/@original", None),
    ],
)
async def test_answers_to_members_do_not_count_among_the_requests_of_the_bot(
    discord, calls, path, token, files
):
    """With the bot's token they would: a rush of members would hold up its announcements, and these the members."""
    assert await calls.make("POST", path, {"a": 1}, files) == Answer(204)
    ((asked, headers, body),) = discord.asked
    assert asked == f"/api/v10/{path.partition('?')[0]}"
    assert headers.get("Authorization") == token
    assert headers["User-Agent"].startswith("DiscordBot (")
    assert b'{"a": 1}' in body
    assert all(data in body for _, data in files)


@pytest.mark.parametrize(
    ("told", "wait", "everywhere"),
    [
        ({"text": HTML, "headers": {"Retry-After": "37"}}, 37.0, True),  # what stands before Discord
        ({"text": HTML, "headers": {"Retry-After": "soon"}}, 1.0, True),
        ({"text": '{"retry_after": 0.3}', "headers": {"Via": "1.1 google", "Retry-After": "1"}}, 0.3, False),
        ({"text": '{"retry_after": 2, "global": true}', "headers": {"Via": "1.1 google"}}, 2.0, True),
        ({"text": '{"retry_after": null}', "headers": {"Via": "1.1 google"}}, 1.0, False),
        ({"text": '{"retry_after": -1}', "headers": {"Via": "1.1 google"}}, 0.0, False),
    ],
)
async def test_who_asks_us_to_wait_is_understood_whoever_it_is(discord, calls, told, wait, everywhere):
    discord.answer = web.Response(status=429, **told)
    answer = await calls.make("GET", "x")
    assert isinstance(answer, Answer)
    assert (answer.wait, answer.everywhere) == (wait, everywhere)


@pytest.mark.parametrize("body", [b"<html>", b"\xff\xfe", b'{"id": "1', b""])
async def test_an_answer_that_is_not_json_has_no_data(discord, calls, body):
    discord.answer = web.Response(body=body)
    assert await calls.make("GET", "x") == Answer(200)


async def test_what_can_not_be_sent_has_surely_not_been_sent(discord, calls):
    assert await calls.make("POST", "interactions/1/a token/callback", {}) == Failed("no connection")
    assert not discord.asked


@pytest.mark.parametrize("files", [(), FILES])
async def test_an_answer_that_breaks_off_leaves_open_whether_it_was_done(discord, calls, files):
    discord.answer = None
    assert await calls.make("POST", "x", {}, files) == Unknown()
    assert len(discord.asked) == 1
