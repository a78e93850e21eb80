"""The one way in: who may do what where, what is odd or forged, and what happens when something fails."""

import re

import pytest
from msgspec.structs import replace

from bot.commands import COMMANDS
from bot.core import Core, Plan
from bot.errors import StorageError
from bot.house import House
from bot.inbound import Browse, Command, Inbound, Press, Submit, Suggest, Typed
from bot.model.account import Account, Actor, ActorKind, Place, PlaceKind
from bot.model.petition import State
from bot.model.signature import TextChanged
from bot.outbox import Outbox
from bot.pictures import Pictures
from bot.roles import Role
from bot.tokens import random_id, token
from bot.turn import Turn
from bot.words.catalog import Words
from tests.bot.fakes import GROUP, NOON, PARK, PRIVATE, SERVER, FakeSignatures, Member, Screen, World, signs
from tests.bot.outreach_fakes import Sketcher
from tests.logs import capture_logs

CHANNEL = Place("test", "44", PlaceKind.CHANNEL, "news", discreet=False)
PLACES = {"private": PRIVATE, "server": SERVER, "open group": GROUP, "channel": CHANNEL}
ACTORS = {
    Role.SIGNER: Actor(Account("test", "ana"), "Ana López"),
    Role.MODERATOR: Actor(Account("test", "mo"), "Mo Farah", moderates=True),
    Role.ORGANISER: Actor(Account("test", "boss"), "Bo Diaz"),
}
ACTIONS = {name: action for spec in COMMANDS for name, action in spec.actions.items()}
REFUSALS = ("Only organisers", "Only moderators", "does not work in this place")


@pytest.fixture
def world():
    world = World(organisers={ACTORS[Role.ORGANISER].account})
    world.petition()
    return world


def member(world, role=Role.SIGNER, **changes):
    return Member(world, actor=ACTORS[role], **changes)


# --- role × command × place ---


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("spec", COMMANDS, ids=lambda spec: spec.name)
async def test_a_command_answers_those_who_may_use_it_where_it_works_and_refuses_the_others(
    world, spec, role, place
):
    who = member(world, role, place=PLACES[place])
    said = await who.says(spec.name)
    discreet = PLACES[place].discreet
    refused = any(refusal in said for refusal in REFUSALS)
    if PLACES[place].kind not in spec.places:
        assert "does not work in this place" in said
    elif spec.private and not discreet:
        assert "Save the *park*" in said  # the card, which leads to the private chat
        assert not refused
    else:
        assert refused == (role < spec.role)
    assert len(who.screen.pages) == 1
    assert who.page.private == discreet
    assert discreet or not who.page.names_a_person
    assert "Sorry" not in said


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", ACTIONS)
async def test_a_button_does_only_what_the_role_of_whoever_presses_it_allows(world, action, role, place):
    who = member(world, role, place=PLACES[place])
    spec = ACTIONS[action]
    said = await who.does(Press(token(action, *[world.kept[0].key] * spec.arguments)))
    if spec.private and not PLACES[place].discreet:
        assert "private chat" in said
    else:
        assert any(refusal in said for refusal in REFUSALS) == (role < spec.role)
    assert len(who.screen.pages) + len(who.screen.removed) == 1
    assert "Sorry" not in said


async def test_what_all_would_see_can_not_name_a_person(world):
    inbound = Inbound("1", ACTORS[Role.SIGNER], GROUP, "en", Typed("x"))
    turn = Turn(
        inbound,
        Screen(),
        world.ports(),
        House(),
        NOON,
        Words("en"),
        Outbox(world.ports(), world.clock, Pictures(Sketcher())),
    )
    with pytest.raises(ValueError, match="names a person"):
        turn.page(names_a_person=True)


async def test_organisers_are_those_of_the_configuration_and_those_who_claimed_it(world):
    ana = member(world)
    world.edit(world.kept[0], stored_state=State.DRAFT)
    assert "no petition" in await ana.says("petition")
    ana.house = House(admins=frozenset({ana.account}))
    assert "Save the *park*" in await ana.says("petition")


async def test_whoever_moderates_is_asked_of_the_platform_each_time(world):
    mo = member(world, Role.MODERATOR)
    await mo.says("petition")
    post = mo.button("Post here").token
    mo.actor = replace(ACTORS[Role.MODERATOR], moderates=False)
    assert "Only moderators" in await mo.does(Press(post))


# --- /help ---


def listed(said):
    return set(re.findall(r"^/(\w+): ", said, re.MULTILINE))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", Role)
