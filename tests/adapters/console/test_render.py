"""How pages look in a terminal: for people at any width, and for scripts."""

import io
import re
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from adapters.console.render import plain, plain_note, rich, rich_note, safe
from bot.answer import Button, Page, Prompt, Style
from bot.document import (
    Code,
    Fact,
    Facts,
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
    text,
)
from bot.words.catalog import Words

NOON = datetime(2026, 3, 5, 12, 30, tzinfo=UTC)
WHEN = Words().value(NOON)
LETTER = (
    heading("End all contracts!"),
    heading("Why", 2),
    paragraph("We ask that it ends, and we ask it of you who can end it: it has gone on for twenty years."),
    Quote((paragraph("Families are torn apart."), paragraph("So says the commission."))),
    Listing(((paragraph("now"),), (paragraph("here"),)), start=3),
    Listing(((paragraph("for good"),),)),
    Code("one\n  two"),
    Rule(),
    Progress(120, 500),
    facts([("Number", "#12"), ("Signed", Moment(NOON)), ("Seen by", "The organisers and the addressee")]),
    paragraph("Write to us.", quiet=True),
)
BUTTONS = (
    (Button("Sign as Ana", "a", style=Style.PRIMARY), Button("Another name", "b")),
    (Button("Cancel", "c", style=Style.DANGER), Button("Site", url="https://example.org")),
)
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
HOSTILE = st.text(alphabet=st.characters(codec="utf-8")) | st.sampled_from(
    [
        "[bold]x[/]",
        "[/]",
        "\x1b[2J",
        "\x1b]0;t\x07",
        "a\rb",
        "\u202eevil",
        ":smile:",
        "\x9b31m",
        "x\ty",
        "\\[a]",
    ]
)
INLINES = st.lists(
    st.builds(Span, HOSTILE, st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.none() | HOSTILE)
    | st.builds(Moment, st.just(NOON), st.sampled_from(["date", "time", "datetime", "relative"])),
    max_size=3,
).map(tuple)
LEAVES = (
    st.builds(Heading, INLINES, st.integers(1, 6))
    | st.builds(Paragraph, INLINES, st.booleans())
    | st.builds(Code, HOSTILE)
    | st.builds(Rule)
    | st.builds(Progress, st.integers(0, 10**7), st.integers(1, 10**7))
    | st.builds(Facts, st.lists(st.builds(Fact, HOSTILE, INLINES), max_size=3).map(tuple))
)
BLOCKS = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(Quote, st.lists(inner, max_size=3).map(tuple))
        | st.builds(
            Listing,
            st.lists(st.lists(inner, max_size=2).map(tuple), max_size=3).map(tuple),
            st.none() | st.integers(1, 999),
        )
    ),
    max_leaves=8,
)
PAGES = st.builds(
    Page,
    st.lists(BLOCKS, max_size=4).map(tuple),
    st.lists(
        st.lists(st.builds(Button, HOSTILE, st.just("t")), min_size=1, max_size=3).map(tuple), max_size=2
    ).map(tuple),
    st.sampled_from(["en", "es", "ar", "xx", ""]),
    st.booleans(),
    prompt=st.none() | st.just(Prompt()),
)


def drawn(page, width=80, *, first=1, colour=None, ascii_only=False, **options):
    console = Console(file=io.StringIO(), width=width, color_system=colour, force_terminal=True, **options)
    console.print(rich(page, first, ascii_only=ascii_only))
    return console.file.getvalue()


def letters(shown):
    """What is left when frames, bars, bullets and line breaks are ignored."""
    return re.sub(r"[^\w]", "", shown)


# -------------------------------------------------------------------------------------------- for scripts


def test_a_script_reads_one_line_a_paragraph():
    assert plain(Page(LETTER, BUTTONS)).splitlines() == [
        "(only you see this)",
        "# End all contracts!",
        "## Why",
        "We ask that it ends, and we ask it of you who can end it: it has gone on for twenty years.",
        "| Families are torn apart.",
        "| So says the commission.",
        "3. now",
        "4. here",
        "- for good",
        "    one",
        "      two",
        "---",
        "[####----------------] 24%",
        "Number: #12",
        "Signed: March 5, 2026, 12:30 UTC",
        "Seen by: The organisers and the addressee",
        "Write to us.",
        "[1] Sign as Ana   [2] Another name",
        "[3] Cancel   Site: https://example.org",
    ]


