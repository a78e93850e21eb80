"""Half-filled forms, organisers, communities and notices, on SQLite and PostgreSQL."""

import asyncio

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from bot.model.account import Place, PlaceKind
from bot.ports import Draft, Link, Post
from storage.tables import claim, community, draft, link, notice, post, signature
from tests.storage.world import DAY, HOUR, MINUTE, NOON, PARK, member, opened_petition, signed

SQUARE = Place("telegram", "-100777", PlaceKind.GROUP, "Park friends")
NAMED = Draft("form1", "sign_abc", 2, {"name": "Ana Núñez", "comment": ""}, asking="comment")


async def count(home, table):
    ((rows,),) = await home.run(select(func.count()).select_from(table))
    return rows


async def test_a_half_filled_form_survives_a_restart(home):
    async with home.ports() as ports:
        await ports.drafts.save(member(), NAMED)
    async with home.ports() as ports:
        assert await ports.drafts.get(member(), "form1") == NAMED
        assert await ports.drafts.asking(member()) == NAMED


async def test_a_form_is_filled_in_step_by_step(ports, home):
    await ports.drafts.save(member(), NAMED)
    later = replace(NAMED, step=3, values={"name": "Ana", "reach": "everyone"}, asking=None)
    await ports.drafts.save(member(), later)

    assert await ports.drafts.get(member(), "form1") == later
    assert await ports.drafts.asking(member()) is None
    assert await count(home, draft) == 1


async def test_only_the_newest_question_is_being_asked(ports):
    await ports.drafts.save(member(), NAMED)
    await ports.drafts.save(member(), replace(NAMED, form="form2", asking="name"))

    asking = await ports.drafts.asking(member())
    assert (asking.form, asking.asking) == ("form2", "name")
    assert (await ports.drafts.get(member(), "form1")).asking is None


async def test_a_form_that_asks_nothing_leaves_the_question_of_another_standing(ports):
    await ports.drafts.save(member(), NAMED)
    await ports.drafts.save(member(), replace(NAMED, form="form2", asking=None))

    assert (await ports.drafts.asking(member())).form == "form1"


async def test_nobody_sees_or_overwrites_somebody_elses_form(ports):
    await ports.drafts.save(member("ana"), NAMED)
    assert await ports.drafts.get(member("ben"), "form1") is None
    await ports.drafts.save(member("ben"), replace(NAMED, values={"name": "Ben"}))
    await ports.drafts.drop(member("ben"), "form1")

    assert await ports.drafts.get(member("ana"), "form1") == NAMED


async def test_a_form_is_forgotten_after_a_day(ports, clock, home):
    await ports.drafts.save(member(), NAMED)
    clock.move(DAY)

    assert await ports.drafts.get(member(), "form1") is None
    assert await ports.drafts.asking(member()) is None
    await ports.drafts.save(member("ben"), NAMED)
    assert await count(home, draft) == 1


async def test_signing_spends_the_form(ports, home):
    petition = await opened_petition(ports)
    await ports.drafts.save(member(), NAMED)
    await ports.drafts.save(member(), replace(NAMED, form="form2"))

    await signed(ports, petition, form="form1")

    assert await ports.drafts.get(member(), "form1") is None
    assert await ports.drafts.get(member(), "form2") is not None


async def test_a_claim_code_makes_one_organiser_once(ports, home, clock):
    await home.maintenance.add_claim("K7PQ-2M4X", NOON + DAY)

    assert not await ports.organisers.claim("K7PQ-2M4Y", member("ana"))
    assert await ports.organisers.claim(" k7pq 2m4x", member("ana"))
    assert not await ports.organisers.claim("K7PQ-2M4X", member("ben"))
    assert await ports.organisers.includes(member("ana"))
    assert not await ports.organisers.includes(member("ben"))


async def test_a_claim_code_expires_and_can_be_renewed(ports, home, clock):
    await home.maintenance.add_claim("CODE", NOON + HOUR)
    clock.move(HOUR)
    assert not await ports.organisers.claim("CODE", member())

    await home.maintenance.add_claim("OTHER", clock() + HOUR)
    assert await count(home, claim) == 1
    await home.maintenance.add_claim("OTHER", clock() + DAY)
    clock.move(2 * HOUR)
    assert await ports.organisers.claim("OTHER", member())


