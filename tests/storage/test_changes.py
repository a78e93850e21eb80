"""Taking back, changing and judging signatures: numbers stay, totals follow, identities go when they must."""

import asyncio

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from bot.model.petition import Act, Ask, Reach, State
from bot.model.signature import (
    AlreadySigned,
    Change,
    Changed,
    Dimension,
    Identity,
    NoSuchSignature,
    NotPossible,
    Status,
    Totals,
)
from storage.tables import signature
from tests.storage.world import NOON, PARK, change, held, member, opened_petition, request, signed


async def test_withdrawing_corrects_the_total_and_keeps_the_number(ports):
    petition = await opened_petition(ports)
    mine = await signed(ports, petition, "ana")
    await signed(ports, petition, "ben")

    result = await ports.signatures.withdraw(mine.form)

    assert result == Changed(replace(mine, status=Status.WITHDRAWN, identity=None, context=None))
    assert await ports.tally.totals(petition.id) == Totals(1, 0, 1, 0, NOON, peak=2)
    assert await ports.signatures.of(member("ana")) == []


async def test_withdrawing_twice_is_withdrawing_once(ports):
    petition = await opened_petition(ports)
    mine = await signed(ports, petition)
    first = await ports.signatures.withdraw(mine.form)

    assert await ports.signatures.withdraw(mine.form) == first
    assert (await ports.tally.totals(petition.id)).withdrawn == 1


async def test_withdrawing_scrubs_name_and_comment_at_once(ports, home):
    petition = await opened_petition(ports)
    mine = await signed(ports, petition, identity=Identity("Ana", "for the ducks"))
    await ports.signatures.withdraw(mine.form)

    (row,) = await home.run(select(signature))

    assert (row.identity, row.number, row.day) == (None, 1, "2026-03-08")
    again = await ports.signatures.get(mine.form, member())
    assert again is not None
    assert again.identity is None


async def test_withdrawing_is_possible_after_closing_and_not_after_delivery(ports):
    petition = await opened_petition(ports)
    mine, other = await signed(ports, petition, "ana"), await signed(ports, petition, "ben")
    await ports.petitions.act("park", Act.CLOSE)
    assert isinstance(await ports.signatures.withdraw(mine.form), Changed)
    await ports.petitions.act("park", Act.DELIVER)

    assert await ports.signatures.withdraw(other.form) == NotPossible(Status.COUNTED, State.DELIVERED)
    assert (await ports.tally.totals(petition.id)).counted == 1


async def test_what_was_never_signed_cannot_be_withdrawn(ports):
    assert await ports.signatures.withdraw("nothing") == NoSuchSignature()


async def test_a_struck_signature_cannot_be_withdrawn_nor_signed_again(ports):
    petition = await opened_petition(ports)
    mine = await signed(ports, petition)
    await change(ports, mine.form, Change.STRIKE)

    assert await ports.signatures.withdraw(mine.form) == NotPossible(Status.STRUCK, State.OPEN)
    again = await ports.signatures.sign(request(petition))
    assert isinstance(again, AlreadySigned)
    assert again.signature.status is Status.STRUCK


async def test_striking_and_unstriking_leave_the_total_as_it_was(ports):
    petition = await opened_petition(ports)
    mine = await signed(ports, petition)

    await change(ports, mine.form, Change.STRIKE)
    assert await ports.tally.totals(petition.id) == Totals(0, 0, 0, 1, NOON, peak=1)
    await change(ports, mine.form, Change.UNSTRIKE)

    assert await ports.tally.totals(petition.id) == Totals(1, 0, 0, 0, NOON, peak=1)
    assert await ports.signatures.get(mine.form, member()) == mine


async def test_the_highest_total_ever_shown_outlasts_a_strike(ports):
    petition = await opened_petition(ports)
    await signed(ports, petition, "ana")
    await change(ports, (await signed(ports, petition, "ben")).form, Change.STRIKE)
    totals = await ports.tally.totals(petition.id)
    assert (totals.counted, totals.peak) == (1, 2)


async def test_a_held_signature_gets_the_next_number_when_it_is_accepted(ports):
    petition = await opened_petition(ports)
    await signed(ports, petition, "ana")
    mine = await held(ports, petition, "ben")
    await signed(ports, petition, "dan")
    assert await ports.tally.totals(petition.id) == Totals(2, 1, 0, 0, NOON, peak=2)

    accepted = await change(ports, mine.form, Change.ACCEPT)

    assert accepted.signature.number == 3
    assert await ports.tally.totals(petition.id) == Totals(3, 0, 0, 0, NOON, peak=3)
    assert (await signed(ports, petition, "cleo")).number == 4


