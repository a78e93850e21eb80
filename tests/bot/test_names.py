"""Names of people everywhere are taken as they are; what is no name is refused by its rule, and mended.

Characters that can't be seen, or that an editor would normalise away, are written as escapes.
"""

import string
import sys
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.names import MAX_NAME, NameRefused, NameRule, clean_name, suggest_name

# ------------------------------------------------------------------------------------------------ people

PEOPLE = {
    "Latin": ["Ana", "Pelé", "María-José Núñez Ñ.", "Øyvind Å", "Łukasz Żółć", "Þóra Æsa", "Ng", "ß-Ana"],
    "Vietnamese": ["Nguyễn Thị Ánh Tuyết", "Đỗ Hữu Ước"],
    "Catalan": ["Gal·la Vilà", "Marcel·lí"],
    "Yoruba": ["Ọlọ́runtóyìn", "Ẹniọlá Ọ̀ṣun"],
    "Hawaiian": ["ʻAkaʻula", "Kaʻiulani", "'Akahi", "Ka-ʻiulani"],
    "Salish": ["Ta7talíya", "Kúkwpi7", "Sḵwx̱wú7mesh", "xʷməθkʷəy̓əm"],
    "Mohawk": ["Kahnawà:ke", "Karonhì:io"],
    "apostrophes": ["O'Neill", "d’Artagnan", "’t Hooft", "D' Angelo", "Sa‘id", "Nuʼman", "M’Bow"],
    "hyphens": ["Jean-Luc", "J.-P. Sartre", "Ana-Maria-Luisa"],
    "initials": ["J. R. R. Tolkien", "J.R.Tolkien", "J.R.R. Tolkien", "St. John", "St.John", "Mohd.Ali"],
    "abbreviations": ["Mª José", "Carl N:son", "Rajesh a/l Kumar", "Anand s/o Ravi"],
    "suffixes": ["Martin Luther King, Jr.", "John Smith 3rd", "Harry Ford III", "Tolkien, J. R. R."],
    "Cyrillic": ["Анна", "Лев Николаевич Толстой", "Ђорђе", "Ґудзик", "Мар’яна", "Ёлка"],
    "Greek": ["Ελένη", "Νίκος Καζαντζάκης", "ᾯδη ᾧ"],
    "Armenian": ["Արամ Խաչատրյան", "Անի-Մարի"],
    "Georgian": ["შოთა რუსთაველი", "გ.ლომიძე", "ᲨᲝᲗᲐ"],
    "Hebrew": ["דוד בן־גוריון", "אָדָם", "שָׁלוֹם", "ג׳ורג׳", "רש״י", "ד. כהן"],
    "Arabic": ["محمد", "مُحَمَّد", "عبد الرّحمٰن", "أ.د.محمد", "فاطمة الزهراء"],
    "Persian": ["علی\u200cرضا", "مه\u200cسا", "بهرام\u200cپور"],
    "Urdu": ["آصفہ", "ذوالفقار علی بھٹو"],
    "Syriac": ["ܐܦܪܝܡ"],
    "N'Ko": ["ߛߏߟߏߡߊ߫ ߞߊ߲ߕߍ߫"],
    "Adlam": ["𞤀𞤣𞤤𞤢𞤥", "𞤋𞤦𞤪𞤢𞥄𞤸𞤭𞤥𞤢"],
    "Devanagari": ["अमृता", "कृष्णन", "क्\u200dष", "ए॰ पी॰ जे॰", "श्\u200dयाम"],
    "Bengali": ["রবীন্দ্রনাথ ঠাকুর", "র\u200d্যাচেল", "সত্যজিৎ"],
    "Gurmukhi": ["ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ"],
    "Gujarati": ["નરેન્દ્ર"],
    "Tamil": ["எம்.ஜி.ராமச்சந்திரன்", "ஸ்ரீதேவி", "மு. கருணாநிதி"],
    "Telugu": ["శ్రీనివాస్", "క్\u200cష"],
    "Kannada": ["ಕುವೆಂಪು", "ಸೂರ\u200d್ಯ"],
    "Malayalam": ["രാമന്\u200d", "കെ.ജെ.യേശുദാസ്", "രാജ്\u200cകുമാർ"],
    "Sinhala": ["ශ්\u200dරී ලාල්", "ක්\u200dරිස්ටෝෆර්"],
    "Thai": ["สมชาย", "คำปุ่น", "ณัฐฏ์", "ดี", "ผู้ใหญ่ลี"],
    "Lao": ["ບຸນມີ", "ໝອນ", "ຄຳ"],
    "Khmer": ["ស្រីមុំ", "ណុបៈ", "ស៊ីសុវត្ថិ"],
    "Myanmar": ["အောင်ဆန်းစုကြည်", "သိင်္ဂီ", "လျှို့", "နု"],
    "Tibetan": ["བསྟན་འཛིན་རྒྱ་མཚོ་", "སྟག་མོ"],
    "Mongolian": ["ᠰᠠᠷ\u180eᠠ", "ᠲᠡᠮᠦᠵᠢᠨ", "ᠨ\u180bᠠ"],
    "Han": ["毛泽东", "李", "阿卜杜拉·买买提", "葛\U000e0100城", "李〇", "𠮷野", "\U0002ebf0"],
    "Hangul": ["김민준", "김", "남궁 옥분"],
    "Japanese": ["佐々木", "さくら", "レオナルド・ダ・ヴィンチ", "ジャン゠リュック", "ター子", "り"],
    "Bopomofo": ["ㄋㄧ"],
    "Yi": ["ꀊꁌ"],
    "Ethiopic": ["አበበ ቢቂላ", "ወ/ሮ አስቴር", "አበበ፡በቀለ", "ገ/ሥላሴ"],
    "Cherokee": ["ᏍᏏᏉᏯ", "Ꭰ"],
    "Canadian syllabics": ["ᐊᓪᓚᒃ", "ᐊ᐀ᐃ"],
    "Tifinagh": ["ⵎⴰⵙⵙⵉⵏⵉⵙⵙⴰ"],
    "Thaana": ["މުޙައްމަދު"],
    "Cyrillic with marks": ["Ма̄ша", "Ӑнна"],
}
EVERYONE = [(script, name) for script, names in PEOPLE.items() for name in names]


