"""Signatures that are held: not counted, never lost, told of once, and reviewed in parts that can be undone."""

import asyncio
import sqlite3
from contextlib import AsyncExitStack, closing
from dataclasses import replace

import pytest
from alembic import command
from sqlalchemy import create_engine, select, text

from bot.model.community import Kind
from bot.model.holding import HoldRules, Rule, read
from bot.model.petition import Act
from bot.model.review import Which
from bot.model.signature import (
    AlreadySigned,
    Change,
    Changed,
    Dimension,
    Identity,
    Signed,
    Status,
    TooOften,
)
from bot.ports import Level
from storage import schema
from storage.batch import CYCLES
from storage.tables import announcement, hold
from tests.storage.world import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    PARK,
    Home,
    found,
    held,
    member,
    opened_petition,
    request,
    signed,
)

YOUNG = frozenset({Rule.ACCOUNT_AGE})
ALIKE = frozenset({Rule.LOOKALIKE, Rule.ACCOUNT_AGE})


async def totals(ports, petition):
    now = await ports.tally.totals(petition.id)
    return now.counted, now.held, now.withdrawn, now.struck


async def done(ports, petition, which, change, **more):
    """A change that was previewed and made at once."""
    preview = await ports.reviews.preview(petition.id, which, change, **more)
    outcome = await ports.reviews.settle(preview.action)
    assert outcome is not None
    assert await totals(ports, petition) == counts(preview.after)
    return outcome


def counts(them):
    return them.counted, them.held, them.withdrawn, them.struck


async def listed(ports, petition, which=None, limit=10):
    """Names, page after page."""
    names, after = [], None
    while True:
        page = await ports.reviews.page(petition.id, which or Which(), after=after, limit=limit)
        names += [case.identity.name for case in page.cases]
        after = page.after
        if after is None:
            return names


async def alerts(home):
    wanted = select(announcement).where(announcement.c.kind == Kind.HELD.value).order_by(announcement.c.id)
    return await home.run(wanted)


async def verified(home):
    return {finding.text for finding in await home.maintenance.verify() if finding.level is not Level.OK}


async def test_a_held_signature_has_a_receipt_and_no_number_and_does_not_count(ports, home):
    petition = await opened_petition(ports)
    await signed(ports, petition, "ana")
    mine = await held(ports, petition)
    await signed(ports, petition, "ben")

    assert (mine.status, mine.number) == (Status.HELD, None)
    assert len(mine.code) == 13
    assert await totals(ports, petition) == (2, 1, 0, 0)
    assert await ports.tally.breakdown(petition.id, Dimension.PLATFORM) == {"telegram": 2}
    assert await verified(home) == set()


async def test_who_is_held_has_signed(ports):
    petition = await opened_petition(ports)
    asked = request(petition, "mallory", hold=YOUNG)
    await ports.signatures.sign(asked)

    again = await ports.signatures.sign(request(petition, "mallory"))
    assert isinstance(again, AlreadySigned)
    assert again.signature.status is Status.HELD
    replayed = await ports.signatures.sign(asked)
    assert isinstance(replayed, Signed)
    assert (replayed.signature.status, replayed.signature.number) == (Status.HELD, None)


async def test_who_taps_twice_while_held_is_held_once(ports):
    petition = await opened_petition(ports)
    asked = request(petition, "mallory", hold=YOUNG)
    results = await asyncio.gather(*(ports.signatures.sign(asked) for _ in range(3)))

    assert {result.signature.status for result in results} == {Status.HELD}
    assert await totals(ports, petition) == (0, 1, 0, 0)


async def test_who_is_held_can_change_their_mind(ports, home):
    petition = await opened_petition(ports)
    mine = await held(ports, petition)
    result = await ports.signatures.withdraw(mine.form)

    assert isinstance(result, Changed)
    assert await totals(ports, petition) == (0, 0, 1, 0)
    assert await home.run(select(hold)) == []
    assert (await held(ports, petition)).status is Status.HELD


