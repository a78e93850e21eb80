"""The installed command as operators and their scripts use it: real processes, real files, real signals."""

import json
import os
import re
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import sysconfig
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

SCRIPT = Path(sysconfig.get_path("scripts"), "undersigned.exe" if sys.platform == "win32" else "undersigned")
SHARED = os.environ.get("UNDERSIGNED_SHARED")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals and pipes as POSIX has them")
TELEGRAM_TOKEN = "123456:planted-token-that-nobody-may-see"
DISCORD_TOKEN = "NDI.planted.token-that-nobody-may-see"
GOOD = """+++
title = "Save the library"
to = "The town council"
slug = "library"
contact = "us@example.org"
privacy = "We tell nobody."
+++
Why.

## Letter

Please keep the library open.
"""
STANDING_PLATFORM = """
import asyncio, sys
from bot import app, cli
from bot.errors import UndersignedError

class Standing:
    name = "telegram"
    async def run(self, core):
        print("serving", flush=True)
        try:
            await asyncio.Event().wait()
        finally:
            print("connections closed", flush=True)

app.REGISTRY = {"telegram": app.Registered("Telegram", lambda settings: True, lambda settings: Standing())}
cli.main()
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "library.md").write_text(GOOD, "utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A folder that `init` has prepared, with an open petition. Not to be changed."""
    folder = tmp_path_factory.mktemp("prepared")
    (folder / "library.md").write_text(GOOD, "utf-8")
    done(folder, "init")
    done(folder, "petition", "add", "library.md")
    done(folder, "petition", "open", "library")
    return folder


@pytest.fixture
def library(prepared, tmp_path):
    """A copy of it: file names in a config are looked up from its folder."""
    return shutil.copytree(prepared, tmp_path / "library")


def environment(**variables):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("UNDERSIGNED_")}
    return clean | {"PYTHONWARNINGS": "error", "PYTHONIOENCODING": "utf-8"} | variables


