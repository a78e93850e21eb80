"""Taking a signature back: one's own, or by the code of a receipt from any account."""

import pytest
from msgspec.structs import replace

from bot.inbound import Press, Submit
from bot.model.account import Account, Actor
from bot.model.petition import Reach, State, TotalsMode
from bot.model.signature import NoSuchSignature, NotPossible, Status
from bot.pages.receipt import shown_code
from bot.tokens import random_id, token
from tests.bot.fakes import ENGLISH, GROUP, PARK, SPANISH, FakeSignatures, Member, Screen, World, signs

RIVER = replace(PARK, slug="river", texts=(replace(ENGLISH, title="Clean the river"),))


@pytest.fixture
def world():
    world = World()
    world.petition()
    return world


def labels(member):
    return [button.label for button in member.buttons]


def status(world, at=0):
    return world.signed[at][1].status


# --- one's own ---


async def test_a_signer_is_asked_once_more_and_then_it_is_gone_from_total_and_list(world):
    ana = await signs(world, "Ana López", reach="everyone")
    asked = await ana.says("withdraw")
    assert "Withdraw your signature?" in asked
    assert "Save the *park*" in asked
    assert "#1" in asked
    assert status(world) is Status.COUNTED
    assert "your signature is not counted" in await ana.presses("Yes, withdraw")
    assert status(world) is Status.WITHDRAWN
    assert world.signed[0][1].identity is None
    ben = Member(world, "Ben Okri")
    assert "0 of 100" in await ben.says("totals")
    assert "Ana" not in await ben.says("signers")


async def test_a_signer_may_think_better_of_it(world):
    ana = await signs(world, "Ana López")
    await ana.says("withdraw")
    assert "Nothing has changed" in await ana.presses("No, keep it")
    assert status(world) is Status.COUNTED


async def test_who_withdrew_may_sign_again_and_gets_a_new_number(world):
    ana = await signs(world, "Ana López")
    await ana.says("withdraw")
    await ana.presses("Yes, withdraw")
    await ana.says("sign")
    assert "#2" in await ana.submits()
    assert [each.number for _, each in world.signed] == [1, 2]


async def test_pressing_yes_twice_is_no_fault(world):
    ana = await signs(world, "Ana López")
    await ana.says("withdraw")
    yes = ana.button("Yes, withdraw").token
    await ana.does(Press(yes))
    assert "withdrawn already" in await ana.does(Press(yes))


async def test_of_several_signatures_one_is_chosen(world):
    world.petition(RIVER)
    ana = await signs(world, "Ana López", which="park")
    await ana.says("sign", which="river")
    await ana.submits()
    assert await ana.says("withdraw") == "Which petition?"
    assert labels(ana) == ["Save the *park*", "Clean the river"]
    assert "Clean the river" in await ana.presses("Clean the river")
    await ana.presses("Yes, withdraw")
    assert [status(world, at) for at in (0, 1)] == [Status.COUNTED, Status.WITHDRAWN]


async def test_several_own_signatures_are_listed_each_with_its_own_buttons(world):
    world.petition(RIVER)
    ana = await signs(world, "Ana López", which="park")
    await ana.says("sign", which="river")
    await ana.submits()
    shown = await ana.says("mysignatures")
    assert shown.index("Save the *park*") < shown.index("Clean the river")
    assert labels(ana) == [
        "Change: Save the *park*",
        "Withdraw: Save the *park*",
        "Change: Clean the river",
        "Withdraw: Clean the river",
    ]
    assert "Clean the river" in await ana.presses("Withdraw: Clean the river")


@pytest.mark.parametrize("command", ["withdraw", "mysignatures"])
async def test_who_has_signed_nothing_is_told_so(world, command):
    assert "not signed anything" in await Member(world).says(command)


async def test_who_has_signed_from_another_account_is_told_of_the_code(world):
    assert "/withdraw and the code" in await Member(world).says("withdraw")


async def test_the_receipt_leads_to_ones_own_signatures(world):
    ana = await signs(world, "Ana López")
    shown = await ana.presses("My signatures")
    assert "Your signatures" in shown
    assert labels(ana) == ["Change", "Withdraw"]


async def test_a_struck_signature_can_not_be_withdrawn(world):
    ana = await signs(world, "Ana López")
    await ana.says("mysignatures")
    withdraw = ana.button("Withdraw").token
    await ana.presses("Withdraw")
    yes = ana.button("Yes, withdraw").token
    world.strike(1)
    for said in (
        await ana.does(Press(withdraw)),
        await ana.does(Press(yes)),
        await ana.says("withdraw"),
        await ana.says("withdraw", code=world.signed[0][1].code),
    ):
        assert "took this signature out of the count. If that is wrong, write to" in said
        assert PARK.contact in said
        assert "not signed anything" not in said
    assert "Save the *park*" in await ana.says("withdraw")
    assert status(world) is Status.STRUCK


