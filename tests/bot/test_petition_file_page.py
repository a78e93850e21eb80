"""The plain petition page: a text as people pass it round, without any keys."""

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.document import plain
from bot.markdown import blocks
from bot.petition_file.reading import Format, read_petition
from bot.petition_file.source import read_file
from bot.words import petition_file as said
from bot.words.catalog import Words
from tests.bot.petition_files import NOW, WHOLE, lines, only_error, read

PAGE = """Keep our library open!

Mayor Example & the City Council

The library closes *early*. 287(g) - see
below.

1. It matters.

Sponsored by

To: Mayor Example & the City Council
From: [Your Name]

I ask you to keep it open.

- Every day.
- All year.
"""


def parts(text):
    """Title, addressee, background and letter as they are shown."""
    reading = read(text)
    assert reading.content is not None, lines(reading)
    own = reading.content.texts[0]
    return own.title, own.to, plain(blocks(own.background)), plain(blocks(own.letter))


def notes(text):
    return [(note.line, note.message) for note in read(text).notes]


def page(*middle, letter="We ask."):
    return "\n".join(["A title", "", *middle, "", letter, ""])


# ----------------------------------------------------------------------------------------- the whole


def test_a_page_comes_in_whole():
    reading = read(PAGE)
    assert reading.format is Format.PAGE
    assert reading.errors == ()
    assert parts(PAGE) == (
        "Keep our library open!",
        "Mayor Example & the City Council",
        "The library closes *early*. 287(g) - see\nbelow.\n\n1. It matters.",
        "I ask you to keep it open.\n\n- Every day.\n- All year.",
    )
    assert reading.content.slug == "keep-our-library-open"
    assert reading.content.sponsors == ()


def test_what_was_understood_is_told_with_its_line():
    assert [problem.said(Words()) for problem in read(PAGE).problems] == [
        "line 3: names the addressee, Mayor Example & the City Council, as `To:` does; it is not taken as background",
        "line 10: names no sponsor; the petition has none",
        "line 13: From: [Your Name] is understood as the place of whoever signs",
    ]


@pytest.mark.skipif("UNDERSIGNED_SHARED" not in os.environ, reason="UNDERSIGNED_SHARED names no folder")
def test_the_real_page_comes_in_whole():
    data = read_file(Path(os.environ["UNDERSIGNED_SHARED"]) / "petitions" / "end-all-287g-contracts.txt")
    reading = read_petition(data, now=NOW)
    own = reading.content.texts[0]
    assert (own.title, own.to) == ("End all 287(g) contracts!", "President Obama & DHS Secretary Jeh Johnson")
    assert (len(blocks(own.background)), len(blocks(own.letter))) == (3, 5)
    assert reading.content.slug == "end-all-287g-contracts"
    text = data.decode()
    for block in blocks(own.background) + blocks(own.letter):
        assert plain((block,)) in text
    assert [(note.line, note.message) for note in reading.problems] == [
        (3, said.ADDRESSEE_AGAIN),
        (11, said.NO_SPONSORS_NAMED),
        (14, said.SIGNERS_PLACE),
    ]


def test_a_page_in_spanish_is_known_by_its_labels():
    reading = read(
        "Que siga abierta\n\nPor qué.\n\nPatrocinado por: Amigos\n"
        "Para: La alcaldesa\nDe: [Su nombre]\n\nLe pedimos esto."
    )
    own = reading.content.texts[0]
    assert (own.language, own.to, own.background, own.letter) == (
        "es",
        "La alcaldesa",
        "Por qué.",
        "Le pedimos esto.",
    )
    assert reading.content.sponsors == ("Amigos",)


def test_a_page_in_another_language_is_taken_in_the_usual_one():
    assert read_petition(PAGE.encode(), now=NOW, language="fr").content.texts[0].language == "fr"


# ------------------------------------------------------------------------------------ where things stand


@pytest.mark.parametrize(
    ("text", "background", "letter"),
    [
        (page("To: X", "From: [Your Name]"), "", "We ask."),
        (page("To: X"), "", "We ask."),
        (page("From: [Your Name]", "To: X"), "", "We ask."),
        (page("Why.", "", "To:", "X", "", "From: [your name here]"), "Why.", "We ask."),
        (page("To: X", "", "Why.", "", "From: [Your Name]"), "Why.", "We ask."),
        (page("To: X", "", "Why.", "", "Dear X,"), "Why.", "Dear X,\n\nWe ask."),
        (
            page("Why.", "", "To: X", "", "Some more.", "", "Dear X,"),
            "Why.",
            "Some more.\n\nDear X,\n\nWe ask.",
        ),
        (page("To: X", "", "Why.", "", "## Letter"), "Why.", "We ask."),
        (page("To: X", "", "Why.", "", "Letter:"), "Why.", "We ask."),
        (page("To: X", letter="We ask.\n\nFrom: [Your Name]"), "", "We ask."),
        (page("To: X", letter="We ask.\n\nSincerely,\n[Your Name]"), "", "We ask.\n\nSincerely,"),
        (page("To: X", letter="We ask.\n\nSponsored by: A, B"), "", "We ask."),
        (page("To: X", letter="We ask.\n\nTo: nobody else."), "", "We ask.\n\nTo: nobody else."),
        (page("To: X", letter="We ask.\n\nFrom: 9 to 5.\n\nEnd."), "", "We ask.\n\nFrom: 9 to 5.\n\nEnd."),
    ],
)
def test_background_and_letter_are_told_apart(text, background, letter):
    assert parts(text) == ("A title", "X", background, letter)


