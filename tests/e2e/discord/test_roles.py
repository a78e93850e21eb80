"""Every role × command × place on Discord, and every button forged by whoever may not press it."""

from datetime import timedelta

import pytest
from discord import Permissions

from bot.model.account import Account, Place, PlaceKind
from bot.roles import Role
from tests.e2e import roles
from tests.e2e.discord.conftest import MODERATOR
from tests.e2e.discord.house import Undersigned, read
from tests.wire.discord.interactions import COMMAND, SUBMIT
from tests.wire.discord.people import MEMBER_PERMISSIONS

A_WHILE = timedelta(seconds=2)
"""Nobody is taken for a flood who does one thing in this time."""


@pytest.fixture
def olga(guild, channel):
    return guild.member("Olga", permissions=Permissions(MEMBER_PERMISSIONS.value))


@pytest.fixture
async def house(server, tmp_path, olga):
    admins = frozenset({Account("discord", str(olga.id))})
    async with Undersigned(server, tmp_path, admins=admins).stored() as undersigned, undersigned.served():
        yield undersigned


@pytest.fixture
async def scene(house):
    return await roles.staged(house, Place("discord", "424242", PlaceKind.GROUP, "Elsewhere Society"))


@pytest.fixture
def people(channel, ana, moderator, olga):
    return channel, ana, moderator, olga


async def tried(house, member, place, spec):
    """All that the bot answers to this command, and whether nobody else sees it."""
    house.ahead += A_WHILE
    known = member.server.commands[spec.name]
    wanted = {option["name"] for option in known.get("options") or ()}
    member.sees_all = True
    reply = await member.command(
        place, spec.name, **{k: v for k, v in roles.words(spec).items() if k in wanted}
    )
    return reply if reply.modal else await reply.settled()


def offered(spec, place):
    """Whether Discord offers the command there at all."""
    kind = PlaceKind.GROUP if place.guild else PlaceKind.PRIVATE
    return kind in spec.places


async def test_whoever_may_not_is_refused_every_command_in_every_place(
    house, scene, server, channel, ana, moderator
):
    thread = ana.guild.channels[channel.id]
    cells = 0
    for member, place, role in (
        (ana, channel, Role.SIGNER),
        (ana, ana.dm, Role.SIGNER),
        (moderator, thread, Role.MODERATOR),
        (moderator, moderator.dm, Role.SIGNER),  # moderating somewhere helps nowhere else
    ):
        for spec in roles.forbidden(role):
            if not offered(spec, place):
                continue
            before = roles.contents(house)
            reply = await tried(house, member, place, spec)
            assert read(reply) == roles.refusal(spec.role), (spec.name, role)
            assert reply.ephemeral
            assert not reply.files
            assert roles.contents(house) == before, spec.name
            cells += 1
    assert cells > 40
    assert not server.messages(channel)


async def test_whoever_may_is_answered_and_names_nobody_to_the_channel(house, scene, server, people):
    channel, ana, moderator, olga = people
    for member, place, role in (
        (ana, channel, Role.SIGNER),
        (ana, ana.dm, Role.SIGNER),
        (moderator, channel, Role.MODERATOR),
        (olga, channel, Role.ORGANISER),
        (olga, olga.dm, Role.ORGANISER),
    ):
        for spec in roles.allowed(role):
            if not offered(spec, place):
                continue
            reply = await tried(house, member, place, spec)
            assert reply.modal or reply.messages, (spec.name, role)
            assert not read(reply).startswith((roles.SORRY, "Only")), (spec.name, role)
            assert not roles.told([read(reply)]) or role is Role.ORGANISER, (spec.name, role)
            assert reply.modal or reply.ephemeral, spec.name
    assert not roles.told(read(message) for message in server.messages(channel))


async def test_no_forged_button_gets_anybody_further(house, scene, server, channel, ana, moderator):
    for member, place, role in (
        (ana, channel, Role.SIGNER),
        (ana, ana.dm, Role.SIGNER),
        (moderator, channel, Role.MODERATOR),
    ):
        card = await member.command(place, "petition")
        before = roles.contents(house)
        forged = roles.forged(scene, above=role)
        assert len(forged) > 100
        for token, said in forged:
            house.ahead += A_WHILE
            reply = await (await member.press(card, token, forged=True)).settled()
            assert read(reply) == said, token
            assert reply.ephemeral
        assert roles.contents(house) == before
    assert not server.messages(channel)


