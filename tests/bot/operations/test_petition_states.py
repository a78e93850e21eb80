"""`undersigned petition open | close | reopen | deliver`."""

import pytest

from bot.model.petition import State
from tests.bot.operations.conftest import configure, sign, stored, write_petition

REOPEN = "undersigned petition reopen library"


@pytest.fixture
def draft(ready):
    ready("petition", "add", write_petition())
    return ready


def state():
    return stored().stored_state


def test_opening_lets_people_sign(draft):
    done = draft("petition", "open", "library")
    assert done.code == 0
    assert "Open for signatures: library" in done.out
    sign("Ana")


def test_opening_without_contact_or_privacy_warns_and_opens(draft):
    done = draft("petition", "open", "library")
    assert done.code == 0
    assert "! There is no contact" in done.err
    assert "! There is no privacy line" in done.err


def test_opening_takes_contact_and_privacy_that_the_config_has_by_now(draft):
    configure(contact="us@example.org", privacy="We tell nobody.")
    done = draft("petition", "open", "library")
    assert not done.err
    assert "taken from the config file" in done.out
    content = stored().content
    assert (content.contact, content.texts[0].privacy) == ("us@example.org", "We tell nobody.")
    assert state() is State.OPEN


def test_a_text_that_people_have_signed_is_not_filled_up_behind_their_backs(draft):
    draft("petition", "open", "library")
    draft("petition", "close", "library")
    configure(privacy="We tell nobody.")
    draft("petition", "reopen", "library")
    assert stored().content.texts[0].privacy == ""


def test_a_draft_that_opened_by_itself_keeps_the_text_that_people_may_have_signed(ready):
    ready("petition", "add", write_petition(keys="opens = 2001-01-01T00:00:00Z"))
    sign("Ana")
    configure(privacy="We tell nobody.")
    assert ready("petition", "open", "library").code == 0
    assert stored().content.texts[0].privacy == ""


def test_closing_and_reopening(draft):
    draft("petition", "open", "library")
    sign("Ana")
    closed = draft("petition", "close", "library")
    assert "Closed: library, with 1 signature" in closed.out
    again = draft("petition", "reopen", "library", "--closes", "2099-05-31T23:00:00-05:00")
    assert "Open again: library, until 2099-06-01 04:00 UTC" in again.out
    assert state() is State.OPEN


@pytest.mark.parametrize("when", ["tomorrow", "2099-05-31", "2099-05-31T10:00", "2001-01-01T00:00:00Z"])
def test_a_closing_time_that_is_none_or_past_is_wrong_use(draft, when):
    draft("petition", "open", "library")
    draft("petition", "close", "library")
    done = draft("petition", "reopen", "library", "--closes", when)
    assert done.code == 2
    assert len(done.error_lines) == 1
    assert when in done.err
    assert state() is State.CLOSED


def test_what_is_so_already_says_so_and_is_no_failure(draft):
    for act, said in (("open", "is open already"), ("close", "closed already"), ("reopen", "open already")):
        assert draft("petition", act, "library").code == 0
        again = draft("petition", act, "library")
        assert again.code == 0
        assert said in again.out


def test_delivering_is_final_and_wants_a_yes(draft):
    draft("petition", "open", "library")
    sign("Ana", "Ben")
    draft("petition", "close", "library")
    asked = draft("petition", "deliver", "library")
    assert asked.code == 2
    assert "Deliver “library” with 2 signatures?" in asked.err
    assert state() is State.CLOSED
    done = draft("petition", "deliver", "library", "--yes")
    assert "Delivered: library, with 2 signatures" in done.out
    assert state() is State.DELIVERED
    again = draft("petition", "deliver", "library")
    assert (again.code, "delivered already" in again.out) == (0, True)
    assert draft("petition", "reopen", "library").code == 1


@pytest.mark.parametrize(
    ("before", "act", "remedy"),
    [
        ([], "deliver", "“library” is a draft. Only a closed petition can be delivered: open it first."),
        (["open"], "deliver", "“library” is open. Close it first: undersigned petition close library."),
        ([], "close", "“library” is a draft. It was never open."),
        ([], "reopen", "“library” is a draft. It was never open: undersigned petition open library."),
        (["open", "close"], "open", f"“library” is closed. A closed one is reopened: {REOPEN}."),
    ],
)
def test_an_act_that_does_not_fit_is_answered_with_what_does(draft, before, act, remedy):
    for each in before:
        draft("petition", each, "library")
    done = draft("petition", act, "library")
    assert done.code == 1
    assert done.error_lines == [f"Error: {remedy}"]


@pytest.mark.parametrize("act", ["open", "close", "reopen", "deliver", "show"])
def test_a_petition_that_is_not_there_is_one_line(ready, act):
    done = ready("petition", act, "nothing")
    assert done.code == 1
    assert done.error_lines == ["Error: There is no petition “nothing”. There is none yet."]


def test_totals_tell_every_count_and_when_it_was_taken(draft):
    draft("petition", "open", "library")
    sign("Ana", "Ben")
    said = " ".join(draft("totals", "library").out.split())
    assert "library: Save the library counted: 2 held: 0 withdrawn: 0 struck: 0 as of: 20" in said
    (entry,) = draft("totals", "--json").json
    assert (entry["counted"], entry["held"]) == (2, 0)
    assert entry["at"].endswith("+00:00")


def test_totals_of_nothing(ready):
    assert "There is no petition yet" in ready("totals").out
    assert ready("totals", "--json").json == []
