"""The first journey, typed: `undersigned demo`, with everything behind it real but the network."""

import os
import re
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from bot.words import chat
from bot.words.catalog import Words, languages

SCRIPT = Path(sysconfig.get_path("scripts"), "undersigned.exe" if sys.platform == "win32" else "undersigned")
SHARED = os.environ.get("UNDERSIGNED_SHARED")
SOLIDARITY = """+++
title = "Keep the library open"
to = "The city council"
goal = 4
contact = "us@example.org"
privacy = "Names are kept for thirty days."
reach = ["addressee", "everyone"]
ask = { question = "Where do you live?", options = ["North", "South"] }

[translations.es]
title = "Que la biblioteca siga abierta"
to = "El ayuntamiento"
background = "Es de todos."
letter = "Pedimos que **siga** abierta."
+++
It is everybody's.

## Letter

We ask you to keep it *open*.
"""


@pytest.fixture
def here(tmp_path):
    """An empty folder with a petition in it."""
    (tmp_path / "library.md").write_text(SOLIDARITY, "utf-8")
    return tmp_path


def started(folder, *options):
    environ = {name: value for name, value in os.environ.items() if not name.startswith("UNDERSIGNED_")}
    environ |= {
        "PYTHONWARNINGS": "error",
        "PYTHONIOENCODING": "utf-8",
        "HOME": str(folder),
        "TMPDIR": str(folder),
    }
    return subprocess.Popen(
        [SCRIPT, "demo", "--as", "Ana", "--petition", "library.md", *options],
        cwd=folder,
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def talk(folder, *lines, options=()):
    """What a script of these lines prints, as a list of (who, line, answer)."""
    with started(folder, *options) as process:
        printed, complaints = process.communicate("".join(f"{line}\n" for line in lines), timeout=120)
    assert (process.returncode, complaints) == (0, "")
    turns = re.split(r"^(\w[\w ]*)> (.*)\n", printed, flags=re.MULTILINE)
    return list(zip(turns[1::3], turns[2::3], turns[3::3], strict=True))


def answers(folder, *lines, **rest):
    return [answer for _, _, answer in talk(folder, *lines, **rest)]


def fact(answer, label):
    """The value of one line of a receipt."""
    found = re.search(rf"^{re.escape(label)}:? (.*)$", answer, re.MULTILINE)
    return found and found[1]


def kept(folder):
    return {"options": ("--database", str(folder / "kept.db"))}


# ------------------------------------------------------------------------------------------ reading and signing


def test_a_petition_is_read_and_signed_and_the_receipt_says_what_was_signed(here):
    card, letter, form, receipt, total = answers(
        here, "/petition", "read the letter", "/sign", "1", "/totals"
    )
    assert "# Keep the library open\nTo: The city council\n" in card
    assert "0 of 4 have signed\n[--------------------] 0%" in card
    assert "It is everybody's." in letter
    for shown in (letter, form):
        assert "We ask you to keep it open." in shown
        assert "Names are kept for thirty days." in shown
    assert "[1] Sign as Ana" in form
    assert receipt.startswith("(only you see this)\n# You have signed\n")
    assert [fact(receipt, label) for label in ("Petition", "Number", "Name", "Seen by")] == [
        "Keep the library open",
        "#1",
        "Ana",
        "The organisers and The city council",
    ]
    assert len(re.sub(r"\W", "", fact(receipt, "Code"))) >= 12
    assert re.fullmatch(r"[0-9a-f]{12}", fact(receipt, "Text version"))
    assert fact(receipt, "Signed").endswith(" UTC")
    assert "1 of 4 has signed\n[#####---------------] 25%" in total


def test_everything_in_the_form_can_be_changed_before_signing(here):
    steps = ("/sign", "another name", "Ana María Núñez", "who sees it", "everyone", "add a comment", "1")
    form = answers(here, *steps, "answer the question", "south", "sign as ana maría núñez", "/signers")
    receipt, listed = form[-2:]
    assert [fact(receipt, label) for label in ("Name", "Seen by", "Comment", "Where do you live?")] == [
        "Ana María Núñez",
        "Everyone",
        "1",
        "South",
    ]
    assert "Ana María Núñez" in listed


def test_nothing_is_stored_by_cancelling(here):
    cancelled, total = answers(here, "/sign", "cancel", "/totals")[1:]
    assert "Nothing was stored." in cancelled
    assert "0 of 4 have signed" in total


def test_name_comment_and_reach_change_and_the_number_stays(here):
    changed = answers(
        here, "/sign", "1", "/mysignatures", "change", "another name", "Ana Gil", "save", "/mysignatures"
    )
    before, after = changed[1], changed[-1]
    assert (fact(after, "Name"), fact(after, "Number")) == ("Ana Gil", "#1")
    assert fact(after, "Code") == fact(before, "Code")


def test_withdrawing_corrects_the_total_and_signing_again_gets_a_new_number(here):
    lines = ("/sign", "1", "/withdraw", "yes, withdraw", "/totals", "/mysignatures", "/sign", "1", "/totals")
    first, _, withdrawn, total, none, _, second, again = answers(here, *lines)[1:]
    assert "Withdrawn" in withdrawn
    assert "0 of 4 have signed" in total
    assert "#1" not in none
    assert (fact(first, "Number"), fact(second, "Number")) == ("#1", "#2")
    assert fact(first, "Code") != fact(second, "Code")
    assert "1 of 4 has signed" in again


def test_a_form_that_arrives_twice_signs_once_and_brings_the_first_receipt(here):
    first, replayed, again, total = answers(here, "/sign", "1", "/again", "/sign", "/totals")[1:]
    for receipt in (replayed, again):
        assert [fact(receipt, label) for label in ("Number", "Code")] == [
            fact(first, label) for label in ("Number", "Code")
        ]
    assert "already" in again
    assert "1 of 4 has signed" in total


# ------------------------------------------------------------------------------------------------ several people


def test_two_members_sign_each_for_themselves(here):
    turns = talk(
        here, "/sign", "/as Ben", "/sign", "1", "/as Ana", "1", "/as ben", "/mysignatures", "/totals"
    )
    assert [who for who, _, _ in turns] == ["Ana", "Ana", "Ben", "Ben", "Ben", "Ana", "Ana", "ben", "ben"]
    bens, anas, mine, total = (turns[at][2] for at in (3, 5, 7, 8))
    assert [fact(receipt, "Name") for receipt in (bens, anas, mine)] == ["Ben", "Ana", "Ben"]
    assert [fact(receipt, "Number") for receipt in (bens, anas, mine)] == ["#1", "#2", "#1"]
    assert "Ana" not in mine
    assert "2 of 4 have signed\n[##########----------] 50%" in total


def test_a_moderator_posts_the_petition_and_a_member_signs_from_the_post(here):
    lines = ("/petition", "/as moderator", "/petition", "post here", "/as Ben", "sign", "1")
    answered = answers(here, *lines)
    member, moderator, post, receipt = answered[0], answered[2], answered[3], answered[-1]
    assert "Post here" not in member
    assert "Post here" in moderator
    assert post.startswith("#terminal:\n# Keep the library open")
    assert (fact(receipt, "Name"), receipt.startswith("(only you see this)")) == ("Ben", True)


def test_a_member_is_not_told_who_signed_for_the_addressee_alone(here):
    listed = answers(here, "/sign", "1", "/as Ben", "/signers", "/petition", "/totals")[-3:]
    assert all("Ana" not in shown for shown in listed)


def test_everybody_learns_who_they_are_and_what_is_done_with_their_data(here):
    help_, _, privacy = answers(here, "/help", "/as organiser", "/privacy")
    assert "You are console:ana." in help_
    assert "/language es" in help_
    assert "Names are kept for thirty days." in privacy


# ------------------------------------------------------------------------------------------- from run to run


def test_what_was_signed_is_there_the_next_time(here):
    receipt = answers(here, "/sign", "another name", "Zoë Quill", "1", **kept(here))[-1]
    mine, total = answers(here, "/mysignatures", "/totals", **kept(here))
    assert [fact(mine, label) for label in ("Name", "Number", "Code")] == [
        fact(receipt, label) for label in ("Name", "Number", "Code")
    ]
    assert "1 of 4 has signed" in total
    stored = b"".join(path.read_bytes() for path in here.glob("kept.db*"))
    assert b"Quill" not in stored


def test_the_code_alone_takes_a_signature_back_from_any_account(here):
    code = fact(answers(here, "/sign", "1", **kept(here))[-1], "Code")
    lines = (
        "/as Ben",
        f"/withdraw {code.lower()}",
        "1",
        "/totals",
        f"/withdraw {code}",
        "/as Ana",
        "/mysignatures",
    )
    asked, withdrawn, total, again, _, mine = answers(here, *lines, **kept(here))[1:]
    assert "Ana" not in asked
    assert "Withdrawn" in withdrawn
    assert "0 of 4 have signed" in total
    assert "already" in again
    assert "#1" not in mine


def test_a_half_filled_form_survives_a_restart(here):
    answers(here, "/sign", "add a comment", **kept(here))
    form, receipt = answers(here, "For my children.", "1", **kept(here))
    assert fact(form, "Comment (optional)") == "For my children."
    assert (fact(receipt, "Number"), fact(receipt, "Comment")) == ("#1", "For my children.")


def test_two_processes_on_one_database_see_the_same_total(here):
    with started(here, *kept(here)["options"]) as first:
        first.stdin.write("/totals\n")
        first.stdin.flush()
        before = "".join(iter(first.stdout.readline, "\n"))
        receipt = answers(here, "/as Ben", "/sign", "1", **kept(here))[-1]
        after, _ = first.communicate("/totals\n/sign\n1\n", timeout=120)
    assert "0 of 4 have signed" in before
    assert fact(receipt, "Number") == "#1"
    assert "1 of 4 has signed" in after
    assert fact(after, "Number") == "#2"


def test_without_a_database_of_its_own_nothing_is_left_behind(here):
    before = sorted(here.rglob("*"))
    answers(here, "/sign", "1")
    assert sorted(here.rglob("*")) == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes without a word")
@pytest.mark.parametrize("end", ["SIGINT", "SIGTERM", "SIGHUP"], ids=["Ctrl-C", "killed", "window closed"])
def test_a_demo_that_is_cut_short_leaves_nothing_behind_either(here, end):
    before = sorted(here.rglob("*"))
    with started(here) as process:
        process.stdin.write("/sign\n1\n/totals\n")
        process.stdin.flush()
        assert any("1 of 4 has signed" in line for line in iter(process.stdout.readline, ""))
        process.send_signal(getattr(signal, end))
        _, complaints = process.communicate(timeout=120)
    assert (process.returncode, complaints) == (130, "")
    assert sorted(here.rglob("*")) == before


# ---------------------------------------------------------------------------------- languages, hostile text, files


@pytest.mark.skipif("es" not in languages(), reason="there is no Spanish catalogue")
def test_who_reads_spanish_signs_the_spanish_text(here):
    english = answers(here, "/sign", "1", **kept(here))[-1]
    told, card, form, receipt = answers(
        here, "/as Ben", "/language es", "/petition", "/sign", "1", **kept(here)
    )[1:]
    es = Words("es")
    assert "# Que la biblioteca siga abierta\n" in card
    assert "Pedimos que siga abierta." in form
    assert f"# {es(chat.RECEIPT_TITLE)}\n" in receipt
    assert "English" not in told
    assert "You have signed" not in receipt
    assert fact(receipt, es(chat.RECEIPT_NUMBER)) == "#2"
    assert fact(receipt, es(chat.RECEIPT_TEXT)) != fact(english, chat.RECEIPT_TEXT.text)


def test_a_hostile_name_is_refused_with_a_reason_and_never_signed(here):
    names = ["\x1b[2Jx", "Ana\u202eevil", "https://evil.example", "@everyone", "A" * 101, "1", "[Your Name]"]
    lines = [line for name in names for line in ("/sign", "another name", name)]
    *answered, total = answers(here, *lines, "/totals")
    for name, refused in zip(names, answered[2::3], strict=True):
        assert re.search("A name|placeholder", refused), name
        assert fact(refused, "Your name") != name
        assert not re.search("[\x1b\u202e]", refused)
    assert "0 of 4 have signed" in total


def test_markup_in_a_comment_is_text(here):
    comment = "[bold]**x**[/] `y` <b>z</b> %s {0} @everyone"
    assert fact(answers(here, "/sign", "add a comment", comment, "1")[-1], "Comment") == comment


def test_odd_lines_are_answered_and_harm_nothing(here):
    lines = ("hello", "/nonsense x", "99", "/", "/sign nosuch", "x" * 100_000, "/withdraw ABC", "/totals")
    answered = answers(here, *lines)
    assert len(answered) == len(lines)
    assert "Sorry, something went wrong" not in "".join(answered)
    assert "0 of 4 have signed" in answered[-1]


@pytest.mark.skipif(not SHARED, reason="UNDERSIGNED_SHARED names no folder")
def test_the_real_petition_page_is_signed_as_it_stands(here):
    page = Path(SHARED, "petitions", "end-all-287g-contracts.txt")
    card, letter, form, receipt, total = answers(
        here, "/petition", "read the letter", "/sign", "1", "/totals", options=("--petition", str(page))
    )
    paragraphs = [line.strip() for line in page.read_text("utf-8").splitlines()]
    body = paragraphs[paragraphs.index("From: [Your Name]") + 1 :]
    assert "# End all 287(g) contracts!\nTo: President Obama & DHS Secretary Jeh Johnson\n" in card
    for line in filter(None, body):
        assert line in letter
        assert line in form
    assert "[Your Name]" not in form
    assert fact(receipt, "Petition") == "End all 287(g) contracts!"
    assert fact(receipt, "Number") == "#1"
    assert "1 has signed" in total
