"""Which signatures wait for review, and that an honest name in any script never does."""

import sys
import unicodedata
from datetime import timedelta

import pytest
from disarm import Script, detect_scripts
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.holding import rules_hit
from bot.holding.listed import kept
from bot.holding.lookalikes import mixes_scripts, skeleton
from bot.model.account import Account, Actor
from bot.model.holding import HoldRules, Rule
from bot.names import clean_name
from tests.bot.fakes import NOON, PARK
from tests.bot.test_names import EVERYONE

ALL = HoldRules(account_days=7, membership_days=2, lookalikes=True, listed=True, names=("Boris the Animal",))
OLD = Actor(Account("test", "1"), since=NOON - timedelta(days=900), joined=NOON - timedelta(days=90))
LETTER = replace(
    PARK,
    texts=(
        replace(PARK.texts[0], to="Honorable Mayor Jane Doe-Roe, City Council"),
        replace(PARK.texts[1], to="Bishop"),
    ),
    sponsors=("Friends of the Library",),
    hold=ALL,
)


def held(name="Ana López", actor=OLD, *, also=(), **rules):
    content = replace(LETTER, hold=replace(ALL, **rules))
    return rules_hit(content, actor, name, NOON, also)


# --- the age of an account ---


def test_an_account_made_yesterday_waits():
    young = replace(OLD, since=NOON - timedelta(days=6, hours=23))
    assert held(actor=young) == {Rule.ACCOUNT_AGE}
    assert held(actor=replace(OLD, since=NOON - timedelta(days=7))) == frozenset()


def test_who_came_to_the_community_for_this_waits():
    assert held(actor=replace(OLD, joined=NOON - timedelta(minutes=5))) == {Rule.MEMBERSHIP_AGE}


def test_nobody_waits_for_what_the_platform_does_not_tell():
    assert held(actor=Actor(Account("test", "1"))) == frozenset()


def test_a_clock_that_runs_late_holds_nobody_for_ever():
    assert held(actor=replace(OLD, since=NOON + timedelta(seconds=3))) == {Rule.ACCOUNT_AGE}


def test_a_petition_without_rules_holds_nobody():
    content = replace(LETTER, hold=HoldRules())
    young = Actor(Account("test", "1"), since=NOON, joined=NOON)
    assert rules_hit(content, young, "Mickey Mouse", NOON) == frozenset()


def test_each_rule_is_the_petitions_own_choice():
    assert held("Mickey Mouse", listed=False) == frozenset()
    assert held("Аnа", lookalikes=False) == frozenset()
    assert held("Boris the Animal", names=()) == frozenset()
    young = replace(OLD, since=NOON, joined=NOON)
    assert held(actor=young, account_days=None, membership_days=None) == frozenset()


def test_all_that_holds_a_signature_is_told():
    assert held("Mickey Моusе", replace(OLD, since=NOON)) == {Rule.ACCOUNT_AGE, Rule.LOOKALIKE}


# --- names that look like others ---


@pytest.mark.parametrize(
    "name", ["Аnа López", "Jоhn Smith", "O'Νeill", "Jаne Dоe", "Ivаn", "Мария Pеtrova", "Taroカ한"]
)
def test_a_name_with_letters_from_another_script_within_a_word_waits(name):
    assert held(name) == {Rule.LOOKALIKE}


@pytest.mark.parametrize(
    "name",
    ["山田Taro", "김Kim", "Мария Maria", "محمد Mohammed", "Kim 김민준", "李小龙 Bruce Lee", "ター子", "王ㄅ"],
)
def test_who_writes_their_name_in_two_scripts_signs(name):
    assert held(name) == frozenset()


@pytest.mark.parametrize(
    "name", ["Јаnе Dое-Rое", "Jane Doe‐Roe Маyоr", "Вishор", "City Соunсil", "Friends of the Lіbrary"]
)
def test_a_name_that_is_taken_for_the_addressees_or_a_sponsors_waits(name):
    assert Rule.LOOKALIKE in held(name)


def test_a_look_alike_without_mixed_words_is_seen_too():
    assert not mixes_scripts("Оса")
    content = replace(LETTER, texts=(replace(PARK.texts[0], to="Oca"),))
    assert rules_hit(content, OLD, "Оса", NOON) == {Rule.LOOKALIKE}
    assert skeleton("Exarnple") == skeleton("Example")


@pytest.mark.parametrize(("script", "name"), EVERYONE)
def test_no_name_of_anybody_waits(script, name):
    assert held(name) == frozenset()