@pytest.mark.parametrize(
    "first", ["A title", "# A title", "Title: A title", "\n\n  A title  ", "\ufeffA title"]
)
def test_the_first_line_is_the_title(first):
    assert parts(f"{first}\n\nTo: X\n\nWe ask.")[0] == "A title"


def test_several_lines_of_addressees_are_one():
    assert (
        parts(page("To: Mayor Example", "City Council", "From: [Your Name]"))[1]
        == "Mayor Example, City Council"
    )


def test_a_line_of_the_letter_right_below_the_addressee_is_not_taken_for_one():
    assert parts("A title\n\nTo: Mayor\nWe ask\nyou")[1:] == ("Mayor", "", "We ask\nyou")


@pytest.mark.parametrize(
    ("listed", "sponsors"),
    [
        (["Sponsored by: A, B; C"], ("A", "B", "C")),
        (["Sponsored by Friends of the Library"], ("Friends of the Library",)),
        (["Sponsored by", "A", "B, Inc.", "", "- C"], ("A", "B, Inc.", "C")),
        (["Sponsors:", "* A", "* B", "* A"], ("A", "B")),
        (["Sponsored by: Readers, Inc."], ("Readers, Inc.",)),
    ],
)
def test_sponsors_are_read_from_lines_and_lists(listed, sponsors):
    reading = read(page("Why.", "", *listed, "", "To: X"))
    assert reading.content.sponsors == sponsors
    assert reading.problems == ()


def test_a_sentence_that_speaks_of_sponsors_is_text():
    text = page("Sponsored by taxpayers, the program has grown year after year.", "", "To: X")
    assert parts(text)[2] == "Sponsored by taxpayers, the program has grown year after year."


def test_a_short_name_may_be_given():
    assert read(page("Slug: library", "To: X")).content.slug == "library"


# -------------------------------------------------------------------------------------------- notes


def test_a_sender_other_than_the_signer_is_left_out_and_told():
    assert notes(page("To: X", "From: The Friends")) == [(4, said.FROM_LEFT_OUT)]


def test_lines_that_could_have_meant_something_else_are_told():
    text = page("To: X", letter="We ask.\n\nTo: Y\n\nI, [Your Name], ask.\n\nFrom: here\n\nEnd.")
    assert notes(text) == [(7, said.KEPT_IN_LETTER), (9, said.PLACE_IN_LETTER), (11, said.KEPT_IN_LETTER)]


# ------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("A title\n\nSome text only.", None, said.NO_TO),
        ("A title", None, said.NO_TO),
        ("A title\n\nFrom: [Your Name]\n\nWe ask.", None, said.NO_TO),
        ("A title\n\nTo:\n\nWe ask.", 3, said.NO_TO),
        ("To: X\n\nWe ask.", 1, said.NO_TITLE),
        ("!!!\n\nSlug: ab\nTo: X\n\nWe ask.", 1, said.NO_TITLE),
        ("A title\n\nTo: X\nFrom: [Your Name]\n", 3, said.NO_LETTER_ON_PAGE),
        ("A title\n\nTo: X\n\n...", 5, said.EMPTY_LETTER),
        ("A" * 201 + "\n\nSlug: ab\nTo: X\n\nWe ask.", 1, said.LONG_FIRST_LINE),
        ("A title\n\nTo: " + "X" * 201 + "\n\nWe ask.", 3, said.TOO_LONG),
        ("A title\n\nTo: X\n\n" + "word " * 20_001, 5, said.TOO_LONG),
        ("A title\n\n" + "word " * 20_001 + "\n\nTo: X\n\nWe ask.", 3, said.TOO_LONG),
        ("Заголовок\n\nTo: X\n\nWe ask.", 1, said.NO_SLUG),
        ("A title\n\nSlug: A B\nTo: X\n\nWe ask.", 3, said.BAD_SLUG),
        ("A title\n\nSponsored by: A\n\nThis is a sentence.\n\nTo: X\n\nWe ask.", 5, said.UNPLACED),
        (
            "A title\n\nSponsored by:\n" + "\n".join(map(str, range(101))) + "\n\nTo: X\n\nWe ask.",
            None,
            said.TOO_MANY,
        ),
    ],
)
def test_what_is_missing_is_one_clear_line(text, line, message):
    error = only_error(text)
    assert error.message == message
    assert error.line == line


