"""A fan-out in trouble: refused for haste, removed, muted, moved, cut off. Each community is told at most once."""

from bot.model.community import DeliveryState, Standing
from tests.e2e.telegram.house import sign
from tests.e2e.telegram.outreach.scene import (
    board_of,
    following,
    later,
    over,
    place_of,
    proposed,
    says,
    tell,
    times,
    until,
)

WORDS = "Come to the town hall on Monday."
NEXT = "Thank you all for coming."
SENT, FAILED, UNKNOWN = DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNKNOWN


async def follow_of(house, chat):
    [follow] = await house.ports.follows.at(place_of(chat))
    return follow


async def test_a_storm_of_refusals_for_haste_delays_all_and_loses_and_doubles_none(
    serving, petition, towns, server
):
    more = [server.group(f"Town {number}", supergroup=True) for number in range(8)]
    for chat in more:
        await following(serving, petition, chat)
    serving.core.outbox.ring()
    for chat in more:
        await board_of(chat)
    everybody = [*towns, *more]
    storm = server.fail("sendMessage", 429, times=20, retry_after=1)
    assert await over(serving, await tell(serving, petition, WORDS)) == {SENT: len(everybody)}
    assert times(everybody, WORDS) == [1] * len(everybody)
    assert len(storm.hits) == 20
    for refused in storm.hits:
        again = [call for call in server.calls if call.chat_id == refused.chat_id and call.at > refused.at]
        assert again[0].at - refused.at >= 1


async def test_a_group_that_moves_while_its_post_is_on_the_way_is_followed_and_told_once(
    serving, petition, towns, server
):
    _, old, *_ = towns
    gate = server.hold("sendMessage", chat=old)
    number = await tell(serving, petition, WORDS)
    await gate.reached()
    new = await old.migrate()
    gate.open()
    assert await over(serving, number) == {SENT: 4}
    assert times([*towns, new], WORDS) == [1, 0, 1, 1, 1]
    assert (await follow_of(serving, new)).standing is Standing.ACTIVE
    board = await says(new, "0 of 100")
    assert await over(serving, await tell(serving, petition, NEXT)) == {SENT: 4}
    assert times([*towns, new], NEXT) == [1, 0, 1, 1, 1]
    await sign(server.member("Ana"))
    await later(serving)
    assert await says(new, "1 of 100") is board
    assert ["of 100" in message.text for message in new.from_bot].count(True) == 1


async def test_chats_that_are_closed_to_the_bot_are_asked_once_and_slow_nobody(
    serving, petition, towns, server, mo
):
    muted, kicked, *_ = towns
    kicked.stand(server.bot, "kicked")
    muted.muted = True
    before = {chat: len(server.called("sendMessage", chat)) for chat in towns}
    assert await over(serving, await tell(serving, petition, WORDS)) == {SENT: 2, FAILED: 2}
    assert times(towns, WORDS) == [0, 0, 1, 1]
    aside = [await follow_of(serving, chat) for chat in (muted, kicked)]
    assert [(each.standing, each.reason) for each in aside] == [
        (Standing.ASIDE, "forbidden"),
        (Standing.ASIDE, "removed"),
    ]
    assert await over(serving, await tell(serving, petition, NEXT)) == {SENT: 2}
    assert times(towns, NEXT) == [0, 0, 1, 1]
    assert [len(server.called("sendMessage", chat)) - before[chat] for chat in towns] == [1, 1, 2, 2]


async def test_a_moderator_learns_why_it_was_set_aside_and_lets_it_go_on(
    serving, petition, towns, server, mo
):
    muted = towns[0]
    muted.muted = True
    await over(serving, await tell(serving, petition, WORDS))
    muted.muted = False
    ana = server.member("Ana")
    await ana.send("/totals", chat=muted)
    await server.idle()
    assert not any("may not post" in message.text for message in muted.from_bot)
    await mo.send("/totals", chat=muted)
    note = await says(muted, "may not post")
    assert (await ana.press(note, "Go on here")).alert
    await mo.press(note, "Go on here")
    await until(lambda: active(serving, muted))
    assert await over(serving, await tell(serving, petition, NEXT)) == {SENT: 4}
    assert times(towns, NEXT) == [1, 1, 1, 1]


async def test_a_group_that_takes_the_bot_back_is_served_again(serving, petition, towns, server, mo):
    kicked = towns[0]
    await kicked.remove_bot(by=mo)
    await server.idle()
    assert await over(serving, await tell(serving, petition, WORDS)) == {SENT: 3}
    assert await serving.ports.follows.at(place_of(kicked)) == []
    await kicked.add_bot(by=mo)
    await mo.send("/follow", chat=kicked)
    await says(kicked, "follows “Save the library” now")
    assert await over(serving, await tell(serving, petition, NEXT)) == {SENT: 4}
    assert times(towns, NEXT) == [1, 1, 1, 1]


async def test_what_may_have_arrived_is_not_sent_again_and_the_organiser_is_told_of_it(
    serving, towns, olga, server
):
    lost, never, broken, _ = towns
    server.drop("sendMessage", chat=lost, after=True)
    server.drop("sendMessage", chat=never)
    server.fail("sendMessage", 502, chat=broken, after=True)
    report = await proposed(olga, WORDS)
    await olga.press(report, "Yes, send it", within=30)
    await report.chat.until(lambda _: "Done" in report.text, within=30)
    assert "Delivered: 1 of 4" in report.text
    assert "sent, but it is not known whether it arrived: 3" in report.text
    assert [chat.title in report.text for chat in towns] == [True, True, True, False]
    await later(serving)
    await server.idle()
    assert times(towns, WORDS) == [1, 0, 1, 1]
    assert [(await follow_of(serving, chat)).standing for chat in towns] == [Standing.ACTIVE] * 4


async def active(house, chat):
    return (await follow_of(house, chat)).standing is Standing.ACTIVE
