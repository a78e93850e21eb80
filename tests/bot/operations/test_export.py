"""Exports on the command line, and the audit log that they leave."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pyrage
import pytest

from tests.bot.export.world import csv_rows
from tests.bot.operations.conftest import sign, write_petition


@pytest.fixture
def signed(ready):
    """A petition with two signers, and the command line."""
    ready("petition", "add", write_petition())
    ready("petition", "open", "library")
    sign("Zoë Müller", "=Ana")
    return ready


def names(file):
    return [row["name"] for row in csv_rows(Path(file).read_bytes())]


def test_an_organiser_exports_the_list(signed):
    done = signed("export", "library", "-o", "list.csv")
    assert done.code == 0, done.err
    assert "2 rows" in done.out
    assert names("list.csv") == ["Zoë Müller", "=Ana"]
    assert Path("list.csv").stat().st_mode & 0o777 == 0o600
    assert json.loads(Path("list.csv.manifest.json").read_text("utf-8"))["rows"] == 2


def test_the_format_is_as_the_file_ends_unless_it_is_said(signed):
    assert signed("export", "library", "-o", "list.jsonl").code == 0
    assert signed("export", "library", "-o", "list.txt", "--format", "xlsx").code == 0
    assert json.loads(Path("list.jsonl").read_text("utf-8").splitlines()[0])["number"] == 1
    assert Path("list.txt").read_bytes().startswith(b"PK")


def test_the_addressee_gets_names_by_name(signed):
    done = signed("export", "library", "-o", "list.csv", "--for", "addressee")
    assert done.code == 0
    assert names("list.csv") == ["=Ana", "Zoë Müller"]


def test_a_file_that_is_there_is_kept(signed):
    Path("list.csv").write_text("precious")
    done = signed("export", "library", "-o", "list.csv")
    assert done.code == 1
    assert "--force" in done.err
    assert Path("list.csv").read_text() == "precious"
    assert signed("export", "library", "-o", "list.csv", "--force").code == 0


def test_a_file_is_compared_with_its_manifest(signed):
    signed("export", "library", "-o", "list.csv")
    good = signed("verify-export", "list.csv")
    assert good.code == 0
    assert "2 counted signatures" in good.out
    assert "not counted again" not in good.out
    with Path("list.csv").open("ab") as file:
        file.write(b"3,counted,Eve\r\n")
    assert signed("verify-export", "list.csv").code == 1


def test_what_a_manifest_says_is_compared_with_what_is_in_the_file(signed):
    signed("export", "library", "-o", "list.csv")
    manifest = Path("list.csv.manifest.json")
    manifest.write_text(manifest.read_text("utf-8").replace('"rows": 2,', '"rows": 3,'), "utf-8")
    done = signed("verify-export", "list.csv")
    assert done.code == 1
    assert "list.csv.manifest.json was altered" in done.err


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"kind": "undersigned export", "version": 99}'])
def test_a_manifest_that_is_none_is_said_to_be_so(signed, content):
    signed("export", "library", "-o", "list.csv")
    if content is None:
        Path("list.csv.manifest.json").unlink()
    else:
        Path("list.csv.manifest.json").write_text(content)
    done = signed("verify-export", "list.csv")
    assert done.code == 1
    assert len(done.error_lines) == 1


def test_an_encrypted_export_is_decrypted_with_the_key_and_still_compared(signed):
    key = pyrage.x25519.Identity.generate()
    Path("key.txt").write_text(f"{key}\n")
    done = signed("export", "library", "-o", "list.csv", "--encrypt-to", str(key.to_public()))
    assert done.code == 0, done.err
    assert not Path("list.csv").exists()
    assert "Zoë Müller".encode() not in Path("list.csv.age").read_bytes()
    sealed = signed("verify-export", "list.csv.age")
    assert sealed.code == 0
    assert "was not counted again" in sealed.out
    assert signed("decrypt", "list.csv.age", "-i", "key.txt").code == 0
    assert names("list.csv") == ["Zoë Müller", "=Ana"]
    assert Path("list.csv").stat().st_mode & 0o777 == 0o600
    assert signed("verify-export", "list.csv").code == 0
    Path("list.csv").write_text("altered")
    assert signed("verify-export", "list.csv").code == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "list.doc"], "csv, xlsx, jsonl, pdf"),
        (["-o", "list.csv", "--format", "doc"], "csv, xlsx, jsonl, pdf"),
        (["-o", "list.csv", "--for", "press"], "organisers, addressee, public"),
        (["-o", "list.csv", "--status", "lost"], "counted, held, withdrawn, struck"),
        (["-o", "list.csv", "--for", "public", "--status", "held"], "organisers"),
        (["-o", "list.pdf", "--for", "organisers"], "handed over"),
        (["-o", ".", "--format", "csv"], "directory"),
        (["-o", "list.csv", "--encrypt-to", "age1"], "age-keygen"),
    ],
)
def test_what_is_not_on_offer_is_said_with_what_is(signed, arguments, said):
    done = signed("export", "library", *arguments)
    assert done.code == 2
    assert said in done.err


@pytest.mark.parametrize("command", [["verify-export"], ["decrypt", "-i", "key.txt"]])
def test_a_folder_is_no_export(ready, command):
    done = ready(*command, ".")
    assert done.code == 2
    assert "directory" in done.err


def test_a_name_too_long_for_a_file_is_said_to_be_so(signed):
    done = signed("export", "library", "-o", f"{'a' * 240}.csv")  # its manifest's name is longer still
    assert done.code == 1
    assert "too long" in done.err
    assert not list(Path().glob("a*"))


def test_a_list_whose_manifest_can_not_be_written_is_not_there_either(signed):
    Path("list.csv.manifest.json").mkdir()
    done = signed("export", "library", "-o", "list.csv", "--force")
    assert done.code == 1
    assert "list.csv.manifest.json can't be written" in done.err
    assert not Path("list.csv").exists()


def test_a_list_that_can_not_be_put_in_its_place_leaves_no_manifest(signed):
    Path("list.csv").mkdir()
    done = signed("export", "library", "-o", "list.csv/", "--format", "csv", "--force")
    assert done.code == 2
    Path("link.csv").symlink_to("nowhere/list.csv")  # which is there, and is not
    done = signed("export", "library", "-o", "link.csv")
    assert done.code == 1
    assert not Path("link.csv.manifest.json").exists()


def lose(name):
    """Put something else in place of the second name, behind the storage's back."""
    with closing(sqlite3.connect("data/undersigned.db")) as connection:
        (first,) = connection.execute("SELECT identity FROM signature WHERE number = 1").fetchone()
        lost = first if name == "another's" else name
        connection.execute("UPDATE signature SET identity = ? WHERE number = 2", [lost])
        connection.commit()


