"""`undersigned setup`: a person without experience answers questions, and has a bot that runs."""

import asyncio
import re
import stat
import threading
import tomllib
from pathlib import Path

import pytest

from bot import app, config
from bot.model.account import Account
from bot.operations import asking
from tests.wire.discord import DiscordServer
from tests.wire.telegram import TelegramServer

DISCORD_TOKEN = "NDI.planted.token"
TELEGRAM_TOKEN = "123456:planted-token"


@pytest.fixture(scope="module")
def networks():
    """Discord and Telegram of this machine, in a thread of their own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    discord, telegram = DiscordServer(token=DISCORD_TOKEN), TelegramServer(token=TELEGRAM_TOKEN)
    for server in (discord, telegram):
        asyncio.run_coroutine_threadsafe(server.start(), loop).result(10)
    yield discord.api_url, telegram.url
    for server in (discord, telegram):
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


@pytest.fixture(autouse=True)
def _reachable(networks, monkeypatch):
    discord, telegram = networks
    monkeypatch.setenv("UNDERSIGNED_DISCORD__API_URL", discord)
    monkeypatch.setenv("UNDERSIGNED_TELEGRAM__API_URL", telegram)


def lines(*answers):
    return "".join(f"{answer}\n" for answer in answers)


ALL_DEFAULTS = ["", "", "", "", "", ""]
EVERYTHING = lines(DISCORD_TOKEN, TELEGRAM_TOKEN, "us@example.org", "", "", "", "", "")


def written():
    return tomllib.loads(Path("config.toml").read_text("utf-8"))


def code_of(done):
    return re.search(r"/claim (\S+)", done.out)[1]


def test_the_whole_interview_makes_a_bot_that_runs(undersigned):
    done = undersigned("setup", typed=EVERYTHING)
    assert done.code == 0, done.err
    file = written()
    assert file["discord"]["token"] == DISCORD_TOKEN
    assert file["telegram"]["token"] == TELEGRAM_TOKEN
    assert file["contact"] == "us@example.org"
    assert "You can withdraw until the letter is delivered." in file["privacy"]
    assert file["retention"] == {"days_after_delivery": 30, "days_after_close": 90}
    assert Path("undersigned.key").is_file()
    assert Path("data/undersigned.db").is_file()
    for part in (
        "discord.com/oauth2/authorize?",
        "https://t.me/undersigned_bot",
        "/claim ",
        "undersigned run",
    ):
        assert part in done.out


def test_no_token_is_ever_printed(undersigned):
    done = undersigned(
        "setup", typed=lines(DISCORD_TOKEN + "x", "") + lines(TELEGRAM_TOKEN + "x", *ALL_DEFAULTS, "")
    )
    again = undersigned("setup", typed=EVERYTHING)
    third = undersigned("setup", typed=lines("", "", *ALL_DEFAULTS))
    for said in (done, again, third):
        assert "planted" not in said.out + said.err


def test_the_api_addresses_of_the_environment_stay_out_of_the_file(undersigned):
    undersigned("setup", typed=EVERYTHING)
    assert written()["discord"]["api_url"] == "https://discord.com/api/v10"


@pytest.mark.skipif("sys.platform == 'win32'", reason="file modes are a matter of POSIX")
def test_what_it_writes_is_for_its_owner_alone(undersigned):
    undersigned("setup", typed=EVERYTHING)
    undersigned("setup", typed=lines("", "", "them@example.org", "", "", "", "", ""))
    for name in ("config.toml", "config.toml.old", "undersigned.key", "data/undersigned.db"):
        assert stat.S_IMODE(Path(name).stat().st_mode) == 0o600, name


def test_the_claim_code_makes_one_organiser_once(undersigned):
    code = code_of(undersigned("setup", typed=EVERYTHING))

    settings = config.load(Path("config.toml").absolute())

    async def claimed(by):
        async with app.open_ports(settings) as ports:
            return await ports.organisers.claim(code, Account("telegram", by))

    assert asyncio.run(claimed("1")) is True
    assert asyncio.run(claimed("2")) is False


def test_each_set_up_prints_a_code_of_its_own(undersigned):
    first = code_of(undersigned("setup", typed=EVERYTHING))
    second = code_of(undersigned("setup", typed=lines("", "", *ALL_DEFAULTS)))
    assert first != second
    assert re.fullmatch(r"([2-9A-HJKMNP-TV-Z]{4}-){3}[2-9A-HJKMNP-TV-Z]{4}", first)


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("123456789012345678", "That is the application's id or public key"),
        ("0" * 64, "That is the application's id or public key"),
        ("two words", "✗ must be a token as the platform shows it: one word, without spaces"),
        ("wrong.token.here", "Discord does not know this token"),
    ],
)
def test_what_is_no_discord_token_is_asked_for_again(undersigned, pasted, said):
    done = undersigned("setup", typed=lines(pasted) + EVERYTHING)
    assert done.code == 0, done.err
    assert said in done.out
    assert written()["discord"]["token"] == DISCORD_TOKEN


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("@my_bot", "A Telegram token is a number, a colon and a row of letters"),
        ("1:wrong", "does not know this token"),
    ],
)
def test_what_is_no_telegram_token_is_asked_for_again(undersigned, pasted, said):
    done = undersigned("setup", typed=lines(DISCORD_TOKEN, pasted, TELEGRAM_TOKEN, *ALL_DEFAULTS))
    assert done.code == 0, done.err
    assert said in done.out


def test_a_platform_out_of_reach_is_told_and_can_be_gone_without(undersigned, monkeypatch, unused_tcp_port):
    monkeypatch.setenv("UNDERSIGNED_DISCORD__API_URL", f"http://127.0.0.1:{unused_tcp_port}")
    done = undersigned("setup", typed=lines(DISCORD_TOKEN, "", "", *ALL_DEFAULTS))
    assert done.code == 0
    assert "Discord can't be reached" in done.out
    assert written()["discord"]["token"] == ""
    assert "The bot has no token yet" in done.out


def test_every_other_answer_is_tested_too(undersigned):
    typed = lines(
        "",
        "",
        "x" * 201,
        "us",
        "two\x07bells",
        "-",
        "soon",
        "-5",
        "never",
        "99999",
        "7",
        "mysql://x",
        "d/x.db",
    )
    done = undersigned("setup", typed=typed + lines("-", "k/x.key"))
    assert done.code == 0, done.err
    for said in ("✗ is too long", "✗ must be one line of plain text", "✗ Write a number of days",
                 "✗ is too large a number", "✗ must be sqlite:///FILE", "✗ must name a file"):  # fmt: skip
        assert said in done.out
    assert written()["retention"] == {"days_after_close": 7}
    assert written()["storage"]["url"] == "sqlite:///d/x.db"
    assert Path("k/x.key").is_file()


@pytest.mark.parametrize("answers", range(8))
def test_input_that_ends_early_leaves_nothing_behind(undersigned, answers):
    done = undersigned("setup", typed="".join(EVERYTHING.splitlines(keepends=True)[:answers]))
    assert done.code == 1
    assert done.error_lines == ["Error: Stopped before the last answer. Nothing was written."]
    assert list(Path().iterdir()) == []


def test_run_again_it_keeps_what_there_is(undersigned):
    undersigned("setup", typed=lines(DISCORD_TOKEN, "", "us@example.org", "-", "never", "14", "", ""))
    before, key = Path("config.toml").read_text("utf-8"), Path("undersigned.key").read_bytes()
    again = undersigned("setup", typed=lines("", "", *ALL_DEFAULTS))
    assert again.code == 0, again.err
    assert Path("config.toml").read_text("utf-8") == before
    assert Path("undersigned.key").read_bytes() == key
    assert "Days after delivery until names are erased, or never [never]" in again.out


def test_run_again_it_can_remove_a_token_and_keeps_the_earlier_file(undersigned):
    undersigned("setup", typed=EVERYTHING)
    before = Path("config.toml").read_text("utf-8")
    again = undersigned("setup", typed=lines("-", "", *ALL_DEFAULTS))
    assert written()["discord"]["token"] == ""
    assert Path("config.toml.old").read_text("utf-8") == before
    assert "config.toml.old (as it was before)" in again.out


def test_after_init_it_still_proposes(ready):
    done = ready("setup", typed=lines(DISCORD_TOKEN, "", *ALL_DEFAULTS))
    assert done.code == 0, done.err
    assert written()["retention"] == {"days_after_delivery": 30, "days_after_close": 90}
    assert written()["privacy"]


def test_tokens_of_the_environment_are_verified_and_not_asked_for(undersigned, monkeypatch):
    monkeypatch.setenv("UNDERSIGNED_DISCORD__TOKEN", DISCORD_TOKEN)
    monkeypatch.setenv("UNDERSIGNED_CONTACT", "us@example.org")
    done = undersigned("setup", typed=lines("", "", "", "", "", ""))
    assert done.code == 0, done.err
    assert "Discord: the token comes from the environment." in done.out
    assert "discord.com/oauth2/authorize?" in done.out
    assert DISCORD_TOKEN not in Path("config.toml").read_text("utf-8")
    assert written()["contact"] == ""


def test_a_wrong_token_of_the_environment_ends_the_set_up_with_one_line(undersigned, monkeypatch):
    monkeypatch.setenv("UNDERSIGNED_DISCORD__TOKEN", "wrong.token.x")
    done = undersigned("setup", typed=EVERYTHING)
    assert done.code == 1
    assert len(done.error_lines) == 1
    assert list(Path().iterdir()) == []


def test_a_broken_config_is_told_of_before_the_first_question(undersigned):
    Path("config.toml").write_text("contact = 5\n", "utf-8")
    done = undersigned("setup", typed=EVERYTHING)
    assert done.code == 1
    assert done.out == ""
    assert "contact: must be text in quotes" in done.err


def test_a_database_server_is_kept_without_showing_its_password(undersigned):
    Path("config.toml").write_text('[storage]\nurl = "postgresql://me:db-pass@127.0.0.1:1/x"\n', "utf-8")
    done = undersigned("setup", typed=lines("", "", *ALL_DEFAULTS))
    assert "Enter keeps the database server" in done.out
    assert "db-pass" not in done.out + done.err
    assert done.code == 1  # the server is not there; the config is written all the same


def test_where_nothing_can_be_written_it_says_so(undersigned):
    Path("file").write_text("", "utf-8")
    done = undersigned("--config", "file/config.toml", "setup", typed=EVERYTHING)
    assert done.code == 1
    assert len(done.error_lines) == 1


def test_on_a_terminal_a_token_is_typed_unseen(monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda prompt: f"hidden after {prompt}")
    monkeypatch.setattr("builtins.input", lambda prompt: f"shown after {prompt}")
    assert asking.ask(asking.Question("Token", secret=True)) == "hidden after Token:"
    assert asking.ask(asking.Question("Contact", "me")) == "shown after Contact [me]:"
