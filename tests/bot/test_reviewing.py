"""Organisers look at what waits, count or strike it, see before what it makes of the total, and undo it."""

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace

from adapters.discord.render import page as discord_page
from bot import deciding, scopes
from bot.commands import COMMANDS
from bot.document import plain
from bot.inbound import Press, Submit
from bot.model.account import Account, Actor
from bot.model.holding import Rule
from bot.model.petition import State
from bot.model.review import Which
from bot.model.signature import Status
from bot.tokens import MAX_BYTES, token
from tests.bot import fakes
from tests.bot.fake_reviews import FakeReviews
from tests.bot.fakes import GROUP, NOON, PRIVATE, SERVER, Member, Screen, World, later, signs

BOSS = Actor(Account("test", "boss"), "Bo Diaz")
OTHER = replace(SERVER, place_id="77", name="Riverside")
BRIGADE = ["Mickey Mouse", "Minnie Mouse", "Donald Duck"]


@pytest.fixture
async def world():
    """Two honest signers, and three who wait: all for listed names, the last for a young account too."""
    world = World(organisers={BOSS.account})
    world.petition()
    for name in ("Ana López", "Li Wei"):
        await signs(world, name)
    for name in BRIGADE:
        await held(world, name, Rule.LISTED_NAME)
    world.held_for[world.signed[-1][1].form] |= {Rule.ACCOUNT_AGE}
    return world


async def held(world, name, *rules):
    member = await signs(world, name)
    hold_last(world, *rules)
    return member


def hold_last(world, *rules):
    account, signature = world.signed[-1]
    world.signed[-1] = (account, replace(signature, status=Status.HELD, number=None))
    world.held_for[signature.form] = frozenset(rules)


def boss(world, **changes):
    return Member(world, actor=BOSS, **changes)


def statuses(world):
    return {signature.identity.name: signature.status for _, signature in world.signed}


async def strikes(bo, reason="false names"):
    """After pressing what strikes: give the reason, and see what changes."""
    await bo.presses("Write a reason")
    await bo.types(reason)
    return await bo.presses("See what changes")


# --- what waits ---


async def test_what_waits_is_shown_by_reason_day_and_community(world):
    said = await boss(world).says("review")
    assert "3 signatures wait for you" in said
    assert "a name on a list: 3" in said
    assert "a very young account: 1" in said
    assert "March 8, 2026: 3" in said
    assert "neighbours: 3" in said


async def test_when_nothing_waits_it_says_so(world):
    world.signed.clear()
    assert "Nothing waits" in await boss(world).says("review")


async def test_those_that_wait_are_listed_with_name_reason_and_time(world):
    bo = boss(world)
    await bo.says("review")
    said = await bo.presses("All that wait")
    for name in BRIGADE:
        assert name in said
    assert "Ana López" not in said
    assert "a very young account; a name on a list" in said
    assert NOON.isoformat() in said


async def test_a_long_list_comes_in_pages(world):
    for number in range(20):
        await held(world, f"Mickey {'abcdefghijklmnopqrstuvwxyz'[number] * 3}", Rule.LISTED_NAME)
    bo = boss(world)
    await bo.says("review")
    seen = [await bo.presses("All that wait")]
    while any(button.label == "More" for button in bo.buttons):
        seen.append(await bo.presses("More"))
    assert [page.count("Mickey") + page.count("Minnie") + page.count("Donald") for page in seen] == [
        10,
        10,
        3,
    ]


async def test_one_of_them_is_shown_with_all_that_is_known(world):
    world.signed[-1] = (
        world.signed[-1][0],
        replace(world.signed[-1][1], identity=replace(world.signed[-1][1].identity, comment="Quack!")),
    )
    bo = boss(world)
    await bo.says("review")
    await bo.presses("a very young account (1)")
    said = await bo.presses("1")
    for part in (
        "Donald Duck",
        "waits for review",
        "a very young account; a name on a list",
        "Quack!",
        "neighbours",
    ):
        assert part in said


