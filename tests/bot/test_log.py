"""What the log may say, and how."""

import io
import json
import logging

import pytest

from bot import log

TOKEN = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFake12345"


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def _logging_as_before():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_service_logs_json_a_line_each():
    stream = io.StringIO()
    log.configure((), stream=stream)
    log.LOG.info("serving", platforms=["discord"])
    logging.getLogger("some.library").warning("it %s", "rains")
    ours, theirs = lines(stream)
    assert (ours["event"], ours["platforms"], ours["level"]) == ("serving", ["discord"], "info")
    assert (theirs["event"], theirs["logger"]) == ("it rains", "some.library")
    assert ours["timestamp"].endswith("Z")


def test_a_person_at_a_terminal_reads_plain_lines():
    stream = Terminal()
    log.configure((), stream=stream)
    log.LOG.bind(platform="discord").warning("platform failed", again_in=2)
    assert "[warning] platform failed platform='discord' again_in=2" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()], ids=["service", "terminal"])
def test_a_token_never_gets_into_the_log_whoever_logs_it(stream):
    secret = "s3cret/with+signs"
    log.configure([secret], stream=stream, level=logging.DEBUG)
    log.LOG.info(f"GET https://api/bot{secret}/getMe", url=f"x/{secret}")
    logging.getLogger("some.library").warning("url %s, quoted %s", secret, "s3cret%2Fwith%2Bsigns")
    logging.getLogger("some.library").warning("not ours, but looks like one: %s", TOKEN)
    logging.getLogger("some.library").debug("noise %s", secret)
    written = stream.getvalue()
    assert "noise" in written
    for shape in (secret, "s3cret%2Fwith%2Bsigns", TOKEN):
        assert shape not in written
    assert "[secret]" in written


def test_chat_libraries_are_heard_from_warnings_on_even_when_debugging():
    stream = io.StringIO()
    log.configure((), stream=stream, level=logging.DEBUG)
    for name in ("httpx", "telegram.ext", "discord.gateway", "aiohttp.access"):
        logging.getLogger(name).info("POST https://api.example/bot1:x/sendMessage")
        logging.getLogger(name).warning("trouble")
    assert [line["event"] for line in lines(stream)] == ["trouble"] * 4


def _sign(name):
    try:
        {}[name]
    except KeyError as error:
        raise ValueError(f"bad name: {name}") from error


def test_an_exception_is_logged_by_its_kind_and_place_and_never_by_what_it_quotes():
    stream = io.StringIO()
    log.configure((), stream=stream)
    try:
        _sign("María José")
    except ValueError:
        logging.getLogger("some.library").exception("it broke")
    written = stream.getvalue()
    assert "María" not in written
    (line,) = lines(stream)
    assert line["raised"].startswith("ValueError (")
    assert " from KeyError (" in line["raised"]
    assert "test_log.py:" in line["raised"]


def test_an_exception_handed_over_without_a_traceback_is_logged_too():
    stream = io.StringIO()
    log.configure((), stream=stream)
    logging.getLogger("some.library").error("odd", exc_info=OSError("disk"))
    logging.getLogger("some.library").error("none")
    odd, none = lines(stream)
    assert odd["raised"] == "OSError"
    assert "raised" not in none
