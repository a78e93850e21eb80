"""A file is compared with its manifest: whatever was altered in either is noticed."""

import json

import pytest

from bot.errors import UndersignedError
from bot.export import as_xlsx
from bot.export.manifest import own_checksum
from bot.export.request import Audience
from bot.export.verifying import verify
from bot.model.signature import Status
from tests.bot.export.world import exported, hostile, reading
from tests.bot.fake_lists import entry

COUNTED = ["csv", "jsonl", "xlsx"]
FORMATS = [*COUNTED, "pdf"]


def written(folder, form, entries=None, audience=None, **how):
    """An export with its manifest."""
    audience = audience or (Audience.ADDRESSEE if form == "pdf" else Audience.ORGANISERS)
    content, manifest = exported(hostile() if entries is None else entries, form, audience, **how)
    file = folder / manifest.file
    file.write_bytes(content)
    manifest.write(folder / f"{manifest.file}.manifest.json", replace=True)
    return file


def said(file):
    return json.loads(file.with_name(f"{file.name}.manifest.json").read_text("utf-8"))


def say(file, *, cleverly=False, **facts):
    """Alter what its manifest says; `cleverly`: with a checksum that is right again."""
    content = said(file) | facts
    if cleverly:
        content["manifest_sha256"] = own_checksum(content)
    file.with_name(f"{file.name}.manifest.json").write_text(json.dumps(content), "utf-8")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("audience", [None, Audience.ADDRESSEE])
def test_a_hostile_list_is_counted_again_to_the_same(tmp_path, form, audience):
    verdict = verify(written(tmp_path, form, audience=audience))
    assert verdict.wrong == ()
    assert verdict.recounted == (form in COUNTED)


@pytest.mark.parametrize("form", COUNTED)
@pytest.mark.parametrize("status", Status)
def test_a_list_of_one_status_a_list_of_nobody_and_scrubbed_rows_are_counted_right(tmp_path, form, status):
    entries = [entry(None, status=status, language=None), entry("Ana\n<row ", status=status)]
    for some in (entries, []):
        verdict = verify(written(tmp_path, form, some, status=status))
        assert (verdict.wrong, verdict.manifest["rows"], verdict.recounted) == ((), len(some), True)


@pytest.mark.parametrize("audience", [Audience.ORGANISERS, Audience.ADDRESSEE])
def test_rows_are_counted_over_all_sheets(tmp_path, monkeypatch, audience):
    monkeypatch.setattr(as_xlsx, "SHEET_ROWS", 3)
    monkeypatch.setattr("bot.export.counting._PIECE", 700)
    file = written(tmp_path, "xlsx", [entry(f"Ana {place}") for place in range(25)], audience)
    verdict = verify(file)
    assert (verdict.wrong, verdict.manifest["rows"]) == ((), 25)
    say(file, cleverly=True, rows=26)
    assert "26 rows, and it has 25" in verify(file).wrong[0]


ALTERED = {
    "rows": 4,
    "status": "held",
    "audience": "public",
    "order": "chance",
    "columns": ["name"],
    "made_at": "2026-03-09T12:00:00Z",
    "petition": {"slug": "lake"},
    "counts": {"counted": 4},
    "text_versions": [],
    "bytes": 3,
    "sha256": "0" * 64,
    "manifest_sha256": "0" * 64,
    "note": "added",
}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("fact", ALTERED)
def test_whatever_is_altered_in_a_manifest_is_noticed(tmp_path, form, fact):
    file = written(tmp_path, form)
    say(file, **{fact: ALTERED[fact]})
    (wrong,) = verify(file).wrong
    assert "manifest.json was altered" in wrong


RECOUNTED = {
    "rows": (27, "27 rows, and it has 28"),
    "columns": (["name", "comment"], "columns"),
    "status": ("held", "all are held; they are counted"),
    "text_versions": ([{"sha256": "0" * 64, "rows": 28}], "text versions"),
}


@pytest.mark.parametrize("form", COUNTED)
@pytest.mark.parametrize("fact", RECOUNTED)
def test_what_can_be_counted_again_is_noticed_even_with_a_checksum_made_anew(tmp_path, form, fact):
    altered, expected = RECOUNTED[fact]
    file = written(tmp_path, form)
    say(file, cleverly=True, **{fact: altered})
    assert [expected in wrong for wrong in verify(file).wrong] == [True]


def test_text_versions_that_do_not_add_up_are_noticed_where_no_column_tells_them(tmp_path):
    file = written(tmp_path, "csv", audience=Audience.ADDRESSEE)
    say(file, cleverly=True, text_versions=[{"sha256": "0" * 64, "rows": 3}])
    assert ["text versions" in wrong for wrong in verify(file).wrong] == [True]


@pytest.mark.parametrize("form", FORMATS)
def test_a_byte_that_is_altered_in_the_file_is_noticed(tmp_path, form):
    file = written(tmp_path, form)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    (wrong,) = verify(file).wrong
    assert "is not the file that its manifest tells of" in wrong


@pytest.mark.parametrize("claimed", COUNTED)
def test_a_file_of_another_format_is_said_to_be_so(tmp_path, claimed):
    file = written(tmp_path, "pdf")
    say(file, cleverly=True, format=claimed)
    with pytest.raises(UndersignedError, match=f"is no {claimed} of Undersigned"):
        verify(file)


@pytest.mark.parametrize("facts", [{"text_versions": None}, {"rows": "many"}, {"format": "doc"}])
def test_a_manifest_that_says_nonsense_is_no_manifest(tmp_path, facts):
    file = written(tmp_path, "csv")
    say(file, cleverly=True, **facts)
    with pytest.raises(UndersignedError, match="lacks what a manifest"):
        verify(file)


def test_what_is_not_counted_is_a_difference_to_nobody(tmp_path):
    on = reading([entry("Ana"), entry("Bo")])
    assert verify(written(tmp_path, "jsonl", [], on=on)).manifest["counts"]["counted"] == 2