def start(folder, *arguments, program=(str(SCRIPT),), **variables):
    return subprocess.Popen(
        [*program, *map(str, arguments)],
        cwd=folder,
        env=environment(**variables),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def undersigned(folder, *arguments, typed="", **variables):
    with start(folder, *arguments, **variables) as process:
        process.out, process.err = process.communicate(typed, timeout=60)
    return process


def done(folder, *arguments, **rest):
    """What a command printed that must have worked."""
    process = undersigned(folder, *arguments, **rest)
    assert process.returncode == 0, process.err
    return process.out


def complaint(folder, *arguments, **rest):
    """The one line of a command that must have failed."""
    process = undersigned(folder, *arguments, **rest)
    assert process.returncode == 1, process.out
    (line,) = process.err.splitlines()
    return line.removeprefix("Error: ")


# --- from nothing to a bot that runs ---


@POSIX
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_init_add_open_and_a_token_from_the_environment_are_enough_to_run(library, number):
    program = (sys.executable, "-c", STANDING_PLATFORM)
    process = start(library, "run", program=program, UNDERSIGNED_TELEGRAM__TOKEN=TELEGRAM_TOKEN)
    with process:
        assert process.stdout.readline() == "serving\n"
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert out == "connections closed\n"
    assert [json.loads(line)["event"] for line in err.splitlines()] == ["serving", "stopping", "stopped"]
    assert TELEGRAM_TOKEN not in out + err


def test_run_without_a_token_says_where_to_put_one(library):
    assert "UNDERSIGNED_TELEGRAM__TOKEN" in complaint(library, "run")


def test_run_without_its_key_refuses_and_says_why(library):
    (library / "undersigned.key").unlink()
    process = undersigned(library, "run", UNDERSIGNED_TELEGRAM__TOKEN=TELEGRAM_TOKEN)
    assert process.returncode == 1
    assert "undersigned.key" in process.err.splitlines()[-1]
    assert "Traceback" not in process.err


def test_run_in_an_empty_folder_leads_to_setup(tmp_path):
    assert "undersigned setup" in complaint(tmp_path, "run")
    assert list(tmp_path.iterdir()) == []


# --- petition files ---


BAD_FILES = {
    "binary": bytes(range(256)) * 40,
    "empty": b"",
    "only spaces": b" \n\n",
    "50 MB": b"a" * 50_000_000,
    "no letter": GOOD.partition("## Letter")[0].encode(),
    "an empty letter": GOOD.partition("Please")[0].encode(),
    "no title": GOOD.replace('title = "Save the library"\n', "").encode(),
    "a date that is none": GOOD.replace("+++\nWhy", 'closes = "soon"\n+++\nWhy').encode(),
    "a date that is past": GOOD.replace("+++\nWhy", "closes = 2001-01-01T00:00:00Z\n+++\nWhy").encode(),
    "closing before opening": GOOD.replace(
        "+++\nWhy", "opens = 2098-01-01T00:00:00Z\ncloses = 2097-01-01T00:00:00Z\n+++\nWhy"
    ).encode(),
    "two front matters": (GOOD.partition("Why.")[0] + GOOD).encode(),
    "an unknown key": GOOD.replace('slug = "library"', 'slog = "library"').encode(),
    "half a translation": GOOD.replace(
        "+++\nWhy", '[translations.es]\ntitle = "Biblioteca"\n+++\nWhy'
    ).encode(),
    "broken front matter": GOOD.replace('to = "The', "to = The").encode(),
    "latin-1": GOOD.replace("Please", "¡Por favor!").encode("latin-1"),
    "a web page": b"<!DOCTYPE html><html><body>Sign!</body></html>",
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_petition_file_is_told_in_clear_lines_and_nothing_is_stored(library, kind):
    (library / "bad.md").write_bytes(BAD_FILES[kind].replace(b'slug = "library"', b'slug = "another"'))
    process = undersigned(library, "petition", "add", "bad.md")
    assert process.returncode == 1
    lines = process.err.splitlines()
    assert lines, "it says nothing"
    assert all(line.startswith("Error: bad.md: ") for line in lines)
    assert all(len(line) < 300 for line in lines)
    with closing(sqlite3.connect(library / "data" / "undersigned.db")) as database:
        assert database.execute("select count(*) from petition").fetchone() == (1,)


def test_windows_line_ends_and_a_byte_order_mark_are_fine(library):
    windows = GOOD.replace('"library"', '"another"').replace("\n", "\r\n")
    (library / "windows.md").write_bytes(b"\xef\xbb\xbf" + windows.encode())
    assert "Added: another, draft" in done(library, "petition", "add", "windows.md")


@pytest.mark.skipif(not SHARED, reason="UNDERSIGNED_SHARED names the folder of the real petition")
def test_the_real_petition_page_comes_in_whole(library):
    process = undersigned(library, "petition", "add", Path(SHARED, "petitions", "end-all-287g-contracts.txt"))
    assert process.returncode == 0
    said = " ".join(process.out.split())
    for part in ("Title: End all 287(g) contracts!", "To: President Obama & DHS Secretary Jeh Johnson",
                 "Sponsors: none", "Background: 3 paragraphs", "Letter: 5 paragraphs"):  # fmt: skip
        assert part in said
    notes = [line for line in process.out.splitlines() if line.startswith("  note: line ")]
    assert any("Sponsored by" in note or "sponsor" in note for note in notes)
    assert any("Your Name" in note for note in notes)


# --- beside a running bot ---


def test_a_change_on_the_command_line_is_seen_by_a_running_chat_and_the_other_way_round(folder):
    variables = {
        "UNDERSIGNED_STORAGE__URL": "sqlite:///kept.db",
        "UNDERSIGNED_SECURITY__KEY_FILE": "kept.db.key",
    }
    chat = start(folder, "demo", "--petition", "library.md", "--database", "kept.db", "--as", "Ana")
    with chat:
        say(chat, "/sign", until="Sign as Ana")
        say(chat, "sign as ana", until="You have signed")
        assert json.loads(done(folder, "totals", "--json", **variables))[0]["counted"] == 1
        done(folder, "petition", "close", "library", **variables)
        say(chat, "/petition", until="Closed")
        done(folder, "petition", "reopen", "library", **variables)
        say(chat, "/petition", until="Open for signatures")
        chat.communicate("/quit\n", timeout=60)
    assert chat.returncode == 0
    assert "✓" in done(folder, "verify", **variables)


def say(chat, line, until):
    chat.stdin.write(f"{line}\n")
    chat.stdin.flush()
    seen = ""
    while until not in seen:
        printed = chat.stdout.readline()
        assert printed, seen
        seen += printed


def test_many_commands_at_once_on_one_petition_lose_nothing(library):
    def edit(number):
        text = GOOD.replace("Why.", f"Why, {number}.")
        (library / f"{number}.md").write_text(text, "utf-8")
        return undersigned(library, "petition", "update", "library", f"{number}.md").returncode

    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(edit, range(4)))
    (entry,) = json.loads(done(library, "petition", "list", "--json"))
    assert set(codes) <= {0, 1}  # a command that met another edit says so and stores nothing
    assert entry["revision"] == 1 + codes.count(0)
    done(library, "verify")


@POSIX
def test_several_processes_make_and_migrate_one_database_together(library):
    (library / "data" / "undersigned.db").unlink()
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _: undersigned(library, "totals"), range(4)))
    assert [process.returncode for process in outcomes] == [0] * 4, [process.err for process in outcomes]