async def test_what_anybody_may_press_does_nothing_to_what_is_anothers(house, scene, server, channel, ana):
    kept = ("petition", "signature", "totals", "organiser", "audit", "announcement", "follow")
    before = roles.contents(house, kept)
    for token in roles.others_buttons(scene):
        if not token.startswith("recall_"):  # whoever has the code may
            house.ahead += A_WHILE
            card = await ana.command(channel, "petition")  # afresh: some buttons remove it
            reply = await ana.press(card, token, forged=True)
            assert reply.modal or not roles.told([read(await reply.settled())]), token
    assert roles.contents(house, kept) == before
    assert not server.messages(channel)


async def test_while_an_argument_is_typed_nothing_is_suggested_that_may_not_be_seen(
    house, scene, server, people
):
    channel, ana, moderator, olga = people
    for member in (ana, moderator, olga):
        member.sees_all = True
        for spec in roles.COMMANDS:
            for argument in spec.arguments:
                if argument.suggest and PlaceKind.GROUP in spec.places:
                    choices = await member.autocomplete(channel, spec.name, argument.name, "a")
                    told = roles.told(choice["name"] for choice in choices)
                    assert told <= {"Salamander"}
                    assert not told or member is olga, (spec.name, argument.name)
    assert await olga.autocomplete(channel, "edit", "which", "sala")


async def test_no_forged_form_gets_anybody_further(house, scene, server, channel, ana):
    before, answers = roles.contents(house), []
    for token in roles.forged_forms(scene):
        house.ahead += A_WHILE
        values = [{"type": 4, "custom_id": key, "value": roles.PAGE} for key in roles.FORM_KEYS]
        fields = [{"type": 18, "component": one} for one in values]
        reply = server.inject(ana.event(SUBMIT, channel, {"custom_id": token, "components": fields}))
        await reply.until(lambda one: one.kind is not None, "an answer")
        answers.append(read(await reply.settled()))
        assert not reply.buttons, "nothing is offered that could be confirmed"
    assert len(answers) > 30
    assert set(answers) <= {*roles.REFUSALS, roles.OUT_OF_DATE}
    assert roles.ONLY_ORGANISERS in answers
    assert roles.contents(house) == before


async def test_what_comes_twice_is_refused_twice(house, scene, server, channel, ana):
    replies = [
        await tried(house, ana, channel, spec)
        for spec in roles.forbidden(Role.SIGNER)
        if offered(spec, channel)
    ]
    before = roles.contents(house)
    for reply in replies:
        again = await server.inject(reply.event).until(lambda one: one.kind is not None, "an answer")
        assert read(await again.settled()) == read(reply)
    assert roles.contents(house) == before


async def test_nobody_moderates_where_only_a_member_has_brought_the_bot(house, scene, server):
    elsewhere = server.guild("Elsewhere", joined=False)
    channel, mo = elsewhere.channel("general"), elsewhere.member("Mo", permissions=MODERATOR, installed=True)
    before = roles.contents(house)
    for spec in roles.forbidden(Role.SIGNER):
        data = {"id": "1", "name": spec.name, "type": 1, "options": []}  # also what is not offered there
        reply = server.inject(mo.event(COMMAND, channel, data))
        await reply.until(lambda one: one.kind is not None, "an answer")
        assert read(await reply.settled()) == roles.refusal(spec.role), spec.name
    assert roles.contents(house) == before


async def test_a_demoted_moderator_loses_the_right_at_once(house, library, channel, moderator):
    assert "follow" in read(await moderator.command(channel, "follow"))
    moderator.permissions = MEMBER_PERMISSIONS
    moderator.sees_all = True
    assert read(await moderator.command(channel, "unfollow")) == roles.ONLY_MODERATORS


async def test_a_configured_role_moderates_until_it_is_taken_away(server, tmp_path, guild, channel, ana):
    undersigned = Undersigned(server, tmp_path, moderator_roles=(77,))
    ana.sees_all = True
    async with undersigned.stored(), undersigned.served():
        await undersigned.opened()
        assert read(await ana.command(channel, "follow")) == roles.ONLY_MODERATORS
        guild.data.members[ana.id]["roles"] = ["77"]
        assert "follow" in read(await ana.command(channel, "follow"))
        guild.data.members[ana.id]["roles"] = []
        assert read(await ana.command(channel, "unfollow")) == roles.ONLY_MODERATORS


def test_moderators_are_who_may_manage_messages():
    assert MODERATOR.manage_messages
    assert not MEMBER_PERMISSIONS.manage_messages
