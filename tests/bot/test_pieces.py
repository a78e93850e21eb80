"""A long document is read in pieces: nothing lost, nothing twice, parted where a reader would."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.document import (
    Code,
    Facts,
    Heading,
    Listing,
    Paragraph,
    Progress,
    Quote,
    Rule,
    Span,
    facts,
    heading,
    paragraph,
    plain,
)
from bot.pieces import pieces

words = st.text(alphabet="abc . \n", max_size=60)
spans = st.lists(st.builds(Span, words, bold=st.booleans()), max_size=4).map(tuple)
leaves = (
    st.builds(Paragraph, spans)
    | st.builds(Heading, spans)
    | st.builds(Code, words)
    | st.just(Rule())
    | st.just(Progress(1, 2))
    | st.lists(st.tuples(words, words), max_size=4).map(facts)
)
blocks = st.recursive(
    leaves,
    lambda inner: (
        st.builds(Quote, st.lists(inner, min_size=1, max_size=4).map(tuple))
        | st.builds(
            Listing, st.lists(st.lists(inner, max_size=3).map(tuple), min_size=1, max_size=4).map(tuple)
        )
    ),
    max_leaves=12,
)


def shorter_than(characters):
    return lambda document: len(plain(document)) <= characters


def read(document):
    """Without spaces, list marks and the like: the letters."""
    return re.sub(r"[^abc]", "", plain(document))


@given(st.lists(blocks, max_size=8).map(tuple), st.integers(8, 200))
def test_every_letter_is_in_one_piece_and_every_piece_is_short_enough(document, characters):
    fits = shorter_than(characters)
    parts = list(pieces(document, fits))
    assert "".join(map(read, parts)) == read(document)
    assert all(fits(part) for part in parts)
    if fits(document):
        assert parts == [document]


def test_a_document_is_parted_between_its_paragraphs():
    document = (paragraph("one"), paragraph("two"), paragraph("three"))
    assert list(pieces(document, shorter_than(10))) == [document[:2], document[2:]]


def test_a_paragraph_is_parted_behind_a_sentence_or_a_word():
    parts = pieces((paragraph("It is old. It is ours. Keep it."),), shorter_than(20))
    assert [plain(part) for part in parts] == ["It is old.", "It is ours. Keep it."]


def test_a_list_is_parted_between_items_and_goes_on_counting():
    document = (Listing(tuple((paragraph(str(number) * 8),) for number in range(4)), start=1),)
    parts = list(pieces(document, shorter_than(24)))
    assert [part[0].start for part in parts] == [1, 3]


def test_a_heading_goes_with_what_it_is_about():
    document = (paragraph("before"), heading("Title"), paragraph("after it, at length"))
    assert list(pieces(document, shorter_than(30))) == [document[:1], document[1:]]


def test_what_cannot_be_parted_is_left_whole():
    document = (paragraph("a"), Progress(1_000_000, 2_000_000), Facts(()))
    assert list(pieces(document, shorter_than(5)))[1] == document[1:2]