async def test_one_code_tapped_by_many_makes_one_organiser(ports, home):
    await home.maintenance.add_claim("CODE", NOON + DAY)
    claims = await asyncio.gather(*(ports.organisers.claim("CODE", member(f"m{n}")) for n in range(8)))

    assert sum(claims) == 1


async def test_an_organiser_may_claim_again(ports, home):
    for code in ("ONE", "TWO"):
        await home.maintenance.add_claim(code, NOON + DAY)
        assert await ports.organisers.claim(code, member())

    assert await ports.organisers.includes(member())


async def test_a_place_is_one_community_for_ever(home):
    async with home.ports() as ports:
        first = await ports.communities.ensure(SQUARE)
        other = await ports.communities.ensure(replace(SQUARE, platform="discord"))
        assert await ports.communities.ensure(SQUARE) == first != other
    async with home.ports() as ports:
        assert await ports.communities.ensure(replace(SQUARE, name="Renamed")) == first
    assert await count(home, community) == 2


async def test_a_place_that_many_come_from_at_once_is_one_community(home):
    async with home.ports() as one, home.ports() as two:
        ids = await asyncio.gather(*(each.communities.ensure(SQUARE) for each in [one, two] * 5))

    assert len(set(ids)) == 1


async def test_the_card_that_stands_in_a_community_is_the_newest(ports, clock, home):
    petition = await opened_petition(ports)
    place = await ports.communities.ensure(SQUARE)
    assert await ports.communities.last_post(place, petition.id) is None
    for number in range(2):
        await ports.communities.posted(place, petition.id, Post(f"message {number}", clock()))
        clock.move(MINUTE)

    assert await ports.communities.last_post(place, petition.id) == Post("message 1", NOON + MINUTE)
    assert await count(home, post) == 1


async def test_a_deep_link_leads_to_petition_and_place_until_it_is_revoked(ports, home):
    petition = await opened_petition(ports)
    place = await ports.communities.ensure(SQUARE)
    found = await ports.communities.link(place, petition.id)

    assert await ports.communities.link(place, petition.id) == found
    assert await ports.communities.follow_link(found) == Link(petition.id, place)
    await ports.communities.revoke_links(place)
    assert await ports.communities.follow_link(found) is None
    assert await ports.communities.link(place, petition.id) != found
    assert await count(home, link) == 1


async def test_links_asked_for_by_many_at_once_are_one(home):
    async with home.ports() as one, home.ports() as two:
        petition = await opened_petition(one)
        place = await one.communities.ensure(SQUARE)
        links = await asyncio.gather(*(each.communities.link(place, petition.id) for each in [one, two] * 5))

    assert len(set(links)) == 1


async def test_who_asks_is_told_until_they_stop(ports, home):
    petition = await opened_petition(ports)
    assert not await ports.notices.asked(member(), petition.id)
    await ports.notices.ask(member(), petition.id, "es")
    await ports.notices.ask(member(), petition.id, "en")

    assert await ports.notices.asked(member(), petition.id)
    assert not await ports.notices.asked(member("ben"), petition.id)
    assert await count(home, notice) == 1
    await ports.notices.stop(member(), petition.id)
    assert not await ports.notices.asked(member(), petition.id)


async def test_a_notice_does_not_show_who_signed(ports, home):
    petition = await opened_petition(ports)
    other = await opened_petition(ports, replace(PARK, slug="pool"))
    await signed(ports, petition)
    for each in (petition, other):
        await ports.notices.ask(member(), each.id, "en")

    owners = [row.owner for row in await home.run(select(notice.c.owner))]
    accounts = [row.account for row in await home.run(select(signature.c.account))]
    assert len({*owners, *accounts}) == 3


@pytest.mark.parametrize("name", ["", "x" * 300])
async def test_a_place_may_have_any_name(ports, name):
    assert await ports.communities.ensure(replace(SQUARE, name=name)) == 1
