"""Groups, topics, channels and other chats: what all can see names nobody, and leads into the private chat."""

import dataclasses
from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.model.petition import Act
from tests.e2e.telegram.house import ENGLISH, LIBRARY, fact, shown


async def start_link(card, server):
    link = card.button("Sign").url
    assert link.startswith(f"https://t.me/{server.bot.username}?start=go_")
    return link


async def test_a_group_gets_one_card_whose_button_leads_into_the_private_chat(
    house, library, ana, group, server
):
    card = await ana.ask("/petition", chat=group)
    assert card.text.startswith("Save the library\n\nTo: The city council")
    assert not card.protected
    assert all(button.data is None for button in card.buttons)
    link = await start_link(card, server)
    form = await ana.next_message(await ana.follow(link))
    await ana.press(form, "Sign as Ana López")
    await shown(ana, "You have signed")
    [signature] = await house.signatures(ana)
    assert signature.context.community is not None
    await server.idle()
    assert group.from_bot == [card], "the group does not see who signs"


async def test_a_member_who_never_spoke_to_the_bot_gets_there_by_the_link(house, library, group, server, ana):
    card = await ana.ask("/petition", chat=group)
    ben = server.member("Ben")
    form = await ben.next_message(await ben.follow(card.button("Read the letter")))
    assert "keep the library open" in form.text


async def test_one_card_in_ten_minutes_and_the_newer_removes_the_older(house, library, ana, group, server):
    first = await ana.ask("/petition", chat=group)
    await ana.send("/petition@undersigned_bot", chat=group)
    await server.idle()
    assert group.from_bot == [first]
    house.ahead = timedelta(minutes=11)
    second = await ana.ask("/petition", chat=group)
    await server.idle()
    assert group.from_bot == [second]
    assert first.deleted


async def test_a_card_in_a_topic_stays_in_the_topic(house, library, ana, server):
    forum = server.group("Neighbours", forum=True, members=(ana,))
    one, other = await forum.topic("Library"), await forum.topic("Park")
    card = await ana.ask("/petition", topic=one)
    assert card.topic == one
    again = await ana.ask("/petition", topic=other)
    assert again.topic == other
    await server.idle()
    assert one.messages[-1] is card, "each topic has its own"


@pytest.mark.parametrize(
    "command", ["/sign", "/withdraw MQ09K-CW506-Y2S", "/mysignatures", "/signers", "/claim X"]
)
async def test_what_is_private_leaves_the_group_and_is_answered_by_the_card(
    house, library, ana, server, command
):
    group = server.group("Friends", bot="administrator", supergroup=True, members=(ana,))
    card = await ana.ask(command, chat=group)
    await server.idle()
    assert "Save the library" in card.text
    assert "Ana" not in card.text
    assert group.messages == [card]


async def test_nothing_is_being_written_where_nothing_private_will_come(house, library, ana, group, server):
    await ana.ask("/mydata", chat=group)
    await server.idle()
    assert group.actions == []
    await ana.ask("/mydata")
    await server.idle()
    assert ana.chat.actions == ["typing"]


async def test_where_the_bot_may_not_delete_the_command_stays_and_the_card_comes(
    house, library, ana, group, server
):
    card = await ana.ask("/sign", chat=group)
    await server.idle()
    assert [message.text for message in group.messages] == ["/sign", card.text]


async def test_totals_are_told_in_a_group_by_the_one_card(house, library, ana, group, server):
    card = await ana.ask("/totals", chat=group)
    assert "0 of 4 have signed" in card.text
    await ana.send("/petition", chat=group)
    await ana.send("/totals", chat=group)
    await server.idle()
    assert group.from_bot == [card]


async def test_help_is_told_in_the_group(house, library, ana, group, server):
    told = await ana.ask("/help", chat=group)
    assert "/totals: " in told.text
    assert "/sign: " not in told.text
    assert "telegram:" not in told.text


@pytest.mark.parametrize("command", ["/help", "/privacy", "/petition nonsense"])
async def test_whoever_asks_again_and_again_does_not_flood_the_group(
    house, library, ana, group, server, command
):
    told = await ana.ask(command, chat=group)
    mo = server.member("Mo")
    for _ in range(3):
        await ana.send(command, chat=group)
        await mo.send(command, chat=group)
    await server.idle()
    assert group.from_bot == [told]
    house.ahead = timedelta(minutes=10)
    assert (await ana.ask(command, chat=group)).text == told.text


async def test_a_groups_administrator_is_always_told(house, library, ana, group, server):
    mo = server.member("Mo")
    await group.promote(mo)
    told = [await member.ask("/help", chat=group) for member in (ana, mo, mo)]
    assert group.from_bot == told


async def test_what_is_meant_for_others_is_left_alone(house, library, ana, server):
    group = server.group("Friends", bot="administrator", supergroup=True, members=(ana,))
    card = await ana.ask("/petition", chat=group)
    await ana.send("/petition@some_other_bot", chat=group)
    await ana.send("/weather", chat=group)
    await ana.send("hello all", chat=group)
    await ana.reply(card, "Who wrote this?")
    await server.idle()
    assert group.from_bot == [card]


async def test_a_name_typed_into_a_group_while_it_is_asked_in_private_is_not_taken(
    house, library, ana, group, server
):
    card = await ana.ask("/petition", chat=group)
    form = await ana.ask("/sign")
    await ana.press(form, "Another name")
    await shown(ana, "type it now")
    await ana.reply(card, "Somebody Else")
    await server.idle()
    assert group.from_bot == [card]
    await ana.send("Anna Gil")
    assert fact(await shown(ana, "Anna Gil"), "Your name") == "Anna Gil"


