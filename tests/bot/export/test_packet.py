"""The packet as its readers find it: what it says, that any script can be read, and who is not in it."""

import hashlib
import re
import shutil
import subprocess
import unicodedata
from datetime import timedelta

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.export.pdf import order
from bot.export.pdf.drawing import drawn
from bot.export.pdf.faces import Faces
from bot.export.pdf.objects import PdfFile
from bot.export.pdf.setting import Setter
from bot.export.request import Audience
from bot.fonts import search_order
from bot.model.petition import Content, Petition, Reach, State, Text
from bot.model.signature import Status
from tests.bot.export.world import ENGLISH, HOSTILE, NOON, PARK, exported, hostile, of_each_reach, reading
from tests.bot.fake_lists import entry

SCRIPTS = {
    "Arabic": "محمد العلي",
    "Arabic with marks": "مُحَمَّد",
    "Persian": "پیچک گل‌نیا",
    "Hebrew": "שרה כהן",
    "Hebrew with points": "שָׁלוֹם",
    "Syriac": "ܫܠܡܐ",
    "Devanagari": "क्षत्रिय श्री किरण",
    "Bengali": "শ্রীমতী সুমিত্রা",
    "Tamil": "மீனாட்சி",
    "Telugu": "శ్రీనివాస్",
    "Kannada": "ಕೃಷ್ಣ",
    "Malayalam": "കൃഷ്ണൻ",
    "Sinhala": "ශ්‍රී",
    "Thai": "สมชาย ใจดี",
    "Lao": "ສົມສັກ",
    "Burmese": "ကျော်",
    "Khmer": "តារា ស៊ីណា",
    "Tibetan": "བསྟན་འཛིན",
    "Georgian": "გიორგი",
    "Armenian": "Գևորգ",
    "Ethiopic": "አበበ",
    "Cherokee": "ᏣᎳᎩ",
    "Greek": "Ευριπίδης Παπαδόπουλος",
    "Cyrillic": "Ђорђе",
    "Vietnamese": "Nguyễn Văn Ổn",
    "Chinese": "王小明",
    "Japanese": "山田 ひかり",
    "Korean": "김민수",
    "Yoruba": "Ọlọ́runtóyìn",
    "Mongolian": "ᠮᠣᠩᠭᠣᠯ",
}


def packet(entries, audience=Audience.ADDRESSEE, on=None):
    return exported(entries, "pdf", audience, on=on)


def pages(content):
    document = pypdfium2.PdfDocument(content)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def squeezed(text):
    """Without what a page decides (where lines end, how marks are composed) and what only says how to draw."""
    seen = "".join(char for char in unicodedata.normalize("NFC", text) if not _is_hint(char))
    return "".join(seen.split())


def _is_hint(char):
    return unicodedata.category(char) == "Cf" or char == "\ufe0f"


def words(text):
    return [squeezed(word) for word in re.split(r"[\s()\-]+", text) if word]


def poppler(content, tmp_path, *how):
    file = tmp_path / "packet.pdf"
    file.write_bytes(content)
    done = subprocess.run(["pdftotext", *how, "-enc", "UTF-8", file, "-"], capture_output=True, check=True)
    return done.stdout.decode()


@pytest.fixture(scope="module")
def hostile_packet():
    return packet(hostile())[0]


def test_hostile_names_and_comments_are_in_it_as_they_were(hostile_packet):
    text = squeezed(" ".join(pages(hostile_packet)[2:]))
    missing = [word for pair in HOSTILE for part in pair for word in words(part) if word not in text]
    assert missing == []


