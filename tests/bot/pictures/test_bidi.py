"""The order of characters on a line is that of the Unicode Bidirectional Algorithm, compared with another maker's."""

import bidi
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.fonts.bidi import is_rtl, levels, on_line, visual

# Letters of all kinds of direction, digits, signs, brackets, marks: whatever decides about direction.
CHARACTERS = "abאבجد12١٢()[]{}「」+-,./:%$€ !?“”中é_\u05b0\u064e"


@pytest.mark.parametrize("rtl", [False, True])
@given(text=st.text(CHARACTERS, max_size=24))
@example(text="(א) b")
@example(text="أنقذوا Green Park 2026 (الآن)!")
@example(text="a1$,٢ א-1.5%")
def test_it_orders_as_another_implementation_does(rtl, text):
    depths = on_line(text, levels(text, rtl=rtl), rtl=rtl)
    assert "".join(visual(text, depths)) == bidi.get_display(text, base_dir="R" if rtl else "L")


@pytest.mark.parametrize(
    ("text", "rtl"),
    [("abc", False), ("אבג", True), ("123 אבג", True), ("123", False), ("", False), ("“عربي” abc", True)],
)
def test_the_first_letter_says_where_a_text_begins(text, rtl):
    assert is_rtl(text) == rtl


def test_brackets_without_end_take_no_time():
    assert len(levels("(" * 5000 + "א" + ")" * 5000, rtl=False)) == 10001
