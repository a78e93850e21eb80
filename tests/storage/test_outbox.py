"""What goes out: announced once, spread to whom it concerns, taken by one, noted by whoever took it."""

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import select, update

from bot.model.account import Account, Place, PlaceKind
from bot.model.community import (
    Board,
    DeliveryState,
    Displayed,
    Hears,
    Kind,
    Rhythm,
    Settled,
    Standing,
    Telling,
    Voice,
    Wishes,
)
from bot.model.petition import Act, TotalsMode
from storage.deliveries import HELD, LEASED
from storage.outreach_tables import announcement, community, delivery
from tests.storage.world import DAY, HOUR, MINUTE, NOON, PARK, member, opened_petition, signed

SECOND = timedelta(seconds=1)


def town(number=1, platform="telegram"):
    return Place(platform, f"-100{number}", PlaceKind.GROUP, f"Town {number}", discreet=False)


def at_once(_, at):
    return at


@pytest.fixture
async def petition(ports):
    """Open for a while: its opening has been told."""
    opened = await opened_petition(ports)
    await spread(ports)
    return opened


async def follows(ports, petition, number=1, **wishes):
    """Communities whose boards stand."""
    made = [
        await ports.follows.follow(town(each), petition.id, "en", Wishes(**wishes))
        for each in range(1, number + 1)
    ]
    await spread(ports)
    while jobs := await ports.outbox.advance("telegram", "me", (), 100):
        await ports.outbox.advance("telegram", "me", [sent(job, "m1", "0|open|1") for job in jobs], 0)
    await ports.outbox.release("telegram", "me")
    return [await ports.follows.get(each.id) for each in made]


async def spread(ports, wakes=at_once):
    while await ports.outbox.spread(wakes, 2):
        pass


def sent(job, reference=None, face=""):
    return Settled(job, DeliveryState.SENT, reference=reference, face=face)


async def told(ports, petition, kind=Kind.OPENED, **more):
    made = await ports.outbox.announce(Telling(petition.id, kind, **more))
    await spread(ports)
    return made


# --- following ---


async def test_a_community_that_follows_is_known_by_its_place_and_has_its_board_announced(ports, petition):
    wishes = Wishes(Hears.MILESTONES, Rhythm.WEEKLY, 22, 7, "Europe/Berlin", pinned=True)
    follow = await ports.follows.follow(town(), petition.id, "es", wishes)
    assert (follow.place, follow.wishes, follow.locale, follow.standing) == (
        town(),
        wishes,
        "es",
        Standing.ACTIVE,
    )
    assert list(await ports.follows.at(town())) == [follow]
    assert await ports.follows.at(town(2)) == []
    await spread(ports)
    (job,) = await ports.outbox.advance("telegram", "me", (), 10)
    assert (job.announcement.telling.kind, job.follow, job.locale) == (Kind.BOARD, follow, "es")


async def test_following_at_the_same_instant_is_following_once(ports, petition):
    made = await asyncio.gather(
        *(ports.follows.follow(town(), petition.id, "en", Wishes()) for _ in range(4))
    )
    assert len({each.id for each in made}) == 1
    await spread(ports)
    assert len(await ports.outbox.advance("telegram", "me", (), 10)) == 1


async def test_what_it_wishes_is_changed(ports, petition):
    (follow,) = await follows(ports, petition)
    changed = await ports.follows.wish(follow.id, Wishes(Hears.NONE, pinned=True), "es", NOON)
    assert (changed.wishes, changed.locale) == (Wishes(Hears.NONE, pinned=True), "es")
    assert await ports.follows.wish(999, Wishes(), "en", None) is None


async def test_whoever_waits_is_served_from_an_organisers_word_on(ports, petition):
    follow = await ports.follows.follow(town(), petition.id, "en", Wishes(), waiting=True)
    assert follow.standing is Standing.WAITING
    await spread(ports)
    assert await ports.outbox.soonest("telegram") is None
    assert await ports.follows.confirm(follow.id)
    assert not await ports.follows.confirm(follow.id)
    await spread(ports)
    assert await ports.outbox.soonest("telegram") == NOON


async def test_those_who_wait_are_listed_first(ports, petition):
    await follows(ports, petition, 2)
    await ports.follows.follow(town(9), petition.id, "en", Wishes(), waiting=True)
    assert [each.place.name for each in await ports.follows.listed(limit=2)] == ["Town 9", "Town 1"]
    assert [each.place.name for each in await ports.follows.listed(after=2)] == ["Town 2"]
    assert await ports.follows.standings(petition.id) == {
        ("telegram", Standing.ACTIVE): 2,
        ("telegram", Standing.WAITING): 1,
    }


