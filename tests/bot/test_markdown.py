"""What becomes of a letter's Markdown, and of hostile text in it."""

import re
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.document import (
    Code,
    Heading,
    Listing,
    Moment,
    Paragraph,
    Quote,
    Rule,
    Span,
    heading,
    paragraph,
    plain,
)
from bot.markdown import blocks, escaped, excerpt
from tests.bot.petition_files import seconds

MARKED = st.text(alphabet=st.sampled_from(list("ab .1-+*_`~#>[]()!<&;:/\\\n\t|=\"'\u202e\x00")), max_size=200)
DEEP = st.text(alphabet=st.sampled_from(list("> -1.a\n")), max_size=300)


def words(text):
    return re.findall(r"\w+", text)


def spans(document):
    return list(document[0].inlines)


# ------------------------------------------------------------------------------------ what is understood


def test_paragraphs_headings_rules_and_styles_become_blocks():
    document = blocks("# Why\n\nIt is **very** *urgent*, `now`.\n\n---\n\n### More")
    assert document == (
        heading("Why"),
        Paragraph(
            (
                Span("It is "),
                Span("very", bold=True),
                Span(" "),
                Span("urgent", italic=True),
                Span(", "),
                Span("now", code=True),
                Span("."),
            )
        ),
        Rule(),
        heading("More", 3),
    )


def test_a_line_end_is_a_space_and_a_marked_one_a_break():
    assert blocks("one\ntwo  \nthree\\\nfour") == (paragraph("one two\nthree\nfour"),)


def test_windows_line_ends_make_no_difference():
    assert blocks("# a\r\n\r\nb  \r\nc\r\n") == blocks("# a\n\nb  \nc\n")


def test_lists_keep_their_numbers_and_their_inner_blocks():
    document = blocks("3. three\n4. four\n   - inner\n")
    inner = Listing(((paragraph("inner"),),))
    assert document == (Listing(((paragraph("three"),), (paragraph("four"), inner)), 3),)


def test_an_item_without_words_keeps_its_place():
    assert blocks("1. a\n2.\n3. c") == (Listing(((paragraph("a"),), (Paragraph(()),), (paragraph("c"),)), 1),)


def test_a_list_may_begin_with_nought():
    assert blocks("0. a\n1. b") == (Listing(((paragraph("a"),), (paragraph("b"),)), 0),)
    assert plain(excerpt(blocks("0. one\n1. two\n2. three\n3. four\n"), 24)) == "0. one\n1. two\n\n…"


def test_quotes_and_code_are_kept():
    document = blocks("> said\n>\n> again\n\n```python\nx = 1\n```\n\n    indented")
    assert document == (Quote((paragraph("said"), paragraph("again"))), Code("x = 1"), Code("indented"))


def test_marks_around_nothing_make_no_block():
    assert blocks("#\n\n>\n\n[](ftp:x)") == ()


@pytest.mark.parametrize(
    "address", ["https://example.org/a?b=c", "http://example.org", "mailto:a@example.org"]
)
def test_web_and_mail_links_stay_links(address):
    assert spans(blocks(f"see [*this* page]({address})"))[1:] == [
        Span("this", italic=True, href=address),
        Span(" page", href=address),
    ]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "tg://user?id=1",
        "ftp://x.example",
        "/etc/passwd",
        "//x",
        "http:",
    ],
)
def test_of_other_links_only_the_words_stay(address):
    document = blocks(f"see [this]({address})")
    assert all(span.href is None for span in spans(document))
    assert "this" in plain(document)


def test_a_link_without_words_shows_its_address():
    assert spans(blocks("[](https://example.org)")) == [
        Span("https://example.org", href="https://example.org")
    ]


def test_an_address_in_angle_brackets_is_a_link():
    assert spans(blocks("<https://example.org>")) == [Span("https://example.org", href="https://example.org")]


def test_an_image_is_its_description_with_a_link():
    assert spans(blocks("![A *crowd* ![of\nmany](y)](https://example.org/a.png)")) == [
        Span("A crowd of many", href="https://example.org/a.png")
    ]
    assert spans(blocks("![A crowd](crowd.png)")) == [Span("A crowd")]
    assert spans(blocks("![](https://example.org/a.png)"))[0].text == "https://example.org/a.png"


def test_an_image_within_a_link_leads_where_the_link_leads():
    assert spans(blocks("[![A](https://a.example)](https://b.example)")) == [
        Span("A", href="https://b.example")
    ]


@pytest.mark.parametrize(
    "html",
    ["<script>alert(1)</script>", "<b>bold</b> <img src=x onerror=y>", "<!-- note -->", "<div>\nx\n</div>"],
)
def test_raw_html_is_shown_as_text(html):
    assert words(plain(blocks(html))) == words(html)
    assert "<" in plain(blocks(html))


# ------------------------------------------------------------------------------------------ hostile text


def test_control_and_direction_characters_are_left_out_even_as_entities():
    assert plain(blocks("a\x00\x1b[31m\u202eb&#x202E;c&#12;d\u2066&#x7f;e\tf")) == "a[31mbcd\ufffde f"


def test_marks_that_lie_too_deep_are_shown_as_text():
    text = plain(blocks(">" * 30 + " deep"))
    assert text.endswith(">> deep")
    assert "word" in plain(blocks("- " * 500 + "word"))


def test_nothing_is_lost_that_follows_what_lies_too_deep():
    assert words(plain(blocks("- " * 40 + "a\n" + ">" * 40 + "b\n\n    c\n\nd"))) == ["a", "b", "c", "d"]


