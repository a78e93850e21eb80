"""Petitions: added whole, edited in revisions, moved by the transition table."""

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from bot.model.petition import Act, Ask, Content, Reach, State, Text, TotalsMode
from bot.model.signature import ActRefused, Moved
from storage.tables import audit, text_version
from tests.storage.world import DAY, ENGLISH, HOUR, NOON, PARK, SPANISH, found, opened_petition, signed

FULL = Content(
    slug="pool",
    texts=(SPANISH, ENGLISH),
    sponsors=("Friends of the Pool", "Ñandú e.V."),
    goal=250,
    milestones=(5, 50),
    opens=NOON + DAY,
    closes=NOON + 3 * DAY,
    contact="pool@example.org",
    reach=(Reach.EVERYONE, Reach.ADDRESSEE),
    ask=Ask("Which state?", ("Ohio", "Maine")),
    totals=TotalsMode.HOURLY,
)


@pytest.mark.parametrize("content", [PARK, FULL], ids=["little", "everything"])
async def test_a_petition_is_read_back_as_it_was_written(ports, content):
    added = await ports.petitions.add(content)

    assert added.content == content
    assert (added.stored_state, added.revision, added.added) == (State.DRAFT, 1, NOON)
    assert await ports.petitions.find(content.slug) == added
    assert await ports.petitions.by_key(added.key) == added
    assert await ports.petitions.all() == [added]


async def test_petitions_are_listed_newest_last_and_keys_differ(ports):
    added = [await ports.petitions.add(replace(PARK, slug=slug)) for slug in ("b", "a", "c")]

    assert await ports.petitions.all() == added
    assert len({each.key for each in added}) == 3


async def test_a_slug_names_one_petition(ports):
    await ports.petitions.add(PARK)

    assert await ports.petitions.add(replace(PARK, goal=5)) is None
    assert len(await ports.petitions.all()) == 1


async def test_what_is_not_there_is_not_found(ports):
    assert await ports.petitions.find("park") is None
    assert await ports.petitions.by_key("nothing") is None
    assert await ports.petitions.update("park", PARK, seen=1) is None
    with pytest.raises(LookupError):
        await ports.petitions.act("park", Act.OPEN)


async def test_texts_are_stored_in_their_normal_form(ports):
    crooked = Text("en", "Cafe\u0301", "The Mayor", "a\r\nb", "Keep\r\nit.\r", "")
    added = await ports.petitions.add(Content("cafe", (crooked,)))

    text = added.content.texts[0]
    assert (text.title, text.background, text.letter) == ("Café", "a\nb", "Keep\nit.\n")
    assert text.version == crooked.version


async def test_an_edit_is_a_new_revision_and_old_text_versions_stay(ports, home):
    petition = await opened_petition(ports)
    await signed(ports, petition, "ana")
    edited = replace(PARK, texts=(replace(ENGLISH, letter="Keep all of it."), SPANISH), goal=50)

    updated = await ports.petitions.update("park", edited, seen=1)

    assert (updated.content, updated.revision, updated.key) == (edited, 2, petition.key)
    assert await found(ports) == updated
    await signed(ports, updated, "ben")
    assert await ports.petitions.signed_versions(petition.id) == {
        ENGLISH.version: 1,
        edited.texts[0].version: 1,
    }
    ((versions,),) = await home.run(select(func.count()).select_from(text_version))
    assert versions == 3  # the Spanish one is used by both revisions


async def test_of_two_editors_the_second_is_told_that_the_petition_moved_on(ports):
    await ports.petitions.add(PARK)
    assert await ports.petitions.update("park", replace(PARK, goal=50), seen=1)

    assert await ports.petitions.update("park", replace(PARK, goal=60), seen=1) is None
    assert (await found(ports)).content.goal == 50


async def test_an_edit_may_not_take_another_petitions_slug(ports):
    await ports.petitions.add(PARK)
    await ports.petitions.add(replace(PARK, slug="pool"))

    assert await ports.petitions.update("pool", PARK, seen=1) is None
    assert await ports.petitions.update("pool", replace(PARK, slug="lake"), seen=1)
    assert [each.slug for each in await ports.petitions.all()] == ["park", "lake"]


async def test_a_petition_goes_through_its_states(ports, home):
    await ports.petitions.add(PARK)
    moved = [
        (Act.OPEN, State.OPEN),
        (Act.PAUSE, State.PAUSED),
        (Act.RESUME, State.OPEN),
        (Act.CLOSE, State.CLOSED),
        (Act.REOPEN, State.OPEN),
        (Act.CLOSE, State.CLOSED),
        (Act.DELIVER, State.DELIVERED),
    ]
    for act, state in moved:
        assert await ports.petitions.act("park", act) == Moved(state, moved=True)
        assert await ports.petitions.act("park", act) == Moved(state, moved=False)
        assert (await found(ports)).stored_state is state

    log = await home.run(select(audit.c.what, audit.c.at, audit.c.petition).order_by(audit.c.id))
    assert [each.what for each in log] == ["add", *(act.value for act, _ in moved)]


@pytest.mark.parametrize("act", [Act.PAUSE, Act.RESUME, Act.REOPEN, Act.DELIVER, Act.CLOSE])
async def test_what_does_not_fit_a_draft_is_refused(ports, act):
    await ports.petitions.add(PARK)

    assert await ports.petitions.act("park", act) == ActRefused(State.DRAFT, act)
    assert (await found(ports)).stored_state is State.DRAFT


async def test_opening_before_the_opening_time_opens_now(ports, clock):
    await ports.petitions.add(FULL)
    await ports.petitions.act("pool", Act.OPEN)

    petition = await found(ports, "pool")
    assert (petition.state(clock()), petition.content.opens) == (State.OPEN, NOON)


async def test_a_petition_that_opened_by_its_time_can_be_paused(ports, clock):
    await ports.petitions.add(FULL)
    clock.move(2 * DAY)

    assert await ports.petitions.act("pool", Act.OPEN) == Moved(State.OPEN, moved=False)
    assert await ports.petitions.act("pool", Act.PAUSE) == Moved(State.PAUSED, moved=True)


async def test_reopening_drops_a_closing_time_that_has_passed(ports, clock):
    await opened_petition(ports, replace(PARK, closes=NOON + DAY))
    clock.move(2 * DAY)
    assert await ports.petitions.act("park", Act.REOPEN) == Moved(State.OPEN, moved=True)

    assert (await found(ports)).content.closes is None


async def test_reopening_keeps_a_closing_time_that_lies_ahead_or_sets_a_new_one(ports, clock):
    await opened_petition(ports, replace(PARK, closes=NOON + DAY))
    for asked, expected in ((None, NOON + DAY), (NOON + 2 * DAY, NOON + 2 * DAY)):
        await ports.petitions.act("park", Act.CLOSE)
        await ports.petitions.act("park", Act.REOPEN, closes=asked)
        assert (await found(ports)).content.closes == expected
    clock.move(2 * DAY + HOUR)
    assert (await found(ports)).state(clock()) is State.CLOSED


async def test_opening_after_the_closing_time_does_not_pretend_to_be_open(ports, clock):
    await ports.petitions.add(replace(PARK, closes=NOON + DAY))
    clock.move(2 * DAY)

    assert await ports.petitions.act("park", Act.OPEN) == Moved(State.CLOSED, moved=True)


@pytest.mark.parametrize("act", [audit.update().values(role="x"), audit.delete()], ids=["change", "delete"])
async def test_the_audit_log_can_only_grow(ports, home, act):
    await ports.petitions.add(PARK)
    with pytest.raises(DBAPIError, match="append-only"):
        await home.run(act)