async def test_until_delivery_a_closed_or_paused_petitions_signature_can_be_withdrawn(world):
    for state in (State.PAUSED, State.CLOSED):
        world.edit(world.kept[0], stored_state=State.OPEN)
        ana = await signs(world, f"Ana {state.name.title()}")
        world.edit(world.kept[0], stored_state=state)
        await ana.says("withdraw")
        await ana.presses("Yes, withdraw")
    assert {each.status for _, each in world.signed} == {Status.WITHDRAWN}


async def test_what_is_delivered_stays_even_if_the_question_was_asked_before(world):
    ana = await signs(world, "Ana López")
    await ana.says("withdraw")
    yes = ana.button("Yes, withdraw").token
    world.edit(world.kept[0], stored_state=State.DELIVERED)
    assert "has been delivered" in await ana.does(Press(yes))
    assert "has been delivered" in await ana.says("withdraw")
    assert "/forgetme erases" in await ana.says("withdraw", code=world.signed[0][1].code)
    assert status(world) is Status.COUNTED


async def test_a_signature_that_waits_for_review_can_be_withdrawn(world):
    ana = await signs(world, "Ana López")
    world.hold(1)
    for said in (
        await ana.says("withdraw", code=world.signed[0][1].code),
        await ana.says("withdraw"),
    ):
        assert "does not wait for review any more" in said
        assert "leaves the total" not in said
    await ana.presses("Yes, withdraw")
    assert status(world) is Status.WITHDRAWN


# --- by its code ---


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: code,
        shown_code,
        lambda code: shown_code(code).lower(),
        lambda code: f"  {code[:5]} {code[5:10]}  {code[10:].lower()} ",
    ],
    ids=["plain", "as shown", "lower case", "with spaces"],
)
async def test_whoever_holds_the_code_withdraws_and_is_not_told_the_name(world, typed):
    await signs(world, "Ana López", reach="everyone", comment="For my children")
    friend = Member(world, "Ben Okri")
    asked = await friend.says("withdraw", code=typed(world.signed[0][1].code))
    assert "Withdraw this signature?" in asked
    assert "Save the *park* #1" in asked
    done = await friend.presses("Yes, withdraw")
    assert "this signature is not counted" in done
    assert status(world) is Status.WITHDRAWN
    said = " ".join(str(page) for page in friend.screen.pages)
    for secret in ("Ana", "López", "children"):
        assert secret not in said


async def test_in_hourly_mode_the_code_tells_no_number(world):
    world.edit(world.kept[0], totals=TotalsMode.HOURLY)
    await signs(world, "Ana López")
    assert "#1" not in await Member(world, "Ben Okri").says("withdraw", code=world.signed[0][1].code)


async def test_an_unknown_code_is_told_with_what_a_code_looks_like_and_not_echoed_whole(world):
    said = await Member(world).says("withdraw", code="nonsense" * 100)
    assert "No signature has the code" in said
    assert "13 letters and digits" in said
    assert len(said) < 250
    assert "erased with the names" in said


async def test_a_code_used_twice_says_that_it_is_withdrawn_already(world):
    await signs(world, "Ana López")
    ben, code = Member(world, "Ben Okri"), world.signed[0][1].code
    await ben.says("withdraw", code=code)
    yes = ben.button("Yes, withdraw").token
    await ben.does(Press(yes))
    assert "withdrawn already" in await ben.does(Press(yes))
    assert "withdrawn already" in await ben.says("withdraw", code=code)


async def test_a_forged_code_withdraws_nothing(world):
    await signs(world, "Ana López")
    assert "No signature has the code" in await Member(world, "Eve").does(Press(token("recall", "A" * 13)))
    assert status(world) is Status.COUNTED


async def test_a_code_typed_where_all_see_it_does_nothing_there(world):
    await signs(world, "Ana López")
    code = world.signed[0][1].code
    ben = Member(world, "Ben Okri", place=GROUP)
    assert "Withdraw" not in await ben.says("withdraw", code=code)
    assert "private chat" in await ben.does(Press(token("recall", code)))
    assert status(world) is Status.COUNTED


# --- somebody else's ---