async def test_help_lists_what_this_person_can_do_in_this_place_and_no_more(world, role, place):
    where = PLACES[place]
    said = await member(world, role, place=where).says("help")
    assert listed(said) == {
        spec.name
        for spec in COMMANDS
        if spec.role <= role and where.kind in spec.places and (where.discreet or not spec.private)
    }
    assert ("You are " in said) == where.discreet
    assert where.discreet == (str(ACTORS[role].account) in said)


async def test_help_in_spanish_keeps_the_names_of_the_commands(world):
    said = await member(world, locale="es-MX").says("help")
    assert "/totals: Consulta cuántas personas han firmado" in said
    assert "Tu cuenta es test:ana." in said


# --- /claim ---


async def test_a_claim_code_makes_one_person_an_organiser_once(world):
    world.claims = {"K7Q"}
    ana, eve = member(world), Member(world, "Eve Adams")
    assert "organiser now" in await ana.says("claim", code=" K7Q ")
    assert "wrong, used up or expired" in await eve.says("claim", code="K7Q")
    assert world.organisers == {ACTORS[Role.ORGANISER].account, ana.account}


async def test_whoever_claims_is_written_to_in_the_language_that_they_speak(world):
    world.claims = {"K7Q"}
    ana = Member(world, locale="es")
    await ana.says("claim", code="K7Q")
    assert world.actors[ana.account][1] == "es"


async def test_who_is_an_organiser_already_does_not_use_a_code_up(world):
    world.claims = {"K7Q"}
    assert "already" in await member(world, Role.ORGANISER).says("claim", code="K7Q")
    assert world.claims == {"K7Q"}


async def test_a_claim_without_or_with_a_wrong_code_changes_nothing(world):
    world.claims = {"K7Q"}
    assert "/claim CODE" in await member(world).says("claim")
    assert "/claim CODE" in await member(world).says("claim", code="  ")
    assert "wrong" in await member(world).says("claim", code="K7Z")
    assert len(world.organisers) == 1
    assert world.claims == {"K7Q"}


@pytest.mark.parametrize("kind", [kind for kind in ActorKind if kind is not ActorKind.MEMBER])
async def test_only_a_persons_own_account_can_claim(world, kind):
    world.claims = {"K7Q"}
    someone = Member(world, actor=Actor(Account("test", "x"), "Somebody", kind, moderates=True))
    assert "person" in await someone.says("claim", code="K7Q")
    assert world.claims == {"K7Q"}


# --- /privacy ---


async def test_privacy_says_what_is_kept_for_whom_how_long_and_whom_to_write_to(world):
    house = House(contact="board@example.org", days_after_delivery=30, days_after_close=1)
    said = await member(world, house=house).says("privacy")
    for part in (
        "What is stored",
        "Who can read it",
        "until 30 days after the petition is delivered",
        "until 1 day after it closes",
        "/mysignatures",
        "/withdraw",
        "Discord or Telegram",
        "board@example.org",
    ):
        assert part in said


async def test_privacy_says_honestly_what_was_left_open(world):
    world.edit(world.kept[0], contact="")
    said = await member(world).says("privacy")
    assert "no date for erasing" in said
    assert "no contact address" in said


async def test_privacy_repeats_what_each_petition_promises(world):
    world.petition(replace(PARK, slug="bare", texts=(replace(PARK.texts[0], privacy=""),), contact=""))
    said = await member(world).says("privacy")
    assert "Save the *park*\n\nKept.\n\nWhom to write to: team@example.org" in said
    assert said.count("Save the *park*") == 1
    assert "no contact address" not in said


async def test_privacy_says_how_many_from_one_community_count_at_once(world):
    assert "3,000 signatures count at once" in await member(world).says("privacy")
    without = House(community_signatures=0)
    assert "count at once" not in await member(world, house=without).says("privacy")


async def test_privacy_names_a_contact_once(world):
    said = await member(world, house=House(contact="team@example.org")).says("privacy")
    assert said.count("Whom to write to: team@example.org") == 1


# --- unknown, forged and malformed ---


async def test_an_unknown_command_is_answered_privately_and_left_alone_in_a_group(world):
    assert "no command /nonsense" in await member(world).says("nonsense")
    assert await member(world, place=GROUP).says("nonsense") == ""
    assert len(await member(world).says("n" * 5000)) < 100


