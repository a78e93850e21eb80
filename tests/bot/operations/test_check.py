"""`undersigned check`: what an operator is told about the state of things."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage import keyfile, rotation
from tests.bot.operations.conftest import claimed, configure, write_petition


@pytest.fixture(autouse=True)
def _noticed_at_once(monkeypatch):
    monkeypatch.setattr(rotation, "NOTICED", 0)
    monkeypatch.setattr(keyfile, "NOTICED", 0)


def signs(done):
    return {line[0] for line in done.out.splitlines() if not line.startswith("  ")}


def findings(done):
    return {line[2:] for line in done.out.splitlines()}


def test_after_init_nothing_is_broken_and_what_is_missing_is_told_with_its_remedy(ready):
    done = ready("check")
    assert done.code == 0
    assert signs(done) == {"✓", "!"}
    for part in (
        "There is no petition yet.",
        "undersigned petition add FILE",
        "Discord is off",
        "Nobody is an organiser yet",
        "Get a claim code: undersigned setup",
    ):
        assert part in done.out


def test_a_bot_that_is_set_up_has_no_remark(ready):
    configure(contact="us@example.org", privacy="We tell nobody.")
    text = Path("config.toml").read_text("utf-8").replace("admins = []", 'admins = ["telegram:1"]')
    Path("config.toml").write_text(text, "utf-8")
    ready("petition", "add", write_petition())
    ready("petition", "open", "library")
    done = ready("check")
    assert done.code == 0
    assert "1 account in the config may organise, and 0 by a claim code." in done.out
    assert "1 petition: 1 open." in done.out
    assert "telegram:1" not in done.out
    remarks = [line for line in done.out.splitlines() if line.startswith("!")]
    assert all(" is off: " in line for line in remarks)


def test_who_used_a_claim_code_is_counted_as_an_organiser(ready):
    claimed("CODE")
    done = ready("check")
    assert "0 accounts in the config may organise, and 1 by a claim code." in done.out
    assert "Nobody" not in done.out


def test_a_key_rotation_that_was_cut_short_is_told_until_it_is_finished(ready, monkeypatch):
    def cut(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(rotation, "_finish", cut)
        assert ready("key", "rotate", "--yes").code != 0
    assert "A key rotation has begun and not ended" in ready("check").out
    assert ready("key", "rotate", "--yes").code == 0
    assert "A key rotation" not in ready("check").out


def test_without_a_config_it_says_how_to_make_one(undersigned):
    done = undersigned("check")
    assert done.code == 1
    assert done.out.startswith("✗ There is no config.toml in this folder.")


def test_every_mistake_in_the_config_is_a_line(undersigned):
    Path("config.toml").write_text("a = 1\nb = 2\n", "utf-8")
    done = undersigned("check")
    assert done.code == 1
    assert done.out.count("✗") == 2


def test_a_database_that_is_not_there_is_told_and_not_made(ready):
    Path("data/undersigned.db").unlink()
    done = ready("check")
    assert done.code == 1
    assert "✗" in done.out
    assert not Path("data/undersigned.db").exists()


def test_a_key_that_is_gone_is_broken(ready):
    Path("undersigned.key").unlink()
    done = ready("check")
    assert done.code == 1
    assert "key file" in done.out


def test_a_database_of_another_key_is_broken_and_the_rest_is_examined_all_the_same(ready):
    ready("init", "elsewhere")
    Path("elsewhere/undersigned.key").replace("undersigned.key")
    done = ready("check")
    assert done.code == 1
    assert "✗" in done.out
    assert "Discord is off" in done.out


@pytest.mark.skipif("sys.platform == 'win32'", reason="file modes are a matter of POSIX")
def test_tokens_and_keys_that_others_can_read_are_told_with_the_remedy(ready, monkeypatch):
    text = (
        Path("config.toml")
        .read_text("utf-8")
        .replace("[telegram]\n\n# The bot", '[telegram]\ntoken = "1:x"\n#')
    )
    text = text.replace('\n# Telegram is off without one.\ntoken = ""', "").replace(
        'token = ""\n\n# Telegram\'s', "# T"
    )
    Path("config.toml").write_text(text, "utf-8")
    monkeypatch.setenv("UNDERSIGNED_TELEGRAM__TOKEN", "")  # not asked over the network here
    for name in ("config.toml", "undersigned.key"):
        Path(name).chmod(0o644)
    done = ready("check")
    assert (
        f"! Other users of this machine can read the tokens in {Path('config.toml').absolute()}." in done.out
    )
    assert f"→ chmod 600 {Path('config.toml').absolute()}" in done.out
    assert f"→ chmod 600 {Path('undersigned.key').absolute()}" in done.out


def test_key_and_database_in_one_folder_are_told(undersigned):
    Path("config.toml").write_text('[storage]\nurl = "sqlite:///here.db"\n', "utf-8")
    undersigned("init")
    assert "share the folder" in undersigned("check").out


def test_an_open_petition_without_contact_or_privacy_is_told(ready):
    ready("petition", "add", write_petition())
    ready("petition", "open", "library")
    done = ready("check")
    assert "! The petition “library” is open and has no contact." in done.out
    assert "! The petition “library” is open and has no privacy line." in done.out


def test_what_opens_or_closes_soon_is_told(ready):
    soon = datetime.now(UTC) + timedelta(days=1)
    ready("petition", "add", write_petition(keys=f"closes = {soon:%Y-%m-%dT%H:%M:%SZ}"))
    ready("petition", "open", "library")
    later = Path("later.md")
    later.write_text(Path("library.md").read_text("utf-8").replace("library", "park"), "utf-8")
    later.write_text(later.read_text("utf-8").replace("closes = ", "opens = "), "utf-8")
    assert ready("petition", "add", "later.md").code == 0
    done = ready("check")
    assert f"! The petition “library” closes on {soon:%Y-%m-%d %H:%M} UTC." in done.out
    assert "✓ The petition “park” opens by itself on" in done.out


def test_scripts_get_the_same_as_json(ready):
    Path("undersigned.key").unlink()
    done = ready("check", "--json")
    assert done.code == 1
    levels = {entry["level"] for entry in done.json}
    assert "error" in levels
    assert all(set(entry) == {"level", "text", "remedy"} for entry in done.json)


def test_a_platform_out_of_reach_is_one_line_and_the_others_are_still_asked(
    ready, monkeypatch, unused_tcp_port
):
    for name in ("DISCORD", "TELEGRAM"):
        monkeypatch.setenv(f"UNDERSIGNED_{name}__TOKEN", "1:planted-token")
        monkeypatch.setenv(f"UNDERSIGNED_{name}__API_URL", f"http://127.0.0.1:{unused_tcp_port}")
    done = ready("check")
    assert done.code == 1
    assert "✗ Discord can't be reached" in done.out
    assert "✗ Telegram can't be reached" in done.out
    assert "planted" not in done.out + done.err


def test_limits_are_told_and_a_low_one_is_warned_of(ready, monkeypatch):
    assert "3,000 signatures a minute from one community count at once" in ready("check").out
    monkeypatch.setenv("UNDERSIGNED_LIMITS__COMMUNITY_SIGNATURES", "20")
    said = ready("check").out
    assert "! limits.community_signatures is so low that honest members will meet it." in said
    assert "Set it to 300 or more" in said
    monkeypatch.setenv("UNDERSIGNED_LIMITS__COMMUNITY_SIGNATURES", "0")
    assert "a minute from one community" not in ready("check").out