async def test_an_anonymous_administrator_can_not_sign_as_the_group(house, library, ana, server):
    group = server.group("Friends", bot="administrator", supergroup=True, members=(ana,))
    await group.promote(ana, anonymous=True)
    card = await ana.ask("/sign", chat=group, anonymous=True)
    await server.idle()
    assert group.messages == [card]
    assert await house.counted(library) == 0
    form = await ana.next_message(await ana.follow(card.button("Sign")))
    assert fact(form, "Your name") == "Ana López", "in the private chat they are a person"


async def test_a_channel_gets_the_card_too(house, library, server, ana):
    channel = server.channel("News", username="news")
    await channel.post("/petition")
    card = await channel.until(lambda chat: chat.from_bot and chat.from_bot[0])
    form = await ana.next_message(await ana.follow(card.button("Sign")))
    assert "Dear council" in form.text
    await server.idle()


async def test_a_group_that_is_asked_which_petition_chooses_in_private(house, library, ana, group, server):
    await house.opened(replace(LIBRARY, slug="park", texts=(replace(ENGLISH, title="Keep the park"),)))
    which = await ana.ask("/petition", chat=group)
    card = await ana.next_message(await ana.follow(which.button("Keep the park")))
    assert card.text.startswith("Keep the park")


async def test_whoever_adds_the_bot_to_a_group_sees_the_card(house, library, ana, server):
    group = server.group("New", bot=None)
    await ana.follow(f"https://t.me/{server.bot.username}?startgroup=true", chat=group)
    card = await group.until(lambda chat: chat.from_bot and chat.from_bot[0])
    assert card.text.startswith("Save the library")


async def test_open_petitions_are_offered_in_any_chat_the_same_for_everyone(house, library, ana, server):
    await house.opened(replace(LIBRARY, slug="park", texts=(replace(ENGLISH, title="Keep the park"),)))
    await house.opened(replace(LIBRARY, slug="shut", texts=(replace(ENGLISH, title="Shut"),)))
    await house.act("shut", Act.CLOSE)
    ben = server.member("Ben")
    offered = await ana.inline()
    assert [result.title for result in offered] == ["Save the library", "Keep the park"]
    assert await ben.inline() == offered
    assert not offered.personal
    [found] = await ana.inline("LIBR")
    card = await ana.choose(found, chat=server.group("Elsewhere", bot=None))
    form = await ben.next_message(await ben.follow(card.button("Sign")))
    assert fact(form, "Your name") == "Ben"


async def test_an_inline_card_posted_to_the_bot_itself_is_not_taken_for_words(house, library, ana, server):
    [found] = await ana.inline()
    await ana.choose(found, chat=ana.chat)
    await server.idle()
    assert ana.chat.from_bot == []


async def test_a_press_in_a_group_is_answered_to_the_member_alone(house, library, ana, group, server):
    card = await ana.ask("/petition", chat=group)
    forged = dataclasses.replace(card.buttons[0], url=None, data=f"sign_{library.key}")
    press = await ana.press(card, forged)
    assert press.alert
    assert "please use the private chat" in press.text
    await server.idle()
    assert group.from_bot == [card]


async def test_the_lists_of_commands_fit_the_place_and_the_language(house, ana, group, server):
    await server.until(lambda: len(server.called("setMyCommands")) == 6)
    await server.idle()
    assert {"sign", "withdraw", "mysignatures", "petition", "help"} <= set(ana.commands())
    assert {"sign", "withdraw", "mysignatures", "signers", "claim"} & set(ana.commands(group)) == set()
    assert {"petition", "totals", "privacy", "help"} <= set(ana.commands(group))
    eva = server.member("Eva", language="es")
    assert eva.command_menu()[0]["description"].startswith("Lee una petición")


async def test_commands_are_sent_again_only_if_they_changed(stored, server):
    for asked in (6, 12):
        async with stored.served():
            await server.until(lambda: len(server.called("getMyCommands")) == asked)  # noqa: B023 - awaited here
            await server.idle()
    assert len(server.called("setMyCommands")) == 6


@pytest.mark.parametrize("status", [429, 502])
async def test_commands_that_could_not_be_sent_are_sent_a_little_later(stored, server, ana, status):
    fault = server.fail("setMyCommands", status)
    await stored.opened()
    async with stored.served():
        assert (await ana.ask("/petition")).text.startswith("Save the library")
        await server.until(lambda: len(server.called("setMyCommands")) == 7)
    assert len(fault.hits) == 1


async def test_a_group_that_became_a_supergroup_is_followed(house, library, ana, server):
    group = server.group("Friends", members=(ana,))
    gate = server.hold("sendMessage", chat=group)
    await ana.send("/petition", chat=group)
    await gate.reached()
    supergroup = await group.migrate()
    gate.open()
    card = await supergroup.until(lambda chat: chat.from_bot and chat.from_bot[0])
    assert card.text.startswith("Save the library")
    await server.idle()


async def test_telegram_is_asked_who_administers_a_group_only_where_that_matters(
    house, library, ana, group, server
):
    await ana.ask("/sign", chat=group)
    await ana.ask("/help")
    assert server.called("getChatAdministrators") == []
    await ana.ask("/help", chat=group)
    await ana.ask("/privacy", chat=group)
    assert len(server.called("getChatAdministrators")) == 1