async def test_whoever_leaves_hears_nothing_more_and_its_board_says_goodbye(ports, petition):
    (follow,) = await follows(ports, petition)
    number = await told(ports, petition)
    await ports.follows.unfollow(follow.id)
    assert await ports.follows.get(follow.id) is None
    assert (await ports.outbox.fanout(number)).counts == {DeliveryState.SKIPPED: 1}
    (board,) = await ports.boards.stale("telegram", {}, NOON, 10)
    assert board.leaving
    await ports.boards.display([Displayed(board.id, NOON, gone=True)])
    assert await ports.boards.stale("telegram", {}, NOON, 10) == []


async def test_a_board_that_comes_up_while_its_community_leaves_says_goodbye(ports, petition):
    follow = await ports.follows.follow(town(), petition.id, "en", Wishes())
    await spread(ports)
    (job,) = await ports.outbox.advance("telegram", "me", (), 10)
    await ports.follows.unfollow(follow.id)
    await ports.outbox.advance("telegram", "me", [sent(job, "m1", "0|open|1")], 0)
    (board,) = await ports.boards.stale("telegram", {}, NOON + DAY, 10)
    assert (board.reference, board.leaving) == ("m1", True)


async def test_a_board_that_may_stand_where_nobody_follows_any_more_is_still_looked_for(
    ports, petition, clock
):
    follow = await ports.follows.follow(town(), petition.id, "en", Wishes())
    other = await ports.follows.follow(town(2), petition.id, "en", Wishes())
    await spread(ports)
    assert len(await ports.outbox.advance("telegram", "me", (), 10)) == 2
    await ports.follows.unfollow(follow.id)
    await ports.follows.set_aside(other.id, "forbidden")
    clock.move(LEASED + SECOND)
    jobs = await ports.outbox.advance("telegram", "me", (), 10)
    assert [(job.follow.id, job.unwanted) for job in jobs] == [(follow.id, True), (other.id, True)]
    await ports.outbox.advance("telegram", "me", [sent(job, f"m{job.follow.id}", "old") for job in jobs], 0)
    (board,) = await ports.boards.stale("telegram", {petition.id: "new"}, NOON + DAY, 10)
    assert (board.follow.id, board.leaving) == (follow.id, True)
    assert (await ports.follows.bring_back(other.id)).board


async def test_what_may_stand_there_is_no_bodys_job_once_the_place_is_erased(ports, petition, clock):
    follow = await ports.follows.follow(town(), petition.id, "en", Wishes())
    await spread(ports)
    await ports.outbox.advance("telegram", "me", (), 10)
    await ports.follows.unfollow(follow.id)
    clock.move(7 * DAY)
    await ports.follows.forget_left(clock())
    assert await ports.outbox.advance("telegram", "me", (), 10) == []


async def test_following_again_after_leaving_begins_with_a_new_board(ports, petition):
    (follow,) = await follows(ports, petition, hears=Hears.NONE)
    await ports.follows.unfollow(follow.id)
    again = await ports.follows.follow(town(), petition.id, "es", Wishes())
    assert (again.id, again.standing, again.wishes.hears, again.locale) == (
        follow.id,
        Standing.ACTIVE,
        Hears.NONE,
        "es",
    )
    await spread(ports)
    assert len(await ports.outbox.advance("telegram", "me", (), 10)) == 1


async def test_a_community_that_was_left_is_erased_and_its_number_leads_nowhere(ports, petition, home, clock):
    (follow,) = await follows(ports, petition)
    await ports.communities.link(follow.community, petition.id)
    await ports.follows.unfollow(follow.id)
    assert await ports.follows.forget_left(clock() - DAY) == 0
    clock.move(7 * DAY)
    assert await ports.follows.forget_left(clock() - DAY) == 1
    assert await ports.follows.forget_left(clock() - DAY) == 0
    (row,) = await home.run(select(community))
    assert row.details is None
    assert await ports.communities.names([follow.community]) == {}
    again = await ports.follows.follow(town(), petition.id, "en", Wishes())
    assert again.community != follow.community


async def test_a_place_that_was_erased_is_another_community_when_it_comes_back(ports, petition, clock):
    before = await ports.communities.ensure(town())
    await ports.follows.left(town())
    clock.move(7 * DAY)
    assert await ports.follows.forget_left(clock() - DAY) == 1
    again = await ports.follows.follow(town(), petition.id, "en", Wishes())
    assert await ports.communities.ensure(town()) == again.community != before