@pytest.mark.parametrize(("script", "name"), EVERYONE)
def test_a_person_signs_with_the_name_as_they_write_it(script, name):
    assert clean_name(name) == unicodedata.normalize("NFC", name)
    assert suggest_name(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(("script", "name"), EVERYONE)
def test_a_name_is_the_same_however_the_keyboard_composes_it(script, name):
    assert clean_name(unicodedata.normalize("NFD", name)) == clean_name(name)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Ana   Maria ", "Ana Maria"),
        ("Ana\u00a0\u3000\u2003Maria\n", "Ana Maria"),
        ("Ana\tMaria\r\n", "Ana Maria"),
        ("Jean\u2010Luc", "Jean-Luc"),
        ("Jean\u2011Luc", "Jean-Luc"),
        ("Jean\u2013Luc", "Jean-Luc"),
        ("محمـــد", "محمد"),
        ("رحمـٰن", "رحمـٰن"),
        ("ジャン\uff1dリュック", "ジャン゠リュック"),
        ("レオナルド\uff65ダ", "レオナルド・ダ"),
    ],
)
def test_ways_to_type_one_name_are_stored_as_one(typed, stored):
    assert clean_name(typed) == stored


# ----------------------------------------------------------------------------------------------- refusals

REFUSED = [
    # typed, rule, mended
    ("", NameRule.TOO_SHORT, None),
    (" \u3000 ", NameRule.TOO_SHORT, None),
    ("A", NameRule.TOO_SHORT, None),
    ("E\u0301", NameRule.TOO_SHORT, None),
    ("J.", NameRule.TOO_SHORT, None),
    ("O'", NameRule.TOO_SHORT, None),
    ("a\u0301\u0302", NameRule.TOO_SHORT, None),
    ("x" * 101, NameRule.TOO_LONG, None),
    ("Ana " * 26, NameRule.TOO_LONG, None),
    ("https://x", NameRule.LINK, None),
    ("Ana https://x.org/a?b=c", NameRule.LINK, None),
    ("ftp://Ana", NameRule.LINK, None),
    ("t.me/x", NameRule.LINK, None),
    ("T.Me/Join", NameRule.LINK, None),
    ("discord.gg/abc", NameRule.LINK, None),
    ("example.com", NameRule.LINK, None),
    ("Example.Com", NameRule.LINK, None),
    ("EXAMPLE.COM", NameRule.LINK, None),
    ("Free.Com", NameRule.LINK, None),
    ("Example.Dev", NameRule.LINK, None),
    ("Ana bit.ly", NameRule.LINK, None),
    ("www.Ana.Maria", NameRule.LINK, None),
    ("пример.рф", NameRule.LINK, None),
    ("ana@example.com", NameRule.LINK, None),
    ("exam\u200bple.com", NameRule.LINK, None),
    ("example\u2024com", NameRule.SYMBOL, None),
    ("http:/\u200b/x", NameRule.INVISIBLE, None),
    ("https：／／x", NameRule.SYMBOL, None),
    ("@everyone", NameRule.MENTION, None),
    ("@\u200beveryone", NameRule.MENTION, None),
    ("\uff20everyone", NameRule.MENTION, None),
    ("<@123>", NameRule.MENTION, None),
    ("<@&123> Ana", NameRule.MENTION, "Ana"),
    ("<#123> Ana", NameRule.MENTION, "Ana"),
    ("Ana @work", NameRule.MENTION, "Ana"),
    ("An\x00a", NameRule.CONTROL, "Ana"),
    ("\x1b[31mAna", NameRule.CONTROL, "mAna"),
    ("Ana\u2028Maria", NameRule.CONTROL, "Ana Maria"),
    ("Ana\ud800", NameRule.CONTROL, "Ana"),
    ("Ana\ue000", NameRule.CONTROL, "Ana"),
    ("Ana\U000e1000", NameRule.CONTROL, "Ana"),
    ("Ana\U0002fffe", NameRule.CONTROL, "Ana"),
    ("An\u202ea", NameRule.INVISIBLE, "Ana"),
    ("\u2067Ana\u2069", NameRule.INVISIBLE, "Ana"),
    ("Ana\u200f", NameRule.INVISIBLE, "Ana"),
    ("A\u200bn\ufeffa", NameRule.INVISIBLE, "Ana"),
    ("A\xadna", NameRule.INVISIBLE, "Ana"),
    ("A\u034fna", NameRule.INVISIBLE, "Ana"),
    ("Ana\ufe0f", NameRule.INVISIBLE, "Ana"),
    ("Ana\U000e0061", NameRule.INVISIBLE, "Ana"),
    ("A\u200dna", NameRule.INVISIBLE, "Ana"),
    ("A\u200cna", NameRule.INVISIBLE, "Ana"),
    ("دار\u200cا", NameRule.INVISIBLE, "دارا"),
    ("علی\u200c\u200cرضا", NameRule.INVISIBLE, "علی\u200cرضا"),
    ("علی\u200dرضا", NameRule.INVISIBLE, "علیرضا"),
    ("क्\u200d\u200dष", NameRule.INVISIBLE, "क्\u200dष"),
    ("\u3164", NameRule.INVISIBLE, None),
    ("\u3164\u3164\u3164", NameRule.INVISIBLE, None),
    ("\u2800\u2800", NameRule.INVISIBLE, None),
    ("Ana🌹", NameRule.SYMBOL, "Ana"),
    ("Ana 👩\u200d👩\u200d👧 Maria", NameRule.SYMBOL, "Ana Maria"),
    ("❤\ufe0fAna❤\ufe0f", NameRule.SYMBOL, "Ana"),
    ("🇪🇸 Ana", NameRule.SYMBOL, "Ana"),
    ("**Ana** _Maria_", NameRule.SYMBOL, "Ana Maria"),
    ("<b>Ana</b>", NameRule.SYMBOL, "Ana"),
    ("||Ana||", NameRule.SYMBOL, "Ana"),
    ("=HYPERLINK(1)", NameRule.SYMBOL, "HYPERLINK"),
    ("=Ana", NameRule.SYMBOL, "Ana"),
    ("+Ana", NameRule.SYMBOL, "Ana"),
    ("Ana; Maria", NameRule.SYMBOL, "Ana Maria"),
    ("Ana™", NameRule.SYMBOL, "Ana"),
    ("*John Smith 3rd*", NameRule.SYMBOL, "John Smith 3rd"),
    ("ana_maria99", NameRule.SYMBOL, "ana maria"),
    ("Ana 555-0199", NameRule.SYMBOL, "Ana"),
    ("Ana ٣", NameRule.SYMBOL, "Ana"),
    ("Ana (she/her)", NameRule.SYMBOL, "Ana"),
    ("(Ana)", NameRule.SYMBOL, "Ana"),
    ("[ABC] Ana", NameRule.SYMBOL, "Ana"),
    ("Ana | Mutual Aid", NameRule.SYMBOL, "Ana"),
    ('William "Bill" Gates', NameRule.SYMBOL, "William Bill Gates"),
    ("O`Neill", NameRule.SYMBOL, "O'Neill"),
    ("O´Neill", NameRule.SYMBOL, "O'Neill"),
    ('רש"י', NameRule.SYMBOL, "רש״י"),
    ("阿卜杜拉•买买提", NameRule.SYMBOL, "阿卜杜拉·买买提"),
    ("𝓙𝓸𝓱𝓷 𝕊mith", NameRule.SYMBOL, "John Smith"),
    ("Ｊｏｈｎ", NameRule.SYMBOL, "John"),
    ("ⒿⓄⒽⓃ", NameRule.NO_LETTER, "JOHN"),
    ("ﾀﾛｳ", NameRule.SYMBOL, "タロウ"),
    ("Gra\ufb01k", NameRule.SYMBOL, "Grafik"),
    ("Henry Ⅷ", NameRule.SYMBOL, "Henry VIII"),
    ("J\u0336o\u0336h\u0336n\u0336", NameRule.SYMBOL, "John"),
    ("A\u20ddna", NameRule.SYMBOL, "Ana"),
    ("Ana𓂸", NameRule.SYMBOL, "Ana"),
    ("Ana𒐫", NameRule.SYMBOL, "Ana"),
    ("Ana﷽", NameRule.SYMBOL, "Ana"),
    ("A\u0300\u0301\u0302\u0303na", NameRule.STACKED_MARKS, "Ana"),
    ("A\u0301" + "\u0317" * 40 + "na", NameRule.STACKED_MARKS, "Ana"),
    ("A\u0300\u0300na", NameRule.STACKED_MARKS, "Ana"),
    ("สม" + "\u0e49" * 9 + "ชาย", NameRule.STACKED_MARKS, "สมชาย"),
    ("สม\u0e49\u0e48ชาย", NameRule.STACKED_MARKS, "สมชาย"),
    ("\u0301Ana", NameRule.MISPLACED, "Ana"),
    ("Ana \u0301Bo", NameRule.MISPLACED, "Ana Bo"),
    ("Ana'\u0301", NameRule.MISPLACED, "Ana'"),
    ("-Ana", NameRule.MISPLACED, "Ana"),
    ("Ana-", NameRule.MISPLACED, "Ana"),
    ("Jean--Luc", NameRule.MISPLACED, "Jean-Luc"),
    ("Jean - Luc", NameRule.MISPLACED, "Jean-Luc"),
    ("King,Jr.", NameRule.MISPLACED, "King, Jr."),
    ("Ana,", NameRule.MISPLACED, "Ana"),
    ("Ana...", NameRule.MISPLACED, "Ana."),
    (". Ana", NameRule.MISPLACED, "Ana"),
    ("·Ana·", NameRule.MISPLACED, "Ana"),
    ("' Ana", NameRule.MISPLACED, "'Ana"),
    (":smile:", NameRule.MISPLACED, "smile"),
    ("123", NameRule.NO_LETTER, None),
    ("1.2.3.4", NameRule.NO_LETTER, None),
    ("🌹🌹", NameRule.NO_LETTER, None),
    ("''", NameRule.NO_LETTER, None),
    ("\u0301\u0302", NameRule.NO_LETTER, None),
    ("[Your Name]", NameRule.PLACEHOLDER, None),
    ("[ ]", NameRule.PLACEHOLDER, None),
    ("<name>", NameRule.PLACEHOLDER, None),
    ("your name here", NameRule.PLACEHOLDER, None),
    ("Tu nombre", NameRule.PLACEHOLDER, None),
    ("N/A", NameRule.PLACEHOLDER, None),
    ("-", NameRule.PLACEHOLDER, None),
    ("...", NameRule.PLACEHOLDER, None),
    ("____ ____", NameRule.PLACEHOLDER, None),
    ("???", NameRule.PLACEHOLDER, None),
]


