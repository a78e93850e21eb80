"""Keys, retention and old backups on the command line."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.operations import progress
from storage import keyfile, rotation
from tests.bot.operations.conftest import sign, write_petition

DAY = 86_400_000_000  # in microseconds


@pytest.fixture(autouse=True)
def _noticed_at_once(monkeypatch):
    monkeypatch.setattr(rotation, "NOTICED", 0)
    monkeypatch.setattr(keyfile, "NOTICED", 0)


@pytest.fixture
def signed(ready):
    ready("petition", "add", write_petition())
    ready("petition", "open", "library")
    sign("Zoë", "Ana")
    return ready


def exported(undersigned, file):
    assert undersigned("export", "library", "-o", file).code == 0
    return Path(file).read_text("utf-8-sig")


# --- key rotate ---


def test_a_key_is_rotated_after_a_word_of_warning(signed):
    before = exported(signed, "before.csv")
    asked = signed("key", "rotate")
    assert asked.code == 2
    assert "--yes" in asked.err
    done = signed("key", "rotate", "--yes")
    assert done.code == 0, done.err
    assert "4 values encrypted anew, under key 2" in done.out
    assert "new copy" in done.out
    assert exported(signed, "after.csv") == before


def test_a_key_file_that_can_not_be_replaced_is_said_in_one_line(signed, monkeypatch):
    def full(path, flags, mode):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(keyfile, "os", SimpleNamespace(**vars(os) | {"open": full}))
        done = signed("key", "rotate", "--yes")
    assert done.code == 1
    assert "can't be written: No space left" in done.err
    assert exported(signed, "after.csv")


# --- anonymise ---


def test_who_signed_is_erased_and_how_many_stays(signed):
    signed("petition", "close", "library")
    asked = signed("anonymise", "library")
    assert asked.code == 2
    assert "2 signatures" in asked.err
    done = signed("anonymise", "library", "--yes")
    assert done.code == 0, done.err
    assert "who gave 2 signatures" in done.out
    told = exported(signed, "after.csv")
    assert "Zoë" not in told
    assert told.count("counted") == 2
    assert "anonymise" in signed("audit").out
    addressee = signed("export", "library", "-o", "names.csv", "--for", "addressee")
    assert "Not in it: 2 others" in addressee.out


def test_a_petition_that_goes_on_is_not_anonymised(signed):
    done = signed("anonymise", "library", "--yes")
    assert done.code == 1
    assert "Close it first" in done.err
    assert "Zoë" in exported(signed, "after.csv")


# --- backup --keep ---


def age(file, days):
    """Let a backup have been made so many days earlier."""
    with sqlite3.connect(file) as copy:
        copy.execute("UPDATE meta SET value = value - ? WHERE name = 'backup_made'", (days * DAY,))
    copy.close()


def test_backups_that_are_older_than_is_said_are_deleted_and_nothing_else(signed):
    folder = Path("backups")
    folder.mkdir()
    for name, days in {"old.db": 31, "recent.db": 29, "foreign.db": 400}.items():
        signed("backup", folder / name)
        age(folder / name, days)
    with sqlite3.connect(folder / "foreign.db") as copy:
        copy.execute("UPDATE meta SET value = '{\"pepper\": \"00\"}' WHERE name = 'key_checks'")
    copy.close()
    (folder / "notes.txt").write_text("mine")
    (folder / "other.db").write_bytes(b"SQLite format 3\x00 and nothing else")
    with closing(sqlite3.connect(folder / "empty.db")) as empty:
        empty.execute("CREATE TABLE mine (x)")
    (folder / "link.db").symlink_to("old.db")
    os.utime(folder / "recent.db", (0, 0))  # the file's own time says nothing
    done = signed("backup", folder / "new.db", "--keep", "30")
    assert done.code == 0, done.err
    assert [line for line in done.out.splitlines() if line.startswith("Deleted")] == [
        f"Deleted: {folder.absolute() / 'old.db'}"
    ]
    left = {path.name for path in folder.iterdir()}
    assert left == {"recent.db", "foreign.db", "new.db", "notes.txt", "other.db", "empty.db", "link.db"}


def test_without_keep_no_backup_is_deleted(signed):
    signed("backup", "old.db")
    age("old.db", 1000)
    signed("backup", "new.db")
    assert Path("old.db").exists()


# --- progress ---


def test_progress_is_shown_on_a_terminal_only(monkeypatch, capsys):
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    with progress.progress("Writing", 10) as tell:
        tell(5)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setenv("FORCE_COLOR", "1")  # which makes rich take anything for a terminal
    monkeypatch.setenv("TERM", "xterm")
    with progress.progress("Writing") as tell:
        tell(5, 10)
    assert "5/10" in capsys.readouterr().err