async def test_whoever_comes_back_in_time_is_not_erased(ports, petition, clock):
    (follow,) = await follows(ports, petition)
    await ports.follows.left(town())
    await ports.follows.follow(town(), petition.id, "en", Wishes())
    clock.move(7 * DAY)
    assert await ports.follows.forget_left(clock()) == 0
    assert (await ports.follows.get(follow.id)).place == town()


async def test_whoever_removed_the_bot_unseen_is_erased_unless_it_comes_back(ports, petition, clock):
    gone, back, shut = await follows(ports, petition, 3)
    for each in (gone, back):
        await ports.follows.set_aside(each.id, "removed", left=True)
    await ports.follows.set_aside(shut.id, "forbidden")
    await ports.follows.bring_back(back.id)
    clock.move(7 * DAY)
    assert await ports.follows.forget_left(clock()) == 1
    assert await ports.follows.get(gone.id) is None
    assert {each.id for each in await ports.follows.listed()} == {back.id, shut.id}


async def test_a_place_that_follows_something_else_has_not_left(ports, petition, clock):
    (follow,) = await follows(ports, petition)
    other = await opened_petition(ports, replace(PARK, slug="pool"))
    second = await ports.follows.follow(town(), other.id, "en", Wishes())
    await ports.follows.set_aside(follow.id, "removed", left=True)
    clock.move(7 * DAY)
    assert await ports.follows.forget_left(clock()) == 0
    await ports.follows.set_aside(second.id, "removed", left=True)
    clock.move(SECOND)
    assert await ports.follows.forget_left(clock()) == 1


async def test_a_forum_that_removed_the_bot_is_left_with_all_its_topics(ports, petition):
    forum = town()
    topics = [replace(forum, place_id=f"{forum.place_id}/{number}") for number in (2, 3)]
    others = [town(11), replace(town(1, "discord"), place_id=f"{forum.place_id}/2")]
    for place in (*topics, *others):
        await ports.follows.follow(place, petition.id, "en", Wishes())
    await ports.follows.left(forum)
    assert [await ports.follows.at(topic) for topic in topics] == [[], []]
    assert [len(await ports.follows.at(place)) for place in others] == [1, 1]
    await spread(ports)
    jobs = await ports.outbox.advance("telegram", "me", (), 10)
    assert [job.follow.place for job in jobs] == [town(11)]


async def test_a_place_that_removed_the_bot_is_left_even_if_it_never_followed(ports, petition, clock):
    await ports.communities.ensure(town())
    await ports.follows.left(town())
    await ports.follows.left(town(7))
    clock.move(7 * DAY)
    assert await ports.follows.forget_left(clock()) == 1


async def test_a_community_set_aside_is_passed_over_until_it_is_brought_back(ports, petition):
    one, two = await follows(ports, petition, 2)
    number = await told(ports, petition)
    await ports.follows.set_aside(one.id, "forbidden")
    aside = await ports.follows.get(one.id)
    assert (aside.standing, aside.reason, aside.untold) == (Standing.ASIDE, "forbidden", True)
    assert (await ports.outbox.fanout(number)).reasons == {"forbidden": 1}
    await told(ports, petition, Kind.CLOSED)
    jobs = await ports.outbox.advance("telegram", "me", (), 10)
    assert {job.follow.id for job in jobs} == {two.id}
    await ports.follows.told(one.id)
    assert not (await ports.follows.get(one.id)).untold
    assert (await ports.follows.bring_back(one.id)).standing is Standing.ACTIVE


async def test_a_migrated_group_keeps_what_it_follows(ports, petition):
    (follow,) = await follows(ports, petition)
    await ports.follows.moved(town(), town(8))
    assert (await ports.follows.get(follow.id)).place == town(8)
    assert await ports.follows.at(town()) == []


async def test_a_migrated_group_gets_a_board_again_where_one_stood(ports, petition):
    one, two = await follows(ports, petition, 2)
    assert one.board
    boards = await ports.boards.stale("telegram", {petition.id: "new"}, NOON, 10)
    gone = [board.id for board in boards if board.follow.id == two.id]
    await ports.boards.display([Displayed(*gone, NOON, gone=True, deleted=True)])
    for number in (1, 2):
        await ports.follows.moved(town(number), town(number + 5))
        await ports.follows.moved(town(number), town(number + 5))
    await spread(ports)
    jobs = await ports.outbox.advance("telegram", "me", (), 10)
    assert [(job.announcement.telling.kind, job.follow.place) for job in jobs] == [(Kind.BOARD, town(6))]