async def test_rules_are_kept_with_the_petition_and_change_with_it(ports):
    rules = HoldRules(account_days=30, lookalikes=True, names=("Nobody",), community_per_minute=5)
    await opened_petition(ports, replace(PARK, hold=rules))
    assert (await found(ports)).content.hold == rules

    await ports.petitions.update("park", PARK, seen=1)
    assert (await found(ports)).content.hold == HoldRules()


async def test_what_one_community_gives_beyond_its_rate_is_held(ports, clock):
    petition = await opened_petition(ports, replace(PARK, hold=HoldRules(community_per_minute=3)))
    crowd = [await signed(ports, petition, f"a{n}", community=1) for n in range(5)]
    others = [await signed(ports, petition, f"b{n}", community=2) for n in range(3)]

    assert [each.status for each in crowd] == [Status.COUNTED] * 3 + [Status.HELD] * 2
    assert {each.status for each in others} == {Status.COUNTED}
    assert [each.number for each in others] == [4, 5, 6]
    cases = (await ports.reviews.page(petition.id, Which())).cases
    assert {case.rules for case in cases} == {frozenset({Rule.COMMUNITY_RATE})}
    clock.move(MINUTE)
    assert (await signed(ports, petition, "a9", community=1)).status is Status.COUNTED


async def test_a_flood_that_comes_by_no_community_is_one_all_the_same(ports):
    petition = await opened_petition(ports, replace(PARK, hold=HoldRules(community_per_minute=2)))
    crowd = await asyncio.gather(*(signed(ports, petition, f"a{n}") for n in range(5)))

    assert sum(each.status is Status.HELD for each in crowd) == 3


async def test_processes_count_a_communitys_rate_together(home):
    async with AsyncExitStack() as stack:
        two = [await stack.enter_async_context(home.ports()) for _ in range(2)]
        petition = await opened_petition(two[0], replace(PARK, hold=HoldRules(community_per_minute=7)))
        crowd = await asyncio.gather(
            *(
                signed(ports, petition, f"{n}-{at}", community=1)
                for at in range(20)
                for n, ports in enumerate(two)
            )
        )

        assert sum(each.status is Status.COUNTED for each in crowd) == 7
        assert sorted(each.number for each in crowd if each.number) == list(range(1, 8))


async def test_who_signs_and_withdraws_all_day_has_to_wait(ports, clock):
    petition = await opened_petition(ports)
    for _ in range(CYCLES):
        mine = await signed(ports, petition)
        await ports.signatures.withdraw(mine.form)
    refused = await ports.signatures.sign(request(petition))

    assert refused == TooOften(NOON + DAY)
    assert (await signed(ports, petition, "ben")).status is Status.COUNTED
    clock.move(DAY)
    mine = await signed(ports, petition)
    assert isinstance(await ports.signatures.withdraw(mine.form), Changed)


async def test_who_asks_to_be_forgotten_over_and_over_has_to_wait_too(ports):
    petition = await opened_petition(ports)
    for _ in range(CYCLES):
        await signed(ports, petition)
        await ports.rights.forget(member())

    assert isinstance(await ports.signatures.sign(request(petition)), TooOften)


async def test_organisers_are_told_once_of_a_surge_however_many_processes_take_it(home, clock):
    async with AsyncExitStack() as stack:
        two = [await stack.enter_async_context(home.ports()) for _ in range(2)]
        petition = await opened_petition(two[0])
        await asyncio.gather(
            *(
                held(ports, petition, f"{n}-{at}", hold=ALIKE)
                for at in range(30)
                for n, ports in enumerate(two)
            )
        )
        (told,) = await alerts(home)
        assert told.total >= 10
        assert read(told.text) == {Rule.ACCOUNT_AGE: told.total, Rule.LOOKALIKE: told.total}

        clock.move(HOUR / 2)
        await held(two[0], petition, "late")
        clock.move(HOUR / 2)
        await held(two[1], petition, "later")
        assert len(await alerts(home)) == 1


async def test_of_the_next_surge_they_are_told_again(ports, home, clock):
    petition = await opened_petition(ports)
    for surge in range(2):
        for at in range(11):
            await held(ports, petition, f"{surge}-{at}")
        clock.move(HOUR)
    told = await alerts(home)

    assert [each.total for each in told] == [10, 10]