@pytest.mark.parametrize(("typed", "rule", "mended"), REFUSED)
def test_a_text_that_is_no_name_is_refused_with_its_rule_and_a_mended_form(typed, rule, mended):
    answer = clean_name(typed)
    assert isinstance(answer, NameRefused)
    assert (answer.rule, answer.suggestion) == (rule, mended)
    assert suggest_name(typed) == mended


@pytest.mark.parametrize("rule", NameRule)
def test_each_rule_refuses_something(rule):
    assert any(rule is refused for _, refused, _ in REFUSED)


@pytest.mark.parametrize(
    ("typed", "detail"),
    [
        ("An\u202ea", "U+202E"),
        ("\x1bAna\x00\x1b", "U+001B U+0000"),
        ("Ana\ud800", "U+D800"),
        ("Ana\u3164", "U+3164"),
        ("Ana\u2800", "U+2800"),
        ("Ana 🌹🌹*", "🌹 *"),
        ("Ana 1234", "1 2 3"),
        ("A\u0300\u0300na", "U+0300"),
        ("King,Jr.", ","),
        ("Ana-", "-"),
        ("Ana - Bo", "-"),
        ("' Ana", "'"),
        ("\u0301Ana", "U+0301"),
        ("example.com", ""),
    ],
)
def test_the_refusal_says_which_characters_are_to_blame_so_that_they_can_be_seen(typed, detail):
    assert clean_name(typed).detail == detail