async def test_a_group_that_migrates_to_a_known_one_joins_it(ports, petition):
    one, two = await follows(ports, petition, 2)
    other = await opened_petition(ports, replace(PARK, slug="pool"))
    third = await ports.follows.follow(town(1), other.id, "en", Wishes())
    await ports.follows.moved(town(1), town(2))
    assert {each.id for each in await ports.follows.at(town(2))} == {two.id, third.id}
    assert await ports.follows.get(one.id) is None


# --- announcements ---


async def test_what_is_asked_for_twice_is_announced_once(ports, petition):
    telling = Telling(petition.id, Kind.LAST_HOURS, key="2030")
    assert await ports.outbox.announce(telling)
    assert await ports.outbox.announce(telling) is None
    assert await ports.outbox.announce(replace(telling, key="2031"))


async def test_asked_for_at_the_same_instant_it_is_announced_once(ports, petition):
    telling = Telling(petition.id, Kind.LAST_HOURS, key="2030")
    made = await asyncio.gather(*(ports.outbox.announce(telling) for _ in range(5)))
    assert sum(each is not None for each in made) == 1


async def test_acts_are_announced_with_the_total_of_their_instant(ports, home):
    petition = await opened_petition(ports)
    await signed(ports, petition)
    for act in (Act.PAUSE, Act.RESUME, Act.CLOSE, Act.DELIVER):
        await ports.petitions.act("park", act)
    rows = await home.run(select(announcement.c.kind, announcement.c.total).order_by(announcement.c.id))
    assert [tuple(row) for row in rows] == [("opened", 0), ("closed", 1), ("delivered", 1)]


async def test_nothing_goes_out_before_it_is_confirmed_and_then_once(ports, petition, clock):
    await follows(ports, petition)
    proposed = await ports.outbox.propose(Telling(petition.id, Kind.TEXT, Voice.ORGANISERS, text="Hello"))
    await spread(ports)
    assert await ports.outbox.soonest("telegram") is None
    assert await ports.outbox.announcement(proposed.token) == proposed
    assert await ports.outbox.to_everybody(NOON) == 0
    assert await ports.outbox.confirm(proposed.token, most=None, since=NOON)
    assert not await ports.outbox.confirm(proposed.token, most=None, since=NOON)
    assert await ports.outbox.to_everybody(NOON) == 1
    await spread(ports)
    (job,) = await ports.outbox.advance("telegram", "me", (), 10)
    assert job.announcement.telling.text == "Hello"


async def test_many_who_confirm_at_once_do_not_write_to_everybody_more_often_than_is_good(ports, petition):
    telling = Telling(petition.id, Kind.TEXT, Voice.ORGANISERS, text="Hello")
    proposed = [await ports.outbox.propose(replace(telling, text=f"News {n}")) for n in range(6)]
    confirming = (ports.outbox.confirm(each.token, most=3, since=NOON - 7 * DAY) for each in proposed)
    assert sorted(await asyncio.gather(*confirming)) == [False] * 3 + [True] * 3
    assert await ports.outbox.to_everybody(NOON - 7 * DAY) == 3
    assert await ports.outbox.to_everybody(NOON + SECOND) == 0


async def test_what_nobody_confirms_within_a_day_is_forgotten(ports, petition, clock):
    proposed = await ports.outbox.propose(Telling(petition.id, Kind.TEXT))
    clock.move(DAY)
    assert not await ports.outbox.confirm(proposed.token, most=None, since=NOON)
    await ports.outbox.tidy(clock())
    assert await ports.outbox.announcement(proposed.token) is None


# --- spreading ---


async def test_each_community_is_told_what_it_hears(ports, petition, clock):
    for number, hears in enumerate(Hears):
        await ports.follows.follow(town(number), petition.id, "en", Wishes(hears))
    clock.move(MINUTE)
    heard = {}
    for kind in (Kind.MILESTONE, Kind.CLOSED, Kind.UPDATE):
        number = await told(ports, petition, kind)
        heard[kind] = sum((await ports.outbox.fanout(number)).counts.values())
    assert heard == {Kind.MILESTONE: 2, Kind.CLOSED: 1, Kind.UPDATE: 0}