async def test_a_few_held_ones_are_no_news(ports, home):
    petition = await opened_petition(ports)
    for at in range(9):
        await held(ports, petition, f"m{at}")

    assert await alerts(home) == []


async def test_what_waits_is_told_by_rule_day_and_community(ports, clock):
    petition = await opened_petition(ports)
    await held(ports, petition, "a", community=7)
    await held(ports, petition, "b", hold=ALIKE)
    clock.move(DAY)
    await held(ports, petition, "c", community=7)
    await signed(ports, petition, "ana", community=7)
    backlog = await ports.reviews.backlog(petition.id)

    assert backlog.held == 3
    assert backlog.rules == {Rule.ACCOUNT_AGE: 3, Rule.LOOKALIKE: 1}
    assert backlog.days == {NOON.date(): 2, (NOON + DAY).date(): 1}
    assert backlog.communities == {7: 2, 0: 1}


async def test_it_is_read_in_pages_whole_and_by_what_it_shares(ports, clock, monkeypatch):
    monkeypatch.setattr("storage.cases.CHUNK", 3)
    petition = await opened_petition(ports)
    for number in range(7):
        await held(
            ports, petition, f"m{number}", hold=ALIKE if number % 2 else YOUNG, community=number % 3 or None
        )
    clock.move(DAY)
    await held(ports, petition, "late", community=1)

    assert sorted(await listed(ports, petition, limit=2)) == sorted(["Late", *(f"M{n}" for n in range(7))])
    assert (await listed(ports, petition, limit=3))[-1] == "Late"
    assert sorted(await listed(ports, petition, Which(rule=Rule.LOOKALIKE), limit=2)) == ["M1", "M3", "M5"]
    assert await listed(ports, petition, Which(day=(NOON + DAY).date())) == ["Late"]
    assert sorted(await listed(ports, petition, Which(community=0), limit=1)) == ["M0", "M3", "M6"]
    assert sorted(await listed(ports, petition, Which(community=1), limit=2)) == ["Late", "M1", "M4"]


async def test_accepting_gives_the_next_numbers_in_the_order_in_which_they_came(ports, home, clock):
    petition = await opened_petition(ports)
    forms = []
    for number in range(5):
        forms.append((await held(ports, petition, f"m{number}")).form)
        await signed(ports, petition, f"n{number}")
        clock.move(MINUTE)
    outcome = await done(ports, petition, Which(), Change.ACCEPT)

    assert (outcome.changed, outcome.skipped) == (5, 0)
    numbers = [(await ports.signatures.get(form, member(f"m{n}"))).number for n, form in enumerate(forms)]
    assert numbers == [6, 7, 8, 9, 10]
    assert await verified(home) == set()


async def test_a_preview_changes_nothing(ports):
    petition = await opened_petition(ports)
    await signed(ports, petition, "ana")
    await held(ports, petition)
    preview = await ports.reviews.preview(petition.id, Which(), Change.STRIKE)

    assert (preview.count, preview.statuses) == (1, {Status.HELD: 1})
    assert (counts(preview.now), counts(preview.after)) == ((1, 1, 0, 0), (1, 0, 0, 1))
    assert await totals(ports, petition) == (1, 1, 0, 0)
    assert await ports.reviews.actions(petition.id) == []
    assert await ports.reviews.undo(preview.action) is None


async def test_those_held_after_the_preview_are_not_swept_along(ports):
    petition = await opened_petition(ports)
    await held(ports, petition, "seen")
    preview = await ports.reviews.preview(petition.id, Which(), Change.STRIKE)
    await held(ports, petition, "unseen")
    await ports.reviews.settle(preview.action)

    assert await listed(ports, petition) == ["Unseen"]


async def test_what_somebody_changed_after_the_preview_is_passed_over(ports):
    petition = await opened_petition(ports)
    mine = await held(ports, petition, "mine")
    other = await held(ports, petition, "other")
    preview = await ports.reviews.preview(petition.id, Which(), Change.STRIKE)
    await ports.signatures.withdraw(mine.form)
    await done(ports, petition, Which.one(other.form), Change.ACCEPT)
    outcome = await ports.reviews.settle(preview.action)

    assert (outcome.changed, outcome.skipped) == (0, 2)
    assert await totals(ports, petition) == (1, 0, 1, 0)


