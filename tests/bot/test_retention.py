"""For how long names are kept: organisers are reminded in time, and then nobody can tell who signed."""

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.document import plain
from bot.house import House
from bot.model.account import Account
from bot.model.community import Kind, Telling
from bot.model.petition import State
from bot.pages import organisers as pages
from bot.retention import Keeper, ends
from tests.bot.fakes import NOON, World, signs
from tests.logs import capture_logs

DAY = timedelta(days=1)
HOUSE = House(days_after_delivery=30, days_after_close=90)
BOSS = Account("test", "boss")


@pytest.fixture
def world():
    world = World()
    world.petition()
    return world


def ended(world, state, **times):
    """The park petition, closed or delivered at noon."""
    petition = world.kept[0]
    world.kept[0] = replace(petition, stored_state=state, **times)


def closed(world):
    ended(world, State.CLOSED, closed=NOON)


def keeper(world, house=HOUSE):
    return Keeper(world.ports(), house, world.clock)


def reminded(world):
    """The keys of what organisers were told."""
    return [
        told.telling.key for told, _ in world.outreach.told.values() if told.telling.kind is Kind.RETENTION
    ]


# --- when ---


@pytest.mark.parametrize(
    ("state", "times", "days"),
    [
        (State.DELIVERED, {"closed": NOON - DAY, "delivered": NOON}, 30),
        (State.CLOSED, {"closed": NOON}, 90),
        (State.OPEN, {}, None),
        (State.DRAFT, {}, None),
        (State.PAUSED, {"closed": None}, None),
    ],
)
def test_names_are_kept_as_long_as_everybody_was_told(world, state, times, days):
    ended(world, state, **times)
    assert ends(world.kept[0], HOUSE, NOON + DAY) == (None if days is None else NOON + days * DAY)


def test_of_one_that_closed_at_its_closing_time_the_days_count_from_there(world):
    world.edit(world.kept[0], closes=NOON)
    assert ends(world.kept[0], HOUSE, NOON - DAY) is None
    assert ends(world.kept[0], HOUSE, NOON + DAY) == NOON + 90 * DAY


def test_without_a_word_in_the_configuration_nothing_is_erased(world):
    closed(world)
    assert ends(world.kept[0], House(days_after_delivery=30), NOON + 1000 * DAY) is None
    ended(world, State.DELIVERED, delivered=NOON)
    assert ends(world.kept[0], House(days_after_close=90), NOON + 1000 * DAY) is None


# --- reminding ---


async def test_organisers_are_reminded_a_week_and_a_day_before_and_once_each(world):
    await signs(world, "Ana López")
    closed(world)
    for day in (0, 82, 83, 84, 88, 89, 89):
        world.now = NOON + day * DAY
        await keeper(world).attend()
    assert [key.split()[1] for key in reminded(world)] == ["7", "1"]
    assert world.signed[0][1].identity is not None


async def test_one_that_comes_late_reminds_of_what_is_nearest(world):
    closed(world)
    world.now = NOON + 89.5 * DAY
    await keeper(world).attend()
    assert [key.split()[1] for key in reminded(world)] == ["1"]


async def test_organisers_of_the_configuration_are_known_to_be_written_to(world):
    await keeper(world, House(admins=frozenset({BOSS}))).attend()
    assert BOSS in world.actors


def test_a_reminder_says_what_when_and_what_to_do():
    world = World()
    petition = world.petition()
    told = Telling(petition.id, Kind.RETENTION, text=(NOON + DAY).isoformat())
    said = plain(pages.page(told, petition, NOON, "en").blocks)
    assert "2026-03-09T12:00" in said
    assert "Save the *park*" in said
    assert "export it before" in said
    assert "Se van a borrar" in plain(pages.page(told, petition, NOON, "es").blocks)


@pytest.mark.parametrize(
    ("sealed", "actor", "said"),
    [
        (True, "k7q", "12 rows as CSV, for organisers, encrypted to their age key"),
        (False, None, "12 rows as CSV, for organisers"),
    ],
)
def test_an_export_is_told_with_what_who_and_when(sealed, actor, said):
    world = World()
    petition = world.petition()
    text = pages.exported("csv", "organisers", "counted", sealed=sealed, actor=actor)
    told = Telling(petition.id, Kind.EXPORTED, total=12, text=text)
    page = plain(pages.page(told, petition, NOON, "en").blocks)
    assert said in page
    assert (actor or "at the command line") in page
    assert "2026-03-08T12:00" in page


# --- scrubbing ---


async def test_on_the_day_nobody_can_tell_any_more_who_signed(world):
    await signs(world, "Ana López")
    closed(world)
    world.now = NOON + 90 * DAY
    await keeper(world).attend()
    assert world.signed[0][1].identity is None
    assert world.kept[0].anonymised == world.now
    assert (await world.ports().tally.totals(1)).counted == 1


async def test_what_a_process_that_died_left_half_done_is_finished(world):
    await signs(world, "Ana López")
    ended(world, State.DELIVERED, delivered=NOON, anonymised=NOON)
    await keeper(world, House()).attend()
    assert world.signed[0][1].identity is None


async def test_several_processes_do_no_harm_to_each_other(world):
    await signs(world, "Ana López")
    closed(world)
    world.now = NOON + 84 * DAY
    await asyncio.gather(*(keeper(world).attend() for _ in range(3)))
    assert len(reminded(world)) == 1
    world.now = NOON + 91 * DAY
    await asyncio.gather(*(keeper(world).attend() for _ in range(3)))
    assert world.signed[0][1].identity is None


async def test_trouble_is_logged_and_tried_again(world, monkeypatch):
    monkeypatch.setattr("bot.retention.BETWEEN", 0.0)
    await signs(world, "Ana López")
    closed(world)
    world.now = NOON + 91 * DAY
    world.failing = ConnectionError()
    with capture_logs() as logs:
        keeping = asyncio.create_task(keeper(world).keep())
        while not logs:  # noqa: ASYNC110 - it waits for a turn of the loop
            await asyncio.sleep(0)
        world.failing = None
        while world.signed[0][1].identity is not None:  # noqa: ASYNC110 - the same
            await asyncio.sleep(0)
        keeping.cancel()
        await asyncio.wait([keeping])
    assert logs[0]["error"] == "ConnectionError"
