"""The tree of blocks, and what of it can be read without any markup."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.document import (
    Code,
    Heading,
    Listing,
    Moment,
    Paragraph,
    Progress,
    Quote,
    Rule,
    Span,
    facts,
    heading,
    paragraph,
    plain,
)

AT = Moment(datetime(2026, 3, 8, 12, tzinfo=UTC))


def test_every_block_reads_as_plain_text():
    document = (
        heading("Title"),
        paragraph("Plain, ", Span("bold", bold=True), " and ", AT, quiet=True),
        Quote((paragraph("Said."), paragraph("More."))),
        Listing(((paragraph("one"),), (paragraph("two"),))),
        Listing(((paragraph("third"),), (paragraph("fourth"),)), start=3),
        Code("  as it is\n"),
        Rule(),
        Progress(3, 10),
        facts([("Name", "Ana"), ("Signed", AT)]),
    )
    assert plain(document) == (
        "Title\n\n"
        "Plain, bold and 2026-03-08T12:00:00+00:00\n\n"
        "Said.\n\nMore.\n\n"
        "- one\n- two\n\n"
        "3. third\n4. fourth\n\n"
        "  as it is\n\n\n"
        "3/10\n\n"
        "Name: Ana\nSigned: 2026-03-08T12:00:00+00:00"
    )


def test_a_list_numbered_from_nought_is_numbered():
    assert plain((Listing(((paragraph("zero"),),), start=0),)) == "0. zero"


def test_a_label_that_is_a_question_has_its_mark_and_no_other():
    assert plain((facts([("Where do you live?", "North"), ("Name", "Ana")]),)) == (
        "Where do you live? North\nName: Ana"
    )


@given(st.text())
def test_text_is_never_taken_for_markup(value):
    assert plain((paragraph(value),)) == value
    assert paragraph(value) == Paragraph((Span(value),))
    assert heading(value, 2) == Heading((Span(value),), 2)
