"""Titles wrap where their script allows, shrink where they must, and never leave the picture."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fonts import display
from bot.pictures.fitting import Room, fit
from bot.pictures.lettering import EM
from bot.pictures.wrapping import broken, chopped, even, segments
from tests.bot.pictures.samples import TITLES

ROOM = Room(1056, 210, (72, 56, 42, 28))


def by_the_letter(start, stop):
    return float(stop - start)


def lines(text, width, how=broken):
    return [text[start:stop] for start, stop in how(list(segments(text, by_the_letter)), width)]


def test_a_line_ends_between_words_and_swallows_the_space():
    assert lines("we  the undersigned", 7) == ["we  the", "undersigned"]


def test_lines_are_of_like_length_rather_than_one_full_and_one_nearly_empty():
    assert lines("one two three four five six", 23) == ["one two three four five", "six"]
    assert lines("one two three four five six", 23, even) == ["one two three", "four five six"]


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("救救公园。停止砍伐", 4, ["救救公", "园。停止", "砍伐"]),
        ("守れ「遊び場」を", 3, ["守れ", "「遊び", "場」を"]),
        ("チャット", 3, ["チャッ", "ト"]),
        ("ขอให้รัฐบาลให้เรา", 13, ["ขอให้รัฐบาล", "ให้เรา"]),
        ("ภาษา\u200bไทย", 6, ["ภาษา", "ไทย"]),
        ("བོད་ཡིག་", 5, ["བོད་", "ཡིག་"]),
        ("well-being", 5, ["well-being"]),
    ],
    ids=["Chinese", "brackets", "small kana", "Thai", "zero-width space", "Tibetan", "hyphen"],
)
def test_scripts_without_spaces_have_their_own_ends(text, width, expected):
    assert lines(text, width) == expected


def test_a_word_that_is_wider_than_a_line_is_cut_between_letters_and_not_before_a_mark():
    text = "aaaa e\u0301e\u0301e\u0301"
    parts = chopped(text, list(segments(text, by_the_letter)), 4, by_the_letter)
    assert [text[start:stop] for start, stop in broken(list(parts), 4)] == [
        "aaaa",
        "e\u0301e\u0301",
        "e\u0301",
    ]


@pytest.mark.parametrize("title", TITLES.values(), ids=list(TITLES))
def test_every_title_fits(title):
    block = fit(title, ROOM, bold=True)
    assert block.width <= ROOM.width
    assert block.height <= ROOM.height


@given(st.text(max_size=300))
def test_whatever_somebody_writes_fits(text):
    block = fit(text, ROOM, bold=True)
    assert all(line.width * block.size / EM <= ROOM.width for line in block.lines)
    assert block.height <= ROOM.height


def test_a_short_title_is_large_and_a_long_one_small():
    sizes = [
        fit(text, ROOM, bold=True).size
        for text in ("Save the park", "Save the park " * 6, "Save the park " * 14)
    ]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == ROOM.sizes[0] > sizes[-1]


@pytest.mark.parametrize("text", ["W" * 200, "ש" * 400], ids=["left to right", "right to left"])
def test_what_is_too_long_even_so_ends_with_an_ellipsis_at_the_end_of_reading(text):
    small = Room(300, 40, (28,))
    (line,) = fit(text, small).lines
    (dots,) = fit("…", small).lines
    ellipsis = line.glyphs[0 if text[0] == "ש" else -1]
    assert ellipsis.number == dots.glyphs[0].number
    assert len(line.glyphs) > 5


def test_tall_scripts_have_their_room():
    assert fit("བྱེད་སྐྱོབ", ROOM).leading > fit("Save", ROOM).leading


# --------------------------------------------------------------------------------------------- hostile text


def test_nothing_invisible_is_drawn_and_direction_cannot_be_forced():
    assert display("a\u202eb\u2066c\u200bd\ufeff\x00e\x07\u2028f\U000e0041\ue000") == "abc\u200bd e f"


def test_joiners_that_scripts_need_stay():
    assert display("می\u200cخواهیم") == "می\u200cخواهیم"


def test_marks_do_not_stack_to_the_ceiling():
    assert display("a" + "\u0317" * 50) == "a" + "\u0317" * 6


def test_a_title_of_joiners_alone_is_an_empty_line():
    assert fit("\u200d\u200c", ROOM).width == 0


def test_half_a_character_does_no_harm():
    assert fit("a\ud83db", ROOM).lines