BOTH_WAYS = [
    ("محمد العلي", "لن نصمت 3 مرات (أبدا)"),
    ("שרה כהן-לוי", "לא נשתוק (12.5%) עוד"),
    ("Ana محمد", "The park حديقة is (ours)."),
    ("محمد Ana Smith", 'قال John "hello" ثم [ذهب]'),
    ("דוד (Dave) לוי", "טל' 03-1234567, שלוחה 5"),
    ("فاطمة الزهراء", "١٢٣ شارع (الحرية)"),
    ("O’Brien عمر", "👨‍👩‍👧 عائلة ❤️"),
    ("N" * 50 + "محمد" * 12, "(yes)"),
    ("سارة · ליאת", "https://example.org/ا"),
    ("יעל ב. כהן", "מחיר: 50$ (בערך)"),
    ("أحمد-علي", "Because (of) the trees…"),
    ("שָׁלוֹם כהן", "נקודות: שָׁלוֹם (2)"),
    ("𞤀𞤣𞤤𞤢𞤥 𞤔𞤢𞤤𞤮", "𞤀𞤣𞤤𞤢𞤥 (3) and Latin"),
    ("ߊߡߊ߬ߘߎ", "ߊߡߊ 10 and ࢢمحمدࢢ"),
    ("Dashing", "- ☎️ בםב (\n+74\n. - gmiqujyhf +15 . ملمي\nازس -\nخمونكزذم : ₪21\n: )"),
    ("𠮷野 太郎", "(𠮷), “𠮷”"),
    ("Ana Flag", "emoji 👩🏽‍🚀 🇺🇦"),
    ("Flag Ana", "🇺🇦 🇦🇺"),
    ("مُحَمَّد بن زايد", "تشكيل (مُحَمَّد) 7 — نهاية!"),
]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
@pytest.mark.parametrize("around", ["Anabelle Christopherson", "ميساء عبدالرحمن"])
def test_pdftotext_gives_every_name_and_comment_as_it_was_written(around, tmp_path):
    signers = [*HOSTILE, *BOTH_WAYS, *[(around, "")] * 120]
    text = squeezed(poppler(packet([entry(name, comment=said) for name, said in signers])[0], tmp_path))
    assert [part for pair in signers for part in pair if squeezed(part) not in text] == []


HEBREW = "שרה כהן לוי מזרחי פרידמן אברהם יצחק יעקב משה דוד שלמה"
ARABIC = "محمد العلي عبدالرحمن ميساء فاطمة الزهراء أحمد خالد سلمى يوسف إبراهيم"
MIXED = "Ana محمد Christopherson العلي Zoe فاطمة Smith يوسف John إبراهيم"
POINTED = "שָׁלוֹם מַלְכָּה יַעֲקֹב מֹשֶׁה דָּוִד"


def of_length(words, length):
    return (f"{words} " * length)[:length].strip()


