"""Text stays text: what a member sees is what somebody typed, whatever it was."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.discord.markup import escaped, markdown
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
    text,
)
from bot.words.catalog import Words
from tests.adapters.discord.reader import seen

EN = Words("en")
HOSTILE = [
    "@everyone", "@here", "<@123>", "<@!1>", "<@&7>", "<#5>", "<t:0:R>", "<:x:1>", "<a:x:1>", ":smile:", "</sign:1>",
    "<id:home>", "[x](javascript:alert)", "[good](https://evil.example)", "https://evil.example/x", "<https://e.vil>",
    "# heading", "## h", "- list", "* list", "+ list", "1. one", "12) twelve", "> quote", ">>> all", "-# small",
    "**bold**", "__under__", "_it_", "*it*", "***both***", "~~gone~~", "||spoiler||", "`code`", "``a`b``",
    "```\ncode```", "\\", "\\*", "¯\\_(ツ)_/¯", "a\nb", "  - list", "\n", " ", "a_b_c", "2 * 3 * 4", "name@example.org",
    "<mailto:a@b.c>",
]  # fmt: skip
hostile = st.lists(st.sampled_from(HOSTILE) | st.text(alphabet="\\*_~|`<>[]():@#-+.!&1 \nat", max_size=8))
anything = hostile.map("".join) | st.text(st.characters(exclude_categories=["Cs", "Cc"]))


@given(anything)
@example("*" * 50)
def test_text_is_shown_as_it_was_typed(typed):
    shown = seen(escaped(typed))
    assert shown.effects == []
    assert shown.text == escaped_only_where_unshowable(typed)


@pytest.mark.parametrize("typed", ["To: the council", "At 10:30 write to ana@example.org, please: now"])
def test_what_begins_nothing_is_left_as_it_is(typed):
    assert escaped(typed).replace("0\\:3", "0:3") == typed


@pytest.mark.parametrize("typed", ["a@everyone", "me@", "@here", "see:", ":tada: x"])
def test_what_may_begin_something_with_what_follows_is_escaped(typed):
    assert escaped(typed) != typed


def escaped_only_where_unshowable(typed):
    hidden = "\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    return "".join("�" if letter in hidden else letter for letter in typed)


@pytest.mark.parametrize("typed", HOSTILE)
def test_what_does_something_on_discord_does_nothing_here(typed):
    shown = seen(markdown([paragraph("Dear ", typed, "!"), Quote((paragraph(typed),))], EN))
    assert {kind for kind, _ in shown.effects} <= {"quote"}
    assert typed in shown.text


def test_the_model_of_discord_knows_what_is_hostile():
    harmless = {"\\", "\\*", "a\nb", "\n", " ", "a_b_c", "2 * 3 * 4", "name@example.org", "¯\\_(ツ)_/¯"}
    assert {typed for typed in HOSTILE if not seen(typed).effects} <= harmless | {"<mailto:a@b.c>"}


@given(anything.filter(str.strip), st.sampled_from(["bold", "italic", "strike"]))
@example("1\n \n", "bold")
def test_a_style_is_around_the_text_and_nothing_else_is(typed, style):
    shown = seen(markdown([paragraph("x ", Span(typed, **{style: True}), " y")], EN))
    lines = f"x {escaped_only_where_unshowable(typed)} y".split("\n")
    assert shown.text == "\n".join(line if line.strip() else "" for line in lines)
    assert {kind for kind, _ in shown.effects} == {"struck" if style == "strike" else style}


@given(st.text(alphabet="`ab \\*<@1>", min_size=1).filter(str.strip))
def test_code_shows_every_character(typed):
    shown = seen(markdown([paragraph("x ", Span(typed, code=True))], EN))
    assert [kind for kind, _ in shown.effects] == ["code"]
    assert shown.text.replace("\u200b", "") == f"x {typed}"


def test_a_block_of_code_ends_where_it_ends():
    shown = seen(markdown([Code("a ``` **b**\n@everyone"), paragraph("after")], EN))
    assert shown.of("code block") == ["a ``\u200b` **b**\n@everyone"]
    assert shown.text.endswith("\n\nafter")


def test_styles_that_touch_do_not_run_into_each_other():
    shown = seen(
        markdown([Paragraph((Span("a", bold=True), Span("b", italic=True), Span("c", bold=True)))], EN)
    )
    assert shown.effects == [("bold", "a"), ("italic", "b"), ("bold", "c")]


def test_blocks_are_what_they_are():
    document = [
        heading("A *title*"),
        heading("Below", 2),
        Paragraph(text("aside"), quiet=True),
        Quote((paragraph("said"), Quote((paragraph("within"),)))),
        Listing(((paragraph("one"), paragraph("more")), (paragraph("two"),))),
        Listing(((paragraph("seven"),),), start=7),
        facts([("Name", "Ana\n# Code: 1"), ("When", Moment(datetime(2026, 1, 1, tzinfo=UTC), "date"))]),
        Rule(),
    ]
    assert markdown(document, EN) == (
        "## A \\*title\\*\n"
        "### Below\n"
        "-# aside\n\n"
        "> said\n> \n> within\n\n"
        "- one\n  more\n- two\n\n"
        "7. seven\n\n"
        "**Name:** Ana\n\\# Code: 1\n**When:** <t:1767225600:D>\n\n"
        "⸻"
    )


@pytest.mark.parametrize(
    ("style", "mark"), [("date", "D"), ("time", "t"), ("datetime", "f"), ("relative", "R")]
)
def test_an_instant_is_each_readers_own_time(style, mark):
    assert (
        markdown([paragraph(Moment(datetime(2026, 1, 1, tzinfo=UTC), style))], EN) == f"<t:1767225600:{mark}>"
    )


@pytest.mark.parametrize(
    ("done", "goal", "shown"),
    [
        (0, 10, "▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱▱ 0 / 10 (0%)"),
        (1999, 2000, "▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▱ 1,999 / 2,000 (99%)"),
        (30, 10, "▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰▰ 30 / 10 (300%)"),
    ],
)
def test_a_bar_is_full_only_at_the_goal(done, goal, shown):
    assert markdown([Progress(done, goal)], EN) == shown


def test_numbers_are_written_as_the_reader_writes_them():
    assert "1.999 / 2.000 (99" in markdown([Progress(1999, 2000)], Words("es-ES"))


@pytest.mark.parametrize(
    ("label", "href", "shown"),
    [
        ("our page", "https://example.org/a_(b)", "[our page](<https://example.org/a_%28b%29>)"),
        ("https://example.org", "https://example.org", "<https://example.org>"),
        ("https://good.example", "https://evil.example", r"https\://good.example (<https://evil.example>)"),
        ("write", "mailto:a@b.org", r"write (mailto\:a@b.org)"),
        ("a@b.org", "mailto:a@b.org", "a@b.org"),
        ("run", "javascript:alert(1)", r"run (javascript\:alert(1))"),
    ],
)
def test_a_link_says_where_it_leads_and_unfurls_nothing(label, href, shown):
    written = markdown([Paragraph((Span(label, href=href),))], EN)
    assert written == shown
    assert seen(written).of("unfurled") == []


def test_a_heading_stays_on_one_line_and_an_empty_block_is_none():
    assert markdown([Heading(text("a\nb"), 3), Paragraph(()), Heading(())], EN) == "### a b"