async def test_one_community_is_told_what_is_for_it_alone_whatever_it_hears(ports, petition):
    one, _ = await follows(ports, petition, 2, hears=Hears.NONE)
    number = await told(ports, petition, Kind.TEXT, follow=one.id)
    fanout = await ports.outbox.fanout(number)
    assert (fanout.counts, fanout.waiting, fanout.spread) == ({DeliveryState.DUE: 1}, 1, True)


async def test_many_boards_are_made_out_together_yet_never_in_one_long_transaction(ports, petition):
    for number in range(60):
        await ports.follows.follow(town(number), petition.id, "en", Wishes())
    parts = 0
    while await ports.outbox.spread(at_once):
        parts += 1
    assert parts == 3
    jobs = await ports.outbox.advance("telegram", "me", (), 100)
    assert [job.follow.place for job in jobs] == [town(number) for number in range(60)]


async def test_whoever_signs_does_not_wait_for_a_fan_out(ports, petition):
    await follows(ports, petition, 60)
    await ports.outbox.announce(Telling(petition.id, Kind.OPENED))

    async def spread_in_many_parts():
        while await ports.outbox.spread(at_once, 1):
            pass

    spreading = asyncio.create_task(spread_in_many_parts())
    await asyncio.gather(*(signed(ports, petition, f"m{number}") for number in range(3)))
    assert not spreading.done()
    await spreading


async def test_quiet_hours_put_it_off_but_not_what_a_moderator_sends_now(ports, petition):
    (follow,) = await follows(ports, petition)
    await ports.outbox.announce(Telling(petition.id, Kind.OPENED))
    await spread(ports, lambda wishes, at: at + HOUR)
    assert await ports.outbox.soonest("telegram") == NOON + HOUR
    await ports.outbox.announce(Telling(petition.id, Kind.TEXT, follow=follow.id))
    await spread(ports, lambda wishes, at: at + HOUR)
    assert await ports.outbox.soonest("telegram") == NOON


async def test_persons_who_asked_are_told_in_their_language_and_forgotten_after_the_delivery(ports, petition):
    for name in ("ana", "ben", "eve"):
        await ports.notices.ask(member(name), petition.id, "es")
    assert await ports.notices.count(petition.id) == 3
    await told(ports, petition, Kind.DELIVERED)
    jobs = await ports.outbox.advance("telegram", "me", (), 10)
    assert {(job.account, job.locale) for job in jobs} == {(member(n), "es") for n in ("ana", "ben", "eve")}
    await ports.notices.stop(member("eve"), petition.id)
    await ports.outbox.advance("telegram", "me", [sent(job) for job in jobs], 0)
    assert await ports.notices.count(petition.id) == 0


async def test_whoever_no_longer_wants_to_be_told_is_skipped(ports, petition):
    await ports.notices.ask(Account("discord", "1"), petition.id, "en")
    number = await told(ports, petition, Kind.UPDATE)
    await ports.notices.stop(Account("discord", "1"), petition.id)
    assert await ports.outbox.advance("discord", "me", (), 10) == []
    assert (await ports.outbox.fanout(number)).counts == {DeliveryState.SKIPPED: 1}


# --- taking and settling ---


async def test_a_job_is_taken_by_one_and_again_only_when_whoever_took_it_must_have_died(
    ports, petition, clock
):
    await follows(ports, petition)
    await told(ports, petition)
    (job,) = await ports.outbox.advance("telegram", "me", (), 10)
    assert (job.tries, job.suspect) == (0, None)
    assert await ports.outbox.advance("telegram", "me", (), 10) == []
    clock.move(LEASED + SECOND)
    (again,) = await ports.outbox.advance("telegram", "you", (), 10)
    assert (again.token, again.tries, again.suspect) == (job.token, 1, NOON)


async def test_one_process_holds_a_platform_until_it_lets_go_or_gives_no_sign_of_life(ports, petition, clock):
    assert await ports.outbox.advance("telegram", "me", (), 1) == []
    assert await ports.outbox.advance("telegram", "you", (), 1) is None
    assert await ports.outbox.advance("discord", "you", (), 1) == []
    clock.move(HELD + SECOND)
    assert await ports.outbox.advance("telegram", "you", (), 1) == []
    assert await ports.outbox.advance("telegram", "me", (), 1) is None
    await ports.outbox.release("telegram", "me")
    await ports.outbox.release("telegram", "you")
    assert await ports.outbox.advance("telegram", "me", (), 1) == []