async def test_a_held_signature_that_was_struck_goes_back_to_being_held(ports):
    petition = await opened_petition(ports)
    mine = await held(ports, petition)

    await change(ports, mine.form, Change.STRIKE)
    result = await change(ports, mine.form, Change.UNSTRIKE)

    assert result.signature.status is Status.HELD
    assert await ports.tally.totals(petition.id) == Totals(0, 1, 0, 0, NOON)


async def test_name_comment_and_reach_can_be_changed_and_the_number_stays(ports):
    petition = await opened_petition(ports)
    mine = await signed(ports, petition)

    result = await ports.signatures.amend(mine.form, member(), Identity("Ana Ruiz", "hi"), Reach.EVERYONE)

    expected = replace(mine, identity=Identity("Ana Ruiz", "hi"), reach=Reach.EVERYONE)
    assert result == Changed(expected)
    assert await ports.signatures.get(mine.form, member()) == expected
    assert await ports.tally.breakdown(petition.id, Dimension.REACH) == {"everyone": 1}


async def test_nobody_changes_somebody_elses_signature(ports):
    petition = await opened_petition(ports)
    mine = await signed(ports, petition)

    for form, who in ((mine.form, member("ben")), ("nothing", member())):
        assert await ports.signatures.amend(form, who, Identity("Ben"), mine.reach) == NoSuchSignature()
    assert await ports.signatures.get(mine.form, member()) == mine


async def test_a_signature_cannot_be_changed_once_taken_back_or_delivered(ports):
    petition = await opened_petition(ports)
    mine, gone = await signed(ports, petition, "ana"), await signed(ports, petition, "ben")
    await ports.signatures.withdraw(gone.form)
    refused = await ports.signatures.amend(gone.form, member("ben"), Identity("Ben"), gone.reach)
    assert refused == NotPossible(Status.WITHDRAWN, State.OPEN)
    await ports.petitions.act("park", Act.CLOSE)
    await ports.petitions.act("park", Act.DELIVER)

    refused = await ports.signatures.amend(mine.form, member("ana"), Identity("Ana"), mine.reach)
    assert refused == NotPossible(Status.COUNTED, State.DELIVERED)


async def test_a_reach_that_is_no_longer_offered_may_stay_but_not_be_chosen(ports):
    petition = await opened_petition(ports)
    mine = await signed(ports, petition, reach=Reach.EVERYONE)
    await ports.petitions.update("park", replace(PARK, reach=(Reach.ADDRESSEE,)), seen=1)

    kept = await ports.signatures.amend(mine.form, member(), Identity("Ana R."), Reach.EVERYONE)
    assert isinstance(kept, Changed)
    with pytest.raises(ValueError, match="does not offer"):
        await ports.signatures.amend(mine.form, member(), Identity("Ana"), Reach.ORGANISERS)


async def test_breakdowns_follow_every_change(ports):
    petition = await opened_petition(ports, replace(PARK, ask=Ask("Which state?", ("Ohio", "Maine"))))
    mine = await signed(ports, petition, "ana", community=3, answer="Ohio")
    await signed(ports, petition, "ben", community=4, answer="Maine", language="es")
    await ports.signatures.withdraw(mine.form)

    found = {dimension: await ports.tally.breakdown(petition.id, dimension) for dimension in Dimension}

    assert found == {
        Dimension.DAY: {"2026-03-08": 1},
        Dimension.PLATFORM: {"telegram": 1},
        Dimension.LANGUAGE: {"es": 1},
        Dimension.COMMUNITY: {"4": 1},
        Dimension.ANSWER: {"Maine": 1},
        Dimension.TEXT_VERSION: {petition.content.texts[0].version: 1},
        Dimension.REACH: {"addressee": 1},
    }
    assert await ports.petitions.signed_versions(petition.id) == {petition.content.texts[0].version: 1}


async def test_everybody_changing_at_once_loses_no_update(ports):
    petition = await opened_petition(ports)
    mine = [await signed(ports, petition, f"m{number}") for number in range(12)]

    await asyncio.gather(
        *(ports.signatures.withdraw(each.form) for each in mine[:6]),
        *(change(ports, each.form, Change.STRIKE) for each in mine[4:9]),
        *(ports.signatures.sign(request(petition, f"n{number}")) for number in range(6)),
    )

    totals = await ports.tally.totals(petition.id)
    assert (totals.counted, totals.withdrawn + totals.struck) == (9, 9)
