"""What is stored about a person: all of it is told, all of it can be erased, and no backup brings it back."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from bot.model.account import Place, PlaceKind
from bot.model.community import Kind, Telling
from bot.model.petition import Act, Ask, Reach
from bot.model.rights import Forgotten
from bot.model.signature import Change, Changed, Dimension, Identity, NotPossible, Signed, Status
from bot.ports import Draft, Level
from storage import keys
from storage.sealed import SEALED
from storage.tables import delivery, draft, metadata, notice, organiser, signature
from storage.vault import Vault
from tests.storage.world import DAY, NOON, PARK, change, member, opened_petition, request, signed

POOL = replace(PARK, slug="pool", ask=Ask("Where?", ("North", "South")))
TRACES = ("identity", "context", "account", "code")


async def rows(home):
    return list(await home.run(select(signature).order_by(signature.c.petition, signature.c.number)))


def traces(row):
    return {name for name in TRACES if getattr(row, name) is not None}


async def count(home, table):
    ((number,),) = await home.run(select(func.count()).select_from(table))
    return number


async def troubles(home):
    return [each for each in await home.maintenance.verify() if each.level is not Level.OK]


async def deliver(ports, slug):
    for act in (Act.CLOSE, Act.DELIVER):
        await ports.petitions.act(slug, act)


async def busy(ports, home):
    """Ana signs three petitions, one of them twice, wants to be told, has begun a form and is an organiser."""
    park, pool = await opened_petition(ports), await opened_petition(ports, POOL)
    river = await opened_petition(ports, replace(PARK, slug="river"))
    before = await signed(ports, park)
    await ports.signatures.withdraw(before.form)
    mine = [
        await signed(ports, park),
        await signed(ports, pool, answer="South", reach=Reach.EVERYONE),
        await signed(ports, river),
    ]
    await signed(ports, park, "ben")
    await ports.notices.ask(member(), park.id, "es")
    await ports.notices.ask(member("ben"), park.id, "en")
    await ports.drafts.save(member(), Draft("form1", "change_abc", 2, {"name": "Ana Núñez"}))
    await home.maintenance.add_claim("CODE", NOON + DAY)
    await ports.organisers.claim("CODE", member())
    return (park, pool, river), mine


async def test_all_that_is_stored_about_a_person_is_told(ports, home):
    (park, pool, river), _ = await busy(ports, home)
    await ports.organisers.set_key(member(), "age1ana")
    kept = await ports.rights.kept(member())

    assert sorted((each.petition_id, each.status.value) for each in kept.signatures) == [
        (park.id, "counted"), (park.id, "withdrawn"), (pool.id, "counted"), (river.id, "counted"),
    ]  # fmt: skip
    assert {each.context.answer for each in kept.signatures} == {None, "South"}
    assert [(each.petition_id, each.locale, each.since) for each in kept.told] == [(park.id, "es", NOON)]
    assert [(each.token, each.values) for each in kept.forms] == [("change_abc", {"name": "Ana Núñez"})]
    assert (kept.organiser.claimed, kept.organiser.since, kept.organiser.key) == (True, NOON, "age1ana")
    assert not await ports.rights.kept(member("nobody"))


async def test_forgetting_leaves_no_trace_and_the_totals_right(ports, home):
    (park, pool, _), _ = await busy(ports, home)
    forgotten = await ports.rights.forget(member())

    assert forgotten == Forgotten(withdrawn=4, others=2, organiser=True)
    assert not await ports.rights.kept(member())
    assert [traces(row) for row in await rows(home) if row.status == "withdrawn"] == [set()] * 4
    assert (await ports.tally.totals(park.id)).counted == 1
    assert await ports.tally.breakdown(pool.id, Dimension.ANSWER) in ({}, {"South": 0})
    assert not await ports.organisers.includes(member())
    assert [await count(home, table) for table in (notice, draft, organiser)] == [1, 0, 0]
    assert await ports.notices.asked(member("ben"), park.id)
    assert await troubles(home) == []
    assert await ports.rights.forget(member()) == Forgotten()


async def all_there_is(home):
    """Every value in the database, those that are encrypted opened with the key."""
    vault, found = Vault(keys.load(home.key_file)), []
    for table in metadata.sorted_tables:
        sealed = {each.column.name: each for each in SEALED.get(table, ())}
        for row in await home.run(select(table)):
            for name, value in row._mapping.items():
                its = sealed.get(name)
                opened = its is not None and value is not None
                found.append(str(vault.open(its.field, its.row_of(row), value)) if opened else value)
    return found


def leads_to(home, account, petitions, values):
    """What of somebody is among these: their name, their id, or a code that is made from it."""
    secrets = keys.load(home.key_file)
    made = {secrets.account(each.key, account) for each in petitions}
    made |= {secrets.notice(each.key, account) for each in petitions}
    made |= {secrets.form_owner(account), secrets.organiser(account)}
    text = "\n".join(str(value) for value in values)
    said = {word for word in (account.user_id, str(account), "Ana", "Núñez") if word in text}
    return said | (made & {bytes(value) for value in values if isinstance(value, bytes)})


async def test_even_with_the_key_nothing_leads_to_who_was_forgotten_any_more(ports, home):
    petitions, _ = await busy(ports, home)
    await ports.removals.plan(member(), f"{member().user_id}:17", DAY)
    before = leads_to(home, member(), petitions, await all_there_is(home))
    assert len(before) > 6, "the search finds what is there"
    await ports.rights.forget(member())
    for each in await ports.removals.due("telegram"):
        await ports.removals.settle(each.id)
    assert leads_to(home, member(), petitions, await all_there_is(home)) == set()


async def test_who_was_forgotten_may_sign_afresh(ports, home):
    park = await opened_petition(ports)
    await signed(ports, park)
    await ports.rights.forget(member())

    assert isinstance(await ports.signatures.sign(request(park)), Signed)


async def test_forgetting_after_delivery_erases_the_person_and_the_delivered_total_stands(ports, home):
    pool = await opened_petition(ports, POOL)
    mine = await signed(ports, pool, answer="North")
    await signed(ports, pool, "ben", answer="South")
    await deliver(ports, "pool")
    forgotten = await ports.rights.forget(member())

    assert forgotten == Forgotten(delivered=1)
    assert (await ports.tally.totals(pool.id)).counted == 2
    assert await ports.tally.breakdown(pool.id, Dimension.ANSWER) == {"North": 1, "South": 1}
    row = next(row for row in await rows(home) if row.form == mine.form)
    assert (row.status, traces(row)) == ("counted", set())
    assert await troubles(home) == []


async def test_of_a_struck_signature_the_account_stays_so_that_it_can_not_sign_again(ports, home):
    park = await opened_petition(ports)
    mine = await signed(ports, park)
    await change(ports, mine.form, Change.STRIKE)

    assert await ports.rights.forget(member()) == Forgotten(struck=1)
    assert [(row.status, traces(row)) for row in await rows(home)] == [("struck", {"account"})]
    assert not isinstance(await ports.signatures.sign(request(park)), Signed)
    assert isinstance(await change(ports, mine.form, Change.UNSTRIKE), NotPossible)
    assert await troubles(home) == []


async def test_what_was_on_its_way_to_a_forgotten_person_is_dropped(ports, home):
    park = await opened_petition(ports)
    for who in ("ana", "ben"):
        await ports.notices.ask(member(who), park.id, "en")
    await ports.outbox.announce(Telling(park.id, Kind.UPDATE, text="News"))
    while await ports.outbox.spread(lambda _, now: now):
        pass
    assert await count(home, delivery) == 2
    await ports.rights.forget(member())

    assert await count(home, delivery) == 1


async def test_a_restored_backup_does_not_bring_back_who_was_forgotten(sqlite_home, tmp_path):
    home, file = sqlite_home, tmp_path / "backup"
    async with home.ports() as ports:
        (park, pool, river), mine = await busy(ports, home)
        await deliver(ports, "pool")
        await ports.removals.plan(member(), "9000ana:17", DAY)
        home.maintenance.backup(file)
        await change(ports, mine[2].form, Change.STRIKE)
        assert await ports.rights.forget(member()) == Forgotten(2, 1, 1, 2, organiser=True)
    restored = home.maintenance.restore(file, replace=True)

    assert restored.erased == 4
    async with home.ports() as ports:
        kept = await ports.rights.kept(member())
        assert [each.status for each in kept.signatures] == [Status.STRUCK]
        assert (kept.told, kept.organiser, kept.handed) == ((), None, ())
        totals = [(await ports.tally.totals(each.id)).counted for each in (park, pool, river)]
        assert totals == [1, 1, 0]
        assert await ports.notices.asked(member("ben"), park.id)
    assert [traces(row) for row in await rows(home)] == [set(), set(), set(TRACES), set(), {"account"}]
    assert leads_to(home, member(), (park, pool), await all_there_is(home)) == set(), "on river it is struck"
    assert await troubles(home) == []


async def test_a_wish_to_be_told_after_being_forgotten_survives_a_restore(sqlite_home, tmp_path):
    home, file = sqlite_home, tmp_path / "backup"
    async with home.ports() as ports:
        park = await opened_petition(ports)
        await ports.notices.ask(member(), park.id, "en")
        await ports.rights.forget(member())
        home.clock.move(DAY)
        await ports.notices.ask(member(), park.id, "en")
        home.maintenance.backup(file)
    home.maintenance.restore(file, replace=True)

    async with home.ports() as ports:
        assert await ports.notices.asked(member(), park.id)


async def test_who_no_longer_wants_to_be_told_is_not_told_after_a_restore(sqlite_home, tmp_path):
    home, file = sqlite_home, tmp_path / "backup"
    async with home.ports() as ports:
        park = await opened_petition(ports)
        await ports.notices.ask(member(), park.id, "en")
        home.maintenance.backup(file)
        await ports.notices.stop(member(), park.id)
    home.maintenance.restore(file, replace=True)

    async with home.ports() as ports:
        assert not await ports.notices.asked(member(), park.id)


# --- after closing ---


async def test_a_signature_can_be_withdrawn_after_closing_and_until_delivery(ports, home):
    park = await opened_petition(ports)
    mine, other = await signed(ports, park), await signed(ports, park, "ben")
    await ports.petitions.act("park", Act.CLOSE)

    assert isinstance(await ports.signatures.withdraw(mine.form), Changed)
    await ports.petitions.act("park", Act.DELIVER)
    assert isinstance(await ports.signatures.withdraw(other.form), NotPossible)
    assert (await ports.tally.totals(park.id)).counted == 1


# --- retention ---


@pytest.mark.parametrize("acts", [(Act.CLOSE,), (Act.CLOSE, Act.DELIVER)])
async def test_anonymising_scrubs_who_signed_and_keeps_what_was_counted(ports, home, acts, monkeypatch):
    monkeypatch.setattr("storage.retention.BATCH", 2)
    pool, park = await opened_petition(ports, POOL), await opened_petition(ports)
    mine = await signed(ports, pool, answer="North", identity=Identity("Ana Núñez", "For all"))
    for who in ("ben", "cleo", "dan"):
        await signed(ports, pool, who, answer="South")
    await change(ports, (await signed(ports, pool, "eve")).form, Change.STRIKE)
    kept = await signed(ports, park)
    await ports.notices.ask(member(), pool.id, "en")
    assert await ports.retention.anonymise(pool.id) is None
    for act in acts:
        await ports.petitions.act("pool", act)

    assert await ports.retention.anonymise(pool.id) == 5
    assert await ports.retention.anonymise(pool.id) == 0
    assert [traces(row) for row in await rows(home) if row.petition == pool.id] == [set()] * 5
    assert (await ports.tally.totals(pool.id)).counted == 4
    assert await ports.tally.breakdown(pool.id, Dimension.ANSWER) == {"North": 1, "South": 3}
    assert await ports.signatures.by_code(mine.code) is None
    assert not await ports.notices.asked(member(), pool.id)
    assert await ports.signatures.of(member()) == [kept]
    assert await troubles(home) == []
    assert [act.what for act in await ports.audit.acts(petition_id=pool.id)].count("anonymise") == 1


async def test_what_was_anonymised_can_not_be_reopened_nor_changed(ports, home):
    park = await opened_petition(ports)
    mine = await signed(ports, park)
    await ports.petitions.act("park", Act.CLOSE)
    await ports.retention.anonymise(park.id)

    refused = await ports.petitions.act("park", Act.REOPEN)
    assert (refused.state, refused.act) == ("closed", Act.REOPEN)
    assert (await ports.petitions.find("park")).anonymised == NOON
    assert isinstance(await change(ports, mine.form, Change.STRIKE), NotPossible)
    assert (await ports.petitions.act("park", Act.DELIVER)).moved


async def test_a_restored_backup_is_anonymised_again(sqlite_home, tmp_path):
    home, file = sqlite_home, tmp_path / "backup"
    async with home.ports() as ports:
        park = await opened_petition(ports)
        await signed(ports, park)
        home.maintenance.backup(file)
        await ports.petitions.act("park", Act.CLOSE)
        await ports.retention.anonymise(park.id)

    assert home.maintenance.restore(file, replace=True).erased == 1
    assert [traces(row) for row in await rows(home)] == [set()]


async def test_verify_still_finds_a_counter_that_scrubbing_does_not_explain(ports, home):
    park = await opened_petition(ports)
    await signed(ports, park)
    await deliver(ports, "park")
    await ports.rights.forget(member())
    for value in ("en", "fr"):
        await home.run(_raise(park.id, value))

    assert "counters differ" in (await troubles(home))[0].text


def _raise(petition_id, value):
    from storage.tables import counter  # noqa: PLC0415  this test alone breaks one

    there = (counter.c.petition == petition_id) & (counter.c.value == value)
    if value == "en":
        return counter.update().where(there).values(count=counter.c.count + 1)
    return counter.insert().values(petition=petition_id, dimension="language", value=value, count=1)


# --- organisers ---


async def test_an_organiser_of_the_configuration_is_known_as_long_as_it_names_them(ports, home):
    await ports.organisers.configured([member("boss"), member("chief")])
    actor = await ports.organisers.actor(member("boss"), "es")
    assert not await ports.organisers.includes(member("boss"))
    assert (await ports.rights.kept(member("boss"))).organiser.locale == "es"

    await ports.organisers.configured([member("boss")])
    assert await count(home, organiser) == 1
    assert await ports.organisers.actor(member("boss"), "es") == actor
    await ports.organisers.configured([])
    assert await count(home, organiser) == 0


async def test_who_claimed_the_role_keeps_it_whatever_the_configuration_says(ports, home):
    await home.maintenance.add_claim("CODE", NOON + DAY)
    await ports.organisers.configured([member()])
    assert await ports.organisers.claim("CODE", member())
    await ports.organisers.configured([])

    assert await ports.organisers.includes(member())


async def test_the_audit_log_says_which_organiser_did_what_by_an_id_that_forgetting_cuts_off(ports, home):
    actor = await ports.organisers.actor(member("boss"), "en")
    await ports.petitions.add(PARK, actor=actor)
    await ports.petitions.act("park", Act.OPEN, actor=actor)
    await ports.petitions.update("park", replace(PARK, goal=5), seen=1, actor=actor)
    await ports.petitions.act("park", Act.CLOSE)

    acts = await ports.audit.acts(actor=actor)
    assert [(act.role, act.what) for act in acts] == [
        ("organiser", "add"), ("organiser", "open"), ("organiser", "update"),
    ]  # fmt: skip
    assert (await ports.audit.acts())[-1].role == "operator"
    await ports.rights.forget(member("boss"))
    assert len(await ports.audit.acts(actor=actor)) == 3
    assert await ports.organisers.actor(member("boss"), "en") != actor


# --- lists that were handed over ---


async def test_what_was_handed_over_is_removed_in_time_by_whoever_runs_then(home, clock):
    async with home.ports() as ports:
        due = await ports.removals.plan(member(), "9000ana:17", timedelta(minutes=15))
        assert due == NOON + timedelta(minutes=15)
        early = await ports.removals.plan(
            member(), "there", timedelta(minutes=15), NOON + timedelta(minutes=9)
        )
        assert early == NOON + timedelta(minutes=8)
        await ports.removals.plan(member("ben", "discord"), "elsewhere", timedelta())
        assert await ports.removals.due("telegram") == []
    clock.move(timedelta(minutes=15))
    async with home.ports() as ports:
        late, due = await ports.removals.due("telegram")
        assert [late.reference, due.reference] == ["there", "9000ana:17"]
        await ports.removals.settle(late.id)
        assert [each.reference for each in await ports.removals.due("telegram")] == ["9000ana:17"]


async def test_of_an_organiser_who_is_forgotten_it_is_removed_at_once(ports, home):
    await ports.organisers.actor(member(), "en")
    due = await ports.removals.plan(member(), "9000ana:17", timedelta(minutes=15))
    await ports.removals.plan(member("ben"), "9000ben:1", timedelta(minutes=15))
    assert (await ports.rights.kept(member())).handed == (due,)
    await ports.rights.forget(member())
    (mine,) = await ports.removals.due("telegram")
    await ports.removals.settle(mine.id)
    assert mine.reference == "9000ana:17"
    assert not await ports.rights.kept(member())


async def test_what_organisers_are_told_goes_to_each_of_them_alone_in_their_language(ports, home):
    park = await opened_petition(ports)
    await home.maintenance.add_claim("CODE", NOON + DAY)
    await ports.organisers.claim("CODE", member("ana"))
    await ports.organisers.configured([member("boss")])
    await ports.organisers.actor(member("boss"), "es")
    await ports.notices.ask(member("ben"), park.id, "en")
    while await ports.outbox.spread(lambda _, now: now):
        pass
    await ports.outbox.announce(Telling(park.id, Kind.RETENTION, text=NOON.isoformat(), key="k"))
    while await ports.outbox.spread(lambda _, now: now, 1):
        pass
    jobs = [job for job in await ports.outbox.advance("telegram", "me", (), 10) if job.account]

    told = {(job.account, job.locale) for job in jobs if job.announcement.telling.kind is Kind.RETENTION}
    assert told == {(member("ana"), ""), (member("boss"), "es")}
    await ports.outbox.announce(Telling(park.id, Kind.EXPORTED, text="csv public counted clear "))
    while await ports.outbox.spread(lambda _, now: now):
        pass
    await ports.rights.forget(member("boss"))
    jobs = await ports.outbox.advance("telegram", "me", (), 10)
    assert [job.account for job in jobs] == [member("ana")]


async def test_an_age_key_can_be_set_changed_and_removed(ports):
    assert await ports.organisers.key(member()) is None
    for key in ("age1one", "age1two"):
        await ports.organisers.set_key(member(), key)
        assert await ports.organisers.key(member()) == key
    await ports.organisers.set_key(member(), None)
    assert await ports.organisers.key(member()) is None


async def test_a_community_is_no_person(ports, home):
    park = await opened_petition(ports)
    place = await ports.communities.ensure(Place("telegram", "-1", PlaceKind.GROUP, "Park friends"))
    await signed(ports, park, community=place)
    await ports.rights.forget(member())

    assert await ports.communities.names([place]) == {place: "Park friends"}
    assert await ports.tally.breakdown(park.id, Dimension.COMMUNITY) in ({}, {str(place): 0})