@given(st.one_of(st.text(), MARKED, DEEP))
def test_any_text_can_be_read_and_shows_no_control_character(text):
    shown = plain(blocks(text))
    assert not [c for c in shown if unicodedata.category(c) in {"Cc", "Cs"} and c != "\n"]
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(st.one_of(st.text(alphabet=st.sampled_from(list("ab> -*_#.!\n"))), DEEP))
def test_every_word_is_still_there(text):
    letters = [c for c in text if c.isalpha()]
    assert [c for c in plain(blocks(text)) if c.isalpha()] == letters


@pytest.mark.parametrize(
    "hostile",
    [
        ">",
        "- ",
        "[",
        "![",
        "*a ",
        "**a *b ",
        "_a__b_",
        "`a``",
        "<!--",
        "&a",
        "a\n",
        "[a](b ",
        "> a\n",
        "- - - a\n",
    ],
)
def test_a_hostile_letter_takes_time_in_proportion_to_its_size(hostile):
    small, large = (
        seconds(lambda size=size: blocks(hostile * (size // len(hostile)))) for size in (10_000, 40_000)
    )
    assert large < 10 * small + 0.2  # in proportion 4, by its square 16


# -------------------------------------------------------------------------------------------- plain text


@pytest.mark.parametrize(
    "typed",
    [
        "End 287(g) - now",
        "1. not a list",
        "2) nor this",
        "# no heading",
        "*no* _style_ `here` ~~or~~ there",
        "<b>AT&T</b> &amp; &#65;",
        "[no](https://link.example) ![image](x)",
        "C:\\path\\",
        "- dash\n- dash",
        "a\n===",
        "a\n---",
        "+++",
        "> said",
        "[x]: https://example.org",
        "* * *",
        "a | b\n--|--",
        "~~~\nx",
    ],
)
def test_plain_text_is_shown_as_typed(typed):
    assert blocks(escaped(typed)) == (paragraph(typed),)


@given(st.one_of(st.text(), MARKED))
def test_escaped_text_is_shown_as_typed(text):
    typed = unicodedata.normalize(
        "NFC", re.sub(r"[^\n\S]+|[\ud800-\udfff]", " ", re.sub(r"\r\n?", "\n", text))
    )
    typed = "".join(c for c in typed if c == "\n" or unicodedata.category(c) != "Cc")
    typed = re.sub("[\u202a-\u202e\u2066-\u2069]", "", typed)
    lines = "\n".join(line.strip() for line in typed.split("\n"))
    paragraphs = [part for part in re.split(r"\n{2,}", lines.strip("\n")) if part]
    assert blocks(escaped(typed)) == tuple(paragraph(part) for part in paragraphs)


def test_plain_words_are_stored_without_marks():
    assert escaped("We, the people (all of us) - ask: “stop” & go; it's 5 > 4!") == (
        "We, the people (all of us) - ask: “stop” & go; it's 5 > 4!"
    )


# ------------------------------------------------------------------------------------------- the excerpt

LETTER = "# Why\n\nFirst sentence here. Second sentence is longer than that. Third.\n\nNext paragraph.\n"


def test_what_fits_is_not_cut():
    assert excerpt(blocks(LETTER), 500) == blocks(LETTER)


def test_a_long_paragraph_is_cut_behind_a_sentence():
    assert plain(excerpt(blocks(LETTER), 45)) == "Why\n\nFirst sentence here. …"


def test_without_a_sentence_end_near_it_is_cut_behind_a_word():
    assert plain(excerpt(blocks("A sentence that goes on and on without any end in sight"), 30)) == (
        "A sentence that goes on and…"
    )


def test_styles_survive_the_cut():
    cut = excerpt(blocks("Some **bold words that go on for a while** and on and on."), 22)
    assert cut == (Paragraph((Span("Some "), Span("bold words", bold=True), Span("…"))),)


def test_han_text_is_cut_behind_its_own_full_stop():
    assert plain(excerpt(blocks("我们要求停止。" * 5), 32)) == "我们要求停止。" * 4 + " …"


def test_a_letter_is_not_parted_from_its_marks():
    assert not plain(excerpt(blocks("x" * 16 + "y\u0332" * 40), 20)).startswith("x" * 16 + "y…")


def test_no_heading_stands_alone_at_the_end():
    assert plain(excerpt(blocks("Some words.\n\n# Heading\n\n" + "word " * 50), 24)) == "Some words. …"


def test_lists_quotes_and_code_are_cut_too():
    listed = "- one\n- two\n- three\n- four\n- five\n"
    assert plain(excerpt(blocks(listed), 20)) == "- one\n- two\n\n…"
    assert (
        plain(excerpt(blocks("> A sentence that goes on and on and on."), 30))
        == "A sentence that goes on and…"
    )
    assert plain(excerpt(blocks("    code that goes on and on and on"), 20)) == "code that goes on\n\n…"


def test_an_instant_stays_whole_or_goes():
    moment = Moment(datetime(2026, 1, 1, tzinfo=UTC))
    cut = excerpt((Paragraph((Span("It closes on "), moment, Span(" and not a minute later."))),), 30)
    assert cut == (Paragraph((Span("It closes on"), Span("…"))),)


@given(st.one_of(st.text(), MARKED), st.integers(3, 120))
def test_an_excerpt_is_never_longer_than_asked(text, characters):
    document = blocks(text)
    cut = excerpt(document, characters)
    assert len(plain(cut)) <= characters
    assert (cut == document) == (len(plain(document)) <= characters)


@given(st.text(alphabet="ab. \n", max_size=300), st.integers(3, 120))
def test_an_excerpt_is_a_beginning(text, characters):
    document = blocks(text)
    cut = plain(excerpt(document, characters))
    if cut != plain(document):
        assert plain(document).startswith(cut.removesuffix("…").rstrip())


def test_headings_of_an_excerpt_stay_headings():
    assert isinstance(excerpt(blocks(LETTER), 45)[0], Heading)
