"""What an edit changes, and petition files that are written, mangled and read again."""

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.holding.phrases import words
from bot.model.holding import HoldRules
from bot.model.petition import Ask, Content, Reach, Text, TotalsMode, normalised
from bot.petition_file.difference import DiffLine, Mark, Part, changed_lines, difference
from bot.petition_file.front_matter import FENCE
from bot.petition_file.write import write_petition
from bot.words.catalog import Words
from tests.bot.petition_files import WHOLE, read, seconds

OLD = read(WHOLE).content
ENGLISH, SPANISH = OLD.texts


def edited(**changes):
    return difference(OLD, replace(OLD, texts=(replace(ENGLISH, **changes), SPANISH))).texts


# ------------------------------------------------------------------------------------------ difference


def test_an_edit_that_changes_nothing_is_false():
    assert not difference(OLD, read(WHOLE).content)


def test_changed_keys_are_told_with_their_old_and_new_values():
    found = difference(OLD, replace(OLD, goal=5, closes=None, reach=(Reach.EVERYONE,)))
    assert [(change.name, change.old, change.new) for change in found.fields] == [
        ("goal", 1000, 5),
        ("closes", OLD.closes, None),
        ("reach", OLD.reach, (Reach.EVERYONE,)),
    ]
    assert found.texts == ()


def test_hold_rules_are_told_one_by_one_by_the_keys_that_organisers_write():
    found = difference(OLD, replace(OLD, hold=HoldRules(account_days=30, listed=True, names=OLD.hold.names)))
    assert [(change.name, change.old, change.new) for change in found.fields] == [
        ("hold.account_age_days", 7, 30),
        ("hold.lookalike_names", True, False),
        ("hold.listed_names", False, True),
    ]


def test_a_new_letter_is_a_new_text_to_sign():
    (change,) = edited(letter=ENGLISH.letter.replace("Thank you.", "Thanks."))
    assert change.resigned
    assert change.language == "en"
    assert change.lines == {
        Part.LETTER: (
            DiffLine(Mark.KEPT, ""),
            DiffLine(Mark.REMOVED, "Thank you."),
            DiffLine(Mark.ADDED, "Thanks."),
        )
    }


@pytest.mark.parametrize("part", [Part.TITLE, Part.TO, Part.PRIVACY])
def test_what_stands_around_the_letter_is_signed_too(part):
    (change,) = edited(**{part: "Other"})
    assert change.resigned
    assert change.lines == {
        part: (DiffLine(Mark.REMOVED, getattr(ENGLISH, part)), DiffLine(Mark.ADDED, "Other"))
    }


def test_a_new_background_leaves_what_was_signed():
    (change,) = edited(background="Other reasons.")
    assert not change.resigned
    assert set(change.lines) == {Part.BACKGROUND}


def test_a_translation_that_is_added_or_goes_is_told():
    without = replace(OLD, texts=(ENGLISH,))
    added, removed = difference(without, OLD), difference(OLD, without)
    assert (added.added, added.removed) == (("es",), ())
    assert (removed.added, removed.removed) == ((), ("es",))
    assert {line.mark for line in added.texts[0].lines[Part.LETTER]} == {Mark.ADDED}
    assert {line.mark for line in removed.texts[0].lines[Part.LETTER]} == {Mark.REMOVED}
    assert added.texts[0].resigned


def test_another_language_of_its_own_is_told():
    assert [change.name for change in difference(OLD, replace(OLD, texts=(SPANISH, ENGLISH))).fields] == [
        "language"
    ]


def test_lines_between_two_changes_are_left_out():
    lines = list(changed_lines(["a", "b", "c", "d", "e", "f"], ["A", "b", "c", "d", "e", "F"]))
    assert [line.mark.value + line.text for line in lines] == ["-a", "+A", " b", "…", " e", "-f", "+F"]


def test_texts_of_very_many_lines_are_compared_as_a_whole():
    old, new = ["x"] * 3000, ["y"] * 3000
    assert [line.mark for line in changed_lines(old, new)] == [Mark.REMOVED] * 3000 + [Mark.ADDED] * 3000


@given(st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.sampled_from("abc"), max_size=12))
def test_the_lines_removed_and_added_lead_from_old_to_new(old, new):
    lines = list(changed_lines(old, new))
    removed, added = (
        [line.text for line in lines if line.mark is mark] for mark in (Mark.REMOVED, Mark.ADDED)
    )
    assert sorted([*old, *added]) == sorted([*new, *removed])
    assert bool(lines) == (old != new)


# -------------------------------------------------------------------------------- written and read again