# --- counting them ---


async def test_before_anything_is_counted_the_new_total_is_shown(world):
    bo = boss(world)
    await bo.says("review")
    await bo.presses("All that wait")
    said = await bo.presses("Count all of these")
    assert "Count 3 signatures?" in said
    assert "Counted: 2 → 5" in said
    assert "Waiting: 3 → 0" in said
    assert Status.HELD in statuses(world).values()


async def test_all_that_share_a_reason_are_counted_with_the_next_numbers(world):
    bo = boss(world)
    await bo.says("review")
    await bo.presses("a name on a list (3)")
    await bo.presses("Count all of these")
    said = await bo.presses("Yes, count")
    assert "3 signatures are counted" in said
    assert "Counted: 5" in said
    assert sorted(each.number for _, each in world.signed) == [1, 2, 3, 4, 5]


async def test_one_alone_is_counted(world):
    bo = boss(world)
    await bo.says("review")
    await bo.presses("All that wait")
    await bo.presses("2")
    assert "Count 1 signature?" in await bo.presses("Count it")
    await bo.presses("Yes, count")
    assert list(statuses(world).values()).count(Status.COUNTED) == 3


async def test_who_thinks_again_changes_nothing(world):
    bo = boss(world)
    await bo.says("review")
    await bo.presses("All that wait")
    await bo.presses("Count all of these")
    assert "3 signatures wait" in await bo.presses("No")
    assert list(statuses(world).values()).count(Status.HELD) == 3


async def test_what_was_done_is_undone_by_a_button(world):
    bo = boss(world)
    await bo.says("review")
    await bo.presses("All that wait")
    await bo.presses("Count all of these")
    await bo.presses("Yes, count")
    said = await bo.presses("Undo")
    assert "Undone: 3 signatures are as they were" in said
    assert list(statuses(world).values()).count(Status.HELD) == 3
    assert "Undo" not in [button.label for button in bo.buttons]


async def test_what_was_done_lately_can_be_looked_at_and_undone_later(world):
    bo = boss(world)
    await bo.says("review")
    await bo.presses("All that wait")
    await bo.presses("Strike all of these")
    await strikes(bo, "a brigade from elsewhere")
    await bo.presses("Yes, strike")
    await bo.says("review")
    said = await bo.presses("What was done lately")
    assert "3 struck" in said
    assert "a brigade from elsewhere" in said
    await bo.presses("Undo 1")
    assert list(statuses(world).values()).count(Status.HELD) == 3
    await bo.says("review")
    assert "undone" in await bo.presses("What was done lately")


async def test_what_was_cut_short_is_finished_by_a_button(world):
    bo = boss(world)
    await bo.says("review")
    await bo.presses("All that wait")
    await bo.presses("Count all of these")
    (laid,) = world.laid.values()
    laid.state = "begun"  # by a process that is no more
    await bo.says("review")
    assert "cut short: 3 are left" in await bo.presses("What was done lately")
    assert "3 signatures are counted" in await bo.presses("Finish 1")
    await bo.says("review")
    assert "cut short" not in await bo.presses("What was done lately")


async def test_who_withdrew_meanwhile_is_passed_over_and_said(world):
    bo = boss(world)
    await bo.says("review")
    await bo.presses("All that wait")
    await bo.presses("Count all of these")
    await world.ports().signatures.withdraw(world.signed[-1][1].form)
    said = await bo.presses("Yes, count")
    assert "2 signatures are counted" in said
    assert "1 was passed over" in said


async def test_two_organisers_press_yes_and_it_is_done_once(world):
    bo, eve = boss(world), Member(world, actor=Actor(Account("test", "eve"), "Eve Ng"))
    world.organisers.add(eve.account)
    await bo.says("review")
    await bo.presses("All that wait")
    await bo.presses("Count all of these")
    yes = bo.button("Yes, count").token
    await bo.does(Press(yes))
    assert "3 signatures are counted" in await eve.does(Press(yes))
    assert list(statuses(world).values()).count(Status.COUNTED) == 5