def test_a_post_says_where_it_is_posted():
    assert plain(Page((paragraph("Hear!"),), private=False)) == "#terminal:\nHear!\n"


def test_while_text_is_asked_for_buttons_have_a_slash():
    assert "[/4] Sign as Ana   [/5] Another name" in plain(Page((), BUTTONS, prompt=Prompt()), first=4)


def test_a_break_in_a_quote_keeps_its_bar():
    assert plain(Page((Quote((paragraph("one\ntwo"),)),))).splitlines()[1:] == ["| one", "| two"]


def test_an_item_of_several_blocks_hangs_under_its_bullet():
    item = (paragraph("first"), Listing(((paragraph("inner"),),)))
    assert plain(Page((Listing((item,)),))).splitlines()[1:] == ["- first", "  - inner"]


@pytest.mark.parametrize(
    ("inline", "shown"),
    [
        (Span("the bill", href="https://example.org/b"), "the bill (https://example.org/b)"),
        (Span("https://example.org", href="https://example.org"), "https://example.org"),
        (Span("not this", strike=True), "~not this~"),
        (Span("loud", bold=True, italic=True, code=True), "loud"),
        (Moment(NOON, "date"), Words().value(NOON.date())),
        (Moment(NOON, "time"), "12:30 UTC"),
        (Moment(NOON, "relative"), "March 5, 2026, 12:30 UTC"),
    ],
)
def test_styles_change_no_word_but_where_they_carry_the_meaning(inline, shown):
    assert plain(Page((Paragraph((inline,)),))).splitlines()[1] == shown


@pytest.mark.parametrize(
    ("done", "goal", "shown"),
    [
        (0, 500, f"[{'-' * 20}] 0%"),
        (499, 500, f"[{'#' * 19}-] 99%"),
        (500, 500, f"[{'#' * 20}] 100%"),
        (12000, 10000, f"[{'#' * 20}] 120%"),
    ],
)
def test_the_bar_is_full_when_the_goal_is_reached_and_not_before(done, goal, shown):
    assert plain(Page((Progress(done, goal),))).splitlines()[1] == shown


def test_numbers_and_times_are_written_as_the_reader_writes_them():
    shown = plain(Page((Progress(12000, 50000), paragraph(Moment(NOON))), locale="es"))
    assert "24\xa0%" in shown
    assert "5 de marzo de 2026, 12:30 UTC" in shown


# --------------------------------------------------------------------------------------------- for people


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_page_fits_its_terminal_and_loses_nothing(width):
    shown = drawn(Page(LETTER, BUTTONS), width)
    assert {cell_len(line) for line in shown.splitlines()} == {width}
    whole = shown.replace("│", "").split()
    assert [word for word in plain(Page(LETTER)).split()[4:] if word.isalpha() and word not in whole] == []


def test_without_colour_there_is_still_a_bar_to_read_and_buttons_to_see():
    shown = drawn(Page(LETTER, BUTTONS))
    assert "\x1b" not in shown
    assert "[████░░░░░░░░░░░░░░░░] 24%" in shown
    assert "[1] Sign as Ana" in shown
    assert "▌ Families are torn apart." in shown


