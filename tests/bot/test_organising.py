"""Organisers open, pause, close and deliver petitions in the chat, and see how they fare."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.house import House
from bot.inbound import Press
from bot.model.account import Account, Actor
from bot.model.community import Kind, Telling, Wishes
from bot.model.petition import Act, State
from bot.model.signature import Status
from bot.tokens import token
from tests.bot.fakes import (
    GROUP,
    NOON,
    PARK,
    PRIVATE,
    SERVER,
    FakePetitions,
    Member,
    Screen,
    World,
    later,
    signs,
)

BOSS = Actor(Account("test", "boss"), "Bo Diaz")
HOUSE = House(contact="us@example.org", privacy="Kept for thirty days.")
BARE = replace(PARK, texts=(replace(PARK.texts[0], privacy=""),), contact="")


@pytest.fixture
def world():
    world = World(organisers={BOSS.account})
    world.petition()
    return world


def boss(world, **changes):
    return Member(world, actor=BOSS, **changes)


def state(world):
    return world.kept[0].state(world.now)


# --- changing the state ---


async def test_a_petition_lives_its_whole_life_in_the_chat(world):
    world.edit(world.kept[0], stored_state=State.DRAFT)
    bo = boss(world)
    for command, yes, after in (
        ("open", "Yes, open it", State.OPEN),
        ("pause", "Yes, pause it", State.PAUSED),
        ("resume", "Yes, go on", State.OPEN),
        ("close", "Yes, close it", State.CLOSED),
        ("reopen", "Yes, open it again", State.OPEN),
        ("close", "Yes, close it", State.CLOSED),
        ("deliver", "Yes, it is delivered", State.DELIVERED),
    ):
        before = state(world)
        assert "Save the *park*" in await bo.says(command)
        assert state(world) is before
        assert "Save the *park*" in await bo.presses(yes)
        assert state(world) is after


async def test_who_thinks_again_changes_nothing(world):
    bo = boss(world)
    await bo.says("close")
    assert "Nothing has changed" in await bo.presses("No")
    assert state(world) is State.OPEN


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("stands", State)
async def test_what_does_not_fit_is_refused_with_what_to_do_instead(world, act, stands):
    world.edit(world.kept[0], stored_state=stands)
    bo = boss(world)
    said = await bo.says(act.value)
    pressed = await bo.does(Press(token(f"do-{act}", world.kept[0].key)))
    asked = (
        "Yes" in " ".join(button.label for button in bo.screen.pages[0].buttons[0])
        if bo.screen.pages[0].buttons
        else False
    )
    assert asked == (state(world) is not stands)
    assert "Sorry" not in said + pressed
    if not asked:
        assert said == pressed
        assert "“Save the *park*”" in said


@pytest.mark.parametrize("act", Act)
async def test_a_forged_button_of_somebody_who_is_no_organiser_changes_nothing(world, act):
    mo = Member(world, actor=Actor(Account("test", "mo"), "Mo", moderates=True))
    for action in (f"do-{act}", f"may-{act}"):
        assert "Only organisers" in await mo.does(Press(token(action, world.kept[0].key)))
    assert state(world) is State.OPEN


async def test_the_question_says_what_it_means(world):
    await signs(world, "Ana López")
    world.edit(world.kept[0], stored_state=State.CLOSED)
    said = await boss(world).says("deliver")
    for part in ("1 person has signed", "can't be undone", "announced to every community"):
        assert part in said


async def test_at_opening_the_configuration_gives_what_the_petition_leaves_out(world):
    world.kept.clear()
    world.petition(BARE, State.DRAFT)
    bo = boss(world, house=HOUSE)
    assert "taken from the configuration" in await bo.says("open")
    await bo.presses("Yes, open it")
    assert world.kept[0].content.contact == "us@example.org"
    assert world.kept[0].content.texts[0].privacy == "Kept for thirty days."


async def test_at_opening_it_is_said_what_nobody_has_given(world):
    world.kept.clear()
    world.petition(BARE, State.DRAFT)
    said = await boss(world).says("open")
    assert "names nobody whom signers can write to" in said
    assert "no privacy line" in said


async def test_what_one_language_alone_lacks_is_said_with_its_name(world):
    half = replace(PARK, texts=(PARK.texts[0], replace(PARK.texts[1], privacy="")))
    world.kept.clear()
    world.petition(half, State.DRAFT)
    assert "Its text in Spanish has no privacy line" in await boss(world).says("open")
    assert "has no privacy line in Spanish: /edit" in await boss(world).says("status")
    spanish = Member(world, "Jefa", locale="es", actor=boss(world).actor)
    assert "español" in await spanish.says("status")


async def test_one_that_was_changed_at_the_same_instant_is_not_opened(world, monkeypatch):
    world.kept.clear()
    world.petition(BARE, State.DRAFT)
    bo = boss(world, house=HOUSE)
    await bo.says("open")

    async def too_late(*_, **__):
        return None

    monkeypatch.setattr(FakePetitions, "update", too_late)
    assert "Somebody else changed" in await bo.presses("Yes, open it")
    assert state(world) is State.DRAFT


async def test_what_is_so_already_is_said_to_be_so(world):
    bo = boss(world)
    assert "is open for signatures" in await bo.says("open")
    await bo.says("close")
    close = Press(bo.button("Yes, close it").token)
    assert await bo.does(close) == await bo.does(close) == "“Save the *park*” is closed."


async def test_times_are_said_when_opening_and_reopening(world):
    world.edit(
        world.kept[0],
        stored_state=State.DRAFT,
        opens=NOON + timedelta(days=1),
        closes=NOON + timedelta(days=9),
    )
    said = await boss(world).says("open")
    assert "opens by itself on 2026-03-09" in said
    assert "closes by itself on 2026-03-17" in said
    world.edit(world.kept[0], stored_state=State.CLOSED, closes=NOON - timedelta(days=1), opens=None)
    assert "closing time has passed" in await boss(world).says("reopen")


async def test_one_whose_names_were_erased_is_not_opened_again(world):
    world.kept[0] = replace(world.kept[0], stored_state=State.CLOSED, anonymised=NOON)
    assert "have been erased" in await boss(world).says("reopen")
    assert "have been erased" in await boss(world).does(Press(token("do-reopen", world.kept[0].key)))


async def test_of_several_petitions_those_are_offered_that_it_fits(world):
    world.petition(replace(PARK, slug="river"), State.CLOSED)
    world.petition(replace(PARK, slug="pool"), State.CLOSED)
    bo = boss(world)
    await bo.says("deliver")
    assert len(bo.buttons) == 2
    await bo.does(Press(bo.buttons[0].token))
    assert "Mark “Save the *park*” as delivered?" in bo.text
    await bo.says("close")
    assert "Close “Save the *park*”?" in bo.text


async def test_what_an_organiser_does_is_theirs_in_the_log_by_an_id(world, monkeypatch):
    noted = []
    act = FakePetitions.act

    async def noting(self, slug, what, *, closes=None, actor=None):
        noted.append(actor)
        return await act(self, slug, what, closes=closes, actor=actor)

    monkeypatch.setattr(FakePetitions, "act", noting)
    bo = boss(world, locale="es")
    await bo.says("close")
    await bo.presses("Sí, cerrarla")
    assert noted == [world.actors[BOSS.account][0]]
    assert world.actors[BOSS.account][1] == "es"


async def test_where_all_can_see_it_organisers_are_led_to_the_private_chat(world):
    bo = boss(world, place=GROUP)
    for command in ("open", "close", "deliver", "status"):
        assert "Close" not in await bo.says(command)
    assert "private chat" in await bo.does(Press(token("do-close", world.kept[0].key)))
    assert state(world) is State.OPEN


# --- what members meet while it is paused ---


async def test_while_it_is_paused_members_are_asked_to_come_back_and_lose_nothing(world):
    ana = Member(world, place=PRIVATE)
    await ana.says("sign")
    await ana.presses("Add a comment")
    await ana.types("For my children")
    world.kept[0] = replace(world.kept[0], stored_state=State.PAUSED)
    assert "come back later" in await ana.presses("Sign as Ana López")
    assert "paused" in await Member(world, "Ben Ali").says("sign")
    world.kept[0] = replace(world.kept[0], stored_state=State.OPEN)
    await ana.presses("Try again")
    await ana.presses("Sign as Ana López")
    assert world.signed[0][1].identity.comment == "For my children"


async def test_a_whole_form_sent_while_it_is_paused_can_be_sent_again(world):
    ana = Member(world, screen=Screen(whole_forms=True))
    await ana.says("sign")
    world.kept[0] = replace(world.kept[0], stored_state=State.PAUSED)
    assert "come back later" in await ana.submits(comment="For my children")
    world.kept[0] = replace(world.kept[0], stored_state=State.OPEN)
    await ana.presses("Try again")
    await ana.submits()
    assert world.signed[0][1].identity.comment == "For my children"


# --- /status ---


async def test_status_tells_state_total_pace_and_who_is_told(world):
    await signs(world, "Ana López")
    later(world, days=2)
    await signs(world, "Ben Ali")
    world.hold(2)
    await signs(world, "Cleo Roe")
    world.noticed.add((BOSS.account, 1))
    await world.ports().follows.follow(SERVER, 1, "en", Wishes())
    said = await boss(world).says("status")
    for part in (
        "State: open",
        "Signatures: 2 of 100",
        "Pace: 1 today, 2 in the last seven days",
        "Waiting for review: 1",
        "Communities: 1 follows",
        "Want to be told: 1",
        "1 signature of “Save the *park*” waits for review: /review",
    ):
        assert part in said


async def test_status_says_what_waits_for_a_decision(world):
    world.edit(world.kept[0], closes=NOON + timedelta(days=2))
    world.petition(replace(BARE, slug="river", texts=(replace(BARE.texts[0], title="River"),)))
    closed = world.petition(
        replace(PARK, slug="pool", texts=(replace(PARK.texts[0], title="Pool"),)), State.CLOSED
    )
    world.kept[2] = replace(closed, closed=NOON - timedelta(days=80))
    world.petition(replace(PARK, slug="idea", texts=(replace(PARK.texts[0], title="Idea"),)), State.DRAFT)
    await world.ports().follows.follow(SERVER, 1, "en", Wishes(), waiting=True)
    said = await boss(world, house=House(days_after_close=90)).says("status")
    for part in (
        "1 community waits for your word",
        "“Save the *park*” closes on 2026-03-10",
        "“River” has no contact",
        "“River” has no privacy line",
        "“Pool” is closed. Once it is handed over: /deliver",
        "The names under “Pool” are erased on 2026-03-18",
        "Names are erased: 2026-03-18",
        "“Idea” is a draft",
    ):
        assert part in said


async def test_status_tells_what_was_not_delivered(world):
    ports = world.ports()
    await ports.follows.follow(SERVER, 1, "en", Wishes())
    await ports.outbox.announce(Telling(1, Kind.GOAL, total=100))
    while await ports.outbox.spread(lambda _, now: now):
        pass
    for row in world.outreach.rows:
        row.state = "failed"
    assert "Not delivered: 2 messages" in await boss(world).says("status")


async def test_status_of_one_petition_or_of_none(world):
    world.petition(replace(PARK, slug="river", texts=(replace(PARK.texts[0], title="River"),)))
    bo = boss(world)
    assert "Save the *park*" not in (await bo.says("status", which="river")).partition("For you")[0]
    assert "no petition “sea”" in await bo.says("status", which="sea")
    world.kept.clear()
    assert "/new makes one" in await bo.says("status")


async def test_status_says_when_a_draft_opens_and_counts_without_a_goal(world):
    world.kept.clear()
    world.petition(replace(PARK, goal=None, opens=NOON + timedelta(days=1)), State.DRAFT)
    said = await boss(world).says("status")
    assert "Opens: 2026-03-09" in said
    assert "Signatures: 0" in said


async def test_only_organisers_see_the_status(world):
    await signs(world, "Ana López")
    assert "Only organisers" in await Member(world).says("status")
    assert world.signed[0][1].status is Status.COUNTED