async def test_a_long_change_counts_along(world, monkeypatch):
    monkeypatch.setattr(deciding, "EVERY", 0)
    told = asyncio.Event()

    class Telling(Screen):
        async def replace(self, page):
            await super().replace(page)
            if "1 of 3" in plain(page.blocks):
                told.set()

    class Slow(FakeReviews):
        async def settle(self, action, *, actor=None, progress=None):
            progress(1, 3)
            await told.wait()
            return await super().settle(action, actor=actor, progress=progress)

    monkeypatch.setattr(fakes, "FakeReviews", Slow)
    bo = boss(world, screen=Telling())
    await bo.says("review")
    await bo.presses("All that wait")
    await bo.presses("Count all of these")
    assert "3 signatures are counted" in await bo.presses("Yes, count")


# --- striking ---


async def test_all_that_wait_are_struck_in_a_few_taps(world):
    bo = boss(world)
    await bo.says("review")
    await bo.presses("a name on a list (3)")
    await bo.presses("Strike all of these")
    assert "a name on a list" in bo.text  # the reason that is proposed
    said = await bo.presses("See what changes")
    assert "Strike 3 signatures?" in said
    assert "Counted: 2\nWaiting: 3 → 0\nStruck: 0 → 3" in said
    assert "3 signatures are struck" in await bo.presses("Yes, strike")
    assert list(statuses(world).values()).count(Status.STRUCK) == 3


async def test_where_forms_are_whole_the_reason_is_one_form(world):
    bo = boss(world, screen=Screen(whole_forms=True))
    await bo.says("review")
    await bo.presses("a name on a list (3)")
    await bo.presses("Strike all of these")
    assert "Strike 3 signatures?" in await bo.submits()
    await bo.presses("Yes, strike")
    assert list(statuses(world).values()).count(Status.STRUCK) == 3


async def test_a_paused_petition_is_offered_from_the_review(world):
    bo = boss(world)
    await bo.says("review")
    assert "Pause “Save the *park*”?" in await bo.presses("Pause the petition")
    await bo.presses("Yes, pause it")
    assert world.kept[0].state(world.now) is State.PAUSED
    await bo.says("review")
    assert "Pause the petition" not in [button.label for button in bo.buttons]


async def test_a_delivered_petition_stands(world):
    bo = boss(world)
    await bo.says("review")
    await bo.presses("All that wait")
    world.edit(world.kept[0], stored_state=State.DELIVERED)
    assert "nothing to change" in await bo.presses("Count all of these")
    await bo.says("review")
    for page in ("All that wait", "1"):
        assert "can't be changed any more" in await bo.presses(page)
        assert not {"Count it", "Strike it", "Count all of these"} & {button.label for button in bo.buttons}


async def test_several_petitions_are_chosen_from(world):
    world.petition(replace(world.kept[0].content, slug="pond"))
    bo = boss(world)
    assert "Which petition" in await bo.says("review")
    assert "3 signatures wait" in await bo.says("review", which="park")


# --- rights ---

ACTIONS = [
    (name, action)
    for spec in COMMANDS
    if spec.name in {"review", "strike", "unstrike"}
    for name, action in spec.actions.items()
]


@pytest.mark.parametrize(("name", "action"), ACTIONS)
async def test_a_forged_button_shows_nobody_anything_but_to_organisers(world, name, action):
    mo = Member(world, actor=Actor(Account("test", "mo"), "Mo", moderates=True))
    pressed = token(name, *[world.kept[0].key, scopes.ALL][: action.arguments])
    assert "Only organisers" in await mo.does(Press(pressed))
    assert list(statuses(world).values()).count(Status.HELD) == 3


