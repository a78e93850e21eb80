"""Reviews: what waits is read in pages, previewed, decided in parts, and undone; two at once, and killed half way."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from bot.model.holding import Rule
from bot.model.petition import Act
from bot.model.review import Which
from bot.model.signature import (
    Change,
    Identity,
    Status,
)
from bot.ports import Level
from storage.tables import action, announcement, hold, signature
from tests.storage.world import (
    DAY,
    MINUTE,
    NOON,
    PARK,
    held,
    member,
    opened_petition,
    signed,
)

ROOT = Path(__file__).parents[2]
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


async def verified(home):
    return {finding.text for finding in await home.maintenance.verify() if finding.level is not Level.OK}


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
    (action,) = await ports.reviews.actions(petition.id)
    assert (action.outcome.changed, action.outcome.left) == (3, 5)

    seen = []
    outcome = await ports.reviews.settle(preview.action, progress=lambda *at: seen.append(at))
    assert outcome.changed == 8
    assert seen[-1] == (8, 8)
    assert await totals(ports, petition) == (8, 0, 0, 0)
    assert await verified(home) == set()


@pytest.mark.parametrize("where", ["between", "within"])
async def test_who_is_killed_while_reviewing_leaves_whole_parts_behind(home, where):
    async with home.ports() as ports:
        petition = await opened_petition(ports)
        for number in range(8):
            await held(ports, petition, f"m{number}")
        home.clock.now = datetime.now(UTC)  # the other process has a clock of its own
        preview = await ports.reviews.preview(petition.id, Which(), Change.ACCEPT)
        words = [home.url, str(home.key_file), preview.action, "1", where]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.storage.reviewer", *words, stdin=PIPE, stdout=PIPE, cwd=ROOT
        )
        assert await process.stdout.readline() == b"here\n"
        process.kill()
        await process.wait()

        assert await totals(ports, petition) == (3, 5, 0, 0)
        assert (await ports.reviews.settle(preview.action)).changed == 8
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


async def test_who_asks_is_told_why_they_were_held(ports):
    petition = await opened_petition(ports)
    mine = await held(ports, petition, "ana", hold=ALIKE)
    await held(ports, petition, "ben")

    assert (await ports.rights.kept(member("ana"))).held_for == {mine.form: ALIKE}
    await ports.signatures.withdraw(mine.form)
    assert (await ports.rights.kept(member("ana"))).held_for == {}


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
    page = await ports.reviews.page(petition.id, Which.numbered((2, 3), (5, 10**30), (10**30, 10**31)))

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


async def test_reasons_that_are_left_and_reviews_of_what_is_not_theirs_are_found(ports, home):
    petition = await opened_petition(ports)
    other = await opened_petition(ports, replace(PARK, slug="pool"))
    await held(ports, petition, "ana")
    mine = await held(ports, petition, "ben")
    await done(ports, petition, Which.one(mine.form), Change.STRIKE)
    await home.run(
        signature.update().where(signature.c.status == "held").values(status="withdrawn", identity=None)
    )
    await home.run(action.update().values(petition=other.id))

    found = " ".join(await verified(home))
    assert "Of 1 signatures that were withdrawn it is still kept why they were held." in found
    assert "A review decides on another petition's signatures." in found


async def test_those_that_are_asked_for_by_number_come_by_number_page_by_page(ports, clock):
    petition = await opened_petition(ports)
    for n in range(12):
        await signed(ports, petition, f"m{n}")
        clock.move(DAY / 4)
    seen, after = [], None
    for _ in range(4):
        page = await ports.reviews.page(petition.id, Which.numbered((2, 11), (1, 1)), after=after, limit=3)
        seen += [case.number for case in page.cases]
        after = page.after

    assert seen == list(range(1, 12))