LONG = [of_length(words, length) for words in (HEBREW, ARABIC, MIXED, POINTED) for length in (45, 100)]
LONG += ["N" * 100, "W" * 100, "ש" * 100, "ضصـ" * 33, of_length(f"{HEBREW} {ARABIC}", 100)]
LONG_COMMENTS = [of_length(words, length) for words in (HEBREW, ARABIC, MIXED) for length in (90, 500)]
LONG_COMMENTS += [
    f"{'كلمة ' * length}, 5%" for length in range(50, 80, 2)
]  # some end in a line of ", 5%" alone
LONG_COMMENTS += ["\n".join(ARABIC.split()), f"Ana\n{ARABIC}\n\n{HEBREW}"]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
@pytest.mark.parametrize("layout", [(), ("-layout",)])
@pytest.mark.parametrize("around", ["Anabelle Christopherson", "ميساء عبدالرحمن"])
def test_pdftotext_gives_names_of_a_hundred_letters_and_comments_from_right_to_left_whole(
    around, layout, tmp_path
):
    signers = [entry(name) for name in LONG] + [entry("Bo", comment=said) for said in LONG_COMMENTS]
    signers += [entry(f"{around} {place}") for place in range(120)]
    text = squeezed(poppler(packet(signers)[0], tmp_path, *layout))
    assert [said for said in [*LONG, *LONG_COMMENTS] if squeezed(said) not in text] == []


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
@pytest.mark.parametrize("latin", range(26, 50, 2))
def test_pages_of_about_as_many_letters_either_way_are_read_right(latin, tmp_path):
    both = ["דוד (Dave) לוי", "محمد Ana (علي)", "Zoe (שרה) Bo"]
    others = ["Anabelle"] * latin + ["ميساءعبد"] * (76 - latin)
    signers = [entry(name) for name in [*both * 6, *others]]
    text = squeezed(poppler(packet(signers)[0], tmp_path))
    assert [name for name in both if text.count(squeezed(name)) != 6] == []


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
@pytest.mark.parametrize("around", ["Anabelle Christopherson", "ميساء عبدالرحمن"])
def test_a_quotation_mark_that_begins_a_line_stays_in_it_whatever_is_above_and_below(around, tmp_path):
    hebrew, arabic = HEBREW.split(), ARABIC.split()
    said = [
        f'{arabic[at % 9]}\n"{hebrew[at % 8]}" {at}%\n{arabic[at % 5]} {"x" * (at % 30)}\n(Ana) {at}'
        for at in range(60)
    ]
    signers = [entry(f"Bo {at}", comment=comment) for at, comment in enumerate(said)]
    signers += [entry(f"{around} {at}") for at in range(120)]
    text = squeezed(poppler(packet(signers)[0], tmp_path))
    assert [comment for comment in said if squeezed(comment) not in text] == []


def test_a_name_too_long_for_its_column_stands_in_one_line_between_even_columns():
    before, after = [f"Ana {place:03}" for place in range(31)], [f"Zoe {place:03}" for place in range(7)]
    long = of_length("Maria Magdalena", 100)
    lines = drawn_lines(packet([entry(name) for name in [*before, long, *after]])[0])
    (row,) = [place for place, text in lines if long.startswith(text) and len(text) > 40]
    above = {text: place for place, text in lines if text in before}
    assert sorted(above) == before
    assert len({left for left, _ in above.values()}) == 3
    assert min(height for _, height in above.values()) > row[1]
    assert max(height for (_, height), text in lines if text in after) < row[1]
    heights = sorted({height for _, height in above.values()})
    assert len(heights) == 11  # a third of them, and no more


def drawn_lines(content, page=2):
    """What stands on a page of Latin letters: where each line begins, in points from the left and the bottom."""
    document = pypdfium2.PdfDocument(content)
    try:
        text = document[page].get_textpage()
        places = [text.get_rect(place) for place in range(text.count_rects())]
        return [((round(box[0]), round(box[1])), text.get_text_bounded(*box).strip()) for box in places]
    finally:
        document.close()


def test_nothing_is_drawn_beyond_the_page_however_many_rows_break_the_columns():
    names = [of_length(f"Ana {place} Christopherson", 30 + place % 40) for place in range(100)]
    comments = [of_length(ARABIC, 5 * (place % 100)) for place in range(100)]
    signers = [entry(name, comment=said) for name, said in zip(names, comments, strict=True)]
    content = packet(signers)[0]
    document = pypdfium2.PdfDocument(content)
    for page in list(document)[2:]:
        text = page.get_textpage()
        boxes = [text.get_rect(place) for place in range(text.count_rects())]
        assert min(box[0] for box in boxes) > 50
        assert max(box[2] for box in boxes) < 595 - 50
        assert min(box[1] for box in boxes) > 30
    document.close()
    text = squeezed(" ".join(pages(content)))
    assert [name for name in names if squeezed(name) not in text] == []