@pytest.mark.parametrize(
    ("form", "name"),
    [("csv", None), ("jsonl", b""), ("xlsx", bytes(90)), ("pdf", "another's")],
    ids=["gone", "empty", "altered", "another's"],
)
def test_a_name_that_is_lost_is_told_by_its_number_and_no_list_is_written_without_it(signed, form, name):
    lose(name)
    done = signed("export", "library", "-o", f"list.{form}")
    assert done.code == 1
    assert "of 1 signature (#2) the name" in done.err
    assert "undersigned verify" in done.err
    assert len(done.error_lines) == 1
    assert not [path for path in Path().iterdir() if "list" in path.name]
    assert "csv" not in signed("audit").out
    found = signed("verify")
    assert found.code == 1
    assert "(#2)" in found.out


def test_no_petition_and_no_key_are_said_in_one_line(signed):
    assert "Did you mean" in signed("export", "librarie", "-o", "a.csv").err
    assert "age-keygen" in signed("export", "library", "-o", "a.csv", "--encrypt-to", "x").err
    assert "can't be read" in signed("decrypt", "a.age", "-i", "no.txt").err
    assert list(Path().glob("a.*")) == []


def test_every_export_is_in_the_audit_log_and_nobodys_name_is(signed):
    signed("export", "library", "-o", "list.csv")
    signed("export", "library", "-o", "names.xlsx", "--for", "public")
    shown = signed("audit").out
    assert "csv for organisers, 2 counted signatures" in shown
    assert "xlsx for public, 0 counted signatures" in shown
    assert "Zoë" not in shown
    acts = signed("audit", "library", "--json", "--last", "1").json
    assert [(act["role"], act["actor"], act["what"], act["petition"]) for act in acts] == [
        ("operator", None, "export", "library")
    ]
