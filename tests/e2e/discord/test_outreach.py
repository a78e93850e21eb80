"""Totals back to the communities: boards that move, milestones told once, goodbyes."""

import asyncio

import pytest

from bot.model.community import Kind, Standing, Telling
from tests.e2e.discord.house import sign
from tests.e2e.discord.outreach import Town, following, in_time, opened, pictured, said

NAMES = ("Springfield", "Shelbyville", "Ogdenville")


@pytest.fixture
def towns(server):
    return [Town.founded(server, name) for name in NAMES]


@pytest.fixture
async def petition(house):
    """To be told of at 25."""
    return await opened(house, goal=100, milestones=(25,))


async def test_a_moderator_brings_the_petition_to_a_channel_and_its_board_appears(petition, towns, server):
    town = towns[0]
    answer = await town.moderator.command(town.channel, "follow")
    board = await town.told("0 of 100")
    assert answer.ephemeral
    assert "Save the library" in said(board)
    assert board.button("Sign")
    assert len(town.messages) == 1
    assert not board.pinned


async def test_a_server_that_has_chosen_spanish_is_spoken_to_in_spanish(petition, server):
    town = Town.founded(server, "Valparaíso", locale="es-ES")
    board = await town.follow()
    assert "Salvad la biblioteca" in said(board)


async def test_a_board_is_pinned_where_they_wish_it_and_the_bot_may(house, petition, towns, server):
    first, second, _ = towns
    server.deny(second.channel, pin_messages=True)
    for town in (first, second):
        await following(house, petition, town, pinned=True)
    house.core.outbox.ring()
    board = await first.told("0 of 100")
    await server.until(lambda: board.pinned, "the pin")
    assert not (await second.told("0 of 100")).pinned
    follows = [await house.ports.follows.at(town.place) for town in (first, second)]
    assert [each.standing for (each,) in follows] == [Standing.ACTIVE] * 2


async def test_thirty_sign_at_once_across_a_milestone_and_every_channel_is_told_once(
    house, petition, towns, server
):
    for town in towns:
        await town.follow()
    members = [towns[number % 3].guild.member(f"Ana {chr(65 + number % 26)}") for number in range(30)]
    signing = [sign(member, towns[number % 3].channel) for number, member in enumerate(members)]
    receipts = await asyncio.gather(*signing)
    assert all("You have signed" in receipt.text for receipt in receipts)
    for town in towns:
        milestone = await town.told("25 people have signed.", within=30)
        assert pictured(milestone)
        board = await town.told("30 of 100", within=20)
        assert board is town.messages[0]
        assert len(town.messages) == 2
    assert await house.counted(petition) == 30


async def test_signing_by_the_button_of_a_board_moves_the_board(house, petition, towns, server):
    town = towns[0]
    board = await town.follow()
    ana = town.guild.member("Ana")
    form = await ana.press(board, "Sign")
    receipt = await (await ana.submit(form)).settled()
    assert "You have signed" in receipt.text
    assert await town.told("1 of 100") is board


async def test_a_deleted_board_stays_deleted_until_they_ask_for_it(house, petition, towns, server):
    town, other, _ = towns
    board, others = await town.follow(), await other.follow()
    server.delete_message(board)
    await sign(town.guild.member("Ana"), town.channel)
    await other.told("1 of 100")
    await server.until(lambda: any(code == 10008 for _, _, code in server.refusals), "the edit in vain")
    await sign(town.guild.member("Eva"), town.channel)
    await in_time(house, lambda: other.saying("2 of 100"))
    assert town.messages == []
    assert len([code for _, _, code in server.refusals if code == 10008]) == 1
    settings = await town.moderator.command(town.channel, "follow")
    await town.moderator.press(settings, "Post the board again")
    again = await town.told("2 of 100")
    assert [again] == town.messages
    assert others.edits == 2


async def test_a_board_that_is_posted_again_is_the_only_one(house, petition, towns, server):
    town = towns[0]
    board = await town.follow()
    await sign(town.guild.member("Ana"), town.channel)
    await town.told("1 of 100")
    settings = await town.moderator.command(town.channel, "follow")
    await asyncio.gather(*(town.moderator.press(settings, "Post the board again") for _ in range(2)))
    assert await town.told("The board has moved") is board
    await sign(town.guild.member("Ben"), town.channel)
    await in_time(house, lambda: town.saying("2 of 100"))
    assert town.messages[-1:] == town.saying("2 of 100")
    moved = [said(each).count("The board has moved") for each in town.messages]
    assert moved == [1] * (len(moved) - 1) + [0]


async def test_a_milestone_becomes_the_board_where_moderators_wish_it(house, petition, towns, server):
    town, other, _ = towns
    await other.follow()
    settings = await town.moderator.command(town.channel, "follow")
    board = await town.told("0 of 100")
    choices = await town.moderator.press(settings, "Board after a milestone")
    await town.moderator.press(
        await choices.settled(), "moves to the milestone's message, unless it is pinned"
    )
    await sign(town.guild.member("Ana"), town.channel)
    await town.told("1 of 100")
    await house.ports.outbox.announce(Telling(petition.id, Kind.MILESTONE, total=1, threshold=1))
    house.core.outbox.ring()
    milestone = await town.told("1 person has signed.")
    assert await town.told("The board has moved") is board
    await sign(other.guild.member("Ben"), other.channel)
    await in_time(house, lambda: town.saying("2 of 100") and len(other.saying("2 of 100")) == 1)
    assert town.saying("2 of 100") == [milestone]
    assert pictured(milestone)
    assert milestone.button("Sign")
    assert town.messages == [board, milestone]
    assert other.saying("1 person has signed.")


async def test_a_community_that_stops_following_is_told_goodbye(house, petition, towns, server):
    town = towns[0]
    board = await town.follow()
    await town.moderator.command(town.channel, "unfollow")
    assert await town.told("no longer follows this petition") is board
    assert board.buttons == []
    await sign(town.guild.member("Ana"), town.channel)
    assert await house.ports.follows.at(town.place) == []
    assert len(town.messages) == 1


async def test_edits_that_discord_asks_to_space_out_end_on_the_newest_total(house, petition, towns, server):
    for town in towns:
        await town.follow()
    storm = server.faults.rate_limit("update_message", 0.4, code=30046, times=9)
    for number in range(3):
        await sign(towns[0].guild.member(f"Ana {'ABC'[number]}"), towns[0].channel)
    await in_time(house, lambda: all(town.saying("3 of 100") for town in towns))
    assert storm.suffered == 9
    assert [len(town.messages) for town in towns] == [1, 1, 1]
