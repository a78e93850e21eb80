"""Every script is drawn: with a glyph for each character, shaped, in the order in which it is read."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fonts import clusters, display, font_for, is_covered, paragraph, search_order
from bot.pictures.lettering import outline, set_line
from tests.bot.pictures.samples import RIGHT_TO_LEFT, TITLES

HISTORIC = ("OGHAM", "RUNIC", "OLD ITALIC", "GOTHIC", "MUSICAL")
ONE_OF_MANY = range(0x3400, 0xD7B0)  # Han, Yi and Hangul, of which a sample tells whether the font is there
RARE_HAN = (range(0x3400, 0x4DC0), range(0x20000, 0x30000))  # extensions A and B: in part
MISSING = 0  # the glyph of a character that a font does not have

TITLE = pytest.mark.parametrize(("language", "title"), TITLES.items(), ids=list(TITLES))


def line(text, language="", *, bold=False):
    return set_line(paragraph(display(text), language), language=language, bold=bold)


@TITLE
@pytest.mark.parametrize("bold", [False, True])
def test_no_title_shows_a_box_instead_of_a_letter(language, title, bold):
    assert is_covered(display(title))
    assert all(glyph.number != MISSING for glyph in line(title, language, bold=bold).glyphs)


def test_every_letter_that_unicode_knew_in_2002_is_there_but_for_dead_scripts_and_rare_han():
    then = unicodedata.ucd_3_2_0
    codes = (code for code in range(0x21, 0x30000) if code % 16 == 0 or code not in ONE_OF_MANY)
    letters = (chr(code) for code in codes if not any(code in rare for rare in RARE_HAN))
    missing = [
        letter
        for letter in letters
        if (then.category(letter)[0] in "LM" or then.category(letter) == "Nd")
        and not unicodedata.name(letter, "").startswith(HISTORIC)
        and not is_covered(unicodedata.normalize("NFC", letter))
    ]
    assert not missing


@pytest.mark.parametrize(
    "text", ["✊", "✊🏽", "❤️", "❤", "🇪🇸", "👩‍👩‍👧", "1️⃣", "→", "★", "½", "№", "€₹₿", "𝓕𝓻𝓮𝓮", "②"]
)
def test_signs_and_emoji_are_there(text):
    assert is_covered(display(text))


@pytest.mark.parametrize(
    "emoji", ["✊🏽", "🇪🇸", "👩‍👩‍👧", "❤️‍🔥"], ids=["skin", "flag", "family", "heart on fire"]
)
def test_an_emoji_of_several_parts_is_one_picture(emoji):
    assert len([glyph for glyph in line(emoji).glyphs if outline(glyph, bold=False)]) == 1


@pytest.mark.parametrize("file", search_order(), ids=lambda file: file.name)
def test_every_font_file_is_there_and_can_be_drawn_from(file):
    assert file.regular.exists()
    assert file.bold.exists()


def test_a_font_for_each_script_can_be_had_by_its_path_for_other_renderers():
    assert font_for("é").regular.name == "NotoSans-Regular.ttf"
    assert font_for("é").bold.name == "NotoSans-Bold.ttf"
    assert font_for("ع").regular.name == "NotoSansArabic-Regular.ttf"


@pytest.mark.parametrize(
    ("text", "language", "font"),
    [
        ("直", "zh", "NotoSansSC"),
        ("直", "zh-Hans", "NotoSansSC"),
        ("令", "zh-TW", "NotoSansTC"),
        ("令", "zh_Hant_HK", "NotoSansTC"),
        ("直", "ja", "NotoSansJP"),
        ("直", "ko", "NotoSansJP"),
        ("直", "", "NotoSansSC"),
        ("直の", "zh", "NotoSansJP"),  # kana say that it is Japanese
    ],
)
def test_han_looks_as_its_readers_write_it(text, language, font):
    assert paragraph(text, language).fonts[0].name == font


def test_a_japanese_line_without_kana_still_looks_japanese():
    text = paragraph("直近\u200bの公園")
    assert [run.font.name for run in text.runs(0, 2)] == ["NotoSansJP"]


# ------------------------------------------------------------------------------------------ direction, shaping


@TITLE
def test_each_title_begins_on_its_own_side(language, title):
    assert paragraph(display(title)).rtl == (language in RIGHT_TO_LEFT)


@pytest.mark.parametrize("language", sorted(RIGHT_TO_LEFT))
def test_what_is_read_from_right_to_left_has_its_first_letter_rightmost(language):
    first, *_ = clusters(display(TITLES[language]))
    whole = line(TITLES[language], language)
    begun = line(TITLES[language].split()[0], language)
    assert whole.glyphs[-1].number == begun.glyphs[-1].number
    assert font_for(first).name == whole.glyphs[-1].font.name


def test_latin_words_and_numbers_within_arabic_are_read_from_left_to_right():
    text = paragraph("أنقذوا Green Park 2026 الآن")
    seen = [run.text.strip() for run in text.runs() if run.text.strip()]
    assert seen == ["الآن", "Green", "Park", "2026", "أنقذوا"]


def test_brackets_around_latin_words_within_hebrew_stay_around_them_when_the_line_ends_within():
    title = "פארק (Green Park) – 100% שלנו"
    text = paragraph(title)
    second_line = [run.text for run in text.runs(title.index("Park"))]
    assert second_line[-1].startswith("Park")  # rightmost: it is read first
    assert "Park) – 100%" not in "".join(second_line)  # and is no left-to-right whole with what follows


def test_arabic_letters_are_joined():
    apart = sum(len(line(letter).glyphs) for letter in "بيت")
    joined = line("بيت").glyphs
    assert len(joined) <= apart + 3  # dots may be glyphs of their own
    assert {glyph.number for glyph in joined} != {
        glyph.number for letter in "بيت" for glyph in line(letter).glyphs
    }


def test_devanagari_vowels_stand_before_their_consonant_and_conjuncts_are_one_sign():
    consonant, vowel_first = line("क").glyphs[0].number, line("कि").glyphs
    assert vowel_first[-1].number == consonant
    assert len(line("क्ष").glyphs) == 1


@pytest.mark.parametrize("text", ["Save", "한국어", "ພາສາລາວ"], ids=["a bold font", "none", "none, stacked"])
def test_bold_is_bolder_also_where_a_script_has_no_bold_font(text):
    thin, thick = line(text), line(text, bold=True)
    assert thick.width > thin.width
    assert thick.ascent >= thin.ascent


def test_marks_stand_on_their_letters():
    letter, mark = line("q\u0301").glyphs
    assert letter.x <= mark.x + 700
    assert line("q\u0301").width == line("q").width


@given(st.text(max_size=40))
def test_whatever_somebody_writes_can_be_set(text):
    shown = display(text)
    setting = paragraph(shown)
    assert sorted("".join(run.text for run in setting.runs())) == sorted(shown)
    assert line(text).width >= 0
