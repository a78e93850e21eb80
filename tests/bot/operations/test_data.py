"""`undersigned verify | migrate | backup | restore`."""

import asyncio
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot import app
from tests.bot.operations.conftest import settings_here, sign, stored, write_petition


@pytest.fixture
def library(ready):
    """An open petition that two people have signed."""
    ready("petition", "add", write_petition())
    ready("petition", "open", "library")
    sign("Ana", "Ben")
    return ready


def counted(undersigned):
    return undersigned("totals", "--json").json[0]["counted"]


def lose_one():
    """The total forgets one signature."""
    with closing(sqlite3.connect("data/undersigned.db")) as database, database:
        database.execute("update totals set counted = counted - 1")


def test_verify_counts_again_and_finds_all_well(library):
    done = library("verify")
    assert done.code == 0
    assert "✓ library: 2 counted" in done.out


def test_verify_finds_a_wrong_total_changes_nothing_and_mends_it_when_asked(library):
    lose_one()
    found = library("verify")
    assert found.code == 1
    assert "✗" in found.out
    assert counted(library) == 1
    library("verify", "--repair")
    assert counted(library) == 2
    assert library("verify").code == 0


def test_migrate_makes_the_database_and_says_when_there_is_nothing_to_do(ready):
    Path("data/undersigned.db").unlink()
    first = ready("migrate")
    assert (first.code, "applied  " in first.out) == (0, True)
    assert ready("migrate").out == "The database was up to date already.\n"


def test_a_backup_is_whole_private_and_says_what_it_lacks(library):
    done = library("backup", "copy.db")
    assert done.code == 0
    assert "Written: copy.db" in done.out
    assert "The key file is not in it" in done.out
    if sys.platform != "win32":
        assert stat.S_IMODE(Path("copy.db").stat().st_mode) == 0o600


def test_a_backup_never_goes_over_a_file(library):
    Path("copy.db").write_text("mine", "utf-8")
    done = library("backup", "copy.db")
    assert (done.code, len(done.error_lines)) == (1, 1)
    assert Path("copy.db").read_text("utf-8") == "mine"


def test_a_restore_where_there_is_a_database_needs_replace_and_a_yes(library):
    library("backup", "copy.db")
    sign("Cem")
    refused = library("restore", "copy.db")
    assert (refused.code, len(refused.error_lines)) == (1, 1)
    asked = library("restore", "copy.db", "--replace")
    assert asked.code == 2
    assert counted(library) == 3
    done = library("restore", "copy.db", "--replace", "--yes")
    assert done.code == 0, done.err
    assert "Restored: the database of " in done.out
    assert "kept beside it" in done.out
    assert counted(library) == 2


def test_a_restore_into_an_empty_place_needs_no_yes(library):
    library("backup", "copy.db")
    for file in Path("data").iterdir():
        file.unlink()
    done = library("restore", "copy.db")
    assert done.code == 0, done.err
    assert counted(library) == 2


def test_what_was_withdrawn_since_the_backup_is_taken_out_again(library):
    library("backup", "copy.db")

    async def withdraw():
        async with app.open_ports(settings_here()) as ports:
            await ports.signatures.withdraw("form-of-ana")

    asyncio.run(withdraw())
    done = library("restore", "copy.db", "--replace", "--yes")
    assert "Withdrawn or forgotten since then, and now again: 1 signature." in done.out
    assert counted(library) == 1


@pytest.mark.parametrize("content", [None, b"", b"no database", b"SQLite format 3\x00" + b"\x00" * 100])
def test_what_is_no_backup_is_one_line_and_changes_nothing(library, content):
    if content is not None:
        Path("copy.db").write_bytes(content)
    done = library("restore", "copy.db", "--replace", "--yes")
    assert (done.code, len(done.error_lines)) == (1, 1)
    assert "inside Undersigned" not in done.err
    assert stored() is not None


@pytest.mark.parametrize(
    "command", [["totals"], ["verify"], ["backup", "x"], ["petition", "list"], ["migrate"]]
)
def test_without_its_key_nothing_is_opened_and_the_reason_is_told(library, command):
    Path("undersigned.key").unlink()
    done = library(*command)
    if command[0] == "backup":
        return  # a copy needs no key
    assert (done.code, len(done.error_lines)) == (1, 1)
    assert "key file" in done.err


def test_another_key_is_refused(library):
    assert library("init", "elsewhere").code == 0
    Path("elsewhere/undersigned.key").replace("undersigned.key")
    done = library("totals")
    assert (done.code, len(done.error_lines)) == (1, 1)
    assert "key" in done.err


@pytest.mark.parametrize("command", [["init"], ["setup"]])
def test_no_new_key_is_made_for_a_database_that_has_lost_its_own(library, command):
    Path("undersigned.key").unlink()
    done = library(*command, typed="\n" * 8)
    assert (done.code, len(done.error_lines)) == (1, 1)
    assert "Put it back from its copy" in done.err
    assert not Path("undersigned.key").exists()
