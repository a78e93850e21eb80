"""What a typed line means, given what is on the screen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.console.screen import Screen, numbered, person
from adapters.console.translate import Again, As, Language, NoButton, Quit, SeveralButtons, translate
from bot.answer import Button
from bot.commands import COMMANDS
from bot.inbound import Command, Press, Suggest, Typed
from tests.adapters.console.fakes import SPECS, button, page

CARD = Screen({1: button("Sign as Ana"), 2: button("Another name")})
ASKING = Screen({1: button("Back")}, asked=True)
LINES = st.text() | st.text(alphabet=st.sampled_from(list("/1 asign?\n\t\ufeff٣")), max_size=12)


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("/sign", Command("sign")),
        ("  /SIGN  ", Command("sign")),
        ("\ufeff/sign", Command("sign")),
        ("/sign end all contracts", Command("sign", {"which": "end all contracts"})),
        ("/sign   end  all ", Command("sign", {"which": "end  all"})),
        ("/announce all\tWe did it!", Command("announce", {"which": "all", "text": "We did it!"})),
        ("/announce all", Command("announce", {"which": "all"})),
        ("/announce all Are you in ?", Command("announce", {"which": "all", "text": "Are you in ?"})),
        ("/totals whatever else", Command("totals")),
        ("/totals ?", Command("totals")),
        ("/nonsense 1 2", Command("nonsense")),
        ("/ sign", Typed("/ sign")),
        ("/", Typed("/")),
        ("/sign ?", Suggest("sign", "which", "")),
        ("/sign end a ?", Suggest("sign", "which", "end a")),
        ("/announce ?", Suggest("announce", "which", "")),
        ("/sign really?", Command("sign", {"which": "really?"})),
        ("/as Ana  María", As("Ana María")),
        ("/as", As("")),
        ("/language es", Language("es")),
        ("/language", Language("")),
        ("/again", Again()),
        ("/quit", Quit()),
        ("/exit", Quit()),
        ("1", Press("sign as ana")),
        ("/2", Press("another name")),
        ("٢", Press("another name")),
        ("another  NAME", Press("another name")),
        ("another", Typed("another")),
        ("3", NoButton(3)),
        ("/0", NoButton(0)),
        ("12345", Typed("12345")),
        ("hello", Typed("hello")),
        ("", None),
        (" \t", None),
    ],
)
def test_a_line_is_a_command_a_press_a_wish_or_text(line, meaning):
    assert translate(line, CARD, SPECS) == meaning


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("1", Typed("1")),
        ("back", Typed("back")),
        ("/ and so on", Typed("/ and so on")),
        ("/1", Press("back")),
        ("/sign", Command("sign")),
        ("/as Ben", As("Ben")),
    ],
)
def test_what_a_page_asks_for_is_taken_literally_but_for_commands(line, meaning):
    assert translate(line, ASKING, SPECS) == meaning


def test_a_label_that_two_buttons_have_presses_neither():
    screen = Screen({1: button("Withdraw", "a"), 2: button("Withdraw", "b"), 3: button("Keep", "c")})
    assert translate("withdraw", screen, SPECS) == SeveralButtons()
    assert translate("2", screen, SPECS) == Press("b")


def test_a_label_shown_twice_for_the_same_thing_presses_it():
    screen = Screen({1: button("Sign", "a"), 2: button("Sign", "a")})
    assert translate("sign", screen, SPECS) == Press("a")


def test_buttons_that_open_an_address_have_no_number():
    site = Button("Site", url="https://example.org")
    shown = page("", "Sign", "Read")
    assert [*numbered(shown, 3)] == [3, 4]
    assert numbered(type(shown)((), ((site,), *shown.buttons)), 1) == {1: button("Sign"), 2: button("Read")}


def test_upper_and_lower_case_are_one_person_and_only_the_moderator_moderates():
    assert person("ANA").account == person("Ana").account
    assert str(person("Ana María").account) == "console:ana maría"
    assert [person(name).moderates for name in ("moderator", "Moderator", "organiser", "Ana")] == [1, 1, 0, 0]


@given(LINES, st.sampled_from([Screen(), CARD, ASKING]))
def test_any_line_means_something_unless_it_is_empty(line, screen):
    meaning = translate(line, screen, SPECS)
    assert (meaning is None) == (not line.removeprefix("\ufeff").strip())


@given(LINES)
def test_text_that_is_asked_for_arrives_whole(line):
    meaning = translate(line, ASKING, SPECS)
    if isinstance(meaning, Typed):
        assert meaning.text == line.removeprefix("\ufeff").strip()
    else:
        assert meaning is None or line.removeprefix("\ufeff").strip().startswith("/")


# --- files ---


def specs():
    return {spec.name: spec for spec in COMMANDS}


async def test_a_file_is_named_by_its_path(tmp_path):
    page = tmp_path / "page.txt"
    page.write_text("Keep the park")
    new = translate(f"/new {page}", CARD, specs())
    edit = translate(f"/edit the park {page}", CARD, specs())
    assert (new.name, new.arguments, new.attached.name, new.attached.size) == ("new", {}, "page.txt", 13)
    assert (edit.arguments, edit.attached.name) == ({"which": "the park"}, "page.txt")
    assert await edit.attached.read() == b"Keep the park"
    page.unlink()
    with pytest.raises(ConnectionError):
        await edit.attached.read()


@pytest.mark.parametrize("path", ["", "nowhere.txt", "x" * 5000, "~nobody/x", "a\0b"])
def test_what_is_no_file_is_a_word_like_others(path):
    assert translate(f"/new {path}", CARD, specs()).attached is None
    assert translate(f"/edit the {path}", CARD, specs()).arguments == {"which": f"the {path}".strip()}
