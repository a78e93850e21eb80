"""Totals back to the communities: boards that move, settings in place, milestones told once, goodbyes."""

import asyncio
from dataclasses import replace

from bot.model.community import Hears, Standing
from bot.model.petition import Act
from tests.e2e.telegram.house import shown, sign
from tests.e2e.telegram.outreach.scene import (
    account,
    board_of,
    boards,
    following,
    later,
    moderated,
    place_of,
    says,
    until,
)

PLAIN = "0 of 100 have signed"


async def settings_say(settings, words):
    """Wait until the message says so, or one of its buttons."""
    await settings.chat.until(lambda _: any(words in text for text in (settings.text, *labels(settings))))


async def stands(house, group):
    [follow] = await house.ports.follows.at(place_of(group))
    return follow.board


async def gone(house, group):
    return not await stands(house, group)


def told(chat, words):
    return sum(words in message.text for message in chat.from_bot)


def labels(message):
    return [button.text for button in message.buttons]


async def test_a_moderator_brings_the_petition_to_a_group_and_its_board_moves(house, petition, ana, server):
    group, moderator = await moderated(server, "Friends")
    settings = await moderator.ask("/follow", chat=group)
    assert "This community follows “Save the library” now" in settings.text
    board = await board_of(group)
    assert PLAIN in board.text
    form = await ana.next_message(await ana.follow(board.button("Sign")))
    await ana.press(form, "Sign as Ana López")
    await shown(ana, "You have signed")
    await later(house)
    assert await says(group, "1 of 100 has signed") is board
    assert len(group.from_bot) == 2
    [signature] = await house.signatures(ana)
    assert signature.context.community is not None


async def test_settings_are_changed_where_they_stand_and_by_moderators_alone(house, petition, ana, server):
    group, moderator = await moderated(server, "Friends", members=(ana,))
    settings = await moderator.ask("/follow", chat=group)
    await board_of(group)
    refused = await ana.press(settings, "Announcements")
    assert refused.alert
    await moderator.press(settings, "Announcements")
    await settings_say(settings, "milestones only")
    await moderator.press(settings, "milestones only")
    await settings_say(settings, "Announcements: milestones only")
    assert len(group.from_bot) == 2
    [follow] = await house.ports.follows.at(place_of(group))
    assert follow.wishes.hears is Hears.MILESTONES


async def test_whoever_does_not_administer_the_group_can_not_let_it_follow(
    house, petition, ana, server, group
):
    told = await ana.ask("/follow", chat=group)
    await server.idle()
    assert group.from_bot == [told]
    assert await house.ports.follows.at(place_of(group)) == []


async def test_a_forged_press_below_a_board_does_not_change_it(house, petition, ana, server):
    group, moderator = await moderated(server, "Friends", members=(ana,))
    await following(house, petition, group)
    house.core.outbox.ring()
    board = await board_of(group)
    [follow] = await house.ports.follows.at(place_of(group))
    before = board.content
    for member, token in (
        (ana, f"unfollow_{follow.id}"),
        (ana, f"say_{petition.key}"),
        (moderator, "nonsense"),
        (moderator, f"wish_{follow.id + 1}_hears"),
        (moderator, f"follow_{petition.key}"),
    ):
        await member.press(board, replace(board.buttons[0], url=None, data=token))
    await server.idle()
    assert board.content is before
    assert len(boards(group)) == 1


async def test_a_topic_and_the_next_one_follow_by_themselves(house, petition, server):
    forum, moderator = await moderated(server, "Neighbours", forum=True)
    topic, other = await forum.topic("Library"), await forum.topic("Park")
    await moderator.send("/follow", topic=topic)
    board = await board_of(forum)
    assert board.topic == topic
    assert other.messages == []
    await sign(server.member("Ana"))
    await later(house)
    assert await says(forum, "1 of 100") is board


async def test_an_anonymous_administrator_brings_it_to_the_group(house, petition, server):
    group, moderator = await moderated(server, "Friends")
    await moderator.send("/follow", chat=group, anonymous=True)
    assert PLAIN in (await board_of(group)).text


async def test_a_channel_to_which_its_administrator_added_the_bot_is_told_to_follow(
    house, petition, server, ana
):
    owner = server.member("Owner")
    channel = server.channel("News", bot=None)
    await channel.promote(owner)
    await channel.add_bot(by=owner)
    await channel.post("/follow")
    board = await board_of(channel)
    settings = next(message for message in channel.from_bot if message is not board)
    assert (await ana.press(settings, "Announcements")).alert
    await owner.press(settings, "Pin the board")
    await settings_say(settings, "yes")
    await owner.press(settings, "yes")
    await settings_say(settings, "Pin the board: yes")
    form = await ana.next_message(await ana.follow(board.button("Sign")))
    await ana.press(form, "Sign as")
    await shown(ana, "You have signed")
    await later(house)
    assert await says(channel, "1 of 100") is board


