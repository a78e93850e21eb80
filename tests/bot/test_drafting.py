"""Organisers make and change petitions in the chat: pasted in parts or attached, shown, confirmed."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.house import House
from bot.inbound import Attached, Command, Press, Typed
from bot.model.account import Account, Actor
from bot.model.petition import Ask, State
from bot.petition_file.source import LIMIT
from bot.petition_file.write import write_petition
from bot.receiving import joined
from bot.tokens import random_id, token
from tests.bot.fakes import ENGLISH, GROUP, NOON, PARK, PRIVATE, FakePetitions, Member, Screen, World, signs

DAY = timedelta(days=1)
BOSS = Actor(Account("test", "boss"), "Bo Diaz")
HOUSE = House(contact="us@example.org", privacy="Kept for thirty days.")
PAGE = """Keep the library open

It is the only one.

To: The city council
From: [Your Name]

Keep it open on Sundays.

And on Mondays."""


@pytest.fixture
def world():
    return World(organisers={BOSS.account})


def boss(world, **changes):
    return Member(world, actor=BOSS, place=PRIVATE, house=HOUSE, **changes)


def file(data, name="page.txt", size=None):
    async def read():
        if isinstance(data, Exception):
            raise data
        return data

    return Attached(name, len(data) if size is None else size, read)


# --- /new ---


async def test_a_petition_is_pasted_looked_at_and_kept_as_a_draft(world):
    bo = boss(world)
    assert "Send the page now" in await bo.says("new")
    assert bo.page.prompt
    assert "characters so far" in await bo.types(PAGE)
    said = await bo.presses("That is all")
    for part in (
        "Title: Keep the library open",
        "To: The city council",
        "Letter: 8 words",
        "Contact: us@example.org",
        "Privacy line: Kept for thirty days.",
    ):
        assert part in said
    assert not world.kept
    assert "kept as a draft" in await bo.presses("Keep it as a draft")
    (petition,) = world.kept
    assert petition.state(world.now) is State.DRAFT
    assert petition.content.texts[0].letter == "Keep it open on Sundays.\n\nAnd on Mondays."
    assert petition.content.contact == "us@example.org"
    assert not world.drafts


async def test_a_long_page_comes_in_several_messages(world):
    bo = boss(world)
    await bo.says("new")
    head, tail = PAGE.split("\n\nAnd", 1)
    await bo.types(head)
    await bo.types("And" + tail)
    await bo.presses("That is all")
    await bo.presses("Keep it as a draft")
    assert world.kept[0].content.texts[0].letter.endswith("Sundays.\n\nAnd on Mondays.")


def test_what_a_platform_parted_in_the_middle_of_a_sentence_is_one_paragraph_again():
    half = "word " * 800
    assert joined("", "a") == "a"
    assert joined(half.strip(), "and more.") == f"{half.strip()} and more."
    assert joined("A title", "To: somebody") == "A title\n\nTo: somebody"


@pytest.mark.parametrize("whole_forms", [False, True])
async def test_a_petition_is_made_from_a_file_that_comes_with_the_command(world, whole_forms):
    bo = boss(world, screen=Screen(whole_forms=whole_forms))
    assert "Keep the library open" in await bo.does(Command("new", {}, file(PAGE.encode())))
    await bo.presses("Keep it as a draft")
    assert world.kept[0].slug == "keep-the-library-open"


async def test_a_file_may_follow_when_the_page_is_asked_for(world):
    bo = boss(world)
    await bo.says("new")
    assert "Keep the library open" in await bo.does(Typed("", file(PAGE.encode())))


async def test_where_forms_are_whole_a_short_page_is_pasted_into_one(world):
    bo = boss(world, screen=Screen(whole_forms=True))
    await bo.says("new")
    said = await bo.submits(page=PAGE)
    assert "This is what was understood" in said
    await bo.presses("Keep it as a draft")
    assert world.kept[0].title == "Keep the library open"


async def test_what_is_wrong_is_told_by_its_line_and_the_corrected_page_taken_at_once(world):
    bo = boss(world)
    await bo.says("new")
    await bo.types("Keep the library open\n\nA letter to nobody.")
    said = await bo.presses("That is all")
    assert "Nothing was stored yet" in said
    assert "Nobody is addressed" in said
    await bo.types(PAGE)
    assert "This is what was understood" in await bo.presses("That is all")


async def test_a_front_matter_file_reports_its_lines(world):
    said = await boss(world).does(
        Command("new", {}, file(b'+++\ntitle = "A"\nnonsense = 1\n+++\n\n## Letter\nx'))
    )
    assert "line 3" in said


async def test_what_is_missing_is_said_before_it_is_kept(world):
    bo = Member(world, actor=BOSS, place=PRIVATE)
    said = await bo.does(Command("new", {}, file(PAGE.encode())))
    assert "names nobody whom signers can write to" in said
    assert "no privacy line" in said


async def test_a_file_that_is_too_large_or_can_not_be_fetched_or_is_none_is_told(world):
    bo = boss(world)
    assert "larger than 1 MB" in await bo.does(Command("new", {}, file(b"x", size=LIMIT + 1)))
    assert "could not be fetched" in await bo.does(Command("new", {}, file(ConnectionError(), size=5)))
    assert "PDF" in await bo.does(Command("new", {}, file(b"%PDF-1.7 ...")))


async def test_an_organiser_can_start_again_or_drop_it(world):
    bo = boss(world)
    await bo.says("new")
    await bo.types("Rubbish")
    assert "Send the page now" in await bo.presses("Start again")
    await bo.types(PAGE)
    await bo.presses("That is all")
    assert "Dropped" in await bo.presses("Drop it")
    assert not world.drafts
    assert "did not expect" in await bo.types("And more")


async def test_nothing_at_all_is_no_page(world):
    bo = boss(world)
    await bo.says("new")
    await bo.types(" ")
    assert "There is nothing yet" in await bo.presses("That is all")


async def test_a_taken_short_name_is_told_and_the_page_kept(world):
    bo = boss(world)
    for _ in range(2):
        await bo.does(Command("new", {}, file(PAGE.encode())))
        said = await bo.presses("Keep it as a draft")
    assert "short name “keep-the-library-open” already" in said
    assert len(world.kept) == 1


async def test_pressing_twice_makes_one_petition(world):
    bo = boss(world)
    await bo.does(Command("new", {}, file(PAGE.encode())))
    keep = bo.button("Keep it as a draft").token
    await bo.does(Press(keep))
    assert "no longer there" in await bo.does(Press(keep))
    assert len(world.kept) == 1


async def test_another_organisers_page_can_not_be_kept_by_its_button(world):
    bo = boss(world)
    await bo.does(Command("new", {}, file(PAGE.encode())))
    keep = bo.button("Keep it as a draft").token
    world.organisers.add(Account("test", "eve"))
    eve = Member(world, actor=Actor(Account("test", "eve"), "Eve"), place=PRIVATE)
    assert "no longer there" in await eve.does(Press(keep))
    ana = Member(world, place=PRIVATE)
    assert "Only organisers" in await ana.does(Press(keep))
    assert not world.kept


async def test_who_lost_the_role_meanwhile_can_not_go_on(world):
    bo = boss(world)
    await bo.says("new")
    world.organisers.clear()
    assert "Only organisers" in await bo.types(PAGE)
    assert not world.drafts
    assert "Only organisers" in await bo.does(Press(token("page-all", random_id())))


async def test_the_form_is_for_organisers_also_when_it_is_forged(world):
    ana = Member(world, screen=Screen(whole_forms=True))
    await boss(world, screen=ana.screen).says("new")
    assert "Only organisers" in await ana.submits(page=PAGE)
    assert "Only organisers" in await ana.does(Press(token("reopen", random_id()))) or not world.kept


async def test_a_signers_form_is_not_taken_for_a_page(world):
    world.petition()
    bo = boss(world)
    await bo.says("sign")
    await bo.presses("Another name")
    assert "Your name: Bo María" in await bo.types("Bo María")


async def test_where_all_can_see_it_no_page_is_taken(world):
    world.petition()
    bo = Member(world, actor=BOSS, place=GROUP)
    for name in ("new", "edit"):
        assert "Send the" not in await bo.does(Command(name, {}, file(PAGE.encode())))
    assert not world.drafts


# --- /edit ---


def edited(**changes):
    text = replace(ENGLISH, **changes)
    return write_petition(replace(PARK, texts=(text, *PARK.texts[1:]))).encode()


async def test_an_edit_shows_the_difference_and_how_many_signed_what(world, monkeypatch):
    petition = world.petition()
    for name in ("Ana López", "Ben Ali"):
        await signs(world, name)

    async def versions(*_):
        return {ENGLISH.version: 2, "0" * 64: 1}

    monkeypatch.setattr(FakePetitions, "signed_versions", versions)
    bo = boss(world)
    said = await bo.does(Command("edit", {}, file(edited(letter="Keep the park.\n\nMost of it."))))
    assert "- All of it." in said
    assert "+ Most of it." in said
    assert "2 people signed the present text (en)" in said
    assert "1 person signed an earlier text" in said
    assert world.kept == [petition]
    assert "is changed" in await bo.presses("Change it")
    assert world.kept[0].content.texts[0].letter == "Keep the park.\n\nMost of it."
    assert world.kept[0].revision == 2


async def test_the_present_page_can_be_had_as_a_file_changed_and_sent_back(world):
    world.petition()
    bo = boss(world)
    assert "Change “Save the *park*”" in await bo.says("edit")
    assert "as it is now" in await bo.presses("Get the present page as a file")
    name, data = bo.screen.files[-1]
    assert name == "park.md"
    assert "Nothing would change" in await bo.does(Typed("", file(data)))
    await bo.says("edit")
    await bo.does(Typed("", file(data.replace(b"goal = 100", b"goal = 500"))))
    assert "goal: 100 → 500" in bo.text
    await bo.presses("Change it")
    assert world.kept[0].content.goal == 500


async def test_an_edit_that_another_overtook_is_not_stored(world):
    petition = world.petition()
    bo = boss(world)
    await bo.does(Command("edit", {}, file(edited(letter="Sell it."))))
    world.edit(petition, goal=7)
    assert "Somebody else changed" in await bo.presses("Change it")
    assert world.kept[0].content.texts[0].letter == ENGLISH.letter


async def test_a_forged_confirmation_of_an_edit_changes_nothing(world):
    world.petition()
    bo = boss(world)
    await bo.does(Command("edit", {}, file(edited(letter="Sell it."))))
    form = bo.button("Change it").token.split("_")[1]
    assert "Somebody else changed" in await bo.does(Press(token("page-keep", form)))
    world.kept.clear()
    await bo.does(Press(token("page-again", form)))
    assert "Sorry" not in bo.text


async def test_languages_that_come_and_go_are_told(world):
    world.petition()
    bo = boss(world)
    french = replace(ENGLISH, language="fr", title="Sauvez le parc")
    page = write_petition(replace(PARK, texts=(ENGLISH, french), milestones=(10, 20))).encode()
    said = await bo.does(Command("edit", {}, file(page)))
    assert "fr: a new language" in said
    assert "es: this language goes" in said
    assert "milestones: none → 10, 20" in said


async def test_of_several_petitions_the_one_to_change_is_chosen(world):
    world.petition()
    world.petition(replace(PARK, slug="river", texts=(replace(ENGLISH, title="River"),)), State.DRAFT)
    bo = boss(world)
    assert "Which petition?" in await bo.says("edit")
    assert "Change “River”" in await bo.presses("River")
    assert "Change “River”" in await bo.says("edit", which="river")
    await bo.types(edited(letter="x").decode())
    assert "This is what changes" in await bo.presses("That is all") or "Nothing was stored" in bo.text


async def test_times_question_and_goal_are_shown_as_they_were_understood(world):
    content = replace(PARK, opens=NOON + DAY, closes=NOON + 2 * DAY, ask=Ask("Where?", ("North", "South")))
    world.petition(replace(content, opens=NOON + 1.5 * DAY))
    said = await boss(world).does(Command("edit", {}, file(write_petition(content).encode())))
    assert "Goal: 100" in said
    assert "Opens by itself: 2026-03-09" in said
    assert "Closes by itself: 2026-03-10" in said
    assert "Asks: Where? (North, South)" in said
    assert "opens: March 10, 2026, 00:00 UTC → March 9, 2026, 12:00 UTC" in said