async def test_confirming_twice_does_it_once(ports, home):
    petition = await opened_petition(ports)
    for number in range(4):
        await held(ports, petition, f"m{number}")
    preview = await ports.reviews.preview(petition.id, Which(), Change.ACCEPT)
    outcomes = await asyncio.gather(*(ports.reviews.settle(preview.action) for _ in range(3)))

    assert {outcome.changed for outcome in outcomes} <= {0, 4}
    assert (await ports.reviews.settle(preview.action)).changed == 4
    assert await totals(ports, petition) == (4, 0, 0, 0)
    assert [act.what for act in await ports.audit.acts(petition_id=petition.id)].count("accept") == 1


async def test_a_day_later_a_preview_is_no_longer_there(ports, clock):
    petition = await opened_petition(ports)
    await held(ports, petition)
    preview = await ports.reviews.preview(petition.id, Which(), Change.STRIKE)
    clock.move(DAY)

    assert await ports.reviews.settle(preview.action) is None
    await ports.reviews.preview(petition.id, Which(), Change.STRIKE)
    assert await ports.reviews.settle(preview.action) is None
    assert await totals(ports, petition) == (0, 1, 0, 0)


async def test_undoing_gives_everyone_back_the_status_that_they_had(ports, home):
    petition = await opened_petition(ports)
    numbered = await signed(ports, petition, "ana")
    waiting = await held(ports, petition)
    both = replace(Which.one(numbered.form), handles=(numbered.form, waiting.form))
    struck = await done(ports, petition, both, Change.STRIKE)
    assert await totals(ports, petition) == (0, 0, 0, 2)
    undone = await ports.reviews.undo(struck.action, actor="anna")

    assert (undone.changed, undone.skipped, undone.undone) == (2, 0, True)
    assert await totals(ports, petition) == (1, 1, 0, 0)
    assert (await ports.signatures.get(numbered.form, member("ana"))).number == 1
    assert (await ports.reviews.undo(struck.action)).changed == 2
    assert await totals(ports, petition) == (1, 1, 0, 0)
    assert await verified(home) == set()


async def test_undoing_an_acceptance_keeps_the_numbers(ports, home):
    petition = await opened_petition(ports)
    mine = await held(ports, petition)
    accepted = await done(ports, petition, Which(), Change.ACCEPT)
    await ports.reviews.undo(accepted.action)
    await signed(ports, petition, "ana")

    assert await totals(ports, petition) == (1, 1, 0, 0)
    await done(ports, petition, Which(), Change.ACCEPT)
    assert (await ports.signatures.get(mine.form, member("mallory"))).number == 1
    assert await verified(home) == set()


async def test_unstriking_goes_back_to_what_it_was_struck_from(ports):
    petition = await opened_petition(ports)
    mine = await held(ports, petition)
    accepted = await done(ports, petition, Which(), Change.ACCEPT)
    await ports.reviews.undo(accepted.action)
    await done(ports, petition, Which.one(mine.form), Change.STRIKE)
    await done(ports, petition, Which.one(mine.form), Change.UNSTRIKE)

    assert await totals(ports, petition) == (0, 1, 0, 0)


async def test_what_was_decided_anew_since_is_not_undone(ports, clock):
    petition = await opened_petition(ports)
    mine = await signed(ports, petition, "ana")
    one = Which.one(mine.form)
    first = await done(ports, petition, one, Change.STRIKE)
    clock.move(MINUTE)
    await done(ports, petition, one, Change.UNSTRIKE)
    clock.move(MINUTE)
    again = await done(ports, petition, one, Change.STRIKE)

    assert (await ports.reviews.undo(first.action)).skipped == 1
    assert await totals(ports, petition) == (0, 0, 0, 1)
    assert (await ports.reviews.undo(again.action)).changed == 1
    assert await totals(ports, petition) == (1, 0, 0, 0)


