"""What a page looks like on Telegram, read as Telegram reads it."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram import render
from bot.answer import Button, Page, Prompt, Style
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
)
from tests.wire.telegram.entities import to_html, trimmed, utf16
from tests.wire.telegram.markup import parse_html

NOON = datetime(2026, 3, 8, 12, 0, tzinfo=UTC)


def page(*blocks, **rest):
    return Page(blocks, **rest)


def one(*blocks, **rest):
    [html] = render.texts(page(*blocks, **rest))
    return html


def read(html):
    """The text as Telegram shows it."""
    return trimmed(*parse_html(html))[0]


# --- blocks ---


@pytest.mark.parametrize(
    ("block", "html"),
    [
        (heading("Save it"), "<b>Save it</b>"),
        (paragraph("Save", Span("it", bold=True, italic=True)), "Save<b><i>it</i></b>"),
        (paragraph("aside", quiet=True), "<i>aside</i>"),
        (paragraph(Span("gone", strike=True)), "<s>gone</s>"),
        (paragraph(Span("here", href="https://example.org/?a=1&b=2")), None),
        (paragraph(Span("no", href="javascript:alert(1)")), "no"),
        (paragraph(Span("a < b", code=True, bold=True)), "<code>a &lt; b</code>"),
        (Heading((Span("x"), Span("y", code=True), Span("z", bold=True))), "<b>x</b><code>y</code><b>z</b>"),
        (Code("if a < b:\n    pass"), "<pre>if a &lt; b:\n    pass</pre>"),
        (Rule(), "————————"),
        (Quote((paragraph("a"), paragraph("b"))), "<blockquote>a\n\nb</blockquote>"),
        (Quote((Quote((paragraph("a"),)),)), "<blockquote>a</blockquote>"),
        (Quote((paragraph("a" * 601),)), f"<blockquote expandable>{'a' * 601}</blockquote>"),
        (Listing(((paragraph("a"),), (paragraph("b\nc"),))), "• a\n• b\n    c"),
        (Listing(((paragraph("a"), Listing(((paragraph("b"),),))),), start=9), "9. a\n    • b"),
        (Progress(3, 10), "███░░░░░░░░░ 30%"),
        (Progress(999, 1000), "███████████░ 99%"),
        (Progress(25, 10), "████████████ 250%"),
        (Progress(0, 0), "░░░░░░░░░░░░ 0%"),
        (facts([("Name", "Ana"), ("Number", Span("#1", bold=True))]), None),
    ],
)
def test_each_block_has_its_look(block, html):
    written = one(block)
    text, entities = trimmed(*parse_html(written))
    if html is not None:
        assert written == html
    assert to_html(text, entities) == written


def test_a_link_leads_where_it_says():
    assert one(paragraph(Span("here", href='https://example.org/?a=1&b="2"'))) == (
        '<a href="https://example.org/?a=1&amp;b=&quot;2&quot;">here</a>'
    )


def test_facts_stand_in_lines():
    assert one(facts([("Name", "Ana"), ("Number", Span("#1", bold=True))])) == (
        "<b>Name: </b>Ana\n<b>Number: #1</b>"
    )


@pytest.mark.parametrize(
    ("style", "shown", "form"),
    [
        ("date", "March 8, 2026", "D"),
        ("time", "12:00 UTC", "t"),
        ("datetime", "March 8, 2026, 12:00", "Dt"),
        ("relative", "March 8, 2026, 12:00", "r"),
    ],
)
def test_an_instant_is_in_each_readers_own_time_zone_and_in_utc_for_old_clients(style, shown, form):
    html = one(paragraph(Moment(NOON, style)))
    text, [entity] = parse_html(html)
    assert text.startswith(shown)
    assert (entity["type"], entity["unix_time"], entity["date_time_format"]) == (
        "date_time",
        int(NOON.timestamp()),
        form,
    )


def test_numbers_and_dates_are_those_of_the_reader():
    html = one(Progress(1, 2), paragraph(Moment(NOON, "date")), locale="es")
    assert "50\xa0%" in html
    assert "8 de marzo de 2026" in html


def test_a_page_without_words_still_is_a_message():
    assert render.texts(page()) == ("…",)
    assert render.texts(page(paragraph(" \n "))) == ("…",)


# --- hostile text ---


@given(st.text())
def test_text_is_never_markup(text):
    html = "".join(render.texts(page(paragraph(Span(text, bold=True)), Code(text))))
    parse_html(html)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200))
def test_what_is_read_is_what_was_written(text):
    wanted = text.strip()
    assert read(one(paragraph(text))).strip() == (wanted or "…")


@pytest.mark.parametrize(
    "text", ["<b>x</b>", "&lt;b&gt;", "&amp;", "</blockquote>", "a < b && c > d", "&#60;"]
)
def test_markup_is_shown_as_it_was_typed(text):
    assert read(one(Quote((paragraph(text),)))) == text
    assert read(one(heading(text))) == text


def test_half_a_surrogate_pair_harms_nothing():
    html = one(paragraph("a\ud800b"))
    html.encode()
    assert json.dumps(
        render.keyboard(page(buttons=((Button("\udfff", "t"),),)), "b"), ensure_ascii=False
    ).encode()


# --- length ---

_WORDS = st.lists(
    st.sampled_from(["word", "🗳", "café", "<&>", "\n\n", "\n", ". ", "عربي", "漢字" * 40]), max_size=400
)


@given(_WORDS, st.integers(40, 4096))
def test_a_long_page_is_parted_so_that_each_part_fits_and_nothing_is_lost(words, limit):
    text = " ".join(words)
    parts = render.texts(page(Quote((paragraph(Span(text, bold=True)),)), paragraph("end")), limit)
    shown = [parse_html(part)[0] for part in parts]
    assert all(utf16(part) <= limit for part in shown)
    assert "".join("".join(shown).split()) == "".join(f"{text} end".split())


def test_a_page_is_parted_between_paragraphs():
    long = [paragraph(f"{number}. " + "word " * 300) for number in range(5)]
    parts = [read(part) for part in render.texts(page(*long))]
    assert [part[:2] for part in parts] == ["0.", "2.", "4."]


def test_a_message_of_exactly_the_limit_is_one_and_one_more_unit_makes_two():
    assert len(render.texts(page(paragraph("🗳" * 2048)))) == 1
    assert len(render.texts(page(paragraph("🗳" * 2048 + "a")))) == 2
    assert len(render.texts(page(paragraph("a" * 1025)), render.CAPTION)) == 2


def test_looks_go_on_in_the_next_part():
    parts = render.texts(page(paragraph(Span("word " * 2000, bold=True))))
    assert all(part.startswith("<b>") and part.endswith("</b>") for part in parts)


# --- what stands below ---

SIGN = Button("Sign", "sign_key", style=Style.PRIMARY)


def test_a_private_pages_buttons_bring_their_token_back():
    markup = render.keyboard(page(buttons=((SIGN, Button("Site", url="https://example.org")),)), "bot")
    [[sign, site]] = markup["inline_keyboard"]
    assert sign == {"text": "Sign", "callback_data": "sign_key", "style": "primary"}
    assert site == {"text": "Site", "url": "https://example.org"}


def test_a_public_pages_buttons_lead_into_the_private_chat():
    markup = render.keyboard(page(buttons=((SIGN,), ()), private=False), "some_bot")
    [[sign]] = markup["inline_keyboard"]
    assert sign == {"text": "Sign", "url": "https://t.me/some_bot?start=sign_key", "style": "primary"}


def test_buttons_that_act_where_all_see_them_bring_their_token_back():
    settings = Page(
        (paragraph("x"),), ((Button("Hears", "wish_1_hears"),),), private=False, buttons_here=True
    )
    assert render.keyboard(settings, "our_bot")["inline_keyboard"][0][0]["callback_data"] == "wish_1_hears"


def test_a_page_without_buttons_has_no_keyboard():
    assert render.keyboard(page(), "bot") is None
    assert render.keyboard(page(buttons=((),)), "bot") is None


def test_a_page_that_asks_opens_the_field_for_the_reply():
    assert render.force_reply(page()) is None
    asked = render.force_reply(page(prompt=Prompt("Your name" * 20)))
    assert asked == {"force_reply": True, "input_field_placeholder": ("Your name" * 20)[:64]}
    assert render.force_reply(page(prompt=Prompt())) == {"force_reply": True}


def test_a_notice_is_short_plain_and_without_buttons():
    assert render.alert(page(paragraph("Use ", Span("<the>", bold=True), " private chat."))) == (
        "Use <the> private chat."
    )
    assert render.alert(page(paragraph("🗳" * 101))) is None
    assert render.alert(page(paragraph("x"), buttons=((SIGN,),))) is None


def test_a_quiet_paragraph_in_a_quote_is_closed_in_order():
    assert one(Quote((Paragraph((Span("a", bold=True),), quiet=True),))) == (
        "<blockquote><i><b>a</b></i></blockquote>"
    )
