"""What operators keep secret is in nothing that any command says, not even with --debug, when all goes wrong."""

import base64
import json
from pathlib import Path

import pytest

from tests.bot.operations.conftest import sign, write_petition

TOKENS = {"DISCORD": "NDI.planted-discord.token", "TELEGRAM": "123456:planted-telegram-token"}
PASSWORD = "planted-password"
NOWHERE = "http://127.0.0.1:9"
COMMANDS = [
    *(("check",), ("check", "--json"), ("totals",), ("verify",), ("migrate",), ("setup",)),
    *(("petition", "list"), ("petition", "show", "library"), ("petition", "open", "library")),
    *(("audit",), ("export", "library", "--format", "csv", "-o", "x.csv"), ("backup", "x.db")),
    ("copy", "--to", f"postgresql://me:{PASSWORD}@127.0.0.1:9/x"),
    ("key", "rotate", "--yes"),
]


@pytest.fixture
def planted(ready, monkeypatch):
    """A folder whose secrets are known, and platforms that can't be reached."""
    ready("petition", "add", write_petition())
    ready("petition", "open", "library")
    sign("Zaphodina")
    for platform, token in TOKENS.items():
        monkeypatch.setenv(f"UNDERSIGNED_{platform}__TOKEN", token)
        monkeypatch.setenv(f"UNDERSIGNED_{platform}__API_URL", NOWHERE)
    return ready


def secrets():
    """Tokens, password and keys, in the forms in which they could be told."""
    key = json.loads(Path("undersigned.key").read_text("utf-8"))
    written = [key["pepper"], *key["keys"].values()]
    raw = [base64.b64decode(each) for each in written]
    return [*TOKENS.values(), PASSWORD, *written, *(each.hex() for each in raw), *map(repr, raw)]


@pytest.mark.parametrize("lost", [False, True], ids=["", "with a database that is lost"])
def test_no_command_tells_a_secret(planted, lost, monkeypatch, caplog):
    if lost:
        monkeypatch.setenv("UNDERSIGNED_STORAGE__URL", f"postgresql://me:{PASSWORD}@127.0.0.1:9/x")
    for command in COMMANDS:
        done = planted("--debug", *command)
        told = done.out + done.err + caplog.text
        assert [secret for secret in [*secrets(), "Zaphodina"] if secret in told] == [], command
        caplog.clear()