@pytest.mark.parametrize("kind", ["find", "strike"])
async def test_a_forged_form_does_neither(world, kind):
    mo = Member(world, actor=Actor(Account("test", "mo"), "Mo", moderates=True))
    arguments = [world.kept[0].key] + ([scopes.ALL] if kind == "strike" else [])
    said = await mo.does(Submit(token(kind, *arguments, "aaaa"), {"who": "Mickey", "reason": "no"}))
    assert "Only organisers" in said
    assert mo.screen.forms == []


async def test_in_a_group_nothing_is_shown(world):
    bo = boss(world, place=GROUP)
    await bo.says("review")
    assert "Mickey" not in bo.text
    assert "wait" not in bo.text


@pytest.mark.parametrize(
    "scope", ["", "x", "r-nobody", "d-2026", "d-20261340", "c-x", "h-", "n-1-x", "q-gone", "all-x"]
)
async def test_a_button_that_is_none_of_ours_does_nothing(world, scope):
    assert scope == "all-x" or scopes.which(scope) is None
    if scope:
        said = await boss(world).does(Press(token("accept", world.kept[0].key, scope)))
        assert "There are none" in said or "Count 3" in said


def test_every_scope_reads_back_and_fits_into_a_button():
    key, handle = "k" * 8, "h" * 16
    day = NOON.date() + timedelta(days=1)
    for scope, meant in [
        (scopes.ALL, Which()),
        (scopes.STRUCK, Which(statuses=frozenset({Status.STRUCK}))),
        *((scopes.of_rule(rule), Which(rule=rule)) for rule in Rule),
        (scopes.of_day(day), Which(day=day)),
        (scopes.of_community(10**9 - 1), Which(community=10**9 - 1)),
        (scopes.of_numbers(10**8, 10**9 - 1), Which.numbered((10**8, 10**9 - 1))),
        (scopes.of_one(handle), Which.one(handle)),
    ]:
        assert scopes.which(scope) == meant
        assert len(token("strike-why", key, scope)) <= MAX_BYTES
        assert len(token("waiting", key, scope, handle)) <= MAX_BYTES
        assert len(token("strike", key, scope, handle)) <= MAX_BYTES


# --- in Spanish, and everywhere ---


async def test_it_speaks_spanish(world):
    bo = boss(world, locale="es", place=PRIVATE)
    assert "3 firmas te esperan" in await bo.says("review")
    assert "un nombre de una lista" in await bo.presses("Todas las que esperan")


async def test_a_day_has_a_button_when_there_are_several(world):
    later(world, days=1)
    await held(world, "Bugs Bunny", Rule.LISTED_NAME)
    bo = boss(world)
    await bo.says("review")
    await bo.presses("By day …")
    assert "Bugs Bunny" in await bo.presses("March 9, 2026 (1)")
    assert "Mickey" not in bo.text


async def test_a_community_has_one_too(world):
    elsewhere = Member(world, "Bugs Bunny", place=OTHER)
    await elsewhere.says("sign")
    await elsewhere.presses("Sign as Bugs Bunny")
    hold_last(world, Rule.COMMUNITY_RATE)
    bo = boss(world)
    await bo.says("review")
    await bo.presses("By community …")
    assert "Bugs Bunny" in await bo.presses("Riverside (1)")
    assert "Mickey" not in bo.text


async def test_a_page_of_review_fits_into_one_message_however_many_days_and_communities_there_are(world):
    for number in range(25):
        later(world, days=1)
        place = replace(SERVER, place_id=f"1{number}", name=f"A community with a rather long name {number}")
        name = "abcdefghijklmnopqrstuvwxyz"[number] * 3
        member = Member(world, f"Bugs {name} {name}", place=place)
        await member.says("sign")
        await member.presses(f"Sign as Bugs {name} {name}")
        hold_last(world, *Rule)
    bo = boss(world)
    await bo.says("review")
    assert len(discord_page(bo.page)) == 1
    for label in ("By day …", "By community …"):
        await bo.says("review")
        await bo.presses(label)
        assert len(discord_page(bo.page)) == 1