async def test_an_action_in_parts_is_finished_by_confirming_it_again(ports, home, monkeypatch):
    monkeypatch.setattr("storage.actions.PART", 3)
    petition = await opened_petition(ports)
    for number in range(8):
        await held(ports, petition, f"m{number}")
    preview = await ports.reviews.preview(petition.id, Which(), Change.ACCEPT)

    class PulledError(Exception):
        """The plug."""

    def pull(finished, of):
        assert (finished, of) == (3, 8)
        raise PulledError

    with pytest.raises(PulledError):
        await ports.reviews.settle(preview.action, progress=pull)
    assert await totals(ports, petition) == (3, 5, 0, 0)
    assert any("interrupted" in text for text in await verified(home))

    seen = []
    outcome = await ports.reviews.settle(preview.action, progress=lambda *at: seen.append(at))
    assert outcome.changed == 8
    assert seen[-1] == (8, 8)
    assert await totals(ports, petition) == (8, 0, 0, 0)
    assert await verified(home) == set()


async def test_an_action_that_was_cut_short_can_be_undone_instead(ports, monkeypatch):
    monkeypatch.setattr("storage.actions.PART", 3)
    petition = await opened_petition(ports)
    for number in range(8):
        await held(ports, petition, f"m{number}")
    preview = await ports.reviews.preview(petition.id, Which(), Change.STRIKE)

    def pull(*_):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await ports.reviews.settle(preview.action, progress=pull)
    outcome = await ports.reviews.undo(preview.action)
    assert (outcome.changed, outcome.undone) == (3, True)
    assert await totals(ports, petition) == (0, 8, 0, 0)
    assert (await ports.reviews.settle(preview.action)).undone
    assert await totals(ports, petition) == (0, 8, 0, 0)


async def test_after_delivery_nothing_changes(ports):
    petition = await opened_petition(ports)
    struck = await signed(ports, petition, "ana")
    await held(ports, petition)
    before = await done(ports, petition, Which.one(struck.form), Change.STRIKE)
    late = await ports.reviews.preview(petition.id, Which(), Change.ACCEPT)
    for act in (Act.CLOSE, Act.DELIVER):
        await ports.petitions.act("park", act)

    assert (await ports.reviews.settle(late.action)).skipped == 1
    assert (await ports.reviews.undo(before.action)).skipped == 1
    assert (await ports.reviews.preview(petition.id, Which(), Change.ACCEPT)).count == 0
    assert await totals(ports, petition) == (0, 1, 0, 1)


async def test_the_reason_of_a_strike_is_told_to_organisers_and_stored_secretly(sqlite_home):
    async with sqlite_home.ports() as ports:
        petition = await opened_petition(ports)
        mine = await signed(ports, petition, "ana")
        await done(
            ports, petition, Which.one(mine.form), Change.STRIKE, reason="Zaphod made her up", actor="anna"
        )

        (case,) = (await ports.reviews.page(petition.id, Which.one(mine.form))).cases
        assert case.reason == "Zaphod made her up"
        (action,) = await ports.reviews.actions(petition.id)
        assert (action.reason, action.change, action.actor) == (case.reason, Change.STRIKE, None)
        stored = [path.read_bytes() for path in sqlite_home.path.parent.iterdir()]
        assert not any(b"Zaphod" in each for each in stored)
        assert not any("Zaphod" in act.detail for act in await ports.audit.acts())


async def test_being_forgotten_takes_the_reasons_along(ports, home):
    petition = await opened_petition(ports)
    await held(ports, petition, "ana")
    await done(ports, petition, Which(), Change.STRIKE, reason="Ana is a friend of mine")
    await ports.rights.forget(member("ana"))

    assert await home.run(select(hold)) == []
    assert [action.reason for action in await ports.reviews.actions(petition.id)] == [""]
    assert await totals(ports, petition) == (0, 0, 0, 1)


async def test_anonymising_takes_all_reasons_along(ports, home):
    petition = await opened_petition(ports)
    await held(ports, petition, "ana")
    await held(ports, petition, "ben")
    await done(ports, petition, Which(), Change.STRIKE, reason="They are friends of mine")
    await ports.petitions.act("park", Act.CLOSE)
    await ports.retention.anonymise(petition.id)

    assert await home.run(select(hold)) == []
    assert [action.reason for action in await ports.reviews.actions(petition.id)] == [""]
    assert await verified(home) == set()


