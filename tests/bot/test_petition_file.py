"""Petition files with front matter: what is read, and what is said about what is wrong."""

from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest

from bot.document import Heading, plain
from bot.markdown import blocks
from bot.model.holding import HoldRules
from bot.model.petition import Ask, Reach, Text, TotalsMode
from bot.petition_file import holds
from bot.petition_file.fields import KEYS
from bot.petition_file.keys import EXAMPLES
from bot.petition_file.reading import Format, read_petition
from bot.petition_file.write import write_petition
from bot.words import petition_file as said
from bot.words.catalog import Words
from tests.bot.petition_files import WHOLE, lines, only_error, read, with_key, with_keys

EXAMPLE = (files("bot") / "examples" / "end-287g.md").read_bytes()


# -------------------------------------------------------------------------------------- what is read


def test_every_key_is_read():
    reading = read(WHOLE)
    content = reading.content
    assert lines(reading) == []
    assert reading.problems == ()
    assert reading.format is Format.FRONT_MATTER
    assert content.slug == "library"
    assert content.sponsors == ("Friends of the Library", "Readers United")
    assert (content.goal, content.milestones) == (1000, (100, 500))
    assert content.opens == datetime(2027, 3, 1, 8, tzinfo=UTC)
    assert content.closes == datetime(2027, 6, 1, 3, tzinfo=UTC)
    assert content.closes.tzinfo is UTC
    assert content.contact == "a@example.org"
    assert content.reach == (Reach.ORGANISERS, Reach.EVERYONE)
    assert content.ask == Ask("Where?", ("North", "South"))
    assert content.totals is TotalsMode.HOURLY
    assert content.hold == HoldRules(account_days=7, lookalikes=True, names=("Boris the Animal",))


def test_the_body_is_the_background_and_the_letter_with_its_headings():
    english, spanish = read(WHOLE).content.texts
    assert english == Text(
        "en",
        "Keep our library open",
        "Mayor Example",
        "Why it *matters*.",
        "We ask you to keep it open.\n\n### And more\n\nThank you.",
        "We keep your name for 30 days.",
    )
    assert spanish.letter == "Le pedimos esto.\n\nY esto."
    assert spanish.privacy == "Guardamos su nombre 30 días."
    assert any(isinstance(block, Heading) for block in blocks(english.letter))


def test_title_addressee_and_letter_are_enough():
    content = read(with_keys('title = "Keep it open"', 'to = "The mayor"')).content
    assert content.slug == "keep-it-open"
    assert content.reach == (Reach.ADDRESSEE, Reach.ORGANISERS, Reach.EVERYONE)
    assert (content.goal, content.milestones, content.ask, content.opens) == (None, (), None, None)
    assert (content.contact, content.texts[0].privacy, content.texts[0].background) == ("", "", "")


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("End all 287(g) contracts!", "end-all-287g-contracts"),
        ("¡Más árboles, menos coches!", "mas-arboles-menos-coches"),
        ("Straße & Smørrebrød", "strasse-smorrebrod"),
        (
            "A very long title that goes on and on and never comes to its end",
            "a-very-long-title-that-goes-on-and-on",
        ),
        ("a" * 60, "a" * 40),
    ],
)
def test_a_short_name_is_made_of_the_title(title, slug):
    assert read(with_keys(f'title = "{title}"', 'to = "The mayor"')).content.slug == slug


def test_what_the_file_names_no_language_for_is_in_the_usual_one():
    assert read(with_key(""), language="fr").content.texts[0].language == "fr"


def test_windows_line_ends_a_byte_order_mark_and_empty_lines_above_make_no_difference():
    windows = b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode()
    assert read(windows).content == read(WHOLE).content
    assert read("\n \n" + WHOLE).content == read(WHOLE).content
    assert read(WHOLE.replace("\n", "\r")).content == read(WHOLE).content


def test_text_is_stored_composed():
    assert read(WHOLE.replace("qué", "que\u0301")).content == read(WHOLE).content


def test_what_is_written_reads_back_the_same():
    content = read(WHOLE).content
    assert read(write_petition(content)).content == content


def test_a_letter_in_spanish_may_have_a_spanish_heading():
    assert read(with_key("").replace("## Letter", "## Carta")).content.texts[0].letter == "We ask."