async def test_many_processes_that_begin_at_once_are_one_holder(ports):
    taken = await asyncio.gather(*(ports.outbox.advance("telegram", f"p{n}", (), 1) for n in range(6)))
    assert sum(jobs is not None for jobs in taken) == 1


async def test_the_oldest_come_first_and_what_somebody_waits_for_before_all(ports, petition, clock):
    one, two, three = await follows(ports, petition, 3)
    await told(ports, petition)
    clock.move(MINUTE)
    await told(ports, petition, Kind.TEXT, follow=three.id)
    jobs = await ports.outbox.advance("telegram", "me", (), 10)
    kinds = [(job.announcement.telling.kind, job.follow.id) for job in jobs]
    assert kinds == [(Kind.TEXT, three.id), *((Kind.OPENED, each.id) for each in (one, two, three))]


@pytest.mark.parametrize("state", [DeliveryState.UNKNOWN, DeliveryState.FAILED])
async def test_what_could_not_be_delivered_is_listed_with_place_and_reason(ports, petition, state):
    await follows(ports, petition)
    number = await told(ports, petition)
    (job,) = await ports.outbox.advance("telegram", "me", (), 10)
    await ports.outbox.advance("telegram", "me", [Settled(job, state, reason="because")], 0)
    (lost,) = await ports.outbox.undelivered(number)
    assert (lost.platform, lost.name, lost.state, lost.reason) == ("telegram", "Town 1", state, "because")
    assert (await ports.outbox.fanout(number)).reasons == {"because": 1}


async def test_what_is_put_off_is_due_then_and_known_not_to_stand_there(ports, petition, clock):
    await follows(ports, petition)
    await told(ports, petition)
    (job,) = await ports.outbox.advance("telegram", "me", (), 10)
    later = Settled(job, DeliveryState.DUE, again=NOON + MINUTE)
    assert await ports.outbox.advance("telegram", "me", [later], 10) == []
    assert await ports.outbox.soonest("telegram") == NOON + MINUTE
    clock.move(MINUTE)
    (again,) = await ports.outbox.advance("telegram", "me", (), 10)
    assert (again.suspect, again.tries) == (None, 1)


async def test_whoever_comes_too_late_changes_nothing(ports, petition, clock):
    await follows(ports, petition)
    number = await told(ports, petition)
    (first,) = await ports.outbox.advance("telegram", "me", (), 10)
    clock.move(LEASED + SECOND)
    (second,) = await ports.outbox.advance("telegram", "you", (), 10)
    await ports.outbox.advance("telegram", "me", [Settled(first, DeliveryState.UNKNOWN)], 0)
    await ports.outbox.advance("telegram", "you", [sent(second)], 0)
    assert (await ports.outbox.fanout(number)).counts == {DeliveryState.SENT: 1}


# --- boards ---


async def test_a_board_is_edited_while_it_shows_another_face_than_it_should(ports, petition):
    (follow,) = await follows(ports, petition)
    faces = {petition.id: "7|open|1"}
    (board,) = await ports.boards.stale("telegram", faces, NOON, 10)
    assert board == Board(board.id, follow, "m1", NOON)
    assert await ports.boards.stale("discord", faces, NOON, 10) == []
    assert await ports.boards.count("telegram") == 1
    await ports.boards.display([Displayed(board.id, NOON + MINUTE, faces[petition.id])])
    assert await ports.boards.stale("telegram", faces, NOON + HOUR, 10) == []
    faces = {petition.id: "8|open|1"}
    assert await ports.boards.stale("telegram", faces, NOON, 10) == []
    assert await ports.boards.soonest("telegram", faces) == NOON + MINUTE
    assert len(await ports.boards.stale("telegram", faces, NOON + MINUTE, 10)) == 1


async def test_boards_that_were_edited_longest_ago_come_first(ports, petition, clock):
    one, two, three = await follows(ports, petition, 3)
    boards = await ports.boards.stale("telegram", {petition.id: "new"}, NOON, 10)
    number = {board.follow.id: board.id for board in boards}
    for each in (two, three, one):
        clock.move(MINUTE)
        await ports.boards.display([Displayed(number[each.id], NOON, "old")])
    stale = await ports.boards.stale("telegram", {petition.id: "new"}, clock(), 2)
    assert [board.follow.id for board in stale] == [two.id, three.id]


