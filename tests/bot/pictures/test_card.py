"""The progress card says the total, the goal, the title and the addressee, to the eye and in words."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.pictures import CardFacts, card, palette
from bot.pictures.canvas import Canvas
from tests.bot.pictures.samples import TITLES, size

LIMIT = 200_000  # bytes
NOON = datetime(2025, 11, 24, 12, 30, tzinfo=UTC)
FACTS = CardFacts("Save the park", "The mayor", 1234, NOON, goal=5000)
HOSTILE = {
    "markup": '</text><script>alert(1)</script><image href="file:///etc/passwd"/>&lol;',
    "controls": "\x00\x1b[31m\u202e\u2066gnp.exe",
    "200 wide letters": "W" * 200,
    "emoji": "✊🏽🌍❤️👩‍👩‍👧🇪🇸" * 20,
    "stacked marks": "a" + "\u0301\u0317" * 200,
    "half a character": "\ud83d",
    "nothing": "",
    "spaces": " \u00a0\u3000\n",
    "huge": "x y" * 100_000,
}


@pytest.fixture
def drawn(monkeypatch):
    """The SVG of each picture that is made."""
    svgs = []
    original = Canvas.svg

    def svg(canvas):
        svgs.append(original(canvas))
        return svgs[-1]

    monkeypatch.setattr(Canvas, "svg", svg)
    return svgs


def bars(svg):
    """x and width of what is as high as the bar."""
    return [
        tuple(map(float, found)) for found in re.findall(r'<rect x="([\d.]+)" y="486" width="([\d.]+)"', svg)
    ]


@pytest.mark.parametrize(("language", "title"), TITLES.items(), ids=list(TITLES))
def test_the_card_is_of_one_size_and_light_enough_in_every_script(language, title):
    picture = card.progress_card(replace(FACTS, title=title, to=title, language=language, locale=language))
    assert size(picture.png) == (1200, 630)
    assert len(picture.png) < LIMIT


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_titles_and_addressees_make_a_card_like_any_other(text, drawn):
    picture = card.progress_card(replace(FACTS, title=text, to=text))
    assert size(picture.png) == (1200, 630)
    assert len(picture.png) < LIMIT
    assert len(picture.alt) < 1024
    assert not re.search("[\x00-\x1f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", picture.alt)
    tags = set(re.findall(r"<(/?[a-z]+)", drawn[-1]))
    assert tags <= {"svg", "/svg", "rect", "g", "/g", "path"}


@given(text=st.text(max_size=60), total=st.integers(0, 10**15), goal=st.none() | st.integers(1, 10**15))
@settings(max_examples=15)
def test_there_is_a_card_for_whatever_facts(text, total, goal):
    assert size(card.progress_card(CardFacts(text, text, total, NOON, goal)).png) == (1200, 630)


def test_the_same_facts_make_the_same_picture_to_the_byte():
    assert card.progress_card(FACTS) == card.progress_card(FACTS)


@pytest.mark.parametrize(("total", "width"), [(0, None), (1, 26), (2500, 528), (5000, 1056), (9000, 1056)])
def test_the_bar_is_as_long_as_the_part_of_the_goal_that_is_reached(total, width, drawn):
    card.progress_card(replace(FACTS, total=total))
    assert bars(drawn[0]) == [(72, 1056), *([(72, width)] if width else [])]


def test_readers_from_right_to_left_see_the_bar_grow_from_their_side(drawn):
    card.progress_card(replace(FACTS, title=TITLES["ar"], total=2500))
    assert bars(drawn[0]) == [(72, 1056), (600, 528)]


def test_without_a_goal_there_is_no_bar(drawn):
    picture = card.progress_card(replace(FACTS, goal=None))
    assert not bars(drawn[0])
    assert (
        picture.alt == "“Save the park” to The mayor: 1,234 signatures. As of November 24, 2025, 12:30 UTC."
    )


# ------------------------------------------------------------------------------------------------- in words


def test_those_who_cannot_see_it_are_told_the_same():
    assert card.progress_card(FACTS).alt == (
        "“Save the park” to The mayor: 1,234 signatures of 5,000. As of November 24, 2025, 12:30 UTC."
    )


def test_one_signature_is_one():
    assert "1 signature of 5,000" in card.progress_card(replace(FACTS, total=1)).alt


def test_numbers_and_dates_are_in_the_language_of_the_words():
    spanish = card.progress_card(replace(FACTS, total=12_345, locale="es")).alt
    assert "12.345" in spanish
    assert "24 de noviembre de 2025" in spanish
    unspoken = card.progress_card(replace(FACTS, total=12_345, locale="ar")).alt
    assert "12,345 signatures" in unspoken
    assert "November 24, 2025" in unspoken


# ------------------------------------------------------------------------------------------------- contrast


@pytest.mark.parametrize("ink", [palette.INK, palette.QUIET, palette.SEAL])
def test_every_ink_can_be_read_on_paper(ink):
    assert palette.contrast(ink, palette.PAPER) >= 4.5


@pytest.mark.parametrize("ground", [palette.TRACK, palette.WASH])
def test_bar_and_curve_stand_out_from_what_is_behind_them(ground):
    assert palette.contrast(palette.SEAL, ground) >= 3


def test_the_number_at_the_end_of_the_curve_is_read_on_paper_and_wash_alike():
    assert palette.contrast(palette.SEAL, palette.WASH) >= 4.5


def test_contrast_is_counted_as_wcag_counts_it():
    assert palette.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert palette.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert palette.contrast("#ffffff", "#ffffff") == 1


def test_no_colour_but_the_palette_is_used(drawn):
    card.progress_card(FACTS)
    colours = {value for name, value in vars(palette).items() if name.isupper() and isinstance(value, str)}
    assert set(re.findall("#[0-9a-f]{6}", drawn[0])) <= colours
