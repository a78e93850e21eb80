"""`undersigned petition add | update | list | show`, as an organiser works with them."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot import app
from bot.operations import terminal
from tests.bot.operations.conftest import PAGE, configure, settings_here, sign, stored, write_petition

# --- add ---


def test_adding_tells_what_was_understood_and_what_comes_next(ready):
    done = ready("petition", "add", write_petition(keys='sponsors = ["The readers"]\ngoal = 1200'))
    assert done.code == 0
    said = " ".join(done.out.split())
    assert "Added: library, draft" in said
    for part in ("Title: Save the library", "To: The town council", "Sponsors: The readers", "Languages: en",
                 "Letter: 1 paragraph, 5 words", "Goal: 1,200"):  # fmt: skip
        assert part in said
    assert f"Text version (en): {stored().content.texts[0].version[:12]}" in said
    assert "Next: undersigned petition show library, then: undersigned petition open library" in said


def test_a_plain_petition_page_is_read_too(ready):
    Path("page.txt").write_text(PAGE, "utf-8")
    done = ready("petition", "add", "page.txt")
    assert done.code == 0, done.err
    assert "note: " in done.out
    assert "Your Name" in done.out


def test_contact_and_privacy_come_from_the_config_where_the_petition_has_none(ready):
    configure(contact="us@example.org", privacy="We tell nobody.")
    done = ready("petition", "add", write_petition())
    assert not done.err
    content = stored().content
    assert (content.contact, content.texts[0].privacy) == ("us@example.org", "We tell nobody.")


def test_what_the_petition_says_itself_wins(ready):
    configure(contact="us@example.org", privacy="We tell nobody.")
    ready("petition", "add", write_petition(keys='contact = "me@example.org"\nprivacy = "I tell nobody."'))
    content = stored().content
    assert (content.contact, content.texts[0].privacy) == ("me@example.org", "I tell nobody.")


def test_what_nobody_says_is_warned_of(ready):
    done = ready("petition", "add", write_petition())
    assert done.code == 0
    assert "! There is no contact" in done.err
    assert "! There is no privacy line: " in done.err


def test_a_privacy_line_that_one_language_lacks_is_missed_in_that_one(ready):
    spanish = (
        '[translations.es]\ntitle = "No"\nto = "Consejo"\nbackground = "Sí."\nletter = "Dejen la biblioteca."'
    )
    done = ready("petition", "add", write_petition(keys=f'privacy = "We tell nobody."\n{spanish}'))
    assert "! There is no privacy line in es: " in done.err


def test_an_opening_time_to_come_is_said_to_act_by_itself(ready):
    done = ready("petition", "add", write_petition(keys="opens = 2099-01-01T00:00:00Z"))
    assert "It opens by itself on 2099-01-01 00:00 UTC. Sooner: undersigned petition open library" in done.out


def test_an_opening_time_that_is_past_opens_at_once_and_says_so(ready):
    done = ready("petition", "add", write_petition(keys="opens = 2001-01-01T00:00:00Z"))
    assert "Added: library, open" in done.out
    assert "It takes signatures from now on" in done.out


def test_a_short_name_that_is_taken_leads_to_update(ready):
    ready("petition", "add", write_petition())
    again = ready("petition", "add", write_petition(letter="Another letter."))
    assert again.code == 1
    (line,) = again.error_lines
    assert "undersigned petition update library library.md" in line
    assert stored().content.texts[0].letter == "Please keep the library open."


def test_each_mistake_in_a_file_is_a_line_and_nothing_is_stored(ready):
    Path("bad.md").write_text("+++\ntitel = 'x'\ngoal = 'many'\n+++\nText without a letter\n", "utf-8")
    done = ready("petition", "add", "bad.md")
    assert done.code == 1
    assert len(done.error_lines) >= 3
    assert all(line.startswith("Error: bad.md: ") for line in done.error_lines)
    assert ready("petition", "list").out.startswith("There is no petition yet")


def test_a_file_that_is_not_there_is_one_line(ready):
    done = ready("petition", "add", "nowhere.md")
    assert done.code == 1
    assert done.error_lines == ["Error: nowhere.md: there is no such file. Check the name and the folder"]


# --- update ---


@pytest.fixture
def library(ready):
    """A petition that is open."""
    ready("petition", "add", write_petition())
    ready("petition", "open", "library")
    return ready


def test_updating_shows_the_difference_and_makes_a_new_revision(library):
    done = library(
        "petition", "update", "library", write_petition(letter="Open it on Sundays too.", keys="goal = 5")
    )
    assert done.code == 0, done.err
    assert "goal: none → 5" in done.out
    assert "    - Please keep the library open.\n    + Open it on Sundays too." in done.out
    assert "Updated: library, revision 2" in done.out
    assert stored().content.texts[0].letter == "Open it on Sundays too."


def test_an_edit_after_signing_tells_how_many_signed_which_text_and_wants_a_yes(library):
    sign("Ana", "Ben")
    version = stored().content.texts[0].version[:12]
    edited = write_petition(letter="Open it on Sundays too.")
    asked = library("petition", "update", "library", edited)
    assert asked.code == 2
    assert (
        f"2 people signed the present text (en), version {version}, and stay bound to what they signed."
        in asked.out
    )
    assert "Add --yes" in asked.err
    assert stored().revision == 1
    assert library("petition", "update", "library", edited, "--yes").code == 0
    sign("Cem")
    third = library("petition", "update", "library", write_petition(letter="A third one."))
    assert "2 people signed an earlier text" in third.out
    assert "1 person signed the present text" in third.out


def test_a_background_that_changes_leaves_the_signed_text_as_it_was(library):
    sign("Ana")
    Path("library.md").write_text(Path("library.md").read_text("utf-8").replace("wants", "wishes"), "utf-8")
    done = library("petition", "update", "library", "library.md", "--yes")
    assert "1 person signed the present text (en), version" in done.out
    assert "which stays." in done.out


def test_an_update_that_changes_nothing_says_so(library):
    done = library("petition", "update", "library", "library.md")
    assert (done.code, done.out) == (0, "Nothing to change: the petition says this already.\n")
    assert stored().revision == 1


def test_a_petition_keeps_its_short_name(library):
    Path("library.md").write_text(
        Path("library.md").read_text("utf-8").replace('slug = "library"', 'slug = "books"'), "utf-8"
    )
    done = library("petition", "update", "library", "library.md")
    assert done.code == 1
    assert len(done.error_lines) == 1


def test_updating_what_is_not_there_suggests_what_is(library):
    done = library("petition", "update", "libary", "library.md")
    assert done.code == 1
    assert done.error_lines == ["Error: There is no petition “libary”. Did you mean “library”?"]


def test_every_kind_of_change_is_shown(library):
    ask = 'ask = { question = "Which branch?", options = ["North", "South"] }'
    keys = f'{ask}\nsponsors = ["A", "B"]\ncloses = 2099-01-01T00:00:00Z\nmilestones = [10, 20]'
    spanish = '\n[translations.es]\ntitle = "Biblioteca"\nto = "Al concejo"\nbackground = "x"\nletter = "Por favor."'
    added = library("petition", "update", "library", write_petition(keys=keys + spanish))
    assert added.code == 0, added.err
    for line in ("sponsors: none → A, B", "closes: none → 2099-01-01 00:00 UTC", "milestones: none → 10, 20",
                 "ask: none → Which branch? (North, South)", "es: a new language"):  # fmt: skip
        assert line in added.out
    removed = library("petition", "update", "library", write_petition(keys=keys))
    assert "es: this language goes" in removed.out


# --- list, show ---


def test_the_list_is_a_table_that_scripts_can_read_too(library):
    sign("Ana")
    heading, row = library("petition", "list").out.splitlines()
    assert heading.split() == ["PETITION", "STATE", "SIGNED", "CLOSES", "TITLE"]
    assert row.split() == ["library", "open", "1", "-", "Save", "the", "library"]
    (entry,) = library("petition", "list", "--json").json
    assert (entry["petition"], entry["state"], entry["counted"]) == ("library", "open", 1)


def test_show_prints_all_that_a_signer_can_read(library):
    done = library("petition", "show", "library")
    assert done.code == 0
    for part in (
        "State:",
        "open",
        "The council wants to close it.",
        "Please keep the library open.",
        "Signed:",
    ):
        assert part in done.out


def test_show_speaks_the_language_it_is_asked_for(ready):
    ready("petition", "add", "example-petition.md")
    assert "Les pedimos dos cosas" in ready("petition", "show", "end-287g", "--language", "es").out
    german = ready("petition", "show", "end-287g", "--language", "de")
    assert "We ask you for two things" in german.out
    assert "no text in “de”" in german.err


def test_control_characters_of_a_title_do_nothing_to_the_terminal():
    assert terminal.plain("a\x1b[31mb\u202ec\n") == "a�[31mb�c\n"


# --- two organisers at once ---


@pytest.fixture
def meanwhile(monkeypatch):
    """Somebody sits at the terminal and says yes, but only after something else has happened."""

    def happens(action):
        monkeypatch.setattr("bot.operations.terminal.nobody_to_ask", lambda: False)

        def confirm(_question):
            with ThreadPoolExecutor(1) as other:
                other.submit(action).result()
            return True

        monkeypatch.setattr("typer.confirm", confirm)

    return happens


def edit_elsewhere():
    async def edit():
        async with app.open_ports(settings_here()) as ports:
            petition = await ports.petitions.find("library")
            await ports.petitions.update(
                "library", replace(petition.content, goal=77), seen=petition.revision
            )

    asyncio.run(edit())


def test_an_edit_that_somebody_made_meanwhile_is_not_overwritten(library, meanwhile):
    sign("Ana")
    meanwhile(edit_elsewhere)
    done = library("petition", "update", "library", write_petition(letter="Mine."))
    assert done.code == 1
    assert done.error_lines == [
        "Error: Somebody else changed “library” just now. Nothing was stored; run the command again."
    ]
    assert stored().content.goal == 77
    assert stored().content.texts[0].letter == "Please keep the library open."