@pytest.mark.parametrize(
    "written",
    [
        "",
        "_",
        "nonsense",
        "nonsense_a",
        "__class__",
        "sign_",
        "sign__x",
        "sign_ä",
        "sign_../../etc",
        "sign_" + "a" * 60,
        "step_a_b",
        "\x00",
        "SIGN_x",
        "sign x",
    ],
)
async def test_a_token_that_no_button_of_ours_carries_is_out_of_date(world, written):
    for screen in (Screen(), Screen(whole_forms=True)):
        ana = member(world, screen=screen)
        assert "out of date" in await ana.does(Press(written))
        assert "out of date" in await ana.does(Submit(written, {"name": "Ana López"}))


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("action", ACTIONS)
async def test_every_action_stands_too_few_too_many_and_invented_arguments(world, action, whole):
    ana = member(world, screen=Screen(whole_forms=whole))
    key, form = world.kept[0].key, random_id()
    tries = [[key] * count for count in range(5)] + [[form, "0", "send"], [form, "x", "reach", "99999999999"]]
    for arguments in tries:
        before = answers(ana.screen)
        assert "Sorry" not in await ana.does(Press(token(action, *arguments)))
        assert answers(ana.screen) == before + 1
    assert not world.signed


def answers(screen):
    return len(screen.pages) + len(screen.forms) + len(screen.removed)


@pytest.mark.parametrize("kind", ["sign", "change", "step", "nonsense"])
@pytest.mark.parametrize("count", range(5))
async def test_a_forged_form_is_no_form(world, kind, count):
    ana = member(world, screen=Screen(whole_forms=True))
    said = await ana.does(Submit(token(kind, *["a" * 8] * count), {"name": "Ana López", "reach": "everyone"}))
    assert "out of date" in said
    assert not world.signed


async def test_a_form_of_an_unknown_text_version_shows_the_text_first(world):
    ana = member(world, screen=Screen(whole_forms=True))
    for version in ("a" * 12, "ab", "0"):
        forged = token("sign", world.kept[0].key, version, random_id())
        said = await ana.does(Submit(forged, {"name": "Ana López", "reach": "addressee"}))
        assert "Keep the park." in said
    assert not world.signed


@pytest.mark.parametrize(
    "what", ["nonsense", "name_0", "reach_99", "reach_x", "comment_0", "back", "via", "send_1"]
)
async def test_forged_steps_of_a_form_of_ones_own_break_nothing(world, what):
    ana = member(world)
    await ana.says("sign")
    form, step = re.match(r"step_(\w+?)_(\d+)_send", ana.buttons[0].token).groups()
    said = await ana.does(Press(token("step", form, step, *what.split("_"))))
    assert "Sorry" not in said
    assert [each.identity.name for _, each in world.signed] == (["Ana López"] if what == "send_1" else [])


async def test_a_half_filled_form_of_another_account_can_be_neither_read_nor_sent_nor_cancelled(world):
    ana, eve = member(world), Member(world, "Eve Adams")
    await ana.says("sign")
    await ana.presses("Add a comment")
    await ana.types("For my children")
    tokens = [button.token for button in ana.buttons]
    form = tokens[0].split("_")[1]
    for forged in [*tokens, token("reopen", form)]:
        said = await eve.does(Press(forged))
        assert "no longer there" in said
        assert "children" not in said
    assert "did not expect" in await eve.types("Eve Adams")
    assert "You have signed" in await ana.presses("Sign as Ana López")


async def test_a_button_of_a_spent_form_shows_the_receipt(world):
    ana = member(world)
    await ana.says("sign")
    cancel = ana.button("Cancel").token
    await ana.presses("Sign as Ana López")
    said = await ana.does(Press(cancel))
    assert "#1" in said
    assert len(world.signed) == 1


# --- between two presses everything can change ---


async def test_of_two_forms_that_are_open_at_once_one_signs_and_the_other_shows_its_receipt(world):
    ana = member(world, screen=Screen(whole_forms=True))
    await ana.says("sign")
    first = ana.screen.forms[-1]
    await ana.says("sign")
    await ana.submits()
    values = {each.key: each.value for each in first.fields}
    assert "signed this petition already" in await ana.does(Submit(first.token, values))
    assert len(world.signed) == 1


async def test_a_form_sent_after_the_petition_closed_is_told_so(world):
    ana = member(world, screen=Screen(whole_forms=True))
    await ana.says("sign")
    world.edit(world.kept[0], stored_state=State.CLOSED)
    assert "closed and takes no more signatures" in await ana.submits()