def test_the_longest_name_is_a_hundred_characters_composed_or_not():
    assert clean_name("é" * MAX_NAME) == "é" * MAX_NAME
    longest = "ᾯ" * MAX_NAME
    assert clean_name(unicodedata.normalize("NFD", longest)) == longest
    assert clean_name(longest + "a").rule is NameRule.TOO_LONG


def test_no_character_decomposes_into_more_than_the_raw_bound_allows():
    assert max(len(unicodedata.normalize("NFD", chr(one))) for one in range(sys.maxunicode + 1)) == 4


@pytest.mark.parametrize(
    "hostile",
    [
        "x" * 10_000_000,
        "a" + "\u0301" * 10_000_000,
        " " * 10_000_000,
        "\ufdfa" * 400,
        "\U0001d160" * 400,
        "\u0344" * 400,
        "(a" * 200,
        "(" * 400,
        "a." * 200,
        "ع\u200c" * 200,
        "\u200d" * 400,
        "'" * 400,
        "a-" * 200,
        ", " * 200,
    ],
    ids=lambda text: ascii(text[:2]),
)
def test_huge_and_twisted_input_is_refused_at_once(hostile):
    began = time.process_time()
    assert isinstance(clean_name(hostile), NameRefused)
    assert time.process_time() - began < 0.5  # it takes some milliseconds; a busy machine has room


