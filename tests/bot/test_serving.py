"""How platforms are kept connected: each on its own, and all of them until they are told to stop."""

import asyncio
from dataclasses import dataclass, field

import pytest

from bot.errors import UndersignedError
from bot.serving import LONGEST_PAUSE, Serving
from tests.logs import capture_logs


@dataclass
class FakePlatform:
    """Does what its script says at each start; at its end it serves until it is cancelled."""

    name: str = "telegram"
    script: list = field(default_factory=list)
    starts: int = 0
    serving: asyncio.Event = field(default_factory=asyncio.Event)
    farewell: str = ""

    async def run(self, core):
        self.starts += 1
        if self.script:
            happens = self.script.pop(0)
            if isinstance(happens, Exception):
                raise happens
            return
        self.serving.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.farewell = "finished what was under way"


@dataclass
class Pauses:
    """Time that passes at once."""

    seconds: list = field(default_factory=list)

    async def __call__(self, seconds):
        self.seconds.append(seconds)
        await asyncio.sleep(0)


async def served(*platforms, until):
    """Serve until each of the platforms named by `until` is serving, then tell all to stop."""
    stop, pauses = asyncio.Event(), Pauses()

    async def tell():
        for platform in until:
            await platform.serving.wait()
        stop.set()

    telling = asyncio.create_task(tell())
    await asyncio.wait_for(Serving(None, pauses).until(stop, platforms), 10)
    await telling
    return pauses.seconds


async def test_platforms_serve_until_they_are_told_to_stop_and_end_in_order():
    one, other = FakePlatform("discord"), FakePlatform("telegram")
    await served(one, other, until=[one, other])
    assert (one.farewell, other.farewell) == ("finished what was under way",) * 2


async def test_a_platform_that_fails_at_start_is_tried_again_later_and_later():
    platform = FakePlatform(script=[OSError("no network")] * 10)
    pauses = await served(platform, until=[platform])
    assert platform.starts == 11
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, LONGEST_PAUSE]


async def test_after_a_steady_while_the_first_pause_is_short_again(monkeypatch):
    monkeypatch.setattr("bot.serving.STEADY", -1)  # any while is a steady one
    platform = FakePlatform(script=[OSError()] * 3)
    assert await served(platform, until=[platform]) == [1, 1, 1]


async def test_a_platform_that_ends_by_itself_is_started_again():
    platform = FakePlatform(script=[None])
    await served(platform, until=[platform])
    assert platform.starts == 2


async def test_one_that_fails_does_not_take_the_other_down():
    broken, sound = FakePlatform("discord", script=[OSError()] * 3), FakePlatform("telegram")
    await served(broken, sound, until=[broken, sound])
    assert sound.starts == 1


async def test_a_refused_token_is_final_for_its_platform_and_said_in_one_line():
    refused = FakePlatform("discord", script=[UndersignedError("Discord does not know this token.")])
    sound = FakePlatform("telegram")
    with capture_logs() as logs:
        await served(refused, sound, until=[sound])
    assert refused.starts == 1
    assert [entry for entry in logs if entry["log_level"] == "error"] == [
        {
            "event": "platform off",
            "log_level": "error",
            "platform": "discord",
            "reason": "Discord does not know this token.",
        }
    ]


async def test_when_every_token_is_refused_serving_ends_with_a_clear_word():
    platforms = [FakePlatform(name, script=[UndersignedError("no")]) for name in ("discord", "telegram")]
    with pytest.raises(UndersignedError, match="No platform is left to serve"):
        await asyncio.wait_for(Serving(None, Pauses()).until(asyncio.Event(), platforms), 10)


async def test_what_a_failing_platform_says_is_not_logged():
    platform = FakePlatform(script=[ValueError("name: María")])
    with capture_logs() as logs:
        await served(platform, until=[platform])
    assert "María" not in str(logs)
    assert any(entry.get("reason") == "ValueError" for entry in logs)


def because_of(cause, error):
    error.__cause__ = cause
    return error


REFUSED = ConnectionRefusedError(111, "Connection refused")
UNAVAILABLE = ValueError("Ana wrote to https://example.org/bot123:secret")
UNAVAILABLE.status = 503


@pytest.mark.parametrize(
    ("error", "reason", "remedy"),
    [
        (REFUSED, "ConnectionRefusedError (Connection refused)", "Look at the network"),
        (
            because_of(REFUSED, RuntimeError("Ana")),
            "RuntimeError, from ConnectionRefusedError (Connection refused)",
            "Look at the network",
        ),
        (TimeoutError("Ana"), "TimeoutError", "Look at the network"),
        (UNAVAILABLE, "ValueError (status 503)", "trouble of its own"),
        (KeyError("Ana"), "KeyError", "undersigned check"),
    ],
)
async def test_why_a_platform_failed_is_logged_with_what_to_do_and_without_what_it_quotes(
    error, reason, remedy
):
    platform = FakePlatform(script=[error])
    with capture_logs() as logs:
        await served(platform, until=[platform])
    (failed,) = [entry for entry in logs if entry["event"] == "platform failed"]
    assert failed["reason"] == reason
    assert remedy in failed["remedy"]
    assert "Ana" not in str(failed)
    assert "secret" not in str(failed)
    assert ("at" in failed) is (remedy == "undersigned check")


async def test_a_platform_that_does_not_stop_is_left_behind_after_a_while(monkeypatch):
    monkeypatch.setattr("bot.serving.FAREWELL", 0.01)
    released = asyncio.Event()

    class Stubborn(FakePlatform):
        async def run(self, core):
            self.serving.set()
            while not released.is_set():
                try:
                    await released.wait()
                except asyncio.CancelledError:
                    continue

    platform = Stubborn("discord")
    with capture_logs() as logs:
        await served(platform, until=[platform])
    released.set()
    assert {"event": "platform did not stop in time", "platform": "discord", "log_level": "warning"} in logs
