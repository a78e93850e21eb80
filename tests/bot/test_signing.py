"""Signing, as members live it: asked step by step, or in one form."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.inbound import Press, Submit
from bot.model.account import Account, Actor, ActorKind
from bot.model.petition import Ask, AskText, Reach, State, TotalsMode
from bot.model.signature import Status
from tests.bot.fakes import (
    ENGLISH,
    GROUP,
    PARK,
    PRIVATE,
    SPANISH,
    FakeSignatures,
    Member,
    Screen,
    World,
    later,
    signs,
)


@pytest.fixture
def world():
    world = World()
    world.petition()
    return world


@pytest.fixture
def ana(world):
    return Member(world)


def whole(world, **changes):
    return Member(world, screen=Screen(whole_forms=True), **changes)


async def test_a_member_reads_the_letter_and_signs_with_one_press(world, ana):
    shown = await ana.says("sign")
    assert "Keep the park." in shown
    assert "The Mayor & Council" in shown
    assert "Kept." in shown
    receipt = await ana.presses("Sign as Ana López")
    assert "You have signed" in receipt
    assert "#1" in receipt
    assert [each.identity.name for _, each in world.signed] == ["Ana López"]
    assert world.signed[0][1].text_version == ENGLISH.version


async def test_the_receipt_says_number_name_reach_time_text_version_and_code(world, ana):
    await ana.says("sign")
    receipt = await ana.presses("Sign as Ana López")
    code = world.signed[0][1].code
    for part in (
        "#1",
        "Ana López",
        "2026-03-08T12:00",
        ENGLISH.version[:12],
        f"{code[:5]}-{code[5:10]}-{code[10:]}",
    ):
        assert part in receipt
    assert "The organisers and The Mayor & Council" in receipt
    assert "team@example.org" in receipt
    assert ana.page.names_a_person
    assert ana.page.private


async def test_another_name_a_reach_and_a_comment_are_asked_one_by_one(world, ana):
    await ana.says("sign")
    assert "Your name" in await ana.presses("Another name")
    assert ana.page.prompt is not None
    await ana.types("  María-José   Núñez Ñ. ")
    assert ana.page.prompt is None
    await ana.presses("Who sees it")
    await ana.presses("Everyone")
    await ana.presses("Add a comment")
    await ana.types("For my children 🌳")
    await ana.presses("Sign as María-José Núñez Ñ.")
    signature = world.signed[0][1]
    assert signature.identity.name == "María-José Núñez Ñ."
    assert signature.identity.comment == "For my children 🌳"
    assert signature.reach is Reach.EVERYONE


async def test_a_refused_name_is_asked_again_with_the_reason(ana):
    await ana.says("sign")
    await ana.presses("Another name")
    again = await ana.types("https://evil.example/x")
    assert "web address" in again
    assert ana.page.prompt is not None


async def test_a_name_that_can_be_mended_is_offered_mended(ana):
    await ana.says("sign")
    await ana.presses("Another name")
    offered = await ana.types("Ana🌹")
    assert "“Ana”" in offered
    assert ana.button("Sign as Ana")


async def test_a_comment_that_is_too_long_is_refused_with_its_length(ana):
    await ana.says("sign")
    await ana.presses("Add a comment")
    assert "yours has 501" in await ana.types("x" * 501)


async def test_the_petitions_question_may_be_answered_or_not(world):
    world.edit(world.kept[0], ask=Ask("Where do you live?", ("North", "South")))
    ana, ben = Member(world), Member(world, "Ben Okri")
    await ana.says("sign")
    assert "Where do you live?" in await ana.presses("Answer the question")
    await ana.presses("South")
    await ana.presses("Sign as Ana López")
    await ben.says("sign")
    await ben.presses("Answer the question")
    await ben.presses("No answer")
    await ben.presses("Sign as Ben Okri")
    assert [each.context.answer for _, each in world.signed] == ["South", None]
    assert "South" in await Member(world, "Eve Adams").says("totals")


async def test_tapping_twice_signs_once_and_shows_the_same_receipt(world, ana):
    await ana.says("sign")
    sign = ana.button("Sign as Ana López")
    first = await ana.does(Press(sign.token))
    second = await ana.does(Press(sign.token))
    assert len(world.signed) == 1
    assert "#1" in first
    assert "#1" in second


async def test_signing_twice_says_so_kindly_with_the_first_receipt(world, ana):
    await ana.says("sign")
    await ana.presses("Sign as Ana López")
    again = await ana.says("sign")
    assert "already" in again
    assert "#1" in again
    assert len(world.signed) == 1


async def test_a_stale_press_shows_the_form_as_it_is_now(world, ana):
    await ana.says("sign")
    stale = ana.button("Sign as Ana López")
    await ana.presses("Another name")
    await ana.types("Ana María")
    shown = await ana.does(Press(stale.token))
    assert not world.signed
    assert "Ana María" in shown
    assert ana.button("Sign as Ana María")


async def test_cancelling_stores_nothing(world, ana):
    await ana.says("sign")
    assert "Nothing was stored" in await ana.presses("Cancel")
    assert not world.drafts
    assert not world.signed


async def test_going_back_from_a_question_keeps_what_was_given(ana):
    await ana.says("sign")
    await ana.presses("Who sees it")
    await ana.presses("The organisers only")
    await ana.presses("Add a comment")
    assert "The organisers only" in await ana.presses("Back")


async def test_the_press_of_a_form_that_is_gone_says_how_to_start_again(world, ana):
    await ana.says("sign")
    world.drafts.clear()
    assert "/sign" in await ana.presses("Sign as Ana López")


async def test_somebody_elses_form_is_not_theirs_to_send(world, ana):
    await ana.says("sign")
    mallory = Member(world, "Mallory")
    assert "no longer there" in await mallory.does(Press(ana.button("Sign as Ana López").token))
    assert not world.signed


async def test_without_a_usable_profile_name_the_name_is_asked(world):
    cat = Member(world, "🐱🐱")
    await cat.says("sign")
    assert "Your name" in await cat.presses("Sign")
    await cat.types("Cat Stevens")
    assert "You have signed" in await cat.presses("Sign as Cat Stevens")


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.PAUSED, "paused"),
        (State.CLOSED, "closed"),
        (State.DELIVERED, "delivered"),
    ],
)
async def test_a_petition_that_is_not_open_says_so_and_takes_no_signature(world, ana, state, said):
    world.edit(world.kept[0], stored_state=state)
    assert said in await ana.says("sign")
    assert not world.signed


async def test_a_petition_that_closes_while_the_form_is_open_takes_no_signature(world, ana):
    await ana.says("sign")
    world.edit(world.kept[0], stored_state=State.CLOSED)
    assert "closed" in await ana.presses("Sign as Ana López")
    assert not world.signed


async def test_a_text_edited_meanwhile_is_shown_before_it_can_be_signed(world, ana):
    await ana.says("sign")
    stale = ana.button("Sign as Ana López")
    changed = replace(ENGLISH, letter="Sell the park.")
    world.edit(world.kept[0], texts=(changed, SPANISH))
    shown = await ana.does(Press(stale.token))
    assert not world.signed
    assert "edited while you read" in shown
    assert "Sell the park." in shown
    await ana.presses("Sign as Ana López")
    assert world.signed[0][1].text_version == changed.version


@pytest.mark.parametrize("kind", [ActorKind.ANONYMOUS, ActorKind.CHANNEL, ActorKind.BOT])
async def test_only_a_persons_own_account_can_sign(world, kind):
    someone = Member(world, actor=Actor(Account("test", "x"), "Somebody", kind))
    assert "person" in await someone.says("sign")
    assert not world.signed


async def test_a_spanish_reader_reads_and_signs_the_spanish_text(world):
    ana = Member(world, locale="es-MX")
    shown = await ana.says("sign")
    assert "Conservad el parque." in shown
    await ana.does(Press(ana.buttons[0].token))
    assert world.signed[0][1].text_version == SPANISH.version
    assert world.signed[0][1].context.language == "es"


async def test_who_signed_and_took_it_back_all_day_is_told_until_when_to_wait(world):
    world.tired = world.now + timedelta(hours=5)
    ana = whole(world)
    await ana.says("sign")
    said = await ana.submits(name="Ana López")

    assert "you have not signed" in said
    assert "17:00" in said
    assert world.signed == []


async def test_too_many_at_once_are_told_to_try_again_and_keep_their_form(world, ana):
    await ana.says("sign")
    world.busy = True
    assert "try again" in await ana.presses("Sign as Ana López")
    world.busy = False
    assert "You have signed" in await ana.presses("Sign as Ana López")


async def test_in_hourly_mode_no_number_is_told(world, ana):
    world.edit(world.kept[0], totals=TotalsMode.HOURLY)
    await ana.says("sign")
    assert "#1" not in await ana.presses("Sign as Ana López")
    assert "#1" not in await ana.says("mysignatures")


# --- in one form ---


async def test_one_form_asks_everything_and_signs(world):
    ana = whole(world)
    assert await ana.says("sign") == ""
    form = ana.screen.forms[-1]
    assert [each.key for each in form.fields] == ["name", "reach", "comment"]
    assert form.fields[0].value == "Ana López"
    assert "You have signed" in await ana.submits(comment="Yes")
    assert world.signed[0][1].identity.comment == "Yes"


async def test_a_form_without_a_draft_leaves_none_behind(world):
    ana = whole(world)
    await ana.says("sign")
    assert not world.drafts


async def test_a_refused_name_comes_back_with_a_button_that_reopens_the_form_as_typed(world):
    ana = whole(world)
    await ana.says("sign")
    refused = await ana.submits(name="@everyone", comment="Please")
    assert "mention" in refused
    await ana.presses("Try again")
    fields = {each.key: each.value for each in ana.screen.forms[-1].fields}
    assert fields["name"] == "@everyone"
    assert fields["comment"] == "Please"
    await ana.submits(name="Ana López")
    assert world.signed[0][1].identity.comment == "Please"


async def test_a_form_sent_twice_signs_once(world):
    ana = whole(world)
    await ana.says("sign")
    await ana.submits()
    assert "#1" in await ana.submits()
    assert len(world.signed) == 1


async def test_a_form_whose_text_changed_shows_the_new_text_before_it_is_signed(world):
    ana = whole(world)
    await ana.says("sign")
    changed = replace(ENGLISH, letter="Sell the park.")
    world.edit(world.kept[0], texts=(changed, SPANISH))
    assert "Sell the park." in await ana.submits()
    assert not world.signed
    await ana.presses("Sign")
    assert "Sell the park." in str(ana.screen.forms[-1].body)
    await ana.submits()
    assert world.signed[0][1].text_version == changed.version


async def test_a_form_spent_by_somebody_else_is_not_signed_with(world):
    ana, mallory = whole(world), whole(world, name="Mallory")
    await ana.says("sign")
    await ana.submits()
    token = ana.screen.forms[-1].token
    values = {"name": "Mallory", "reach": "everyone", "comment": ""}
    shown = await mallory.does(Submit(token, values))
    assert "Ana" not in shown
    await mallory.presses("Sign")
    assert "You have signed" in await mallory.submits()
    assert len(world.signed) == 2


async def test_a_choice_that_is_not_offered_is_refused(world):
    ana = whole(world)
    await ana.says("sign")
    assert "not one of the choices" in await ana.submits(reach="nobody")
    assert not world.signed


async def test_a_sent_form_can_not_claim_to_come_from_another_community(world):
    ana = whole(world, place=PRIVATE)
    await ana.says("sign")
    await ana.submits(via="7")
    assert world.signed[0][1].context.community is None


# --- where from ---


async def test_a_signature_given_in_a_community_remembers_it(world, ana):
    await ana.says("sign")
    await ana.presses("Sign as Ana López")
    assert world.signed[0][1].context.community == 1


async def test_the_deep_link_of_a_groups_card_leads_to_the_form_and_remembers_the_group(world):
    there = Member(world, place=GROUP)
    await there.says("petition")
    sign = there.button("Sign")
    ana = Member(world, place=PRIVATE, screen=Screen(lasting=True))
    assert "Keep the park." in await ana.does(Press(sign.token))
    await ana.presses("Sign as Ana López")
    assert world.signed[0][1].context.community == 1
    assert "test" not in sign.token
    assert "43" not in sign.token


async def test_a_signature_counts_for_the_whole_group_from_whichever_topic_its_link_came(world, monkeypatch):
    asked, sign = [], FakeSignatures.sign

    async def noted(self, request):
        asked.append(request.whole)
        return await sign(self, request)

    monkeypatch.setattr(FakeSignatures, "sign", noted)
    for at, name in enumerate(("Ana López", "Ben Okri")):
        there = Member(world, place=replace(GROUP, place_id=f"43/{at}"))
        await there.says("petition")
        member = Member(world, name, place=PRIVATE)
        await member.does(Press(there.button("Sign").token))
        await member.presses(f"Sign as {name}")
    await signs(world, "Cem Aydın")

    assert asked == ["43", "43", "42"]


async def test_a_revoked_or_invented_deep_link_leads_nowhere(world):
    there = Member(world, place=GROUP)
    await there.says("petition")
    await there.world.ports().communities.revoke_links(1)
    ana = Member(world, place=PRIVATE)
    assert "out of date" in await ana.does(Press(there.button("Sign").token))


async def test_a_private_command_typed_where_all_see_it_is_answered_by_the_card_that_names_nobody(world):
    ana = Member(world, place=GROUP)
    shown = await ana.says("sign")
    assert "Save the *park*" in shown
    assert "Ana" not in shown
    assert not ana.page.private
    assert not world.drafts


async def test_a_group_gets_one_card_in_ten_minutes_and_the_older_one_goes(world):
    ana = Member(world, place=GROUP)
    await ana.says("petition")
    later(world, minutes=9)
    assert await ana.says("petition") == ""
    later(world, minutes=2)
    assert "Save the *park*" in await ana.says("petition")
    assert ana.screen.removed == ["message-1"]


# --- afterwards ---


async def test_who_can_be_written_to_may_ask_to_be_told_and_take_it_back(world):
    ana = Member(world, actor=Actor(Account("test", "ana"), "Ana López", reachable=True))
    await ana.says("sign")
    await ana.presses("Sign as Ana López")
    assert "when it is delivered" in await ana.presses("Tell me what happens")
    assert world.noticed == {(Account("test", "ana"), 1)}
    await ana.presses("Don't write to me")
    assert not world.noticed


async def test_a_receipt_that_stays_in_the_chat_can_be_removed(world):
    ana = Member(world, place=PRIVATE, screen=Screen(lasting=True))
    await ana.says("sign")
    await ana.presses("Sign as Ana López")
    await ana.presses("Remove from this chat")
    assert ana.screen.removed == [None]


async def test_a_struck_signer_is_told_and_with_whom_to_write(world, ana):
    await ana.says("sign")
    await ana.presses("Sign as Ana López")
    world.strike(1)
    shown = await ana.says("mysignatures")
    assert "struck by the organisers" in shown
    assert "team@example.org" in shown
    assert not ana.buttons
    assert world.signed[0][1].status is Status.STRUCK


async def test_name_reach_and_comment_can_be_changed_and_the_number_stays(world, ana):
    await ana.says("sign")
    await ana.presses("Sign as Ana López")
    await ana.says("mysignatures")
    await ana.presses("Change")
    await ana.presses("Another name")
    await ana.types("Ana M. López")
    await ana.presses("Who sees it")
    await ana.presses("Everyone")
    shown = await ana.presses("Save")
    assert "Changed." in shown
    assert "#1" in shown
    signature = world.signed[0][1]
    assert (signature.identity.name, signature.reach, signature.number) == ("Ana M. López", Reach.EVERYONE, 1)


async def test_after_delivery_nothing_can_be_changed(world, ana):
    await ana.says("sign")
    await ana.presses("Sign as Ana López")
    await ana.says("mysignatures")
    change, withdraw = ana.button("Change"), ana.button("Withdraw")
    world.edit(world.kept[0], stored_state=State.DELIVERED)
    assert "delivered" in await ana.does(Press(change.token))
    assert "delivered" in await ana.does(Press(withdraw.token))
    await ana.says("mysignatures")
    assert not ana.buttons


async def test_several_petitions_are_chosen_by_a_button(world):
    world.petition(replace(PARK, slug="river", texts=(replace(ENGLISH, title="Clean the river"),)))
    ana = Member(world)
    assert "Which petition?" in await ana.says("sign")
    assert "Clean the river" in await ana.presses("Clean the river") or ana.page.buttons
    await ana.presses("Sign as Ana López")
    assert world.signed[0][1].petition_id == 2


async def test_the_question_is_asked_in_the_members_language_and_the_answer_counts_as_the_same(world):
    asked = Ask("Where?", ("North", "South"), (AskText("es", "¿Dónde?", ("Norte", "Sur")),))
    world.edit(world.kept[0], ask=asked)
    ana, ben = Member(world, locale="es"), Member(world, "Ben Okri")
    await ana.says("sign")
    assert "¿Dónde?" in ana.text
    await ana.does(Press(next(each for each in ana.buttons if each.token.endswith("_answer")).token))
    await ana.presses("Sur")
    assert "Sur" in await ana.does(Press(ana.buttons[0].token))
    await ben.says("sign")
    await ben.presses("Answer the question")
    await ben.presses("South")
    await ben.presses("Sign as Ben Okri")
    assert [each.context.answer for _, each in world.signed] == ["South", "South"]
    assert "Sur: 2" in await ana.says("totals")


async def test_what_is_typed_after_another_command_is_no_longer_taken_for_the_name(world, ana):
    await ana.says("sign")
    await ana.presses("Another name")
    await ana.says("totals")
    assert "did not expect" in await ana.types("Somebody Else")
    assert all(draft.values["name"] == "Ana López" for draft in world.drafts.values())


async def test_totals_asked_for_where_all_see_them_are_the_card_once_in_ten_minutes(world):
    ana = Member(world, place=GROUP)
    assert "0 of 100 have signed" in await ana.says("totals")
    assert await ana.says("totals") == ""