# --- how it speaks ---


def test_help_needs_no_library_and_answers_at_once(folder):
    program = "import sys; from bot import cli; sys.argv = ['undersigned', '--help']\n"
    program += "try: cli.main()\nexcept SystemExit: pass\nprint(*sorted(sys.modules), file=sys.stderr)"
    told = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    heavy = {
        "sqlalchemy",
        "babel",
        "rich",
        "typer",
        "discord",
        "telegram",
        "asyncio",
    }
    assert heavy.isdisjoint(told.stderr.split())
    taken = []
    for _ in range(5):
        before = time.perf_counter()
        done(folder, "--help")
        taken.append(time.perf_counter() - before)
    assert statistics.median(taken) < 0.5


@POSIX
def test_a_reader_that_goes_away_is_no_error(library):
    command = f"'{SCRIPT}' petition show library | head -n 1; '{SCRIPT}' petition list --json | true"
    process = subprocess.run(
        ["bash", "-c", command], cwd=library, env=environment(), capture_output=True, text=True, check=False
    )
    assert process.stderr == ""
    assert process.stdout.count("\n") == 1


@POSIX
def test_ctrl_c_in_the_middle_of_a_question_says_one_line_at_most(folder):
    process = start(folder, "setup")
    with process:
        seen = ""
        while "Discord token" not in seen:
            seen += process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode in {1, 130}
    assert "Traceback" not in err
    assert len(err.splitlines()) <= 1
    assert not (folder / "config.toml").exists()


def test_a_terminal_that_lacks_a_letter_gets_a_question_mark(library):
    out = done(library, "check", PYTHONIOENCODING="latin-1")
    assert "? The database" in out


def test_piped_output_has_no_colour(library):
    assert "\x1b" not in done(library, "check")
    assert "\x1b" not in done(library, "petition", "list")


def test_no_command_ever_prints_a_token_or_writes_one_but_into_its_config(folder):
    nowhere = {
        "UNDERSIGNED_DISCORD__API_URL": "http://127.0.0.1:9/api",
        "UNDERSIGNED_TELEGRAM__API_URL": "http://127.0.0.1:9",
    }
    done(folder, "init")
    config = folder / "config.toml"
    lines = config.read_text("utf-8").replace(
        "[discord]\n", f'[discord]\n\n#\ntoken = "{DISCORD_TOKEN}"\n#', 1
    )
    lines = re.sub(r'#\n# The bot\'s token. Discord is off without one.\ntoken = ""\n', "", lines)
    lines = lines.replace(
        'Telegram is off without one.\ntoken = ""', f'Telegram is off.\ntoken = "{TELEGRAM_TOKEN}"'
    )
    config.write_text(lines, "utf-8")
    said = ""
    for command in (
        "check",
        "petition add library.md",
        "verify",
        "backup copy.db",
        "setup",
        "restore copy.db",
    ):
        process = undersigned(folder, *command.split(), "--debug", typed="\n\n\n", **nowhere)
        said += process.out + process.err
    for broken in (lines + "\nfoo = 1\n", lines.replace("contact = ", "contact = 5 #", 1), lines + "\n= ="):
        config.write_text(broken, "utf-8")
        process = undersigned(folder, "run", "--debug", **nowhere)
        assert process.returncode == 1
        said += process.out + process.err
    assert "config.toml" in said
    for token in (DISCORD_TOKEN, TELEGRAM_TOKEN, "planted"):
        assert token not in said
        for file in folder.rglob("*"):
            assert file == config or not file.is_file() or token.encode() not in file.read_bytes(), file
