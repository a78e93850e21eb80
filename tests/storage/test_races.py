"""Two processes that want the same thing at the same instant: it happens once, and every count stays true."""

import asyncio
import os
from contextlib import AsyncExitStack
from itertools import product

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from bot.model.account import Place, PlaceKind
from bot.model.community import Rhythm, Wishes
from bot.model.holding import Rule
from bot.model.petition import TRANSITIONS, Act, State
from bot.model.signature import (
    STATUS_CHANGES,
    Change,
    Changed,
    Moved,
    NotOpen,
    NotPossible,
    Signed,
    Status,
)
from bot.outbox.steward import Steward
from bot.ports import Level
from storage.tables import announcement, delivery
from tests.storage.world import DAY, HOUR, PARK, change, found, member, opened_petition, request, signed

pytestmark = pytest.mark.torture
ROUNDS = range(max(1, int(os.environ.get("UNDERSIGNED_TORTURE", "1")) // 20))
TO_GET_THERE = {
    State.DRAFT: (),
    State.OPEN: (Act.OPEN,),
    State.PAUSED: (Act.OPEN, Act.PAUSE),
    State.CLOSED: (Act.OPEN, Act.CLOSE),
}
POSSIBLE = [
    (status, one, other)
    for status, one, other in product(Status, Change, Change)
    if (status, one) in STATUS_CHANGES and (status, other) in STATUS_CHANGES
]


@pytest.fixture
async def two(home):
    """The storage of two processes."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(home.ports()) for _ in range(2)]


async def troubles(home):
    return [finding.text for finding in await home.maintenance.verify() if finding.level is not Level.OK]


@pytest.mark.parametrize("_round", ROUNDS)
async def test_a_petition_moves_once(two, _round):
    one, other = two
    for number, (state, act) in enumerate(TRANSITIONS):
        slug = f"park-{number}"
        await one.petitions.add(replace(PARK, slug=slug))
        for step in TO_GET_THERE[state]:
            await one.petitions.act(slug, step)
        before = len(await one.audit.acts())
        results = await asyncio.gather(*(each.petitions.act(slug, act) for each in two for _ in range(3)))
        assert {type(result) for result in results} == {Moved}, (state, act)
        assert sum(result.moved for result in results) == 1, (state, act)
        assert (await found(other, slug)).stored_state is TRANSITIONS[state, act]
        assert len(await other.audit.acts()) == before + 1


@pytest.mark.parametrize("_round", ROUNDS)
async def test_a_signature_is_changed_by_one_of_two(two, home, _round):
    one, other = two
    petition = await opened_petition(one)
    for number, (status, wanted, other_wanted) in enumerate(POSSIBLE):
        rules = frozenset({Rule.LOOKALIKE}) if status is Status.HELD else frozenset()
        mine = await signed(one, petition, f"m{number}", hold=rules)
        if status is Status.STRUCK:
            await change(one, mine.form, Change.STRIKE)
        results = await asyncio.gather(change(one, mine.form, wanted), change(other, mine.form, other_wanted))
        assert {type(result) for result in results} <= {Changed, NotPossible}, (status, wanted, other_wanted)
        assert any(isinstance(result, Changed) for result in results), (status, wanted, other_wanted)
    assert await troubles(home) == []


@pytest.mark.parametrize("_round", ROUNDS)
async def test_nobody_signs_after_the_closing_and_nobody_who_signed_before_it_is_lost(two, home, _round):
    one, other = two
    petition = await opened_petition(one)
    signing = [each.signatures.sign(request(petition, f"m{n}")) for n, each in enumerate(two * 40)]
    *results, closed = await asyncio.gather(*signing, other.petitions.act("park", Act.CLOSE))
    assert closed == Moved(State.CLOSED, moved=True)
    assert {type(result) for result in results} <= {Signed, NotOpen}
    receipts = sorted(result.signature.number for result in results if isinstance(result, Signed))
    assert receipts == list(range(1, len(receipts) + 1))
    assert (await one.tally.totals(petition.id)).counted == len(receipts)
    assert await troubles(home) == []


@pytest.mark.parametrize("_round", ROUNDS)
async def test_of_two_edits_of_the_same_page_one_is_stored(two, _round):
    one, other = two
    await opened_petition(one)
    edits = [replace(PARK, contact=contact) for contact in ("a@example.org", "b@example.org")]
    stored = await asyncio.gather(
        one.petitions.update("park", edits[0], seen=1), other.petitions.update("park", edits[1], seen=1)
    )
    [edit] = [each for each in stored if each is not None]
    assert (await found(one)).content.contact == edit.content.contact


@pytest.mark.parametrize("_round", ROUNDS)
async def test_of_two_petitions_of_one_name_one_is_added(two, _round):
    added = await asyncio.gather(*(each.petitions.add(PARK) for each in two))
    assert sum(each is not None for each in added) == 1


@pytest.mark.parametrize("_round", ROUNDS)
async def test_a_claim_code_makes_one_organiser(two, home, _round):
    await home.maintenance.add_claim("CODE", home.clock() + DAY)
    claims = [each.organisers.claim("CODE", member(name)) for each, name in zip(two, "ab", strict=True)]
    assert sorted(await asyncio.gather(*claims)) == [False, True]


@pytest.mark.parametrize("_round", ROUNDS)
async def test_leaving_and_changing_the_name_at_once_leaves_no_name(two, home, _round):
    one, other = two
    petition = await opened_petition(one)
    mine = await signed(one, petition)
    changed = replace(mine.identity, name="Anna")
    await asyncio.gather(
        one.signatures.withdraw(mine.form), other.signatures.amend(mine.form, member(), changed, mine.reach)
    )
    assert (await one.signatures.get(mine.form, member())).status is Status.WITHDRAWN
    assert await troubles(home) == []


@pytest.mark.parametrize("_round", ROUNDS)
async def test_what_the_clock_brings_is_told_once(two, home, _round):
    one, _ = two
    closing = replace(PARK, closes=home.clock() + DAY)
    petition = await opened_petition(one, closing)
    places = [Place("telegram", str(number), PlaceKind.GROUP, f"Group {number}") for number in range(20)]
    wishes = Wishes(digest=Rhythm.DAILY)
    for place in places:
        follow = await one.follows.follow(place, petition.id, "en", wishes)
        await one.follows.wish(follow.id, wishes, "en", home.clock() + HOUR)
    await signed(one, petition)
    for by in (2 * HOUR, DAY):
        home.clock.move(by)
        await asyncio.gather(*(Steward(each, home.clock).attend() for each in two))
    told = await home.run(
        select(announcement.c.kind, func.count(delivery.c.id))
        .join(delivery, delivery.c.announcement == announcement.c.id)
        .group_by(announcement.c.kind)
    )
    assert dict(map(tuple, told)) == {"opened": 20, "board": 20, "digest": 20, "closed": 20}
    again = await home.run(select(delivery.c.announcement, delivery.c.follow))
    assert len(again) == len({tuple(row) for row in again})