# ------------------------------------------------------------------------------------------ editing


def test_a_page_that_edits_keeps_what_it_has_no_place_for():
    before = read(WHOLE).content
    reading = read_petition(PAGE.encode(), now=NOW, before=before)
    content = reading.content
    assert content.hold == before.hold
    assert (content.slug, content.goal, content.ask, content.closes) == (
        before.slug,
        before.goal,
        before.ask,
        before.closes,
    )
    assert content.texts[0].title == "Keep our library open!"
    assert content.texts[0].privacy == before.texts[0].privacy
    assert content.texts[1] == before.texts[1]
    assert content.sponsors == ()
    assert reading.notes[0].message == said.OTHER_LANGUAGES_KEPT


def test_a_page_without_a_sponsor_line_keeps_the_sponsors():
    before = read(WHOLE).content
    text = PAGE.replace("Sponsored by\n", "")
    assert read_petition(text.encode(), now=NOW, before=before).content.sponsors == before.sponsors


# ----------------------------------------------------------------------------------- plain text stays so

WRAPPED = (
    "This is a paragraph that some editor has wrapped at seventy columns, so\n"
    "that it has line ends where nobody meant one to be, and it would look\n"
    "ragged on a telephone.\n\nYours,\nthe neighbours"
)


def test_lines_that_an_editor_wrapped_are_joined_and_others_kept():
    assert parts(page("To: X", letter=WRAPPED))[3] == (
        "This is a paragraph that some editor has wrapped at seventy columns, so that it has line ends where nobody "
        "meant one to be, and it would look ragged on a telephone.\n\nYours,\nthe neighbours"
    )


MARKED = st.text(
    alphabet=st.sampled_from(list("aB 1.)-+*_`~#>[](!<&;:/\\|='\"")), min_size=1, max_size=50
).filter(lambda line: line.strip() != "+++")  # that begins front matter
PARAGRAPHS = st.lists(st.lists(MARKED, min_size=1, max_size=3).map("\n".join), min_size=1, max_size=4)


@given(PARAGRAPHS, PARAGRAPHS)
def test_the_text_of_a_page_is_shown_as_typed(background, letter):
    text = "\n\n".join(["A title", "Why.", *background, "To: X", "We ask.", *letter, "End."])
    reading = read(text)
    assert reading.errors == ()

    def typed(paragraphs):
        told = ["\n".join(line.strip() for line in part.split("\n")).strip("\n") for part in paragraphs]
        return [line for part in told for line in part.split("\n") if line]

    own = reading.content.texts[0]
    assert plain(blocks(own.background)).replace("\n\n", "\n").split("\n") == ["Why.", *typed(background)]
    assert plain(blocks(own.letter)).replace("\n\n", "\n").split("\n") == ["We ask.", *typed(letter), "End."]


LABELS = [
    "To:",
    "To: X",
    "From:",
    "From: [Your Name]",
    "Sponsored by",
    "Slug: ab",
    "## Letter",
    "Para: Y",
    "[Name]",
    "",
]
LINES = st.one_of(
    st.sampled_from(LABELS), st.sampled_from(["", "Words.", "A name", "Dear X,", "+++", "---"]), st.text()
)


@given(st.lists(LINES, max_size=20))
def test_any_page_is_read_or_its_problems_told(page_lines):
    reading = read("\n".join(page_lines).encode("utf-8", "replace"))
    assert (reading.content is None) == bool(reading.errors)
    for problem in reading.problems:
        assert "\n" not in problem.said(Words())
        assert "\n" not in problem.said(Words("es"))
    if reading.content:
        own = reading.content.texts[0]
        assert any(character.isalnum() for character in plain(blocks(own.letter)))
        assert unicodedata.is_normalized("NFC", own.letter)


@given(st.lists(st.sampled_from([*LABELS, "", "Words one.", "A name two", "Dear three,"]), max_size=14))
def test_no_word_of_a_page_is_lost_unless_it_is_told(page_lines):
    numbered = [
        line.replace("Words", f"w{n}x").replace("name", f"w{n}x").replace("Dear", f"Dear w{n}x")
        for n, line in enumerate(page_lines)
    ]
    reading = read("\n".join(["A title", *numbered]))
    if reading.content is None:
        return
    own = reading.content.texts[0]
    shown = "\n".join(
        [own.to, plain(blocks(own.background)), plain(blocks(own.letter)), *reading.content.sponsors]
    )
    for n, line in enumerate(numbered):
        assert f"w{n}x" not in line or f"w{n}x" in shown, reading