def test_the_heading_may_be_underlined_and_code_that_looks_like_it_is_none():
    body = "```\n## Letter\n```\n\nLetter\n------\n\nWe ask."
    text = with_key("").replace("## Letter\n\nWe ask.", body)
    own = read(text).content.texts[0]
    assert (own.background, own.letter) == ("```\n## Letter\n```", "We ask.")


def test_a_translation_needs_no_background_where_the_petition_has_none():
    text = with_key('[translations.pt-br]\ntitle = "A"\nto = "B"\nletter = "C"')
    assert read(text).content.texts[1] == Text("pt-BR", "A", "B", "", "C")


def test_an_empty_translation_says_nothing():
    assert len(read(with_key("[translations.es]")).content.texts) == 1


# ------------------------------------------------------------------------------------- the example


def test_the_example_petition_is_complete_in_english_and_spanish():
    reading = read(EXAMPLE)
    assert reading.problems == ()
    content = reading.content
    assert [text.language for text in content.texts] == ["en", "es"]
    assert content.texts[0].to == "President Obama & DHS Secretary Jeh Johnson"
    assert content.goal
    assert content.milestones
    assert content.ask
    assert "287(g)" in plain(blocks(content.texts[0].letter))
    assert len(blocks(content.texts[0].letter)) == len(blocks(content.texts[1].letter))


def test_the_example_mentions_every_key():
    text = EXAMPLE.decode()
    keys = [
        "title",
        "to",
        "slug",
        "sponsors",
        "goal",
        "milestones",
        "opens",
        "closes",
        "contact",
        "privacy",
        "reach",
        "ask",
        "totals",
        "hold",
        "language",
    ]
    assert [key for key in keys if f"\n{key} = " not in text and f"\n# {key} = " not in text] == []


def test_the_commented_keys_of_the_example_are_right_too():
    text = EXAMPLE.decode()
    for key in ("sponsors", "opens", "closes", "contact", "privacy", "totals"):
        text = text.replace(f"\n# {key} = ", f"\n{key} = ")
    assert lines(read(text)) == []


