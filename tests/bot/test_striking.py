"""False signatures are held when they are given, found by number or name, struck with a reason, and given back."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.document import plain
from bot.house import House
from bot.inbound import Press, Typed
from bot.model.account import Account, Actor
from bot.model.community import Kind, Telling
from bot.model.holding import HoldRules, Rule, written
from bot.model.petition import Reach, State
from bot.model.signature import Status
from bot.outbox.steward import Steward
from bot.pages import organisers
from bot.tokens import token
from tests.bot.fakes import NOON, PARK, PRIVATE, Member, Screen, World, later, signs

BOSS = Actor(Account("test", "boss"), "Bo Diaz")
RULES = HoldRules(account_days=7, membership_days=2, lookalikes=True, listed=True, community_per_minute=30)
RIVER = replace(PARK, slug="river", texts=(replace(PARK.texts[0], title="Clean the river"),))


@pytest.fixture
async def world():
    world = World(organisers={BOSS.account})
    world.petition(replace(PARK, hold=RULES))
    for name in ("Ana López", "Li Wei", "Ana Ruiz"):
        await signs(world, name)
    return world


def boss(world, **changes):
    return Member(world, actor=BOSS, **changes)


def signature(world, name):
    return next(each for _, each in world.signed if each.identity.name == name)


async def strikes(world, query, reason="not a person"):
    bo = boss(world, screen=Screen(whole_forms=True))
    await bo.says("strike", which=query)
    await bo.presses("Strike it")
    await bo.submits(reason=reason)
    await bo.presses("Yes, strike")
    return bo


# --- held when they are given ---


async def test_an_honest_member_is_counted_at_once(world):
    assert signature(world, "Ana López").status is Status.COUNTED
    assert world.held_for[signature(world, "Ana López").form] == frozenset()


async def test_who_is_held_gets_a_receipt_that_says_so_and_keeps_the_code(world):
    member = await signs(world, "Mickey Mouse")
    assert "Your signature waits for review" in member.text
    assert "It is stored, and you need do nothing" in member.text
    assert "Code" in member.text
    assert "#" not in member.text
    assert world.held_for[signature(world, "Mickey Mouse").form] == {Rule.LISTED_NAME}


async def test_what_nobody_sees_in_a_look_alike_is_spelled_out(world):
    await signs(world, "J\u043ehn Smith")
    said = await boss(world).says("strike", which="J\u043ehn")
    assert "Letters: Latin: J h n S m i t; Cyrillic: \u043e" in said
    assert "cirílico: \u043e" in await boss(world, locale="es").says("strike", which="J\u043ehn")
    assert "Letters" not in await boss(world).says("strike", which="2")


async def test_a_young_account_is_held_by_what_the_platform_tells(world):
    eve = Member(world, actor=Actor(Account("test", "eve"), "Eve Ng", since=NOON, joined=NOON))
    await eve.says("sign")
    assert "waits for review" in await eve.presses("Sign as Eve Ng")
    assert world.held_for[signature(world, "Eve Ng").form] == {Rule.ACCOUNT_AGE, Rule.MEMBERSHIP_AGE}


async def test_the_configuration_adds_names(world):
    member = Member(world, "Rosa Roja", house=House(held_names=("rosa roja",)))
    await member.says("sign")
    assert "waits for review" in await member.presses("Sign as Rosa Roja")


async def test_on_mysignatures_it_is_being_looked_at(world):
    member = await signs(world, "Mickey Mouse")
    said = await member.says("mysignatures")
    assert "The organisers look at it before it counts" in said
    assert "State: waits for review" in said


async def test_a_counted_signature_cannot_take_a_name_that_would_be_held(world):
    member = Member(world, "Ana López", screen=Screen(whole_forms=True))
    await member.says("mysignatures")
    await member.presses("Change")
    assert "has to be looked at first" in await member.submits(name="Mickey Mouse")
    assert signature(world, "Ana López").status is Status.COUNTED
    await member.presses("Try again")
    assert "changed" in (await member.submits(name="Ana Lopez")).lower()


async def test_a_young_account_that_counts_may_correct_its_name(world):
    """An organiser has counted it: how young it is was looked at."""
    young = Actor(Account("test", "ana lópez"), "Ana López", since=NOON)
    member = Member(world, actor=young, screen=Screen(whole_forms=True))
    await member.says("mysignatures")
    await member.presses("Change")
    await member.submits(name="Ana Lopez")
    assert signature(world, "Ana Lopez").status is Status.COUNTED


async def test_everybody_reads_the_rules_in_privacy(world):
    said = await Member(world).says("privacy")
    for part in (
        "younger than 7 days",
        "less than 2 days ago",
        "letters of several scripts",
        "slurs",
        "more than 30 signatures a minute",
    ):
        assert part in said
    assert "menos de 7 días" in await Member(world, locale="es", place=PRIVATE).says("privacy")


async def test_where_there_are_no_rules_privacy_tells_of_none(world):
    world.edit(world.kept[0], hold=HoldRules())
    assert "holds" not in await Member(world).says("privacy")
    world.edit(world.kept[0], hold=HoldRules(names=("Boris",)))
    said = await Member(world, place=PRIVATE).says("privacy")
    assert "- names that the organisers listed" in said
    assert "Boris" not in said
    world.edit(world.kept[0], hold=HoldRules(listed=True, names=("Boris",)))
    assert "- names that the organisers listed" not in await Member(world, place=PRIVATE).says("privacy")


# --- the alert ---


async def test_organisers_are_told_of_a_burst_with_a_way_to_look_and_to_pause(world):
    counts = {Rule.LISTED_NAME: 40, Rule.ACCOUNT_AGE: 9}
    telling = Telling(1, Kind.HELD, total=49, text=written(counts))
    page = organisers.page(telling, world.kept[0], NOON, "en", {7: "Riverside", 0: ""})
    said = plain(page.blocks)
    assert "Came by: Riverside, directly in a private chat" in said
    assert "49 signatures of “Save the *park*” are held" in said
    assert "a very young account: 9\na name on a list: 40" in said
    look, pause = (row[0] for row in page.buttons)
    bo = boss(world)
    assert "To review" in await bo.does(Press(look.token))
    assert "Pause “Save the *park*”?" in await bo.does(Press(pause.token))


async def test_an_organiser_who_has_not_spoken_yet_is_told_in_the_petitions_language(world):
    world.edit(world.kept[0], texts=PARK.texts[::-1])
    page = organisers.page(Telling(1, Kind.HELD, total=12, text="listed_name=12"), world.kept[0], NOON, "")
    assert "12 firmas de «Salvad el parque» esperan" in plain(page.blocks)
    assert page.locale == "es"


async def test_organisers_are_reminded_of_a_few_that_wait(world):
    page = organisers.page(Telling(1, Kind.HELD, total=2, key="waits"), world.kept[0], NOON, "en")
    assert "2 signatures of “Save the *park*” wait for review" in plain(page.blocks)
    ((look,),) = page.buttons
    assert "To review" in await boss(world).does(Press(look.token))


async def test_every_hour_it_is_looked_whether_some_wait_since_yesterday(world):
    steward = Steward(world.ports(), world.clock)
    for _ in range(4):
        await steward.attend()
        later(world, minutes=30)
    assert world.reminded == [NOON, NOON + timedelta(hours=1)]


# --- finding ---


@pytest.mark.parametrize("query", ["2", "#2", "Li Wei", "li", "wei"])
async def test_a_signature_is_found_by_number_or_a_part_of_the_name(world, query):
    said = await boss(world).says("strike", which=query)
    assert "Li Wei" in said
    assert "Number: #2" in said


@pytest.mark.parametrize(
    "arguments",
    [
        {"which": "park", "who": "Li", "what": "Wei"},
        {"which": "Li", "who": "Wei"},
        {"who": "Li Wei"},
        {"which": "Save the *park*", "who": "2"},
    ],
)
async def test_the_petition_may_be_named_and_need_not(world, arguments):
    assert "Number: #2" in await boss(world).says("strike", **arguments)


async def test_several_that_are_found_are_a_list_to_choose_from(world):
    bo = boss(world)
    said = await bo.says("strike", which="Ana")
    assert "Ana López" in said
    assert "Ana Ruiz" in said
    assert "Li Wei" not in said
    assert "Ana Ruiz" in await bo.presses("2")
    assert "Strike it" in [button.label for button in bo.buttons]


async def test_a_range_of_numbers_is_struck_at_once(world):
    bo = boss(world, screen=Screen(whole_forms=True))
    said = await bo.says("strike", which="2-3")
    assert "Found: #2-#3" in said
    await bo.presses("Strike all of these")
    assert "Strike 2 signatures?" in await bo.submits(reason="the same hand")
    await bo.presses("Yes, strike")
    assert [each.status for _, each in world.signed] == [Status.COUNTED, Status.STRUCK, Status.STRUCK]


async def test_those_on_a_page_that_was_found_by_name_are_struck_at_once(world):
    for number in range(14):
        await signs(world, f"Ana {'abcdefghijklmnopqrst'[number] * 3}")
    bo = boss(world, screen=Screen(whole_forms=True))
    await bo.says("strike", which="Ana")
    await bo.presses("More")
    await bo.presses("Strike those on this page")
    assert "Strike 6 signatures?" in await bo.submits(reason="the same hand")
    await bo.presses("Yes, strike")
    struck = [each.number for _, each in world.signed if each.status is Status.STRUCK]
    assert struck == [12, 13, 14, 15, 16, 17]


async def test_the_reason_may_be_typed_as_soon_as_it_is_asked_for(world):
    bo = boss(world)
    await bo.says("strike", which="2")
    await bo.presses("Strike it")
    assert "Reason: not a person" in await bo.does(Typed("not a person"))
    assert "Strike 1 signature?" in await bo.presses("See what changes")


async def test_all_that_were_found_by_name_are_struck_at_once_after_a_look_at_the_total(world):
    for number in range(14):
        await signs(world, f"Ana {'abcdefghijklmnopqrst'[number] * 3}")
    bo = boss(world, screen=Screen(whole_forms=True))
    await bo.says("strike", which="Ana")
    await bo.presses("Strike all that were found (5,000 at most)")
    asked = await bo.submits(reason="the same hand")
    assert "Strike 16 signatures?" in asked
    assert "Counted: 17 → 1" in asked
    await bo.presses("Yes, strike")
    assert [each.identity.name for _, each in world.signed if each.status is Status.COUNTED] == ["Li Wei"]


async def test_what_is_found_on_one_page_needs_no_button_for_all_pages(world):
    bo = boss(world)
    await bo.says("strike", which="Ana")
    assert not any("all that were found" in button.label for button in bo.buttons)


async def test_what_is_not_there_is_said(world):
    assert "No signature of “Save the *park*”" in await boss(world).says("strike", which="99")
    assert "has the number or the name Zoe" in await boss(world).says("strike", which="Zoe")


async def test_who_says_nobody_is_asked_in_a_form(world):
    bo = boss(world, screen=Screen(whole_forms=True))
    await bo.says("strike")
    assert "Li Wei" in await bo.submits(who="2")


async def test_step_by_step_it_is_asked_too(world):
    bo = boss(world)
    await bo.says("strike")
    await bo.presses("Number or name")
    await bo.types("li wei")
    assert "Number: #2" in await bo.presses("Find it")


@pytest.mark.parametrize("query", ["2", "li wei"])
async def test_which_of_several_petitions_is_asked_and_who_is_not_asked_again(world, query):
    world.petition(RIVER)
    bo = boss(world)
    assert "Which petition?" in await bo.says("strike", which=query)
    assert "Number: #2" in await bo.presses("Save the *park*")
    await bo.says("unstrike", who=query)
    assert "Number: #2" in await bo.presses("Save the *park*")


async def test_a_petition_chosen_after_a_day_is_asked_who_is_meant(world):
    world.petition(RIVER)
    bo = boss(world, screen=Screen(whole_forms=True))
    await bo.says("strike", which="2")
    world.drafts.clear()
    await bo.presses("Save the *park*")
    assert "Li Wei" in await bo.submits(who="2")


async def test_a_found_list_that_is_gone_after_a_day_is_said_to_be(world):
    bo = boss(world)
    await bo.says("strike", which="Ana")
    all_of_them = bo.button("Strike those on this page").token
    world.drafts.clear()
    await bo.does(Press(all_of_them))
    await bo.presses("Write a reason")
    await bo.types("x")
    assert "There are none" in await bo.presses("See what changes")


# --- striking, and back ---


async def test_nobody_is_struck_without_a_reason(world):
    bo = boss(world, screen=Screen(whole_forms=True))
    await bo.says("strike", which="2")
    await bo.presses("Strike it")
    assert "Nobody is struck without one" in await bo.submits(reason=" ")
    assert signature(world, "Li Wei").status is Status.COUNTED


async def test_the_total_falls_and_the_number_is_never_given_again(world):
    bo = await strikes(world, "2")
    assert "1 signature is struck" in bo.text
    assert "Counted: 2" in bo.text
    await signs(world, "Zoe Ng")
    assert signature(world, "Zoe Ng").number == 4
    assert "2 people have signed" not in await Member(world).says("totals")
    assert "1 struck" in await Member(world).says("totals")


async def test_a_struck_signer_is_told_on_mysignatures_with_whom_to_write_to(world):
    await strikes(world, "2")
    said = await Member(world, "Li Wei").says("mysignatures")
    assert "struck by the organisers" in said
    assert "write to team@example.org" in said
    assert "not a person" not in said
    again = await Member(world, "Li Wei").says("sign")
    assert "You have signed this petition already; the organisers took your signature out" in again
    assert "thank you" not in again


async def test_a_struck_one_is_found_with_its_reason_and_counted_again_with_its_number(world):
    await strikes(world, "2")
    bo = boss(world)
    assert "Struck for: not a person" in await bo.says("unstrike", which="2")
    assert "Counted: 2 → 3" in await bo.presses("Count it again")
    assert "as it was before" in await bo.presses("Yes, count again")
    assert signature(world, "Li Wei").number == 2
    assert signature(world, "Li Wei").status is Status.COUNTED


async def test_all_that_are_struck_are_listed(world):
    await strikes(world, "2")
    await strikes(world, "3")
    bo = boss(world)
    said = await bo.says("unstrike")
    assert "Li Wei" in said
    assert "Ana Ruiz" in said
    await bo.presses("Count all of these again")
    await bo.presses("Yes, count again")
    assert all(each.status is Status.COUNTED for _, each in world.signed)


async def test_a_held_one_that_was_struck_waits_again(world):
    await signs(world, "Mickey Mouse")
    await strikes(world, "Mickey Mouse")
    bo = boss(world)
    await bo.says("unstrike", which="Mickey Mouse")
    await bo.presses("Count it again")
    await bo.presses("Yes, count again")
    assert signature(world, "Mickey Mouse").status is Status.HELD


async def test_only_the_comment_is_taken_out(world):
    zoe = await signs(world, "Zoe Ng", comment="Buy my pills")
    bo = boss(world)
    said = await bo.says("strike", which="Zoe", who="comment")
    assert "Buy my pills" in said
    assert "taken out" in await bo.presses("Yes, take it out")
    assert signature(world, "Zoe Ng").identity.comment == ""
    assert signature(world, "Zoe Ng").status is Status.COUNTED
    assert "pills" not in await zoe.says("mysignatures")
    assert "no comment" in await bo.says("strike", which="4", who="comment")


async def test_in_spanish_a_comment_is_a_comentario(world):
    await signs(world, "Zoe Ng", comment="Buy my pills")
    assert "Buy my pills" in await boss(world, locale="es").says("strike", which="Zoe", who="comentario")
    assert "Quitar este comentario" in await boss(world, locale="es").says(
        "strike", which="Zoe", who="comment"
    )


async def test_a_delivered_list_cannot_be_changed(world):
    bo = boss(world, screen=Screen(whole_forms=True))
    await bo.says("strike", which="2")
    await bo.presses("Strike it")
    world.edit(world.kept[0], stored_state=State.DELIVERED)
    assert "is delivered" in await bo.submits(reason="too late")


async def test_status_says_how_many_wait(world):
    assert "Nothing waits for you" in await boss(world).says("status")
    await signs(world, "Mickey Mouse")
    said = await boss(world).says("status")
    assert "1 signature of “Save the *park*” waits for review: /review" in said


async def test_names_that_reach_nobody_else_reach_organisers_in_private_alone(world):
    await signs(world, "Zoe Ng", reach=Reach.ORGANISERS.value)
    mo = Member(world, actor=Actor(Account("test", "mo"), "Mo", moderates=True))
    for command in ("strike", "unstrike", "review"):
        assert "Only organisers" in await mo.says(command, which="Zoe")
    assert "Only organisers" in await mo.does(
        Press(token("case", world.kept[0].key, signature(world, "Zoe Ng").form))
    )
    bo = boss(world)
    await bo.says("strike", which="Zoe")
    assert bo.page.private
    assert bo.page.names_a_person