@pytest.mark.parametrize("words", ["Zeile", "שורה"])
def test_a_comment_of_more_lines_than_a_page_has_goes_on_over_columns_and_pages(words, tmp_path):
    comment = "\n".join(f"{words} {place}" for place in range(90))
    told = pages(packet([entry("Ana"), entry("Bo", comment=comment), entry("Cy")])[0])
    whole = squeezed(" ".join(told[2:]))
    assert [place for place in range(90) if squeezed(f"{words} {place}") not in whole] == []
    assert whole.index("Ana") < whole.index("Bo") < whole.index(squeezed(f"{words} 45")) < whole.index("Cy")
    assert (len(told) > 3) == (words == "שורה")  # three columns hold it, a single one does not


def test_marks_that_put_a_reading_right_take_hardly_any_room():
    faces = Faces(PdfFile(Nowhere()))
    (line,) = Setter(faces).lines([("דוד (Dave) לוי", False)], 100_000)
    drawn(line, faces, 0, 0, 9)
    latin = faces.face(search_order()[0].regular)
    widths = {text: width for _, text, width in latin.codes}
    assert 0 < widths[order.LRM] < widths["("] / 10


@given(st.text("ab אבגعم1(-. ,[ּ֫", min_size=1, max_size=12), st.booleans())
def test_text_that_is_laid_out_is_read_as_it_was_written(text, from_right):
    seen = order.laid_out(text, from_right=from_right)
    assert squeezed(order.read(seen, from_right=from_right)) == squeezed(text)


@pytest.fixture(scope="module")
def every_script():
    return packet([entry(name) for name in SCRIPTS.values()])[0]


def test_a_name_in_any_script_is_found_in_the_text(every_script):
    text = squeezed(pages(every_script)[2])
    assert [script for script, name in SCRIPTS.items() if squeezed(name) not in text] == []


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_a_name_in_any_script_is_found_by_another_reader(every_script, tmp_path):
    text = squeezed(poppler(every_script, tmp_path))
    assert [script for script, name in SCRIPTS.items() if squeezed(name) not in text] == []


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_letter_of_every_script_has_a_glyph(script):
    (line,) = _set(SCRIPTS[script])
    for face, run in line.runs:
        glyphs = [glyph for glyph, _, _ in face.codes] + [shape.glyph for shape in run.shapes]
        assert 0 not in glyphs


class Nowhere:
    def write(self, data):
        pass


def _set(text, width=100_000):
    return list(Setter(Faces(PdfFile(Nowhere()))).lines([(text, False)], width))


def test_no_line_is_wider_than_its_column():
    for text in ("N" * 100, "王" * 100, "a " * 50, "สวน" * 40, "محمد" * 25):
        lines = _set(text, 9_000)
        assert len(lines) > 1
        assert max(line.width for line in lines) <= 9_000


def ink(content, page=2):
    """How many pixels of a page are dark."""
    document = pypdfium2.PdfDocument(content)
    try:
        image = document[page].render(scale=2, grayscale=True)
        return sum(pixel < 128 for pixel in bytes(image.buffer))
    finally:
        document.close()


@pytest.mark.parametrize("script", ["Arabic", "Devanagari", "Burmese", "Tibetan", "Vietnamese", "Chinese"])
def test_letters_that_are_painted_are_as_black_as_those_that_are_set(script):
    without = ink(packet([entry("")])[0])
    of_latin = ink(packet([entry("l" * len(SCRIPTS[script]))])[0]) - without
    assert ink(packet([entry(SCRIPTS[script])])[0]) - without > of_latin / 3 > 10


# --- what it says ---


def test_the_cover_says_what_it_is_and_what_its_numbers_mean():
    mixed = [*of_each_reach(), entry("Ida", status=Status.HELD), entry("Eve", status=Status.STRUCK)]
    mixed.append(entry(None, status=Status.WITHDRAWN))
    cover = " ".join(pages(packet(mixed)[0])[0].split())
    for said in (
        "Save the park",
        "To: The Mayor & Council",
        "Friends of the Park",
        "9 signatures",
        "6 of those who signed are named",
        "3 others are counted",
        "One signature per chat account. Names are as given; identity was not checked.",
        "Signed on March 8, 2026.",
        "Made on March 8, 2026, 12:00 UTC. The petition was closed",
        "1 held for review, 1 withdrawn, 1 struck out",
        "The letter: page 2",
        "Names: page 3",
    ):
        assert said in cover, said


