"""Signatures that are held: not counted, never lost, told of once; and how often somebody may do something."""

import asyncio
import sqlite3
from contextlib import AsyncExitStack, closing
from pathlib import Path

from alembic import command
from msgspec.structs import replace
from sqlalchemy import create_engine, select, text

from bot.model.community import Kind
from bot.model.holding import HoldRules, Rule, read
from bot.model.review import Which
from bot.model.signature import (
    AlreadySigned,
    Change,
    Changed,
    Dimension,
    Signed,
    Status,
    TooOften,
)
from bot.ports import Level
from storage import schema
from storage.batch import CYCLES
from storage.tables import announcement, hold
from storage.windows import NOTICED
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

ROOT = Path(__file__).parents[2]
YOUNG = frozenset({Rule.ACCOUNT_AGE})
ALIKE = frozenset({Rule.LOOKALIKE, Rule.ACCOUNT_AGE})


async def totals(ports, petition):
    now = await ports.tally.totals(petition.id)
    return now.counted, now.held, now.withdrawn, now.struck


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


async def test_a_brigade_that_waits_anyway_takes_no_honest_members_place_in_the_minute(ports):
    petition = await opened_petition(ports, replace(PARK, hold=HoldRules(community_per_minute=2)))
    for n in range(5):
        await signed(ports, petition, f"young{n}", community=1, hold=frozenset({Rule.ACCOUNT_AGE}))
    honest = [await signed(ports, petition, f"a{n}", community=1) for n in range(3)]

    assert [each.status for each in honest] == [Status.COUNTED, Status.COUNTED, Status.HELD]


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


async def test_in_another_process_they_have_to_wait_too(home, clock):
    async with AsyncExitStack() as stack:
        one, other = [await stack.enter_async_context(home.ports()) for _ in range(2)]
        petition = await opened_petition(one)
        await signed(other, petition, "ben")
        for _ in range(CYCLES):
            await one.signatures.withdraw((await signed(one, petition)).form)
        clock.move(NOTICED)

        assert isinstance(await other.signatures.sign(request(petition)), TooOften)


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

        clock.move(HOUR)
        await asyncio.gather(*(held(two[0], petition, f"later-{at}") for at in range(12)))
        assert len(await alerts(home)) == 1


async def test_of_the_next_surge_they_are_told_again(ports, home, clock):
    petition = await opened_petition(ports)
    for surge in range(2):
        for at in range(11):
            await held(ports, petition, f"{surge}-{at}")
        clock.move(2 * HOUR)
    told = await alerts(home)

    assert [each.total for each in told] == [10, 10]


async def test_a_surge_is_told_of_although_some_were_held_every_hour_before(ports, home, clock):
    petition = await opened_petition(ports)
    for at in range(60):
        await held(ports, petition, f"trickle-{at}")
        clock.move(10 * MINUTE)
    assert await alerts(home) == []
    await asyncio.gather(*(held(ports, petition, f"flood-{at}") for at in range(30)))

    (told,) = await alerts(home)
    assert told.text


async def test_of_a_few_that_nobody_looks_at_they_are_told_once_a_day(home, clock):
    async with AsyncExitStack() as stack:
        two = [await stack.enter_async_context(home.ports()) for _ in range(2)]
        petition = await opened_petition(two[0])
        mine = await held(two[0], petition, "ana")
        await held(two[0], petition, "ben")
        days = []
        for _ in range(4):
            await asyncio.gather(*(each.reviews.remind() for each in two for _ in range(2)))
            days.append(len(await alerts(home)))
            clock.move(DAY)
        assert days == [0, 1, 2, 3]
        assert {(each.total, each.text) for each in await alerts(home)} == {(2, "")}

        await two[0].signatures.withdraw(mine.form)
        await two[0].reviews.settle(
            (await two[0].reviews.preview(petition.id, Which(), Change.STRIKE)).action
        )
        await two[0].reviews.remind()
        assert len(await alerts(home)) == 3


async def test_who_was_told_of_a_surge_today_is_reminded_tomorrow(ports, home, clock):
    petition = await opened_petition(ports)
    clock.move(11 * HOUR)
    for at in range(10):
        await held(ports, petition, f"m{at}")
    clock.move(2 * HOUR)  # another day by now
    await ports.reviews.remind()
    assert len(await alerts(home)) == 1
    clock.move(DAY)
    await ports.reviews.remind()
    assert len(await alerts(home)) == 2


async def test_a_few_held_ones_are_no_news(ports, home):
    petition = await opened_petition(ports)
    for at in range(9):
        await held(ports, petition, f"m{at}")

    assert await alerts(home) == []


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
