"""An export's file: for its owner alone, there whole or not at all, and gone when the program is killed."""

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest

from bot.errors import UndersignedError
from bot.export import files
from bot.export.files import private_file, sweep
from bot.export.request import Audience, Format, Request
from bot.export.sealing import identities, recipient, sealed, unseal
from bot.export.writing import Job, write
from tests.bot.export.world import NOON, exported, hostile, reading

WRITER = """
import sys
from pathlib import Path
from bot.export import files
if sys.argv[2] == "named":
    del files.os.O_TMPFILE
with files.private_file(Path(sys.argv[1])) as output:
    output.file.write(b"Marisol Quispe\\n" * 100_000)
    output.file.flush()
    print("written", flush=True)
    sys.stdin.read()
"""


def left_in(folder):
    return [path.name for path in folder.iterdir()]


@pytest.fixture
def without_nameless_files(monkeypatch):
    monkeypatch.delattr(files.os, "O_TMPFILE", raising=False)


@pytest.fixture(params=["nameless", "named"])
def each_system(request):
    """Where files can be nameless, and where they can't."""
    if request.param == "named":
        request.getfixturevalue("without_nameless_files")


@pytest.mark.usefixtures("each_system")
def test_a_file_is_seen_when_it_is_finished_and_by_its_owner_alone(tmp_path):
    path = tmp_path / "list.csv"
    with private_file(path) as output:
        output.file.write(b"Ana")
        assert not path.exists()
        output.publish()
    assert path.read_bytes() == b"Ana"
    assert path.stat().st_mode & 0o777 == 0o600
    assert left_in(tmp_path) == ["list.csv"]


@pytest.mark.usefixtures("each_system")
def test_nothing_is_left_of_an_export_that_fails(tmp_path):
    def failing():
        with private_file(tmp_path / "list.csv") as output:
            output.file.write(b"Ana")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    assert left_in(tmp_path) == []


@pytest.mark.usefixtures("each_system")
def test_a_file_that_is_there_is_replaced_only_on_purpose(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("old")
    with pytest.raises(UndersignedError, match="--force"), private_file(path):
        pytest.fail("it began to write")
    with private_file(path, replace=True) as output:
        output.file.write(b"new")
        assert path.read_text() == "old"
        output.publish()
    assert path.read_text() == "new"
    assert left_in(tmp_path) == ["list.csv"]


@pytest.mark.usefixtures("each_system")
def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path):
    path = tmp_path / "list.csv"

    def publishing_too_late():
        with private_file(path) as output:
            output.file.write(b"mine")
            path.write_text("theirs")
            output.publish()

    with pytest.raises(UndersignedError, match="there already"):
        publishing_too_late()
    assert path.read_text() == "theirs"
    assert left_in(tmp_path) == ["list.csv"]


def test_a_folder_that_is_not_there_is_said_in_one_line(tmp_path):
    with (
        pytest.raises(UndersignedError, match="can't be written: No such file"),
        private_file(tmp_path / "a" / "b"),
    ):
        pytest.fail("it began to write")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
@pytest.mark.parametrize("system", ["nameless", "named"])
def test_no_name_is_left_on_the_disk_when_the_program_is_killed(tmp_path, system):
    folder = tmp_path / "out"
    folder.mkdir()
    command = [sys.executable, "-c", WRITER, str(folder / "list.csv"), system]
    root = Path(__file__).parents[3]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root) as writer:
        assert writer.stdout.readline() == b"written\n"
        writer.send_signal(signal.SIGKILL)
    if system == "nameless":
        assert left_in(folder) == []
    else:
        assert len(left_in(folder)) == 1
    sweep(folder)
    assert left_in(folder) == []


def test_sweeping_touches_nothing_else(tmp_path):
    (tmp_path / ".hidden").write_text("mine")
    sweep(tmp_path)
    assert left_in(tmp_path) == [".hidden"]


# --- encryption ---


@pytest.fixture
def key():
    return pyrage.x25519.Identity.generate()


@pytest.mark.parametrize("form", ["csv", "jsonl", "xlsx"])
def test_what_is_encrypted_is_the_same_list_for_the_holder_of_the_key(form, key):
    plain, _ = exported(hostile(), form)
    content, manifest = exported(hostile(), form, recipients=[key.to_public()])
    assert content.startswith(b"age-encryption.org/v1")
    assert "Müller".encode() not in content
    opened = io.BytesIO()
    unseal(io.BytesIO(content), opened, [key])
    assert opened.getvalue() == plain
    assert manifest.sha256 != manifest.extras["encryption"]["sha256_when_decrypted"]
    assert manifest.extras["encryption"]["recipients"] == [str(key.to_public())]


def test_somebody_elses_key_opens_nothing(key):
    content, _ = exported(hostile(), "csv", recipients=[key.to_public()])
    with pytest.raises(UndersignedError, match="another key"):
        unseal(io.BytesIO(content), io.BytesIO(), [pyrage.x25519.Identity.generate()])


def test_a_ciphertext_that_was_altered_is_refused(key):
    content = bytearray(exported(hostile(), "csv", recipients=[key.to_public()])[0])
    content[-1] ^= 1
    with pytest.raises(UndersignedError, match="altered"):
        unseal(io.BytesIO(bytes(content)), io.BytesIO(), [key])


def test_a_full_disk_ends_an_encrypted_export_with_a_clear_word(key):
    class Full(io.RawIOBase):
        def writable(self):
            return True

        def write(self, data):
            raise OSError(28, "No space left on device")

    job = Job(Request(Format.JSONL, Audience.ORGANISERS), "l.jsonl.age", NOON, (key.to_public(),))
    with pytest.raises(OSError, match="No space left"):
        write(reading(hostile() * 2000), job, Full(), lambda done: None)


def test_a_failure_within_is_not_hidden_by_the_encryption(key):
    def failing():
        with sealed(io.BytesIO(), [key.to_public()]) as out:
            out.write(b"x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()


@pytest.mark.parametrize("text", ["", "age1nonsense", "AGE-SECRET-KEY-1ABC", "ssh-ed25519 AAAA"])
def test_what_is_no_age_key_is_refused_by_one_clear_line(text):
    with pytest.raises(UndersignedError, match="age-keygen"):
        recipient(text)


def test_the_key_file_of_age_keygen_is_read(tmp_path, key):
    file = tmp_path / "key.txt"
    file.write_text(f"# created: 2026-03-08\n# public key: {key.to_public()}\n{key}\n")
    assert [str(one) for one in identities(file)] == [str(key)]


@pytest.mark.parametrize("content", ["", "# nothing\n", "not a key\n"])
def test_a_file_without_a_secret_key_is_refused_and_not_quoted(tmp_path, content):
    (tmp_path / "key.txt").write_text(content)
    with pytest.raises(UndersignedError, match="key") as refused:
        identities(tmp_path / "key.txt")
    assert "not a key" not in str(refused.value)