# -------------------------------------------------------------------------------------- wrong keys


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("gaol = 5", said.UNKNOWN_KEY_MEANT),
        ('addressee = "x"', said.UNKNOWN_KEY_MEANT),
        ("zzz = 5", said.UNKNOWN_KEY),
        ("goal = 0", said.NOT_FROM_TO),
        ("goal = -5", said.NOT_FROM_TO),
        ("goal = 10_000_000_000", said.NOT_FROM_TO),
        ("goal = true", said.WRITE_IT_SO),
        ("goal = 1e3", said.WRITE_IT_SO),
        ('goal = "1000"', said.WRITE_IT_SO),
        ("milestones = 100", said.WRITE_IT_SO),
        ("milestones = [10, 5]", said.NOT_INCREASING),
        ("milestones = [5, 5]", said.NOT_INCREASING),
        ("milestones = [0, 5]", said.NOT_FROM_TO),
        ('milestones = [1, "2"]', said.WRITE_IT_SO),
        (f"milestones = {list(range(1, 102))}", said.TOO_MANY),
        ('sponsors = "A"', said.WRITE_IT_SO),
        ('sponsors = ["A", ""]', said.WRITE_IT_SO),
        (f'sponsors = ["{"a" * 201}"]', said.TOO_LONG),
        ("opens = 2027-03-01T08:00:00", said.NO_OFFSET),
        ("opens = 2027-03-01", said.NO_TIME),
        ('opens = "2027-03-01T08:00:00Z"', said.QUOTED_TIME),
        ('opens = "2027-03-01 08:00"', said.QUOTED_TIME),
        ('opens = "2027-13-01 08:00"', said.WRITE_IT_SO),
        ('opens = "tomorrow"', said.WRITE_IT_SO),
        ("opens = 08:00:00", said.WRITE_IT_SO),
        ("opens = 0001-01-01T00:00:00+10:00", said.WRITE_IT_SO),
        ("closes = 2026-10-01T12:00:00Z", said.CLOSES_IN_THE_PAST),
        ("closes = 2027-01-01T00:00:00Z\nopens = 2027-01-01T00:00:00Z", said.CLOSES_FIRST),
        ("contact = 5", said.WRITE_IT_SO),
        (f'privacy = "{"a" * 1001}"', said.TOO_LONG),
        ('reach = ["world"]', said.UNKNOWN_CHOICE),
        ('reach = ["everyone", "everyone"]', said.REACH_TWICE),
        ("reach = []", said.NO_REACH),
        ('reach = "everyone"', said.WRITE_IT_SO),
        ('totals = "daily"', said.UNKNOWN_CHOICE),
        ('ask = "Where?"', said.WRITE_IT_SO),
        ('ask = { question = "Where?", options = ["North"] }', said.HOW_MANY_OPTIONS),
        ('ask = { question = "Where?" }', said.HOW_MANY_OPTIONS),
        ('ask = { options = ["a", "b"] }', said.MISSING_KEY),
        ('ask = { question = "", options = ["a", "b"] }', said.EMPTY_KEY),
        ('ask = { question = "Where?", options = ["a", "A"] }', said.OPTION_TWICE),
        ('ask = { question = "Where?", options = "a" }', said.WRITE_IT_SO),
        ('ask = { question = "Where?", options = ["a", 2] }', said.WRITE_IT_SO),
        ('ask = { question = "Where?", options = ["a", "b"], other = 1 }', said.UNKNOWN_KEY),
        (f'ask = {{ question = "Where?", options = {[str(n) for n in range(26)]} }}', said.HOW_MANY_OPTIONS),
        (f'ask = {{ question = "Where?", options = ["a", "{"b" * 101}"] }}', said.TOO_LONG),
        (f'ask = {{ question = "{"b" * 101}", options = ["a", "b"] }}', said.TOO_LONG),
        ('hold = "new accounts"', said.WRITE_IT_SO),
        ("hold = { account_days = 7 }", said.UNKNOWN_KEY_MEANT),
        ("hold = { account_age_days = 0 }", said.NOT_FROM_TO),
        ('hold = { account_age_days = "7" }', said.WRITE_IT_SO),
        ("hold = { membership_age_days = 3651 }", said.NOT_FROM_TO),
        ("hold = { community_per_minute = true }", said.WRITE_IT_SO),
        ("hold = { lookalike_names = 1 }", said.WRITE_IT_SO),
        ('hold = { listed_names = "yes" }', said.WRITE_IT_SO),
        ('hold = { names = "Mickey Mouse" }', said.WRITE_IT_SO),
        ('hold = { names = ["Mickey Mouse", "!?"] }', said.NO_WORD),
        (f"hold = {{ names = {['ab'] * 101} }}", said.TOO_MANY),
        (f'hold = {{ names = ["{"b" * 101}"] }}', said.TOO_LONG),
        ('language = "xx"', said.UNKNOWN_LANGUAGE),
        ('language = "Klingon"', said.UNKNOWN_LANGUAGE),
        ('slug = "Keep It"', said.BAD_SLUG),
        ('slug = "a"', said.BAD_SLUG),
        ('slug = "-ab"', said.BAD_SLUG),
        (f'slug = "{"a" * 41}"', said.BAD_SLUG),
        ('contact = "a\\u202Eb"', said.ESCAPED_CHARACTER),
        ('contact = "a\\u0007b"', said.ESCAPED_CHARACTER),
        ("translations = 5", said.WRITE_IT_SO),
        ("\n".join(f"translations.a{n} = {{}}" for n in range(41)), said.TOO_MANY),
        ("translations.es = 5", said.WRITE_IT_SO),
        ('[translations.xx]\ntitle = "x"', said.UNKNOWN_LANGUAGE),
        ('[translations.en]\ntitle = "x"', said.LANGUAGE_TWICE),
        ('[translations.es]\ntitle = "x"', said.HALF_A_TRANSLATION),
        ('[translations.es]\nprivacy = "x"', said.HALF_A_TRANSLATION),
        ('[translations.es]\ntitle = "x"\nto = "y"\nletter = "  "', said.HALF_A_TRANSLATION),
        ('[translations.es]\ntitle = "x"\nto = "y"\nletter = "***"', said.EMPTY_LETTER),
        ('[translations.es]\ntitle = 1\nto = "y"\nletter = "x"', said.WRITE_IT_SO),
        ('[translations.es]\ntitle = "x"\nto = "y"\nletter = "z"\nlettr = "z"', said.UNKNOWN_KEY_MEANT),
    ],
)
def test_a_wrong_key_is_one_clear_line_and_nothing_is_kept(key, message):
    error = only_error(with_key(key))
    assert error.message == message
    assert error.line >= 4
    assert "\n" not in error.said(Words())


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (['to = "x"'], said.MISSING_KEY),
        (['title = "abc"'], said.MISSING_KEY),
        (['title = ""', 'to = "x"', 'slug = "xy"'], said.EMPTY_KEY),
        (['title = "—!"', 'to = "x"', 'slug = "xy"'], said.EMPTY_KEY),
        (["title = 5", 'to = "x"'], said.WRITE_IT_SO),
        ([f'title = "{"a" * 201}"', 'to = "x"', 'slug = "xy"'], said.TOO_LONG),
        (['title = "Спасите библиотеку"', 'to = "x"'], said.NO_SLUG),
        (['title = "救救图书馆"', 'to = "x"'], said.NO_SLUG),
    ],
)
def test_title_and_addressee_must_say_something(keys, message):
    assert only_error(with_keys(*keys)).message == message