async def test_only_the_comment_is_struck(ports):
    petition = await opened_petition(ports)
    mine = await signed(ports, petition, "ana", identity=Identity("Ana", "Buy my watches"))

    assert await ports.reviews.strike_comment(petition.id, mine.form, actor="anna")
    now = await ports.signatures.get(mine.form, member("ana"))
    assert (now.identity, now.status) == (Identity("Ana"), Status.COUNTED)
    assert not await ports.reviews.strike_comment(petition.id, mine.form)
    assert [act.what for act in await ports.audit.acts()][-1] == "strike comment"


async def test_a_name_is_found_whatever_its_case_and_accents(ports, monkeypatch):
    monkeypatch.setattr("storage.searching.CHUNK", 2)
    petition = await opened_petition(ports)
    names = ["Ana López", "Bo Diddley", "Analía Lopezia", "Carla", "ANA LÓPEZ-RUIZ"]
    for name in names:
        await signed(ports, petition, name, identity=Identity(name))
    await held(ports, petition, "x", identity=Identity("ana lopez"))
    gone = await signed(ports, petition, "gone", identity=Identity("Ana Lopez"))
    await ports.signatures.withdraw(gone.form)

    found, after = [], None
    while True:
        page = await ports.reviews.find(petition.id, "ana lopez", after=after, limit=1)
        found += [(case.number, case.identity.name) for case in page.cases]
        after = page.after
        if after is None:
            break
    assert found == [(1, "Ana López"), (5, "ANA LÓPEZ-RUIZ"), (None, "ana lopez")]
    assert (await ports.reviews.find(petition.id, "nobody")).cases == ()


async def test_a_number_is_found(ports):
    petition = await opened_petition(ports)
    for number in range(5):
        await signed(ports, petition, f"m{number}")
    page = await ports.reviews.page(petition.id, Which.numbered((2, 3), (5, 9)))

    assert sorted(case.number for case in page.cases) == [2, 3, 5]


async def test_striking_lets_the_total_fall_and_no_milestone_comes_twice(ports, home):
    petition = await opened_petition(ports, replace(PARK, milestones=(3,), goal=None))
    for number in range(3):
        await signed(ports, petition, f"m{number}")
    struck = await done(ports, petition, Which.numbered((1, 2)), Change.STRIKE)
    assert await totals(ports, petition) == (1, 0, 0, 2)
    await ports.reviews.undo(struck.action)
    assert await totals(ports, petition) == (3, 0, 0, 0)

    told = await home.run(select(announcement).where(announcement.c.kind == "milestone"))
    assert len(told) == 1


async def test_limits_are_shared_by_processes_and_end(home, clock):
    async with AsyncExitStack() as stack:
        two = [await stack.enter_async_context(home.ports()) for _ in range(2)]
        asked = [ports.limits.take("export", member(), 5, MINUTE) for ports in two for _ in range(5)]
        answers = await asyncio.gather(*asked)

        assert sorted(answers, key=bool) == [None] * 5 + [NOON + MINUTE] * 5
        assert await two[0].limits.take("export", member("ben"), 5, MINUTE) is None
        assert await two[0].limits.take("other", member(), 5, MINUTE) is None
        clock.move(MINUTE)
        assert await two[1].limits.take("export", member(), 5, MINUTE) is None


def test_a_database_of_the_first_release_learns_to_tell_of_what_is_held(tmp_path):
    home = Home(f"sqlite:///{tmp_path / 'old.sqlite'}", tmp_path / "old.key")
    home.maintenance.create_keys()
    home.path.touch(0o600)
    engine = create_engine(home.url)
    with engine.begin() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        connection.exec_driver_sql("PRAGMA writable_schema = ON")
        old = text(
            "UPDATE sqlite_master SET sql = replace(sql, ', ''held'')', ')') WHERE name = 'announcement'"
        )
        assert connection.execute(old).rowcount == 1
    engine.dispose()

    home.maintenance.migrate()

    with closing(sqlite3.connect(home.path)) as connection:
        (kinds,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'announcement'").fetchone()
        assert "'exported', 'held')" in kinds
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