# --------------------------------------------------------------------------------------------- properties

ALMOST_NAMES = "".join(name for _, name in EVERYONE) + "".join(typed for typed, _, _ in REFUSED)
anything = (
    st.text(st.characters(exclude_categories=()), max_size=60)
    | st.text(sorted(set(ALMOST_NAMES)), max_size=120)
    | st.text("aA.-,'’/: ·7@<>\u0301\u0323\u0640\u200c\u200d\u094d\u0915علد", max_size=30)
    | st.lists(st.sampled_from([*(n for _, n in EVERYONE), *(t for t, _, _ in REFUSED)]), max_size=4).map(
        "".join
    )
)


@given(anything)
@example("\u1100\u0640\u1161")
def test_a_stored_name_is_a_name_and_stays_as_it_is(text):
    name = clean_name(text)
    if isinstance(name, str):
        assert clean_name(name) == name
        assert name == unicodedata.normalize("NFC", name)
        assert name == " ".join(name.split())
        assert len(name) <= MAX_NAME


@given(anything)
def test_a_mended_form_is_itself_a_name(text):
    answer = clean_name(text)
    if isinstance(answer, NameRefused) and answer.suggestion is not None:
        assert clean_name(answer.suggestion) == answer.suggestion
    suggestion = suggest_name(text)
    assert suggestion is None or clean_name(suggestion) == suggestion


