"""`undersigned init`: the files that a bot needs."""

import stat
from pathlib import Path

import pytest

POSIX = pytest.mark.skipif("sys.platform == 'win32'", reason="file modes are a matter of POSIX")


def test_init_writes_config_key_database_and_an_example_and_says_what_comes_next(undersigned):
    done = undersigned("init")
    assert done.code == 0
    for name in ("config.toml", "undersigned.key", "data/undersigned.db", "example-petition.md"):
        assert Path(name).is_file()
        assert f"written  {Path(name).absolute()}" in done.out
    assert "undersigned petition add example-petition.md" in done.out


@POSIX
def test_the_key_and_the_config_are_for_their_owner_alone(undersigned):
    undersigned("init")
    for name in ("config.toml", "undersigned.key"):
        assert stat.S_IMODE(Path(name).stat().st_mode) == 0o600


def test_a_second_init_changes_nothing_and_says_so(ready):
    before = {path.name: path.read_bytes() for path in Path().iterdir() if path.is_file()}
    again = ready("init")
    assert again.code == 0
    assert again.out.count("kept     ") == 4
    assert {path.name: path.read_bytes() for path in Path().iterdir() if path.is_file()} == before


def test_init_adds_what_is_missing_and_leaves_the_rest(undersigned):
    Path("config.toml").write_text('[security]\nkey_file = "keys/mine.key"\n', "utf-8")
    done = undersigned("init")
    assert done.code == 0
    assert Path("keys/mine.key").is_file()
    assert not Path("undersigned.key").exists()
    assert Path("config.toml").read_text("utf-8") == '[security]\nkey_file = "keys/mine.key"\n'


def test_init_makes_the_folder_it_is_given(undersigned):
    done = undersigned("init", "new/folder")
    assert done.code == 0
    assert Path("new/folder/config.toml").is_file()
    assert Path("new/folder/undersigned.key").is_file()
    assert "cd new/folder && undersigned petition add" in done.out


def test_init_beside_a_broken_config_says_what_is_wrong_with_it(undersigned):
    Path("config.toml").write_text("contact = 5\n", "utf-8")
    done = undersigned("init")
    assert done.code == 1
    assert done.error_lines == [f"Error: {Path('config.toml').absolute()}: contact: must be text in quotes"]


def test_init_where_nothing_can_be_written_says_so(undersigned):
    Path("file").write_text("", "utf-8")
    done = undersigned("init", "file/folder")
    assert done.code == 1
    assert len(done.error_lines) == 1
    assert "can't be written" in done.err


def test_init_leaves_a_database_server_alone(undersigned, monkeypatch):
    monkeypatch.setenv("UNDERSIGNED_STORAGE__URL", "postgresql://nobody@127.0.0.1:1/x")
    done = undersigned("init")
    assert done.code == 0
    assert not Path("data").exists()


def test_the_example_of_init_can_be_added_at_once(ready):
    done = ready("petition", "add", "example-petition.md")
    assert done.code == 0, done.err
    assert "Languages:         en, es" in done.out