@pytest.mark.parametrize("action", ["withdraw", "takeback", "change"])
async def test_somebody_elses_signature_is_out_of_reach_of_a_forged_button(world, action):
    await signs(world, "Ana López")
    for screen in (Screen(), Screen(whole_forms=True)):
        eve = Member(world, "Eve Adams", screen=screen)
        said = await eve.does(Press(token(action, world.signed[0][1].form)))
        assert said.startswith("This button is out of date")
        assert not eve.screen.forms
    assert status(world) is Status.COUNTED


async def test_somebody_elses_signature_can_not_be_changed_by_a_forged_form(world):
    await signs(world, "Ana López")
    eve = Member(world, "Eve Adams", screen=Screen(whole_forms=True))
    forged = token("change", world.signed[0][1].form, random_id())
    said = await eve.does(Submit(forged, {"name": "Eve Adams", "reach": "everyone", "comment": ""}))
    assert said.startswith("This button is out of date")
    assert world.signed[0][1].identity.name == "Ana López"


# --- changing it ---


async def test_a_change_in_one_form_begins_with_what_stands(world):
    ana = await signs(world, "Ana López", comment="Please")
    await ana.says("mysignatures")
    await ana.presses("Change")
    values = {each.key: each.value for each in ana.screen.forms[-1].fields}
    assert values == {"name": "Ana López", "reach": "addressee", "comment": "Please"}
    assert "Changed." in await ana.submits(reach="organisers", comment="")
    signature = world.signed[0][1]
    assert (signature.identity.comment, signature.reach) == ("", Reach.ORGANISERS)


async def test_a_refused_change_says_why_and_changes_nothing(world):
    ana = await signs(world, "Ana López")
    await ana.says("mysignatures")
    await ana.presses("Change")
    assert "at least 2 letters" in await ana.submits(name="A")
    assert world.signed[0][1].identity.name == "Ana López"
    await ana.presses("Try again")
    await ana.submits(name="Ana M. López")
    assert world.signed[0][1].identity.name == "Ana M. López"


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (lambda world: world.strike(1), "took this signature out of the count"),
        (lambda world: world.edit(world.kept[0], stored_state=State.DELIVERED), "has been delivered"),
    ],
)
async def test_a_change_that_comes_too_late_says_why(world, happens, said):
    ana = await signs(world, "Ana López")
    await ana.says("mysignatures")
    change = ana.button("Change").token
    await ana.presses("Change")
    happens(world)
    assert said in await ana.submits(name="Ana M. López")
    assert said in await ana.does(Press(change))
    assert world.signed[0][1].identity.name == "Ana López"


async def test_a_reach_that_is_offered_no_longer_is_not_widened_in_silence(world):
    ana = await signs(world, "Ana López", reach="organisers")
    world.edit(world.kept[0], reach=(Reach.ADDRESSEE, Reach.EVERYONE))
    stepwise = Member(world, "Ana López")
    await stepwise.says("mysignatures")
    await stepwise.presses("Change")
    assert "Who sees my name: (none)" in stepwise.text
    assert "Who sees my name: this is not one of the choices." in await stepwise.presses("Save")
    await ana.says("mysignatures")
    await ana.presses("Change")
    assert "not one of the choices" in await ana.submits()
    assert world.signed[0][1].reach is Reach.ORGANISERS


# --- what the storage may answer all the same, as between two presses everything can change ---


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (NoSuchSignature(), "out of date"),
        (NotPossible(Status.WITHDRAWN, State.OPEN), "withdrawn already"),
        (NotPossible(Status.COUNTED, State.DELIVERED), "has been delivered"),
        (NotPossible(Status.STRUCK, State.OPEN), "took this signature out of the count"),
    ],
)
async def test_what_changed_at_the_very_last_moment_is_told(world, monkeypatch, result, said):
    ana = await signs(world, "Ana López")
    await ana.says("withdraw")

    async def too_late(*_):
        return result

    monkeypatch.setattr(FakeSignatures, "withdraw", too_late)
    assert said in await ana.presses("Yes, withdraw")
    if said != "withdrawn already":
        monkeypatch.setattr(FakeSignatures, "amend", too_late)
        await ana.says("mysignatures")
        await ana.presses("Change")
        assert said in await ana.submits()


async def test_receipts_are_told_in_the_readers_language(world):
    ana = Member(world, locale="es", actor=Actor(Account("test", "ana"), "Ana López"))
    await ana.says("sign")
    receipt = await ana.presses("Firmar como Ana López")
    for part in ("Has firmado", "Petición: Salvad el parque", "La organización y La alcaldía", "Código"):
        assert part in receipt
    assert world.signed[0][1].text_version == SPANISH.version