def test_no_color_in_the_environment_is_respected(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    shown = drawn(Page(LETTER, BUTTONS), colour="standard")
    assert set(re.findall(r"\x1b\[([\d;]*)m", shown)) <= {"", "0", "1", "2", "3", "7", "1;7", "2;3"}


def test_with_colour_the_button_to_press_next_stands_out():
    shown = drawn(Page((), BUTTONS), colour="standard")
    assert re.search(r"\x1b\[1;7;32m +\[1\] Sign as Ana", shown)
    assert re.search(r"\x1b\[7;31m +\[3\] Cancel", shown)


def test_a_terminal_without_unicode_gets_ascii():
    console = Console(file=io.TextIOWrapper(io.BytesIO(), "ascii", "replace"), width=80)
    console.print(rich(Page(LETTER, BUTTONS), ascii_only=True))
    console.file.flush()
    shown = console.file.buffer.getvalue().decode("ascii")
    assert "?" not in shown
    assert "[####----------------]" in shown


def test_a_receipt_is_a_table_whose_values_stand_in_a_column():
    rows = [
        line
        for line in drawn(Page(LETTER), 40).splitlines()
        if re.search("Number|Signed|Seen|addressee", line)
    ]
    assert {
        line.index(value) for line, value in zip(rows, ["#12", WHEN[:5], "The org", "addr"], strict=True)
    } == {11}


def test_a_long_label_does_not_push_the_other_values_aside():
    shown = drawn(Page((facts([("Name", "Ana"), ("Where do you live, and since when?", "Here")]),)))
    assert "│ Name  Ana " in shown
    assert "since when?  Here" in shown


def test_a_remark_of_the_consoles_own_has_no_frame():
    console = Console(file=io.StringIO(), width=40)
    console.print(rich_note(Page((paragraph("You are Ana."),))))
    assert [line.rstrip() for line in console.file.getvalue().splitlines()] == ["  You are Ana.", ""]
    assert plain_note(Page((paragraph("You are Ana."),))) == "You are Ana."


def test_a_post_is_titled_with_its_channel_and_a_private_page_says_that_it_is_private():
    assert "─ #terminal ─" in drawn(Page(LETTER, private=False))
    assert "─ only you see this ─" in drawn(Page(LETTER))


def test_markup_in_text_is_text():
    shown = drawn(Page((paragraph("[bold]loud[/bold] :smile: \\[x] [link=https://a]b[/]"),)))
    assert "[bold]loud[/bold] :smile: \\[x] [link=https://a]b[/]" in shown


def test_an_address_is_never_hidden_behind_a_word():
    shown = drawn(Page((Paragraph((Span("here", href="https://evil.example"),)),)), colour="truecolor")
    assert "\x1b]8" not in shown
    assert "https://evil.example" in shown


def test_bars_upon_bars_leave_room_for_the_text():
    block = paragraph("Still readable, every word of it.")
    for _ in range(40):
        block = Quote((block,))
    assert letters("Still readable, every word of it.") in letters(drawn(Page((block,)), 40))


# ---------------------------------------------------------------------------------------------- hostile text


@pytest.mark.parametrize(
    "escape", ["\x1b[2J", "\x1b]0;owned\x07", "\x9b2J", "\x08\x08", "\r", "\u202e", "\x7f"]
)
def test_what_would_steer_the_terminal_is_shown_instead(escape):
    page = Page((paragraph(f"a{escape}b"),), ((Button(f"x{escape}y", "t"),),))
    for shown in (plain(page), drawn(page)):
        assert not CONTROL.search(shown)
        assert "�" in shown


@given(st.text())
def test_only_unsafe_characters_are_changed(value):
    kept = [c for c in value if not CONTROL.match(c) and c not in "\u2028\u2029"]
    assert [c for c in safe(value) if c not in "� "] == [c for c in kept if c not in "� "]


@given(PAGES, st.integers(1, 99))
def test_a_script_gets_every_page_without_control_characters(page, first):
    assert not CONTROL.search(plain(page, first))


@given(PAGES, st.sampled_from([12, 40, 80, 120]), st.sampled_from([None, "standard", "truecolor"]))
def test_a_person_gets_every_page_within_the_width_and_without_foreign_control_characters(
    page, width, colour
):
    shown = re.sub(r"\x1b\[[\d;]*m", "", drawn(page, width, colour=colour))
    assert not CONTROL.search(shown)
    assert all(cell_len(line) <= width for line in shown.splitlines())


@given(
    st.text(alphabet=st.characters(categories=["L", "Nd"]), min_size=1, max_size=200),
    st.sampled_from([40, 80]),
)
def test_every_letter_arrives_at_every_width(value, width):
    value = unicodedata.normalize("NFC", value)
    page = Page((Paragraph(text(value)), Quote((Listing(((paragraph(value),),)),)), facts([("L", value)])))
    assert letters(drawn(page, width)).count(letters(value)) >= 3
    assert letters(plain(page)).count(letters(value)) >= 3
