"""What waits, and false signatures struck in bulk, on the command line."""

import asyncio
import re
from pathlib import Path
from shutil import copytree

import pytest
from msgspec.structs import replace

from bot import app
from bot.model.holding import Rule
from bot.operations import choice
from tests.bot.operations.conftest import _request, settings_here, sign, write_petition

HONEST = ("Ana López", "Li Wei", "Zoë Müller", "Ana Ruiz")


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Where a folder is kept once it is made: the next test begins with a copy."""
    return tmp_path_factory.mktemp("kept") / "folder"


@pytest.fixture
def signed(undersigned, kept, tmp_path):
    """Four who signed, numbered from 1, and two who wait; and the command line."""
    if kept.exists():
        copytree(kept, tmp_path, dirs_exist_ok=True)
        return undersigned
    undersigned("init")
    undersigned("petition", "add", write_petition())
    undersigned("petition", "open", "library")
    sign(*HONEST)
    hold("Mickey Mouse", "Donald Duck")
    copytree(tmp_path, kept)
    return undersigned


def hold(*names):
    """Sign as these people, and be held."""

    async def signing():
        async with app.open_ports(settings_here()) as ports:
            petition = await ports.petitions.find("library")
            for name in names:
                await ports.signatures.sign(
                    replace(_request(petition, name), hold=frozenset({Rule.LISTED_NAME}))
                )

    asyncio.run(signing())


def totals():
    async def read():
        async with app.open_ports(settings_here()) as ports:
            petition = await ports.petitions.find("library")
            return await ports.tally.totals(petition.id)

    found = asyncio.run(read())
    return found.counted, found.held, found.struck


def test_what_waits_is_shown_without_names_unless_they_are_asked_for(signed):
    done = signed("review", "library")
    assert done.code == 0
    assert "2 signatures wait for review" in done.out
    assert "listed_name:" in done.out
    assert "Mickey" not in done.out
    assert "Mickey Mouse" in signed("review", "library", "--names").out


def test_scripts_read_what_waits(signed):
    assert signed("review", "library", "--json").json["rules"] == {"listed_name": 2}
    names = signed("review", "library", "--json", "--names").json["signatures"]
    assert {each["name"] for each in names} == {"Mickey Mouse", "Donald Duck"}


def test_a_dry_run_shows_who_and_what_it_makes_of_the_total_and_changes_nothing(signed):
    done = signed("strike", "library", "--number", "2", "--number", "#4", "--reason", "one hand", "--dry-run")
    assert done.code == 0, done.err
    assert "Li Wei" in done.out
    assert "Ana Ruiz" in done.out
    assert "4 → 2" in done.out
    assert "dry run" in done.out
    assert totals() == (4, 2, 0)


def test_a_range_of_numbers_is_struck_after_a_yes(signed):
    assert signed("strike", "library", "--number", "2-3", "--reason", "one hand").code == 2
    assert totals() == (4, 2, 0)
    done = signed("strike", "library", "--number", "2-3", "--reason", "one hand", "--yes")
    assert done.code == 0, done.err
    assert "Struck: 2 signatures" in done.out
    assert totals() == (2, 2, 2)


def test_a_name_means_the_whole_name_and_no_part_of_one(signed):
    done = signed("strike", "library", "--name", "ANA LOPEZ", "--name", "Ana", "--reason", "x", "--yes")
    assert "Struck: 1 signature." in done.out
    assert "Nobody of that name: Ana" in done.err
    assert totals() == (3, 2, 1)


def test_a_file_holds_numbers_ranges_and_names(signed):
    Path("false.txt").write_text("\ufeff#1\n\nMickey Mouse\n3-4\ndonald duck\nNobody Here\n", "utf-8")
    done = signed("strike", "library", "--file", "false.txt", "--reason", "a brigade", "--yes")
    assert "Struck: 5 signatures." in done.out
    assert "Nobody of that name: Nobody Here" in done.err
    assert totals() == (1, 0, 5)


def test_what_was_struck_is_counted_again_or_waits_again(signed):
    Path("false.txt").write_text("1\nMickey Mouse\n", "utf-8")
    signed("strike", "library", "--file", "false.txt", "--reason", "a brigade", "--yes")
    done = signed("unstrike", "library", "--file", "false.txt", "--yes")
    assert "Counted again: 2 signatures." in done.out
    assert totals() == (4, 2, 0)


def test_many_are_struck_in_parts(signed, monkeypatch):
    monkeypatch.setattr(choice, "PAGE", 2)
    monkeypatch.setattr(choice, "PART", 2)
    done = signed(
        "strike", "library", "--number", "1-4", "--name", "Mickey Mouse", "--reason", "all", "--yes"
    )
    assert done.code == 0, done.err
    assert "5 signatures" in done.out
    assert "4 → 0" in done.out
    assert totals() == (0, 1, 5)


WRONG = [
    (["--reason", "x"], 2, "--number, --name or --file"),
    (["--number", "1"], 2, "reason"),
    (["--number", "1", "--reason", " "], 2, "nobody is struck without one"),
    (["--number", "one", "--reason", "x"], 2, "--number one"),
    (["--file", "absent.txt", "--reason", "x"], 1, "absent.txt"),
    (["--number", "99", "--reason", "x", "--yes"], 1, "Nothing was done"),
    (["--name", "Nobody", "--reason", "x", "--yes"], 1, "Nothing was done"),
]


def test_what_cannot_be_done_is_one_clear_line(signed):
    for options, code, said in WRONG:
        done = signed("strike", "library", *options)
        assert (done.code, said in done.err) == (code, True), options
    assert "There is no petition" in signed("strike", "pond", "--number", "1", "--reason", "x").err
    assert totals() == (4, 2, 0)


def test_striking_twice_finds_nothing_more_to_strike(signed):
    signed("strike", "library", "--number", "1", "--reason", "x", "--yes")
    assert signed("strike", "library", "--number", "1", "--reason", "x", "--yes").code == 1
    assert totals() == (3, 2, 1)


def test_the_audit_log_has_it_without_a_name(signed):
    signed("strike", "library", "--number", "1", "--reason", "a reason that names Ana", "--yes")
    said = signed("audit", "library").out
    assert "strike" in said
    assert "Ana" not in said


def test_those_that_wait_are_counted_after_a_look_at_what_it_makes_of_the_total(signed):
    looked = signed("accept", "library", "--waiting", "--dry-run")
    assert looked.code == 0, looked.err
    assert "Mickey Mouse" in looked.out
    assert "4 → 6" in looked.out
    assert totals() == (4, 2, 0)
    assert signed("accept", "library", "--waiting").code == 2
    done = signed("accept", "library", "--waiting", "--yes")
    assert "Counted: 2 signatures." in done.out
    assert totals() == (6, 0, 0)
    assert "accept" in signed("audit", "library").out


GROUPS = [
    (["--rule", "listed_name"], 2),
    (["--rule", "account_age"], 0),
    (["--day", "2000-01-01"], 0),
    (["--community", "no community"], 2),
    (["--rule", "listed_name", "--community", "no community"], 2),
    (["--name", "mickey mouse"], 1),
]


def test_what_waits_is_counted_or_struck_by_rule_day_and_community(signed):
    for options, count in GROUPS:
        for command in (["accept"], ["strike", "--reason", "a brigade"]):
            done = signed(*command, "library", *options, "--dry-run")
            assert done.code == (0 if count else 1), (command, options, done.err)
            said = re.search(rf": {count} signatures? of “library”", done.out)
            assert bool(said) is bool(count), (command, options)
    assert totals() == (4, 2, 0)
    signed("strike", "library", "--rule", "listed_name", "--reason", "a brigade", "--yes")
    assert totals() == (4, 0, 2)


def test_a_group_is_named_so_that_it_can_be_found(signed):
    for options, code, said in (
        ([], 2, "--rule"),
        (["--day", "today"], 2, "2026-03-08"),
        (["--rule", "spelling"], 2, "account_age"),
        (["--community", "Elsewhere"], 1, "“no community”"),
        (["--waiting", "--name", "Ana"], 2, "not both"),
    ):
        done = signed("accept", "library", *options, "--yes")
        assert (done.code, said in done.err) == (code, True), (options, done.err)


def test_what_was_done_is_listed_and_undone_by_what_it_is_called(signed):
    assert "Nothing has been" in signed("undo", "library").out
    signed("strike", "library", "--waiting", "--reason", "a brigade", "--yes")
    signed("strike", "library", "--number", "1", "--reason", "not a person", "--yes")
    listed = signed("undo", "library").out
    tokens = [line.split()[0] for line in listed.splitlines() if "Struck:" in line]
    assert len(tokens) == 2
    assert "a brigade" in listed
    assert "2 signatures" in signed("undo", "library", tokens[1], "--dry-run").out
    assert signed("undo", "library", *tokens).code == 2
    assert totals() == (3, 0, 3)
    assert "Undone: 3 signatures." in signed("undo", "library", *tokens, "--yes").out
    assert totals() == (4, 2, 0)
    assert "undone already" in signed("undo", "library", tokens[0], "--yes").err
    assert "undo strike" in signed("audit", "library").out


def test_what_is_called_otherwise_is_not_undone(signed):
    assert "called nonsense" in signed("undo", "library", "nonsense", "--yes").err


def test_what_the_configuration_holds_for_a_community_waits(signed, monkeypatch):
    monkeypatch.setenv("UNDERSIGNED_LIMITS__COMMUNITY_SIGNATURES", "2")
    sign("Eva Novak", "Ibrahim Ali", "Noor Haddad")
    assert totals() == (6, 3, 0)
    assert "community_rate:" in signed("review", "library").out