SHOWN = st.characters(exclude_categories=["C", "Z", "M"], exclude_characters="\ufffd")
LINE = st.text(SHOWN | st.just(" "), min_size=1, max_size=30).map(
    lambda text: normalised(" ".join(f"a{text}z".split()))
)
MARKED = st.sampled_from(
    ["# Why", "- item", "'''", '"""', "\\", "+++ x", "> said", "it's '", "x''", "*a*", "  in"]
)
PROSE = (
    st.lists(st.one_of(LINE, MARKED), min_size=1, max_size=4)
    .map("\n\n".join)
    .map(lambda text: f"Words.\n\n{text}")
)
TIMES = st.datetimes(datetime(2027, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds
NUMBERS = st.lists(st.integers(1, 10**9), max_size=5, unique=True).map(sorted).map(tuple)


def texts(language):
    return st.builds(Text, st.just(language), LINE, LINE, PROSE, PROSE, st.just("") | LINE)


CONTENTS = st.builds(
    Content,
    slug=st.from_regex(r"\A[a-z0-9][a-z0-9-]{0,38}[a-z0-9]\Z"),
    texts=st.tuples(texts("en")) | st.tuples(texts("es"), texts("en"), texts("pt-BR")),
    sponsors=st.lists(LINE, max_size=3).map(tuple),
    goal=st.none() | st.integers(1, 10**9),
    milestones=NUMBERS,
    opens=st.none() | TIMES,
    closes=st.none(),
    contact=st.just("") | LINE,
    reach=st.permutations(list(Reach)).map(tuple) | st.just((Reach.ADDRESSEE,)),
    ask=st.none()
    | st.builds(Ask, LINE, st.lists(LINE, min_size=2, max_size=25, unique_by=str.casefold).map(tuple)),
    totals=st.sampled_from(TotalsMode),
    hold=st.builds(
        HoldRules,
        account_days=st.none() | st.integers(1, 3650),
        membership_days=st.none() | st.integers(1, 3650),
        lookalikes=st.booleans(),
        listed=st.booleans(),
        names=st.lists(LINE.filter(words), max_size=3).map(tuple),
        community_per_minute=st.none() | st.integers(1, 10_000),
    ),
)


@given(CONTENTS)
def test_every_petition_that_is_written_reads_back_the_same(content):
    reading = read(write_petition(content))
    assert [error.said(Words()) for error in reading.errors] == []
    written = read(write_petition(reading.content)).content
    assert written == reading.content
    assert difference(content, reading.content).fields == ()
    for text, again in zip(content.texts, reading.content.texts, strict=True):
        assert text.version == again.version


def test_a_fence_within_a_translation_is_written_so_that_it_ends_nothing():
    content = replace(OLD, texts=(ENGLISH, replace(SPANISH, letter=f"Le pedimos\n{FENCE}\nesto.")))
    assert read(write_petition(content)).content == content


# ------------------------------------------------------------------------------------------- mangled


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_with_words(data):
    told(read(data))


TOKENS = [*"\n\r\"'[]{}=.#\x00\ufeff", "+++", '"""', "'''", "\\u202e", "## Letter", "goal", "translations.es"]
TOKENS += ["2027-01-01", "1e400", "9" * 5000]
CHANGE = st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 20), st.sampled_from(TOKENS) | st.text())


@given(st.lists(CHANGE, max_size=4))
def test_any_mangled_file_is_read_or_refused_with_words(changes):
    text = WHOLE
    for place, length, put in changes:
        text = text[:place] + put + text[place + length :]
    reading = read(text.encode("utf-8", "replace"))
    told(reading)
    if reading.content is not None:
        assert read(write_petition(reading.content)).content == reading.content


def told(reading):
    assert (reading.content is None) == bool(reading.errors)
    for problem in reading.problems:
        sentence = problem.said(Words())
        assert not [character for character in sentence if unicodedata.category(character) == "Cc"]
        assert len(sentence) < 600


@pytest.mark.parametrize(
    "hostile",
    [
        lambda size: "a." * (size // 2) + "a = 1",
        lambda size: "[" + "a." * (size // 2) + "a]",
        lambda size: "goal = " + "[" * size,
        lambda size: "goal = " + "{a=" * (size // 3),
        lambda size: 'to = "' + "\\" * size,
        lambda size: '"\\"' * (size // 3),
        lambda size: "a = 1\n" * (size // 6),
        lambda size: "\n".join(f"[a{n}]" for n in range(size // 40)),
        lambda size: "".join(f'a{n} = """\n"""\n' for n in range(size // 60)),
        lambda size: '"""' * (size // 3),
        lambda size: "'" * size,
    ],
)
def test_a_hostile_front_matter_is_refused_in_time_in_proportion_to_its_size(hostile):
    def refused(size):
        reading = read(f"+++\n{hostile(size)}\n+++\n\n## Letter\n\nWe ask.")
        assert reading.content is None
        told(reading)

    small, large = (seconds(lambda size=size: refused(size)) for size in (40_000, 160_000))
    assert large < 10 * small + 0.2  # in proportion 4, by its square 16
