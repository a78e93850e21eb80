"""What may stand as a comment."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.comments import MAX_COMMENT, CommentRefused, CommentRule, clean_comment
from bot.inbound import Press
from tests.bot.fakes import Member, World


@pytest.mark.parametrize(
    "comment",
    [
        "For my children 🌳",
        "Family: 👩‍👩‍👧‍👦",
        "می‌خواهم بمانم",  # Persian, with a zero-width non-joiner
        "क्‍ष",  # Devanagari, with a joiner
        "=1+1",  # a spreadsheet's business, and defused there
        "<b>*not bold*</b> @everyone /sign",
        "Line one\nline two\n\nline four",
        "x" * MAX_COMMENT,
    ],
)
def test_text_that_shows_itself_as_it_is_stands_as_it_is(comment):
    assert clean_comment(comment) == comment


@pytest.mark.parametrize(
    ("given_", "stored"),
    [
        ("  spaced  \n", "spaced"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("a\tb", "a b"),
        ("Cafe\u0301", "Café"),
        ("   ", ""),
    ],
)
def test_space_and_line_ends_are_tidied(given_, stored):
    assert clean_comment(given_) == stored


@pytest.mark.parametrize(
    ("comment", "rule", "detail"),
    [
        ("x" * (MAX_COMMENT + 1), CommentRule.TOO_LONG, "501"),
        ("x" * 10_000_000, CommentRule.TOO_LONG, "10000000"),
        ("abc\u202edef", CommentRule.HIDDEN, "U+202E"),
        ("abc\u200bdef", CommentRule.HIDDEN, "U+200B"),
        ("a\x00b", CommentRule.HIDDEN, "U+0000"),
        ("a\x1b[31mb", CommentRule.HIDDEN, "U+001B"),
        ("a\u2028b", CommentRule.HIDDEN, "U+2028"),
        ("a\ue000b", CommentRule.HIDDEN, "U+E000"),
        ("a\U000e0041b", CommentRule.HIDDEN, "U+E0041"),
        ("a\ud800b", CommentRule.HIDDEN, "U+D800"),
        ("Z" + "\u0335\u0336" * 10, CommentRule.STACKED_MARKS, ""),
    ],
)
def test_what_hides_or_overflows_is_refused_with_the_reason(comment, rule, detail):
    assert clean_comment(comment) == CommentRefused(rule, detail)


@given(st.text(max_size=600))
def test_any_text_is_refused_or_stored_in_a_form_that_stays(text):
    stored = clean_comment(text)
    if isinstance(stored, str):
        assert clean_comment(stored) == stored
        assert len(stored) <= MAX_COMMENT
        assert unicodedata.is_normalized("NFC", stored)
        assert stored == stored.strip()


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("abc\u202edef", "invisible or control characters (U+202E)"),
        ("Z" + "\u0335\u0336" * 10, "more marks on one letter"),
        ("x" * 1234, "at most 500 characters; yours has 1,234"),
    ],
)
async def test_a_member_is_told_why_and_asked_again(comment, said):
    world = World()
    world.petition()
    ana = Member(world)
    await ana.says("sign")
    await ana.presses("Add a comment")
    assert said in await ana.types(comment)
    assert ana.page.prompt is not None
    back = ana.button("Back").token
    assert "Comment (optional): (none)" in await ana.does(Press(back))


async def test_a_comment_can_be_taken_out_again():
    world = World()
    world.petition()
    ana = Member(world)
    await ana.says("sign")
    for comment in ("For my children", "   "):
        await ana.presses("Add a comment")
        await ana.types(comment)
    assert "Comment (optional): (none)" in ana.text