@given(anything)
def test_what_is_blamed_can_be_shown_anywhere(text):
    answer = clean_name(text)
    if isinstance(answer, NameRefused):
        assert answer.detail.isprintable()
        assert len(answer.detail) <= len("U+10FFFF") * 3 + 2
        assert answer.detail.encode().decode() == answer.detail  # no half of a surrogate pair


hostile = st.sampled_from(
    '@<>*_`|\\()[]{}=+$#%^&!?;"\x00\x1b\u202a\u202e\u2066\u200b\u200e\u2060\ufeff🌹\ud800'
)


@given(st.sampled_from(EVERYONE), hostile, st.integers(0, 20))
def test_a_hostile_character_spoils_a_name_wherever_it_is_put(person, char, place):
    _, name = person
    assert isinstance(clean_name(name[:place] + char + name[place:]), NameRefused)


@given(st.sampled_from(EVERYONE), st.sampled_from("\u202a\u202e\u2066\u2069\u200b\u200e\u2060\ufeff\x00\x7f"))
def test_a_name_comes_back_clean_when_nothing_but_what_cannot_be_seen_was_added(person, char):
    _, name = person
    assert suggest_name(char + name + char) == clean_name(name)


@given(
    st.text(string.ascii_lowercase, min_size=1, max_size=20),
    st.text(string.ascii_lowercase, min_size=2, max_size=10),
    st.sampled_from(["{}.{}", "{}.{}/Ana", "https://{}.{}", "Ana {}.{}", "{}@{}", "@{}{}", "<@{}{}>"]),
)
def test_no_address_in_small_letters_passes_as_a_name(host, domain, form):
    assert clean_name(form.format(host, domain)).rule in (NameRule.LINK, NameRule.MENTION)


@given(st.text(st.characters(categories=["Mn"]), min_size=8, max_size=200), st.sampled_from(EVERYONE))
def test_no_tower_of_marks_passes_as_a_name(tower, person):
    _, name = person
    assert isinstance(clean_name(name + tower), NameRefused)


@given(st.integers(0xAC00, 0xD7A3).map(chr) | st.integers(0x4E00, 0x9FFF).map(chr))
def test_one_syllable_or_ideograph_is_a_whole_name(char):
    assert clean_name(char) == char


LATIN = "".join(map(chr, (*range(0x20, 0x7F), *range(0xC0, 0x100))))


@given(st.text(LATIN, max_size=110) | st.text("aZßéÿ ", max_size=12))
def test_a_plain_name_is_judged_as_every_other_is(text):
    """Most names take a short way; it must lead to where the long one does."""
    cleaned = clean_name(text)
    stretched = clean_name(text + "\u0640")  # a tatweel goes, and keeps it from the short way
    assert cleaned == stretched