SCRIPTS = sorted({script.value for script in Script} - {"Common", "Inherited"})
LETTERS = {script: [] for script in SCRIPTS}
for char in map(chr, range(0xA0, sys.maxunicode)):
    if unicodedata.category(char)[0] == "L" and (found := detect_scripts(char)):
        LETTERS[found[0].value].append(char)
LETTERS["Latin"] += [*"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"]


@st.composite
def names(draw):
    """Words of the letters of one script, in their stored form."""
    letters = st.sampled_from(LETTERS[draw(st.sampled_from([each for each in SCRIPTS if LETTERS[each]]))])
    words = draw(st.lists(st.text(letters, min_size=4, max_size=12), min_size=1, max_size=4))
    return unicodedata.normalize("NFC", draw(st.sampled_from([" ", "-", "\u00b7"])).join(words))


@given(names())
def test_no_name_in_letters_of_one_script_mixes_scripts(name):
    assert not mixes_scripts(name)


@given(names(), st.integers(0, 40))
def test_a_cyrillic_letter_within_a_latin_word_never_passes(name, at):
    assert mixes_scripts("Maria" + "\u0430" + "n" * at)


# --- names on a list ---


@pytest.mark.parametrize(
    "name", ["Mickey Mouse", "MICKEY MOUSE", "Mickey-Mouse", "Mickey Mouse, Jr.", "Дед Мороз", "Nobody"]
)
def test_an_invented_name_waits(name):
    assert held(name) == {Rule.LISTED_NAME}


@pytest.mark.parametrize(
    "name", ["Fuck You", "Puta Madre Ana", "Maricón", "MARICÓN", "Scheisse", "Scheiße", "Сука Иван"]
)
def test_a_slur_waits_whatever_its_case(name):
    assert held(name) == {Rule.LISTED_NAME}


@pytest.mark.parametrize(
    "name",
    [
        "Ann Scunthorpe", "Dick Clitheroe", "Kike Hernández", "San Cono", "Nino Negro", "Ana Moro", "Ernst Neger",
        "Robert Puta", "Andrea Verga", "Shital Shah", "Mitsuko Shitō", "Penny Stone", "Lester Sussex", "Nazi Bahrami",
        "Bishop Johnson", "Ron Bishop", "Jane Doering", "Jane Roe", "Mayor Sanchez", "Santa Cruz", "Мария Сукачёва",
        "Hans Wichser", "Harry Potter", "Fuku Cockburn", "Carmen Bastardo", "Anna Anonymou", "Ashit Bose",
    ],
)  # fmt: skip
def test_a_word_within_a_name_or_a_name_like_a_word_is_no_slur(name):
    assert held(name) == frozenset()


@pytest.mark.parametrize(
    "name",
    [
        "Jane Doe-Roe",
        "jane doe roe",
        "Mayor Jane Doe-Roe",
        "Ms Jáne Dœ-Roe",
        "City Council",
        "Bishop",
        "Friends of the Library",
    ],
)
def test_the_addressees_own_name_and_a_sponsors_wait(name):
    assert held(name) == {Rule.LISTED_NAME}


@pytest.mark.parametrize(
    ("to", "name"),
    [
        ("President Obama & DHS Secretary Jeh Johnson", "Jeh Johnson"),
        ("The Honorable Jane Doe", "jane doe"),
        ("Sra. Alcaldesa Ana Ruiz Mora, Ayuntamiento", "Ana Ruiz Mora"),
        ("Frau Bundeskanzlerin Erika Roth", "Erika Roth"),
    ],
)
def test_who_is_addressed_is_known_without_titles(to, name):
    content = replace(LETTER, texts=(replace(PARK.texts[0], to=to),))
    assert rules_hit(content, OLD, name, NOON) == {Rule.LISTED_NAME}
    assert rules_hit(content, OLD, name.split()[-1] + " Miller", NOON) == frozenset()


def test_a_petition_and_the_configuration_add_names():
    assert held("Boris the Animal") == {Rule.LISTED_NAME}
    assert held("BORIS THE ANIMAL Jr.", listed=False) == {Rule.LISTED_NAME}
    assert held("Boris Animal") == frozenset()
    assert held("Ru\ufb01na Fierro", names=("Rufina Fierro",)) == {Rule.LISTED_NAME}
    assert held("Rosa Roja", also=("rosa roja",)) == {Rule.LISTED_NAME}
    assert held("Rosa Roja", also=("rosa roja",), listed=False) == frozenset()


@pytest.mark.parametrize("name", ["slurs", "invented"])
def test_every_entry_of_a_kept_list_can_be_typed_as_a_name_and_waits(name):
    entries = kept(name)
    assert len(entries.known) > 20
    for words in entries.known:
        typed = " ".join(words)
        assert clean_name(typed) == typed
        assert held(typed) == {Rule.LISTED_NAME}