async def test_boards_of_what_was_signed_last_come_first(ports, petition, clock):
    other = await opened_petition(ports, replace(PARK, slug="river"))
    (ours,), (theirs,) = await follows(ports, petition), await follows(ports, other)
    faces = {petition.id: "new", other.id: "new"}
    for signed_last, first in ((petition, ours), (other, theirs), (petition, ours)):
        clock.move(MINUTE)
        await signed(ports, signed_last, f"{clock()}")
        assert [each.follow.id for each in await ports.boards.stale("telegram", faces, clock(), 1)] == [
            first.id
        ]


async def test_a_board_that_was_deleted_stays_deleted_until_a_moderator_wants_another(ports, petition):
    (follow,) = await follows(ports, petition)
    (board,) = await ports.boards.stale("telegram", {petition.id: "new"}, NOON, 10)
    await ports.boards.display([Displayed(board.id, NOON, gone=True)])
    assert await ports.boards.stale("telegram", {petition.id: "new"}, NOON + DAY, 10) == []
    assert not (await ports.follows.get(follow.id)).board
    await ports.follows.board_again(follow.id)
    await spread(ports)
    (job,) = await ports.outbox.advance("telegram", "me", (), 10)
    await ports.outbox.advance("telegram", "me", [sent(job, "m2", "new")], 0)
    assert (await ports.follows.get(follow.id)).board
    (board,) = await ports.boards.stale("telegram", {petition.id: "newer"}, NOON, 10)
    assert board.reference == "m2"


async def stale(ports, petition):
    """Boards that don't show a new face yet: their messages, and whether they say that they are none any more."""
    boards = await ports.boards.stale("telegram", {petition.id: "new"}, NOON + DAY, 10)
    return {board.reference: board for board in boards}, [board.leaving for board in boards]


async def test_a_board_stands_until_the_one_that_was_asked_for_does_and_then_says_so(ports, petition):
    (follow,) = await follows(ports, petition)
    for _ in range(2):
        await ports.follows.board_again(follow.id)
    assert (await stale(ports, petition))[1] == [False]
    await spread(ports)
    (job,) = await ports.outbox.advance("telegram", "me", (), 10)
    await ports.outbox.advance("telegram", "me", [sent(job, "m2", "old")], 0)
    boards, leaving = await stale(ports, petition)
    assert (list(boards), leaving) == (["m1", "m2"], [True, False])
    await ports.boards.display([Displayed(boards["m1"].id, NOON, "new", gone=True)])
    assert list((await stale(ports, petition))[0]) == ["m2"]
    assert await ports.boards.count("telegram") == 1


async def milestone(ports, petition, clock, **wishes):
    """A community whose board stands is told of a milestone; the job, before it is settled."""
    (follow,) = await follows(ports, petition, **wishes)
    clock.move(MINUTE)
    await told(ports, petition, Kind.MILESTONE, threshold=10)
    (job,) = await ports.outbox.advance("telegram", "me", (), 10)
    return follow, job


@pytest.mark.parametrize(
    ("wishes", "becomes"), [({}, False), ({"moves": True}, True), ({"moves": True, "pinned": True}, False)]
)
async def test_a_milestone_becomes_the_board_where_they_wish_it_and_none_is_pinned(
    ports, petition, clock, wishes, becomes
):
    _, job = await milestone(ports, petition, clock, **wishes)
    assert job.becomes_board is becomes


async def test_a_milestone_that_became_the_board_takes_the_place_of_the_one_before(ports, petition, clock):
    follow, job = await milestone(ports, petition, clock, moves=True)
    await ports.outbox.advance("telegram", "me", [sent(job, "m2", "10|open|1")], 0)
    boards, leaving = await stale(ports, petition)
    assert (list(boards), leaving) == (["m1", "m2"], [True, False])
    assert (await ports.follows.get(follow.id)).board


async def test_where_the_board_turns_out_to_have_been_deleted_the_milestone_is_none(ports, petition, clock):
    follow, job = await milestone(ports, petition, clock, moves=True)
    await ports.outbox.advance("telegram", "me", [sent(job, "m2", "10|open|1")], 0)
    before = (await stale(ports, petition))[0]["m1"]
    await ports.boards.display([Displayed(before.id, NOON, gone=True, deleted=True)])
    assert await stale(ports, petition) == ({}, [])
    assert not (await ports.follows.get(follow.id)).board


async def test_where_no_board_stands_a_milestone_becomes_none(ports, petition, clock):
    follow, job = await milestone(ports, petition, clock, moves=True)
    board = (await stale(ports, petition))[0]["m1"]
    await ports.boards.display([Displayed(board.id, NOON, gone=True, deleted=True)])
    await ports.outbox.advance("telegram", "me", [sent(job, "m2", "10|open|1")], 0)
    assert await stale(ports, petition) == ({}, [])
    assert not (await ports.follows.get(follow.id)).board


