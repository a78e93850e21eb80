"""Lists to export: a hostile one, and readings of any."""

import csv
import io
from datetime import UTC, datetime
from io import BytesIO

from bot.export.request import Audience, Format, Request
from bot.export.writing import Job, write
from bot.model.petition import Content, Petition, Reach, State, Text
from bot.model.signature import Status, Totals
from tests.bot.fake_lists import FakeReading, entry

NOON = datetime(2026, 3, 8, 12, 0, 1, 250_000, tzinfo=UTC)
ENGLISH = Text(
    "en", "Save the park", "The Mayor & Council", "It is old.", "Keep the park.", "Kept for a month."
)
PARK = Petition(
    7, "k3y", Content("park", (ENGLISH,), sponsors=("Friends of the Park",)), State.CLOSED, 1, NOON
)

HOSTILE = [
    ("=HYPERLINK", "=1+1"),
    ("+Ana", "+49 170"),
    ("-Ana", "-2"),
    ("@Ana", "@SUM(A1)"),
    ("'Ana", "''twice"),
    ("Ana\tB", "\ttab first"),
    ("Ana, B", 'say "no", please'),
    ("Ana\nB", "two\nlines\n\nand a gap"),
    ("Ana;B", "a;b|c"),
    ("O’Brien-Núñez", "_x000D_ is no line end"),
    ("N" * 100, "c" * 500),
    ("<b>Ana</b>", "a & b < c > d"),
    (" Ana ", "  spaces  "),
    ("Ana", "👩‍👩‍👧‍👦 🏳️‍🌈 ❤️ 👍🏽"),
    ("محمد العلي", "لن نصمت 3 مرات (أبدا)"),
    ("שרה כהן-לוי", "לא נשתוק"),
    ("王小明", "我们不会沉默。"),
    ("山田 太郎", "公園を守ろう"),
    ("김민수", "공원을 지키자"),
    ("दीपक शर्मा", "क्षत्रिय श्री"),
    ("สมชาย ใจดี", "สวนนี้เป็นของเรา"),
    ("Άννα Παπαδοπούλου", "Όχι"),
    ("Ђорђе Петровић", "Не"),
    ("Գևորգ", "այո"),
    ("გიორგი", "დიახ"),
    ("አበበ", "አዎ"),
    ("மீனாட்சி", "பூங்கா"),
    ("Zoë Müller", ""),
]


def hostile():
    """The hostile names, each by another signer, of every reach that lists them."""
    return [
        entry(name, comment=comment, number=place, at=NOON, community=1)
        for place, (name, comment) in enumerate(HOSTILE, 1)
    ]


def reading(entries, petition=PARK, **counts):
    """These entries on one petition, each bound to its text."""
    version = petition.content.texts[0].version
    entries = [one._replace(text_version=version) for one in entries]
    statuses = [one.status for one in entries]
    numbers = {status.value: statuses.count(status) for status in Status} | counts
    return FakeReading(petition, Totals(**numbers, at=NOON), entries, {1: "The =square"})


def exported(entries, form, audience=Audience.ORGANISERS, status=Status.COUNTED, recipients=(), on=None):
    """The bytes of an export and its manifest."""
    out = BytesIO()
    job = Job(Request(Format(form), audience, status), f"park.{form}", NOON, tuple(recipients))
    manifest = write(on or reading(entries), job, out, lambda done: None)
    return out.getvalue(), manifest


def of_each_reach():
    """Three signers of each reach, whose names and order would tell."""
    return [
        entry(f"{name} {reach.title()}", number=place * 3 + at, reach=reach, comment=f"by {reach}", at=NOON)
        for at, reach in enumerate(Reach)
        for place, name in enumerate(["Zita", "Bela", "Mara"])
    ]


def csv_rows(content):
    """The rows of a csv as docs/export-format.md says to read it: one ' taken away from cells that begin with it."""
    lines = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [
        {name: value[1:] if value[:1] == "'" else value for name, value in line.items()} for line in lines
    ]