def test_all_that_is_wrong_is_told_at_once_each_on_its_line():
    text = "\n".join(  # noqa: FLY002 - one a line shows which line it is
        [
            "+++",  # 1
            "# title is missing",
            'to = "x"',
            "goal = 0",
            "milestones = [",
            "  5,  # ] and [ in a comment",
            "  5]",
            'letter = """',
            "goal = 3 ## no key of its own",
            '"""',
            "[translations.es]",  # 11
            'title = "x"',
            "[translations.qq]",
            "+++",
            "No letter at all.",
        ]
    )
    assert lines(read(text)) == [
        'line 1: `title` is missing. Add a line such as title = "Keep our library open"',
        "line 4: `goal` takes whole numbers from 1 to 1,000,000,000",
        "line 5: `milestones` must grow from each number to the next, without repeating one",
        "line 8: `letter` stands below the front matter: first the background, then `## Letter` and the letter",
        "line 11: the translation es lacks to, background, letter. Complete it, or take it out as a whole",
        "line 13: qq is not the code of a language. Write one such as en, es or pt-BR",
        "line 15: the letter is missing. Put a line `## Letter` above it",
    ]


@pytest.mark.parametrize("key", ["slug = 'ab'", "'slug' = 'ab'", '"slug"="ab"'])
def test_lines_are_right_below_texts_of_many_lines(key):
    text = with_key(f'privacy = """\nslug = \'\'\'\n\\""" #[ """\n{key}\ngoal = 0')
    assert only_error(text).line == 8
    assert only_error(text).values["key"] == "goal"


# ------------------------------------------------------------------------------------ wrong structure


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('+++\ntitle = "x"\n', 1, said.NOT_CLOSED),
        ("+++", 1, said.NOT_CLOSED),
        ("---\ntitle: x\n---\n\n## Letter\n\nx", 1, said.YAML),
        ('\ntitle = "x"\nto = "y"\n+++\n', 2, said.NO_FENCE),
        ('A title\n\n+++\ntitle = "x"\n+++\n', 3, said.FENCE_NOT_FIRST),
        ('title = "x"\nto = "y"\n\nText', 1, said.NO_FENCE),
        (with_key("").replace("## Letter", "### Letter"), 7, said.NO_LETTER),
        (with_key("").replace("## Letter", "**Letter:**"), 7, said.NO_LETTER),
        (with_key("").replace("## Letter", "> ## Letter"), 7, said.NO_LETTER),
        (with_keys('title = "abc"', 'to = "y"', letter=""), 6, said.EMPTY_LETTER),
        (
            with_keys('title = "abc"', 'to = "y"', letter="***\n\n<br>\n".replace("<br>", "…")),
            6,
            said.EMPTY_LETTER,
        ),
        (with_key("") + "\n## Letter\n\nAgain", 11, said.SECOND_LETTER),
        (with_key("") + '\n+++\ntitle = "x"\n+++\n', 11, said.SECOND_FRONT_MATTER),
        (with_key("title = x"), 4, said.NOT_TOML),
        (with_key("goal: 5"), 4, said.NOT_TOML),
        (with_key("goal = [1,"), 4, said.NOT_TOML),
        (with_key('contact = "a'), 4, said.NOT_TOML),
        (with_key("goal = " + "9" * 5000), None, said.NOT_TOML),
        (with_key("goal = " + "[" * 50_000), None, said.NOT_TOML),
        (with_key('title = "again"'), 4, said.KEY_TWICE),
        (with_key("[ask]\n[ask]"), 5, said.KEY_TWICE),
        (with_keys('title = "abc"', 'to = "y"', letter="a" * 100_001), 6, said.TOO_LONG),
        (with_key("").replace("## Letter", "b" * 100_001 + "\n\n## Letter"), 6, said.TOO_LONG),
    ],
)
def test_a_wrong_structure_is_one_clear_line(text, line, message):
    error = only_error(text)
    assert error.message == message
    assert line is None or error.line == line
    assert len(error.said(Words())) < 250


