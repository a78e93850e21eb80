"""What becomes of an answer to an interaction, by what Discord says to it."""

import pytest

from adapters.discord import reaching
from adapters.discord.calls import Answer
from adapters.discord.reaching import PATIENCE, Reached, Reaching, RefusedError, Response
from bot.sending import Failed, Unknown
from tests.logs import capture_logs

DONE = Answer(204)
WHOLE = len(reaching.PAUSES)


class Scripted:
    """Discord, saying one thing after the other."""

    def __init__(self, *ends):
        self.ends, self.asked = list(ends), []

    async def make(self, method, path, body=None, files=()):
        self.asked.append((method, path, body))
        return self.ends.pop(0)


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(reaching, "PAUSES", (0.0,) * WHOLE)


@pytest.fixture
async def log():
    with capture_logs() as lines:
        yield lines


def to(calls):
    return Reaching(calls, 1, 2, "secret")


async def test_each_answer_is_one_request_at_its_place():
    calls = Scripted(DONE, DONE, DONE, Answer(200, {"id": "77"}))
    ways = to(calls)
    assert await ways.respond(Response.MODAL, {"title": "Sign"}) is Reached.YES
    assert await ways.edit({"flags": 1}) is Reached.YES
    assert await ways.delete() is Reached.YES
    assert await ways.follow_up({"flags": 2}) == (Reached.YES, "77")
    assert calls.asked == [
        ("POST", "interactions/2/secret/callback", {"type": 9, "data": {"title": "Sign"}}),
        ("PATCH", "webhooks/1/secret/messages/@original", {"flags": 1}),
        ("DELETE", "webhooks/1/secret/messages/@original", None),
        ("POST", "webhooks/1/secret?wait=true", {"flags": 2}),
    ]


@pytest.mark.parametrize(
    "broken", [Failed("no connection"), Unknown(), Answer(500), Answer(503), Answer(429)]
)
async def test_what_may_pass_is_tried_again(broken):
    calls = Scripted(broken, broken, DONE)
    assert await to(calls).respond(Response.HOLD) is Reached.YES
    assert len(calls.asked) == 3


async def test_after_a_few_tries_the_answer_is_given_up_in_one_line(log):
    calls = Scripted(*[Answer(502)] * 9)
    assert await to(calls).respond(Response.HOLD) is Reached.NO
    assert len(calls.asked) == WHOLE
    assert [line["event"] for line in log] == ["answer given up"]


async def test_nobody_waits_longer_than_the_member_would():
    calls = Scripted(Answer(429, wait=PATIENCE + 1))
    assert await to(calls).respond(Response.HOLD) is Reached.NO


@pytest.mark.parametrize(
    ("code", "becomes"),
    [(40060, Reached.YES), (10008, Reached.NO_MESSAGE), (10062, Reached.NO), (50027, Reached.NO)],
)
async def test_what_is_done_or_gone_is_no_failure(code, becomes):
    assert await to(Scripted(Answer(404, {"code": code}))).edit({}) is becomes


async def test_what_we_should_not_have_sent_is_a_failure_that_tells_no_secret():
    with pytest.raises(RefusedError, match="50035") as refused:
        await to(Scripted(Answer(400, {"code": 50035, "message": "Ana"}))).edit({})
    assert "Ana" not in str(refused.value)
    assert "secret" not in repr(to(Scripted()))