async def test_a_form_of_a_petition_that_is_gone_is_out_of_date(world):
    ana = member(world)
    await ana.says("sign")
    world.kept.clear()
    assert "out of date" in await ana.presses("Sign as Ana López")


async def test_a_text_that_changed_after_the_petition_closed_is_not_shown_to_be_signed(world):
    ana = member(world, screen=Screen(whole_forms=True))
    await ana.says("sign")
    sent = ana.screen.forms[-1]

    class Changed(FakeSignatures):
        async def sign(self, request):
            world.edit(world.kept[0], stored_state=State.CLOSED)
            return TextChanged()

    ports = replace(world.ports(), signatures=Changed(world))
    values = {each.key: each.value for each in sent.fields}
    submit = Inbound("2", ana.speaker, ana.place, "en", Submit(sent.token, values))
    await Core(ports, House(), world.clock).handle(submit, ana.screen)
    assert "closed and takes no more signatures" in ana.text


async def test_a_receipt_can_be_shown_where_names_are_sealed(world):
    ana = await signs(world, "Ana López", comment="For my children")
    account, signature = world.signed[0]
    world.signed[0] = (account, replace(signature, identity=None, context=None))
    said = await ana.says("mysignatures")
    assert "Name: (can't be read here)" in said
    assert "Signed: March 8, 2026" in said
    await ana.presses("Change")
    assert [each.value for each in ana.screen.forms[-1].fields] == ["", "addressee", ""]


# --- free text ---


async def test_a_message_that_was_not_asked_for_is_answered_with_a_hint(world):
    assert "/help" in await member(world).types("hello?")


async def test_what_is_typed_after_the_answer_is_not_taken_for_another(world):
    ana = member(world)
    await ana.says("sign")
    await ana.presses("Another name")
    await ana.types("Ana María")
    assert "did not expect" in await ana.types("Thank you")
    assert [draft.values["name"] for draft in world.drafts.values()] == ["Ana María"]


async def test_who_can_not_be_written_to_is_not_noted_as_somebody_to_tell(world):
    assert "out of date" in await member(world).does(Press(token("tell", world.kept[0].key)))
    assert not world.noticed


async def test_a_form_that_is_opened_again_after_an_edit_says_that_the_text_is_new(world):
    ana = member(world, screen=Screen(whole_forms=True))
    await ana.says("sign")
    await ana.submits(name="@everyone")
    world.edit(world.kept[0], texts=(replace(PARK.texts[0], letter="Sell the park."),))
    await ana.presses("Try again")
    assert "edited while you read" in ana.screen.forms[-1].remark
    assert "Sell the park." in str(ana.screen.forms[-1].body)


async def test_in_a_group_what_people_say_to_each_other_is_left_alone(world):
    ana = member(world, place=PRIVATE)
    await ana.says("sign")
    await ana.presses("Another name")
    there = member(world, place=GROUP)
    assert await there.types("Ana María") == ""
    assert "Ana María" in await ana.types("Ana María")


async def test_a_form_sent_where_all_see_it_is_led_to_the_private_chat(world):
    ana = member(world, place=GROUP, screen=Screen(whole_forms=True))
    forged = token("sign", world.kept[0].key, PARK.texts[0].version[:12], random_id())
    assert "private chat" in await ana.does(Submit(forged, {"name": "Ana López", "reach": "addressee"}))
    assert not world.signed


async def test_what_was_typed_after_the_petition_closed_gets_one_answer(world):
    ana = member(world)
    await ana.says("sign")
    await ana.presses("Another name")
    world.edit(world.kept[0], stored_state=State.CLOSED)
    before = len(ana.screen.pages)
    assert "closed" in await ana.types("Ana María")
    assert len(ana.screen.pages) == before + 1


async def test_what_was_typed_after_the_text_changed_shows_the_new_text_once(world):
    ana = member(world)
    await ana.says("sign")
    await ana.presses("Another name")
    world.edit(world.kept[0], texts=(replace(PARK.texts[0], letter="Sell the park."),))
    before = len(ana.screen.pages)
    assert "Sell the park." in await ana.types("Ana María")
    assert len(ana.screen.pages) == before + 1


async def test_a_question_that_is_gone_is_no_longer_answered(world):
    ana = member(world)
    await ana.says("sign")
    await ana.presses("Another name")
    (key, draft) = next(iter(world.drafts.items()))
    world.drafts[key] = replace(draft, asking="shoe size")
    assert "did not expect" in await ana.types("43")
    world.drafts[key] = replace(draft, token="nonsense_a_b")
    await ana.types("43")
    assert not world.signed