def test_the_cover_tells_the_first_day_and_the_last_of_those_who_are_named():
    days = [NOON.date() + timedelta(days=past) for past in (3, 9, 4, 5, 1, 6, 2)]
    cover = " ".join(pages(packet([entry(f"Ana {day:%A}", day=day) for day in days])[0])[0].split())
    assert "between March 9, 2026 and March 17, 2026" in cover


def test_the_checksum_is_that_of_the_same_list_as_json_lines():
    content, manifest = packet(of_each_reach())
    lines, _ = exported(of_each_reach(), "jsonl", Audience.ADDRESSEE)
    assert manifest.extras["list_sha256"] == hashlib.sha256(lines).hexdigest()
    assert manifest.extras["list_sha256"] in pages(content)[0]


def test_the_letter_is_there_in_every_text_that_was_signed_with_its_version():
    spanish = Text(
        "es", "Salvad el parque", "La alcaldía", "", "Conservad **el parque**.\n\n- uno\n- dos", "Un mes."
    )
    unsigned = Text("fr", "Sauvez le parc", "Le maire", "", "Gardez le parc.", "")
    petition = replace(PARK, content=replace(PARK.content, texts=(ENGLISH, spanish, unsigned)))
    on = reading([entry("Ana"), entry("Luz"), entry("Bo")], petition)
    on.signed[1:] = [one._replace(text_version=spanish.version) for one in on.signed[1:]]
    told = pages(packet([], on=on)[0])
    assert len(told) == 4
    english, other = " ".join(told[1].split()), " ".join(told[2].split())
    assert "Keep the park." in english
    assert "1 person signed this text." in english
    assert ENGLISH.version in english
    assert "Kept for a month." in english
    assert "Para: La alcaldía Conservad el parque. • uno • dos" in other
    assert "2 people signed this text." in other
    assert spanish.version in other
    assert "Gardez" not in " ".join(told)


def test_a_letter_is_printed_with_its_headings_lists_quotes_and_addresses():
    letter = (
        "# Why\n\nIt is **ours**, see [the plan](https://example.org/plan).\n\n1. one\n2. two\n\n> a quote\n\n"
        "    code line\n\n---\n\nline one\\\nline two\n\n- a\n\n  b\n"
    )
    text = replace(ENGLISH, letter=letter)
    petition = replace(PARK, content=replace(PARK.content, texts=(text,)))
    told = " ".join(pages(packet([], on=reading([], petition))[0])[1].split())
    for said in ("Why It is ours, see the plan (https://example.org/plan). 1. one 2. two a quote code line",):
        assert said in told
    assert "line one line two • a b" in told


def test_a_long_letter_goes_on_over_numbered_pages():
    text = replace(
        ENGLISH, letter="\n\n".join(f"Paragraph {number}. " + "word " * 60 for number in range(60))
    )
    petition = replace(PARK, content=replace(PARK.content, texts=(text,)))
    told = pages(packet([], on=reading([], petition))[0])
    assert len(told) > 5
    whole = " ".join(told)
    assert all(f"Paragraph {number}." in whole for number in range(60))
    assert all(f"Page {number}" in told[number - 1] for number in range(2, len(told) + 1))
    assert f"Names: page {len(told)}" in " ".join(told[0].split())


def test_many_names_go_on_over_columns_and_pages_and_none_is_lost():
    names = [
        f"Ana {chr(65 + place % 26)}{chr(97 + place // 26 % 26)}{chr(97 + place // 676)}"
        for place in range(900)
    ]
    told = pages(packet([entry(name) for name in names])[0])
    assert len(told) > 6
    found = re.findall(r"Ana \w{3}", " ".join(told[2:]))
    assert found == sorted(names)


