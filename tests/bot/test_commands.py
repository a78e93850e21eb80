"""What members ask for: the petition and its letter, totals, the list of names."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.commands.signers import A_PAGE
from bot.inbound import Press
from bot.model.account import Account, Actor, Place, PlaceKind
from bot.model.petition import Ask, State, TotalsMode
from bot.tokens import token
from tests.bot.fakes import ENGLISH, GROUP, NOON, PARK, PRIVATE, Member, World, later, signs

RIVER = replace(PARK, slug="river", texts=(replace(ENGLISH, title="Clean the river"),), goal=None)
BOSS = Account("test", "boss")


@pytest.fixture
def world():
    world = World(organisers={BOSS})
    world.petition()
    return world


def moderator(world, **changes):
    return Member(world, actor=Actor(Account("test", "mo"), "Mo", moderates=True), **changes)


def organiser(world, **changes):
    return Member(world, actor=Actor(BOSS, "Boss"), **changes)


def labels(member):
    return [button.label for button in member.buttons]


# --- /petition ---


async def test_the_card_says_what_is_asked_of_whom_how_many_signed_and_whom_to_write_to(world):
    world.edit(world.kept[0], sponsors=("Friends of the Park", "Trees & Co."))
    await signs(world, "Ana López")
    card = await Member(world).says("petition")
    for part in (
        "Save the *park*",
        "To: The Mayor & Council",
        "Sponsored by Friends of the Park, Trees & Co.",
        "It is old.",
        "1 of 100 has signed",
        "Open for signatures.",
        "team@example.org",
    ):
        assert part in card


async def test_the_card_is_for_whoever_asked_and_leads_to_signing_and_to_the_letter(world):
    ana = Member(world)
    await ana.says("petition")
    assert ana.page.private
    assert labels(ana) == ["Sign", "Read the letter"]
    letter = await ana.presses("Read the letter")
    assert "It is old." in letter
    assert "Keep the park." in letter
    assert "All of it." in letter
    assert "From: [your name]" in letter
    assert labels(ana) == ["Sign"]
    assert "Your name: Ana López" in await ana.presses("Sign")


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.PAUSED, "paused"),
        (State.CLOSED, "takes no more signatures"),
        (State.DELIVERED, "Delivered to The Mayor & Council."),
    ],
)
async def test_a_card_that_takes_no_signatures_says_why_and_has_no_sign_button(world, state, said):
    world.edit(world.kept[0], stored_state=state)
    ana = Member(world)
    assert said in await ana.says("petition")
    assert labels(ana) == ["Read the letter"]


async def test_a_closing_time_is_told_and_takes_effect_at_its_instant(world):
    closes = NOON + timedelta(hours=1)
    world.edit(world.kept[0], closes=closes)
    ana = Member(world)
    assert f"Open for signatures until {closes.isoformat()}." in await ana.says("petition")
    later(world, hours=1)
    assert "Closed" in await ana.says("petition")


async def test_a_petition_that_opens_by_itself_is_a_draft_until_then(world):
    opens = NOON + timedelta(days=1)
    world.edit(world.kept[0], stored_state=State.DRAFT, opens=opens)
    ana, boss = Member(world), organiser(world)
    assert "no petition here yet" in await ana.says("petition")
    assert f"It opens for signatures on {opens.isoformat()}." in await boss.says("petition")
    later(world, days=1)
    assert "Open for signatures." in await ana.says("petition")


@pytest.mark.parametrize("command", ["petition", "sign", "totals", "signers"])
async def test_where_there_is_no_petition_yet_that_is_said(command):
    assert "no petition here yet" in await Member(World()).says(command)


# --- drafts ---


@pytest.fixture
def draft(world):
    return world.edit(world.kept[0], stored_state=State.DRAFT)


async def test_a_draft_is_seen_by_organisers_alone(world, draft):
    boss = organiser(world)
    assert "only organisers see it" in await boss.says("petition")
    assert "Save the" in await boss.presses("Read the letter")
    for member in (Member(world), moderator(world)):
        assert "no petition here yet" in await member.says("petition")
        assert "no petition here yet" in await member.says("petition", which="park")
        assert await member.suggested("petition", "which", "") == []
        assert await member.browses() == []
        assert "Save the" not in await member.says("privacy")


@pytest.mark.parametrize(
    "action", ["petition", "letter", "post", "sign", "totals", "signers", "tell", "untell"]
)
async def test_a_forged_button_shows_no_draft(world, draft, action):
    for member in (Member(world), moderator(world)):
        said = await member.does(Press(token(action, draft.key)))
        assert "Save the" not in said
        assert said.startswith(("This button is out of date", "Only moderators"))


async def test_an_organiser_who_asks_in_an_open_group_does_not_show_it_a_draft(world, draft):
    boss = organiser(world, place=GROUP)
    for command in ("petition", "totals", "sign"):
        assert "Save the" not in await boss.says(command)
    assert "out of date" in await boss.does(Press(token("petition", draft.key)))


async def test_a_draft_can_not_be_signed_nor_posted(world, draft):
    boss = organiser(world)
    await boss.says("petition")
    assert labels(boss) == ["Read the letter"]
    assert "not open for signatures yet" in await boss.says("sign")
    assert "Open the petition first" in await boss.does(Press(token("post", draft.key)))
    assert boss.page.private


# --- which petition ---


@pytest.fixture
def both(world):
    world.petition(RIVER)
    return world


async def test_of_several_petitions_one_is_chosen_by_a_button(both):
    ana = Member(both)
    assert await ana.says("petition") == "Which petition?"
    assert labels(ana) == ["Clean the river", "Save the *park*"]
    assert "To: The Mayor" in await ana.presses("Clean the river")
    assert "0 have signed" in ana.text


@pytest.mark.parametrize("command", ["petition", "totals", "signers"])
async def test_the_button_of_a_choice_does_what_was_asked_for(both, command):
    ana = Member(both)
    await ana.says(command)
    assert "Clean the river" in await ana.presses("Clean the river")
    assert "Which" not in ana.text


@pytest.mark.parametrize(
    "which", ["river", "RIVER", "clean the river", "  Clean   the RIVER ", "the riv", "iver"]
)
async def test_a_petition_is_found_by_its_short_name_its_title_or_a_part_of_it(both, which):
    assert "Clean the river" in await Member(both).says("petition", which=which)


async def test_a_title_is_found_in_the_readers_language_and_in_the_petitions_own(both):
    assert "Salvad el parque" in await Member(both, locale="es").says("petition", which="salvad el parque")
    assert "Salvad el parque" in await Member(both, locale="es").says("petition", which="Save the *park*")


async def test_a_part_that_fits_several_offers_those(both):
    both.petition(replace(RIVER, slug="lake", texts=(replace(ENGLISH, title="Clean the lake"),)))
    ana = Member(both)
    assert await ana.says("petition", which="clean") == "Which petition?"
    assert labels(ana) == ["Clean the lake", "Clean the river"]


async def test_an_unknown_name_is_told_with_what_there_is(both):
    ana = Member(both)
    assert "no petition “moon” here" in await ana.says("petition", which="moon")
    assert labels(ana) == ["Clean the river", "Save the *park*"]


async def test_a_very_long_name_is_not_echoed_whole(both):
    assert len(await Member(both).says("petition", which="x" * 5000)) < 200


async def test_when_one_alone_is_open_it_is_the_one_that_is_meant(both):
    both.edit(both.kept[1], stored_state=State.CLOSED)
    assert "Save the *park*" in await Member(both).says("petition")
    assert "Clean the river" in await Member(both).says("petition", which="river")


async def test_at_most_twenty_are_offered_the_newest_first():
    world = World()
    for number in range(30):
        title = f"Petition {number}"
        world.petition(replace(PARK, slug=f"p{number}", texts=(replace(ENGLISH, title=title),)))
    ana = Member(world)
    await ana.says("petition")
    assert labels(ana) == [f"Petition {number}" for number in range(29, 9, -1)]
    assert len(await ana.suggested("petition", "which", "petition")) == 20


# --- completing what is typed, and posting elsewhere ---


async def test_while_the_argument_is_typed_the_fitting_petitions_are_suggested(both):
    ana = Member(both)
    assert [each.value for each in await ana.suggested("sign", "which", "")] == ["river", "park"]
    assert [each.label for each in await ana.suggested("sign", "which", "RIV")] == ["Clean the river"]
    assert await ana.suggested("sign", "which", "moon") == []


@pytest.mark.parametrize(
    ("command", "argument"), [("withdraw", "code"), ("sign", "nonsense"), ("nonsense", "which")]
)
async def test_where_there_is_nothing_to_suggest_nothing_is(both, command, argument):
    assert await Member(both).suggested(command, argument, "") == []


async def test_open_petitions_can_be_posted_in_other_chats_by_anyone_with_cards_that_name_nobody(both):
    both.petition(replace(RIVER, slug="gone"), State.CLOSED)
    ana = Member(both, place=PRIVATE)
    offers = await ana.browses()
    assert [offer.title for offer in offers] == ["Save the *park*", "Clean the river"]
    assert all(not offer.page.private and not offer.page.names_a_person for offer in offers)
    assert [offer.title for offer in await ana.browses("river")] == ["Clean the river"]


# --- Post here ---


@pytest.mark.parametrize("who", [moderator, organiser])
async def test_moderators_and_organisers_may_post_the_card_for_all(world, who):
    member = who(world)
    await member.says("petition")
    card = await member.presses("Post here")
    assert "Save the *park*" in card
    assert not member.page.private
    assert labels(member) == ["Sign", "Read the letter"]


async def test_members_may_not_even_by_a_forged_button(world):
    ana = Member(world)
    await ana.says("petition")
    assert "Post here" not in labels(ana)
    assert "Only moderators" in await ana.does(Press(token("post", world.kept[0].key)))
    assert ana.page.private


async def test_in_a_private_chat_there_is_nowhere_to_post(world):
    boss = organiser(world, place=PRIVATE)
    await boss.says("petition")
    assert "Post here" not in labels(boss)


# --- where all see every answer ---


async def test_two_petitions_may_both_stand_in_a_group(both):
    ana = Member(both, place=GROUP)
    assert "Clean the river" in await ana.says("petition", which="river")
    assert "Save the *park*" in await ana.says("petition", which="park")
    assert await ana.says("petition", which="river") == ""
    assert ana.screen.removed == []


async def test_the_link_of_a_group_stays_the_same_and_another_group_has_another(world):
    here, there = Member(world, place=GROUP), Member(world, place=replace(GROUP, place_id="44"))
    await here.says("petition")
    first = here.button("Sign").token
    later(world, hours=1)
    await here.says("petition")
    await there.says("petition")
    assert here.button("Sign").token == first
    assert there.button("Sign").token != first


# --- /totals ---


async def test_totals_tell_the_count_the_goal_the_state_and_the_instant(world):
    await signs(world, "Ana López")
    await signs(world, "Ben Okri")
    said = await Member(world).says("totals")
    assert "2 of 100 have signed" in said
    assert "2/100" in said
    assert "Next milestone: 10" in said
    assert "Open for signatures." in said
    assert f"As of {NOON.isoformat()}." in said


async def test_without_a_goal_there_is_a_count_alone(world):
    world.edit(world.kept[0], goal=None)
    said = await Member(world).says("totals")
    assert "0 have signed" in said
    assert "/" not in said


async def test_the_goal_is_not_told_twice_as_the_next_milestone_nor_one_beyond_those_that_are_named(world):
    world.edit(world.kept[0], goal=5, milestones=(5,))
    assert "Next milestone" not in await Member(world).says("totals")
    world.edit(world.kept[0], goal=None, milestones=(1,))
    await signs(world, "Ana López")
    assert "Next milestone" not in await Member(world).says("totals")


async def test_what_is_not_in_the_total_is_told_beside_it(world):
    for name in ("Ana López", "Ben Okri", "Cem Özdemir", "Dora Maar"):
        await signs(world, name)
    world.strike(1)
    world.hold(2)
    await world.ports().signatures.withdraw(world.signed[2][1].form)
    said = await Member(world).says("totals")
    assert "1 of 100 has signed" in said
    assert "Not in the total: 1 waits for review, 1 withdrawn, 1 struck." in said


async def test_breakdowns_by_platform_and_by_answer_in_the_questions_order(world):
    world.edit(world.kept[0], ask=Ask("Where do you live?", ("North", "South", "East")))
    await signs(world, "Ana López", answer="South")
    await signs(world, "Ben Okri", answer="North")
    assert "By platform" not in await Member(world).says("totals")
    elsewhere = Member(world, "Cy", actor=Actor(Account("other", "c"), "Cy Young"))
    await elsewhere.says("sign")
    await elsewhere.presses("Sign as Cy Young")
    said = await Member(world).says("totals")
    assert "By platform\n\nTest: 2\nOther: 1" in said
    assert "By answer\n\nNorth: 1\nSouth: 1" in said
    assert "East" not in said


async def test_hourly_totals_say_that_they_are_and_break_nothing_down(world):
    world.edit(
        world.kept[0],
        totals=TotalsMode.HOURLY,
        ask=Ask("Where do you live?", ("North", "South")),
    )
    await signs(world, "Ana López", answer="North")
    said = await Member(world).says("totals")
    assert "on the hour" in said
    assert "North" not in said


async def test_totals_are_told_in_a_group_too(world):
    ana = Member(world, place=GROUP)
    assert "0 of 100 have signed" in await ana.says("totals")


# --- /signers ---


async def test_names_are_listed_of_those_alone_who_chose_everyone_with_their_comments(world):
    await signs(world, "Ana López", reach="everyone", comment="For my children")
    await signs(world, "Ben Okri", reach="addressee", comment="Not for all")
    await signs(world, "Cem Özdemir", reach="organisers")
    said = await Member(world).says("signers")
    assert "- Ana López: For my children" in said
    for hidden in ("Ben", "Not for all", "Cem"):
        assert hidden not in said
    assert "And 2 others, who chose not to be listed here." in said


async def test_who_is_withdrawn_or_struck_is_not_listed_nor_counted_among_the_others(world):
    await signs(world, "Ana López", reach="everyone")
    await signs(world, "Ben Okri", reach="everyone")
    await signs(world, "Cem Özdemir", reach="addressee")
    world.strike(1)
    for at in (1, 2):
        await world.ports().signatures.withdraw(world.signed[at][1].form)
    assert "Nobody has chosen" in await Member(world).says("signers")
    assert "other" not in await Member(world).says("signers")


async def test_a_long_list_is_paged_and_nobody_is_left_out_or_named_twice(world):
    names = [f"Member {chr(65 + at // 26)}{chr(65 + at % 26)}" for at in range(2 * A_PAGE + 1)]
    for name in names:
        await signs(world, name, reach="everyone")
    await signs(world, "Zoe Zed", reach="organisers")
    ana = Member(world)
    pages = [await ana.says("signers"), await ana.presses("More"), await ana.presses("More")]
    assert not ana.buttons
    listed = [line[2:] for page in pages for line in page.splitlines() if line.startswith("- ")]
    assert listed == names
    assert ["other" in page for page in pages] == [False, False, True]


async def test_a_list_that_fits_on_one_page_has_no_second(world):
    for at in range(A_PAGE):
        await signs(world, f"Member {chr(65 + at)}a", reach="everyone")
    ana = Member(world)
    assert (await ana.says("signers")).count("- Member") == A_PAGE
    assert not ana.buttons


@pytest.mark.parametrize("after", ["abc", "-5", "9" * 12])
async def test_a_forged_page_is_a_page_like_any_other(world, after):
    await signs(world, "Ana López", reach="everyone")
    assert "signers" in await Member(world).does(Press(token("signers", world.kept[0].key, after)))


async def test_in_hourly_mode_names_appear_the_day_after_and_the_others_are_not_counted(world):
    world.edit(world.kept[0], totals=TotalsMode.HOURLY)
    await signs(world, "Ana López", reach="everyone")
    await signs(world, "Ben Okri", reach="addressee")
    ana = Member(world)
    assert "Ana López" not in await ana.says("signers")
    later(world, days=1)
    said = await ana.says("signers")
    assert "Ana López" in said
    assert "from the next day on" in said
    assert "other" not in said


async def test_the_list_of_names_is_not_shown_where_all_would_see_it(world):
    await signs(world, "Ana López", reach="everyone")
    ben = Member(world, "Ben Okri", place=GROUP)
    assert "Ana" not in await ben.says("signers")
    assert "private chat" in await ben.does(Press(token("signers", world.kept[0].key)))


async def test_in_a_channel_the_same_card_stands(world):
    channel = Place("test", "9", PlaceKind.CHANNEL, discreet=False)
    assert "Save the *park*" in await Member(world, place=channel).says("signers")