# --- what an adapter asks beforehand ---


def test_an_adapter_learns_how_the_answer_will_come(world):
    core = Core(world.ports(), House(), world.clock)
    assert core.plan(Command("sign")) == Plan(private=True, opens_form=True)
    assert not core.plan(Command("petition")).private
    assert core.plan(Press(token("sign", "a"))).opens_form
    for event in (Press("nonsense"), Press(""), Command("nonsense"), Typed("x"), Submit("x", {}), Browse("")):
        assert core.plan(event) == Plan()


def test_the_specs_are_those_that_platforms_register(world):
    core = Core(world.ports(), House(), world.clock)
    assert [spec.name for spec in core.specs] == [spec.name for spec in COMMANDS]
    names = [name for spec in COMMANDS for name in spec.actions]
    assert len(set(names)) == len(names), "two commands have an action of the same name"
    for spec in COMMANDS:
        assert re.fullmatch("[a-z]{1,32}", spec.name)
        wanted = [argument.required for argument in spec.arguments]
        assert wanted == sorted(wanted, reverse=True), "required arguments come first"


# --- when something fails ---

SECRETS = ("Ana", "López", "children", "test:ana", "secret detail")


async def apologised(world, event, screen=None):
    """What is shown and what is logged when the storage fails."""
    world.failing = RuntimeError("secret detail of Ana López")
    ana = member(world, screen=screen or Screen())
    with capture_logs() as log:
        said = await ana.does(event)
    return said, log, ana


@pytest.mark.parametrize(
    "event", [Command("petition", {"which": "Ana López"}), Press("petition_abc"), Press("signers_abc")]
)
async def test_a_fault_is_answered_with_a_code_that_the_log_has_and_the_log_names_nobody(world, event):
    said, log, ana = await apologised(world, event)
    assert len(log) == 1
    assert log[0]["incident"] in said
    assert log[0]["error"] == "RuntimeError"
    assert log[0]["platform"] == "test"
    assert "fakes.py" in log[0]["at"][-1]
    assert "says" not in log[0]
    assert not any(secret in str(log) for secret in SECRETS)
    assert ana.page.private
    assert "secret" not in said


async def test_a_fault_of_the_storage_tells_the_operator_what_to_do_and_the_member_nothing_of_it(world):
    world.failing = StorageError("The database /srv/db is not there.")
    with capture_logs() as log:
        said = await member(world).does(Command("petition"))
    assert log[0]["says"] == "The database /srv/db is not there."
    assert "/srv/db" not in said


async def test_every_fault_has_a_code_of_its_own(world):
    codes = {(await apologised(world, Command("petition")))[1][0]["incident"] for _ in range(5)}
    assert len(codes) == 5


async def test_a_fault_while_an_argument_is_typed_suggests_nothing(world):
    said, log, ana = await apologised(world, Suggest("petition", "which", "park"))
    assert (said, ana.screen.choices, len(log)) == ("", [], 1)


async def test_a_fault_while_cards_are_looked_for_offers_nothing(world):
    said, log, ana = await apologised(world, Browse("park"))
    assert (said, ana.screen.offers, len(log)) == ("", [], 1)


async def test_when_the_answer_can_not_be_delivered_either_nothing_is_raised_and_both_are_logged(world):
    said, log, _ = await apologised(world, Command("petition"), Screen(broken=True))
    assert said == ""
    assert [each["error"] for each in log] == ["RuntimeError", "ConnectionError"]


async def test_a_signature_stands_though_its_receipt_could_not_be_delivered(world):
    ana = member(world)
    await ana.says("sign")
    sign = ana.button("Sign as Ana López").token
    ana.screen.broken = True
    with capture_logs() as log:
        await ana.does(Press(sign))
    assert {each["error"] for each in log} == {"ConnectionError"}
    assert not any(secret in str(log) for secret in SECRETS)
    ana.screen.broken = False
    assert "#1" in await ana.does(Press(sign))
    assert len(world.signed) == 1


async def test_what_people_typed_stays_out_of_every_repr(world):
    ana = await signs(world, "Ana López", comment="For my children")
    things = [
        Inbound("1", ana.speaker, PRIVATE, "en", Typed("Ana López")),
        ana.speaker,
        ana.account,
        world.signed[0][1],
        world.signed[0][1].identity,
        world.signed[0][1].context,
    ]
    for thing in things:
        assert not any(secret in repr(thing) for secret in (*SECRETS, world.signed[0][1].code))