def test_what_is_wrong_below_the_front_matter_is_told_even_if_that_can_not_be_read():
    reading = read(with_key("goal: 5").replace("## Letter", ""))
    assert [error.message for error in reading.errors] == [said.NOT_TOML, said.NO_LETTER]


def test_very_many_problems_are_not_all_told():
    reading = read(with_key("\n".join(f"key{n} = 1" for n in range(500))))
    assert len(reading.problems) == 41
    assert reading.problems[-1].said(Words()) == "and 460 more problems"
    assert reading.content is None


# ------------------------------------------------------------------------------------------- notes


def test_an_opening_time_that_is_past_is_noted():
    reading = read(with_key("opens = 2026-09-01T00:00:00Z"))
    assert [note.message for note in reading.notes] == [said.OPENS_IN_THE_PAST]
    assert reading.content is not None


def test_a_privacy_line_that_is_not_translated_is_noted():
    reading = read(WHOLE.replace('privacy = "Guardamos su nombre 30 días."\n', ""))
    assert [note.message for note in reading.notes] == [said.PRIVACY_NOT_TRANSLATED]
    assert reading.content is not None


# ------------------------------------------------------------------------------------------ editing


def test_an_edit_keeps_the_short_name_that_the_file_leaves_out():
    before = read(WHOLE).content
    assert read(WHOLE.replace('slug = "library"\n', ""), before=before).content == before


def test_an_edit_can_not_change_the_short_name():
    before = read(WHOLE).content
    error = only_error(WHOLE.replace('"library"', '"other"'), before=before)
    assert (error.message, error.line) == (said.SLUG_IS_FIXED, 4)


def test_an_edit_may_leave_times_that_have_passed():
    before = read(WHOLE).content
    later = datetime(2028, 1, 1, tzinfo=UTC)
    assert read_petition(WHOLE.encode(), now=later, before=before).problems == ()
    changed = WHOLE.replace("2027-05-31", "2027-05-30").encode()
    assert read_petition(changed, now=later, before=before).errors[0].message == said.CLOSES_IN_THE_PAST


# ----------------------------------------------------------------------------------- the documentation

DOCS = (Path(__file__).parents[2] / "docs" / "petition-file.md").read_text("utf-8")


@pytest.mark.parametrize("fence", ["text", "markdown"])
def test_the_documented_files_are_right(fence):
    assert lines(read(DOCS.partition(f"```{fence}\n")[2].partition("\n```")[0])) == []


def test_each_rule_that_holds_is_documented():
    for key in holds.KEYS:
        assert f"| `{key}` |" in DOCS
    example = DOCS.partition("[hold]\n")[2].partition("```")[0]
    written = with_keys('title = "Keep it open"', 'to = "The mayor"', "[hold]", example)
    assert lines(read(written)) == []
    assert dict(holds.rules(read(written).content.hold)).keys() == holds.KEYS.keys()


def test_an_error_in_a_rule_is_told_with_its_line():
    problem = only_error(
        with_keys('title = "Keep it open"', 'to = "The mayor"', "[hold]", "account_age_days = -1")
    )
    assert problem.said(Words()) == "line 5: `hold.account_age_days` takes whole numbers from 1 to 3,650"


@pytest.mark.parametrize("key", [key for key in KEYS if key != "translations"])
def test_every_key_is_documented_with_an_example_that_is_right(key):
    row = next(line for line in DOCS.split("\n") if line.startswith(f"| `{key}` |"))
    assert lines(read(only_key(key, row.split("|")[2].strip().strip("`")))) == []


def only_key(key, example):
    required = {"title": 'title = "Keep it open"', "to": 'to = "The mayor"'}
    return with_keys(*{**required, key: example}.values())


@pytest.mark.parametrize("key", KEYS)
def test_the_examples_that_reports_show_are_right(key):
    if EXAMPLES[key]:
        assert lines(read(only_key(key, EXAMPLES[key]))) == []
