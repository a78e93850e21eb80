"""`undersigned copy`: the database moves, and every name with it."""

from pathlib import Path

import pytest

from tests.bot.operations.conftest import sign, write_petition


@pytest.fixture
def library(ready):
    """An open petition that two people have signed."""
    ready("petition", "add", write_petition())
    ready("petition", "open", "library")
    sign("Ana", "Ben")
    return ready


def test_a_copy_is_counted_again_and_serves_when_the_config_names_it(library, monkeypatch):
    done = library("copy", "--to", "sqlite:///moved.db")
    assert done.code == 0, done.err
    assert "✓ library: 2 counted" in done.out
    assert "point storage.url there" in done.out
    monkeypatch.setenv("UNDERSIGNED_STORAGE__URL", "sqlite:///moved.db")
    exported = library("export", "library", "--format", "csv", "-o", "names.csv")
    assert exported.code == 0, exported.err
    assert "Ben" in Path("names.csv").read_text("utf-8")


def test_the_address_may_come_from_the_environment_where_no_list_of_processes_shows_it(library, monkeypatch):
    monkeypatch.setenv("UNDERSIGNED_COPY_TO", "sqlite:///moved.db")
    assert library("copy").code == 0
    assert Path("moved.db").exists()


def test_what_is_there_is_not_copied_over(library):
    Path("moved.db").write_text("mine", "utf-8")
    done = library("copy", "--to", "sqlite:///moved.db")
    assert (done.code, len(done.error_lines)) == (1, 1)
    assert Path("moved.db").read_text("utf-8") == "mine"


def test_a_copy_to_nowhere_is_wrong_use(library):
    assert library("copy").code == 2


def test_an_address_that_is_none_is_one_line_without_its_password(library):
    done = library("copy", "--to", "mysql://me:s3cret@host/db")
    assert (done.code, len(done.error_lines)) == (1, 1)
    assert "s3cret" not in done.err + done.out