def test_the_file_tells_its_language_and_title_and_has_an_outline():
    content, _ = packet([entry()])
    document = pypdfium2.PdfDocument(content)
    assert document.get_metadata_value("Title") == "Save the park"
    assert document.get_metadata_value("Subject") == "The Mayor & Council"
    assert [one.get_title() for one in document.get_toc()] == ["Cover", "The letter", "Names"]
    assert [one.get_dest().get_index() for one in document.get_toc()] == [0, 1, 2]
    document.close()
    assert "/Lang <FEFF0065006E>" in content.decode("latin-1")
    assert "/DisplayDocTitle true" in content.decode("latin-1")


def test_a_packet_in_spanish_speaks_spanish():
    text = Text("es", "Salvad el parque", "La alcaldía", "", "Conservad el parque.", "Un mes.")
    petition = Petition(8, "k", Content("parque", (text,)), State.OPEN, 1, NOON)
    on = reading([], petition)
    told = " ".join(pages(packet([], on=on)[0]))
    assert "La carta: página 2" in " ".join(told.split())
    assert "seguía abierta a firmas" in " ".join(told.split())


def test_a_packet_of_a_language_from_right_to_left_begins_at_the_right():
    text = Text("he", "הצילו את הפארק", "ראש העיר", "", "שמרו על הפארק.", "")
    petition = Petition(8, "k", Content("park", (text,)), State.OPEN, 1, NOON)
    document = pypdfium2.PdfDocument(packet([], on=reading([entry("שרה"), entry("Ana")], petition))[0])
    page = document[2].get_textpage()
    seen = [place for place in range(page.count_chars()) if page.get_text_range(place, 1).strip()]
    assert min(page.get_charbox(place)[0] for place in seen) > 595 / 2
    document.close()


# --- who is in it ---


@pytest.mark.parametrize(
    ("audience", "hidden"),
    [(Audience.ADDRESSEE, {Reach.ORGANISERS}), (Audience.PUBLIC, {Reach.ORGANISERS, Reach.ADDRESSEE})],
)
def test_a_name_that_is_not_for_its_readers_is_not_in_the_packet(audience, hidden):
    content, manifest = packet(of_each_reach(), audience)
    text = " ".join(pages(content))
    for reach in Reach:
        assert (f"Zita {reach.title()}" in text) == (reach not in hidden)
    assert manifest.counts["others"] == 3 * len(hidden)
    assert f"and {3 * len(hidden)} others" in text


def test_a_packet_of_scrubbed_names_counts_them_and_names_nobody():
    scrubbed = replace(PARK, anonymised=NOON)
    content, manifest = packet([], on=reading([entry(None), entry(None)], scrubbed))
    text = " ".join(" ".join(pages(content)).split())
    assert "2 others are counted. Their names have been erased." in text
    assert "asked" not in text
    assert "Nobody is named in this packet. and 2 others" in text
    assert (manifest.counts["listed"], manifest.counts["others"], manifest.counts["erased"]) == (0, 2, 2)


@pytest.mark.parametrize(
    ("audience", "others"),
    [
        (Audience.ADDRESSEE, "3 others are counted, who gave their names to the organisers only."),
        (Audience.PUBLIC, "6 others are counted, and did not ask to be named in public."),
    ],
)
def test_who_was_forgotten_after_the_delivery_is_not_said_to_have_asked_for_something_else(audience, others):
    forgotten = entry(None, reach=Reach.EVERYONE)
    content, manifest = packet([*of_each_reach(), forgotten], audience)
    cover = " ".join(pages(content)[0].split())
    assert "10 signatures" in cover
    assert others in cover
    assert "1 other is counted. The name has been erased." in cover
    assert manifest.counts["erased"] == 1


def test_a_cover_without_others_and_without_erased_names_speaks_of_none():
    cover = pages(packet([entry("Ana")])[0])[0]
    assert "other" not in cover