async def test_a_board_that_was_asked_for_stays_though_the_one_before_had_been_deleted(ports, petition):
    (follow,) = await follows(ports, petition)
    await ports.follows.board_again(follow.id)
    await spread(ports)
    (job,) = await ports.outbox.advance("telegram", "me", (), 10)
    await ports.outbox.advance("telegram", "me", [sent(job, "m2", "old")], 0)
    before = (await stale(ports, petition))[0]["m1"]
    await ports.boards.display([Displayed(before.id, NOON, gone=True, deleted=True)])
    assert list((await stale(ports, petition))[0]) == ["m2"]


# --- digests and hours ---


async def test_a_digest_tells_what_was_gained_since_the_last_and_comes_once(ports, petition):
    (follow,) = await follows(ports, petition)
    await ports.follows.wish(follow.id, Wishes(digest=Rhythm.DAILY), "en", NOON)
    await signed(ports, petition)
    ((due, at),) = await ports.follows.digests_due(NOON)
    gained = [await ports.follows.digest(due, at, 1, NOON + DAY, tell=True) for _ in range(2)]
    assert gained == [1, None]
    await spread(ports)
    (job,) = await ports.outbox.advance("telegram", "me", (), 10)
    assert (job.announcement.telling.kind, job.announcement.telling.gained) == (Kind.DIGEST, 1)
    assert await ports.follows.digests_due(NOON) == []
    ((due, at),) = await ports.follows.digests_due(NOON + DAY)
    assert await ports.follows.digest(due, at, 1, None, tell=True) == 0
    await spread(ports)
    assert await ports.outbox.advance("telegram", "me", (), 10) == []


async def test_totals_are_noted_by_the_hour(ports, petition, clock):
    await ports.outbox.hours(clock())
    await signed(ports, petition)
    clock.move(HOUR)
    for _ in range(2):
        await ports.outbox.hours(clock())
    assert await ports.tally.before(petition.id, NOON + HOUR - SECOND) == 0
    assert await ports.tally.before(petition.id, NOON + DAY) == 1
    assert await ports.tally.before(petition.id, NOON - SECOND) == 0


async def test_an_hourly_milestone_is_announced_on_the_hour_though_nobody_signs_any_more(ports, home, clock):
    hourly = replace(PARK, totals=TotalsMode.HOURLY, milestones=(5,), goal=None)
    petition = await opened_petition(ports, hourly)
    for number in range(6):
        await signed(ports, petition, f"m{number}")
    await ports.outbox.hours(clock())
    crossed = select(announcement.c.total).where(announcement.c.kind == "milestone")
    assert await home.run(crossed) == []
    clock.move(HOUR)
    await ports.outbox.hours(clock())
    assert [tuple(row) for row in await home.run(crossed)] == [(6,)]


# --- what the database holds ---


async def test_nothing_in_it_names_a_place_or_a_person_in_clear(ports, petition, home):
    await follows(ports, petition)
    await ports.notices.ask(member(), petition.id, "en")
    await told(ports, petition, Kind.CLOSED)
    rows = [row for table in (community, delivery) for row in await home.run(select(table))]
    assert not any("Town" in str(row) or "-1001" in str(row) or "9000" in str(row) for row in rows)


async def test_a_row_that_was_held_back_goes_nowhere_by_itself(ports, petition, home, clock):
    await follows(ports, petition)
    number = await told(ports, petition)
    await home.run(update(delivery).values(state="held_back").where(delivery.c.announcement == number))
    clock.move(DAY)
    assert await ports.outbox.advance("telegram", "me", (), 10) == []
    assert await ports.outbox.held_back() == 1
    await ports.outbox.release_held(send=True)
    assert await ports.outbox.held_back() == 0
    assert len(await ports.outbox.advance("telegram", "me", (), 10)) == 1


async def test_what_was_held_back_can_be_dropped(ports, petition, home):
    await follows(ports, petition)
    number = await told(ports, petition)
    await home.run(update(delivery).values(state="held_back").where(delivery.c.announcement == number))
    await home.run(update(announcement).values(state="held_back").where(announcement.c.id == number))
    await ports.outbox.release_held(send=False)
    assert (await ports.outbox.fanout(number)).counts == {DeliveryState.SKIPPED: 1}