async def test_a_board_is_pinned_silently_where_they_wish_it_and_the_bot_may(house, petition, server):
    one, other = (
        server.group("One", supergroup=True, bot="administrator"),
        server.group("Other", supergroup=True),
    )
    for group in (one, other):
        await following(house, petition, group, pinned=True)
    house.core.outbox.ring()
    first, second = await board_of(one), await board_of(other)
    await server.until(lambda: first.pinned and len(server.called("pinChatMessage")) == 2)
    assert not second.pinned
    assert all(call.flag("disable_notification") for call in server.called("pinChatMessage"))
    [follow] = await house.ports.follows.at(place_of(other))
    assert follow.standing is Standing.ACTIVE


async def test_thirty_sign_at_once_across_milestones_and_every_community_is_told_once(
    house, petition, server
):
    forum = server.group("Neighbours", forum=True)
    topic = await forum.topic("Library")
    chats = [server.group(f"Friends {number}", supergroup=True) for number in range(3)]
    chats.append(server.channel("News"))
    for chat in chats:
        await following(house, petition, chat)
    await following(house, petition, forum, topic)
    house.core.outbox.ring()
    for chat in (*chats, forum):
        await board_of(chat)
    members = [server.member("Eva", chr(65 + number % 26)) for number in range(30)]
    await asyncio.gather(*(sign(member, within=20) for member in members))
    for chat in (*chats, forum):
        milestone = await says(chat, "25 people have signed.", within=30)
        assert milestone.file.kind == "photo"
        assert milestone.file.data.startswith(b"\x89PNG")
        assert len(milestone.file.data) < 200_000
    await later(house)
    for chat in (*chats, forum):
        board = chat.from_bot[0]  # the milestone, too, tells how many have signed by now
        await chat.until(lambda _, board=board: "30 of 100 have signed" in board.text)
        assert told(chat, "25 people have signed.") == 1
        assert chat.from_bot == [board, await says(chat, "25 people have signed.")]
        assert all(message.topic == (topic if chat is forum else None) for message in chat.from_bot)
    assert await house.counted(petition) == 30
    uploads = [call for call in server.called("sendPhoto") if call.uploads]
    assert 1 <= len(uploads) <= 5  # before the first is taken, the others can't name it


async def test_a_deleted_board_stays_deleted_until_they_ask_for_it(house, petition, server):
    group, moderator = await moderated(server, "Friends")
    await following(house, petition, group)
    house.core.outbox.ring()
    await until(lambda: stands(house, group))
    await moderator.delete(await board_of(group))
    await sign(server.member("Ana"))
    await later(house)
    await until(lambda: gone(house, group))
    await sign(server.member("Eva"))
    await later(house)
    await moderator.send("/follow", chat=group)
    again = await says(group, "2 of 100")
    assert boards(group) == [again]
    assert len(server.called("editMessageText", group)) == 1


async def test_a_community_that_stops_following_is_told_goodbye(house, petition, server):
    group, moderator = await moderated(server, "Friends")
    settings = await moderator.ask("/follow", chat=group)
    board = await board_of(group)
    await until(lambda: stands(house, group))
    await moderator.press(settings, "Stop following")
    await later(house)
    assert await says(group, "no longer follows this petition. What was signed stays signed.") is board
    assert board.buttons == []
    await settings_say(settings, "no longer follows “Save the library”")
    await sign(server.member("Ana"))
    await later(house)
    await server.idle()
    assert len(group.from_bot) == 2


async def test_who_asked_to_be_told_is_written_to_in_the_end_with_a_way_out(house, petition, server):
    ana, ben, eva = server.member("Ana"), server.member("Ben"), server.member("Eva")
    for member in (ana, ben, eva):
        receipt = await sign(member)
        await member.press(receipt, "Tell me what happens")
        await server.idle()
    await eva.block()
    await house.act(petition.slug, Act.CLOSE)
    house.core.outbox.ring()
    for member in (ana, ben):
        news = await says(member.chat, "You are told this because you asked")
    await ben.press(news, "Don't write to me")
    await until(lambda: forgotten(house, petition, ben))
    await until(lambda: forgotten(house, petition, eva))
    await house.act(petition.slug, Act.DELIVER)
    house.core.outbox.ring()
    await ana.until(lambda chat: told(chat, "You are told this because you asked") == 2, within=15)
    await server.idle()
    assert told(ben.chat, "The letter was handed over") == 0
    assert len(server.called("sendMessage", eva.chat)) == len(server.called("sendMessage", ben.chat))


async def forgotten(house, petition, member):
    return not await house.ports.notices.asked(account(member), petition.id)
