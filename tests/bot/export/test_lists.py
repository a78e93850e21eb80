"""Lists for programs and spreadsheets: nothing changed, nothing lost, nothing run as a formula."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape  # openpyxl leaves it to its callers

from bot.export import as_csv, as_xlsx
from bot.export.request import Audience, Format, Request, RequestRefused
from bot.export.rows import ALL, Column, iso, stamp
from bot.model.petition import Reach
from bot.model.signature import Status
from tests.bot.export.world import HOSTILE, NOON, csv_rows, exported, hostile, of_each_reach, reading
from tests.bot.fake_lists import entry


def sheet(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def rows_of(content, form, columns=("name", "comment")):
    """The rows that a reader of this format finds."""
    if form == "csv":
        return [tuple(row[name] for name in columns) for row in csv_rows(content)]
    if form == "jsonl":
        found = [json.loads(line) for line in content.decode().split("\n") if line]
        return [tuple(row[name] for name in columns) for row in found]
    first, *rest = sheet(content)["Signatures"].iter_rows(values_only=True)
    places = [first.index(name) for name in columns]
    return [tuple(unescape(row[place] or "") for place in places) for row in rest]


@pytest.mark.parametrize("form", ["csv", "jsonl", "xlsx"])
def test_hostile_names_and_comments_come_back_as_they_were(form):
    content, manifest = exported(hostile(), form)
    assert rows_of(content, form) == HOSTILE
    assert manifest.rows == len(HOSTILE)


@pytest.mark.parametrize("form", ["csv", "jsonl", "xlsx"])
@given(texts=st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_any_text_comes_back_as_it_was(form, texts):
    entries = [entry(name, comment=comment) for name, comment in texts]
    assert rows_of(exported(entries, form)[0], form) == texts


@given(st.lists(st.tuples(*[st.text(alphabet='aé,;"\r\n \u2028', max_size=4)] * 2)))
def test_a_csv_is_what_the_standard_library_writes(rows):
    columns, out = (Column("name"), Column("comment")), io.BytesIO()
    expected = io.StringIO(newline="")
    csv.writer(expected).writerows([("name", "comment"), *((_guarded(a), _guarded(b)) for a, b in rows)])
    as_csv.write(out, columns, [list(zip(*rows, strict=True))] if rows else [])
    assert out.getvalue().decode("utf-8-sig") == expected.getvalue()


def _guarded(text):
    return "'" + text if text[:1] == "\r" else text


def test_a_carriage_return_in_a_workbook_needs_no_undoing():
    names = sheet(exported([entry("Ana", comment="\r=1\r\n2")], "xlsx")[0])["Signatures"]
    assert "\r=1\r\n2" in next(names.iter_rows(min_row=2, values_only=True))


@given(st.integers(-(10**15), 10**16), st.sampled_from([1, 10**6]))
def test_a_time_is_written_exactly_and_read_back(number, unit):
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=number // unit * unit)
    assert stamp(number // unit * unit) == iso(at)
    assert datetime.fromisoformat(iso(at)) == at


def test_a_csv_is_utf_8_with_a_mark_and_lines_that_end_as_the_standard_says():
    content, _ = exported([entry("Zoë", at=NOON)], "csv")
    assert content.startswith(b"\xef\xbb\xbfnumber,status,name,")
    assert content.endswith(b"\r\n")
    assert content.count(b"\r\n") == content.count(b"\n") == 2


def test_no_cell_of_a_csv_begins_as_a_formula_does():
    content, _ = exported(hostile(), "csv")
    cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) for cell in row]
    assert [cell for cell in cells if cell[:1] in set("=+-@\t\r")] == []
    assert "'=1+1" in cells
    assert "'''twice" in cells  # so that taking one ' away gives what was written


def test_no_cell_of_a_spreadsheet_is_a_formula():
    content, _ = exported(hostile(), "xlsx")
    cells = [cell for row in sheet(content)["Signatures"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "inlineStr"}
    parts = zipfile.ZipFile(io.BytesIO(content))
    assert not any(b"<f>" in parts.read(name) for name in parts.namelist())


def test_a_spreadsheet_has_real_days_and_times_a_heading_that_stays_and_wide_columns():
    content, _ = exported([entry(at=NOON, number=12)], "xlsx")
    page = sheet(content)["Signatures"]
    row = dict(zip([cell.value for cell in page[1]], page[2], strict=True))
    assert row["number"].value == 12
    assert row["day"].value == NOON.replace(tzinfo=None, hour=0, second=0, microsecond=0)
    assert row["day"].is_date
    assert row["signed_at"].value == NOON.replace(tzinfo=None, microsecond=0)
    assert page.freeze_panes == "A2"
    assert page["A1"].font.bold
    assert page.column_dimensions["C"].width == 32
    assert row["name"].quotePrefix
    assert row["name"].number_format == "@"


def test_a_spreadsheet_says_on_a_sheet_of_its_own_what_it_is():
    content, _ = exported(of_each_reach(), "xlsx", Audience.ADDRESSEE)
    said = dict(sheet(content)["About"].iter_rows(values_only=True))
    assert said["petition"] == "Save the park"
    assert (said["counted"], said["listed"], said["others"]) == ("9", "6", "3")


def test_a_list_longer_than_a_sheet_goes_on_on_the_next(monkeypatch):
    monkeypatch.setattr(as_xlsx, "SHEET_ROWS", 4)
    names = [f"Ana {chr(65 + place)}" for place in range(7)]
    book = sheet(exported([entry(name, number=at) for at, name in enumerate(names)], "xlsx")[0])
    assert book.sheetnames == ["Signatures", "Signatures 2", "Signatures 3", "About"]
    found = [[row[2] for row in book[name].iter_rows(values_only=True)] for name in book.sheetnames[:3]]
    assert found == [["name", *names[:3]], ["name", *names[3:6]], ["name", names[6]]]


@pytest.mark.parametrize("form", ["csv", "jsonl", "xlsx"])
def test_a_list_of_nobody_is_a_list(form):
    content, manifest = exported([], form)
    assert rows_of(content, form) == []
    assert manifest.rows == 0


def test_json_lines_hold_exact_values_under_documented_names():
    content, _ = exported([entry("Ana", number=3, comment="", at=NOON, community=1)], "jsonl")
    (line,) = content.decode().splitlines()
    said = json.loads(line)
    assert list(said) == [column.name for column in ALL]
    assert said["signed_at"] == "2026-03-08T12:00:01.250000Z"
    assert said["day"] == "2026-03-08"
    assert date.fromisoformat(said["day"]) == NOON.date()
    assert datetime.fromisoformat(said["signed_at"]) == NOON
    assert (said["number"], said["community"], said["community_name"]) == (3, 1, "The =square")
    assert said["answer"] is None


@pytest.mark.parametrize("form", ["csv", "jsonl", "xlsx"])
def test_what_was_scrubbed_is_empty_and_its_row_stays(form):
    scrubbed = entry(None, number=4, language=None)
    content, _ = exported([scrubbed], form)
    assert rows_of(content, form, ("name", "comment"))[0][0] in {"", None}


def test_whether_somebody_who_was_erased_wrote_a_comment_is_not_known():
    content, _ = exported([entry(None, number=4), entry("Ana", number=5)], "jsonl")
    assert [json.loads(line)["comment"] for line in content.decode().splitlines()] == [None, ""]


# --- who sees what ---


@pytest.mark.parametrize("form", ["csv", "jsonl", "xlsx"])
@pytest.mark.parametrize(
    ("audience", "reaches"),
    [(Audience.ADDRESSEE, {Reach.ADDRESSEE, Reach.EVERYONE}), (Audience.PUBLIC, {Reach.EVERYONE})],
)
def test_a_name_reaches_no_one_whom_its_reach_does_not_name(form, audience, reaches):
    content, manifest = exported(of_each_reach(), form, audience)
    rows = rows_of(content, form)
    assert {comment.removeprefix("by ") for _, comment in rows} == {reach.value for reach in reaches}
    unpacked = content
    if form == "xlsx":
        archive = zipfile.ZipFile(io.BytesIO(content))
        unpacked = b"".join(map(archive.read, archive.namelist()))
    hidden = [
        f"{name} {reach.title()}" for name in ("Zita", "Bela", "Mara") for reach in set(Reach) - reaches
    ]
    assert not any(name.encode() in unpacked for name in hidden)
    assert manifest.counts["others"] == 9 - len(rows)


@pytest.mark.parametrize("form", ["csv", "jsonl", "xlsx"])
@pytest.mark.parametrize("audience", [Audience.ADDRESSEE, Audience.PUBLIC])
def test_others_learn_from_no_order_and_no_field_when_or_where_somebody_signed(form, audience):
    entries = of_each_reach()
    content, _ = exported(entries, form, audience)
    later = [one._replace(number=len(entries) - at, platform="telegram") for at, one in enumerate(entries)]
    again, _ = exported(list(reversed(later)), form, audience)
    assert content == again or form == "xlsx"
    assert rows_of(content, form) == rows_of(again, form)
    names = [name for name, _ in rows_of(content, form)]
    assert names == sorted(names)


def test_what_is_held_withdrawn_or_struck_is_exported_apart_and_to_organisers_alone():
    mixed = [entry(f"Ana {status}", status=status, number=at) for at, status in enumerate(Status)]
    content, manifest = exported(mixed, "csv")
    assert rows_of(content, "csv") == [("Ana counted", "")]
    assert (manifest.counts["held"], manifest.counts["counted"]) == (1, 1)
    held, manifest = exported(mixed, "csv", status=Status.HELD)
    assert rows_of(held, "csv") == [("Ana held", "")]
    assert "others" not in manifest.counts
    with pytest.raises(RequestRefused, match="organisers"):
        Request(Format.CSV, Audience.ADDRESSEE, Status.STRUCK)


def test_the_packet_is_for_those_to_whom_it_is_handed():
    with pytest.raises(RequestRefused, match="handed over"):
        Request(Format.PDF, Audience.ORGANISERS)


# --- the manifest ---


def test_the_manifest_tells_what_is_in_the_file_and_how_to_check_it():
    content, manifest = exported(of_each_reach(), "csv", Audience.ADDRESSEE)
    assert manifest.sha256 == hashlib.sha256(content).hexdigest()
    assert (manifest.bytes, manifest.rows) == (len(content), 6)
    assert (manifest.audience, manifest.order, manifest.columns) == ("addressee", "name", ["name", "comment"])
    assert manifest.counts == {
        "counted": 9, "held": 0, "withdrawn": 0, "struck": 0, "listed": 6, "others": 3, "erased": 0,
    }  # fmt: skip
    assert [text["rows"] for text in manifest.text_versions] == [6]
    assert "take one ' away" in manifest.extras["csv_prefix"]


def test_progress_is_told_up_to_the_last_row():
    done = []
    from bot.export.writing import Job, write  # noqa: PLC0415  the one test that needs it bare

    job = Job(Request(Format.CSV, Audience.ORGANISERS), "park.csv", NOON)
    write(reading([entry()] * 1200), job, io.BytesIO(), done.append)
    assert done == sorted(done)
    assert done[-1] == 1200
