"""What Discord tells is one event of the core's, with who, where and in which language."""

from datetime import UTC, datetime, timedelta

import aiohttp
import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.attachments import with_file
from adapters.discord.translate import _values, translate
from bot.inbound import Command, Press, Submit, Suggest
from bot.model.account import Account, ActorKind, PlaceKind
from tests.adapters.discord.fakes import Scene

MODERATOR = discord.Permissions(manage_messages=True)


@pytest.fixture
def scene():
    return Scene()


@pytest.fixture
def ana(scene):
    return scene.guild.member("Ana", nick="Ana L.", locale="es-419")


def command(scene, member, place=None, **changes):
    return translate(scene.interaction(member, "command", {"name": "sign", "type": 1}, place, **changes))


def test_a_command_has_its_arguments_by_name(scene, ana):
    data = {"name": "sign", "type": 1, "options": [{"name": "which", "type": 3, "value": "park"}]}
    assert translate(scene.interaction(ana, "command", data)).event == Command("sign", {"which": "park"})


def with_a_file(scene, member, url="https://x/a"):
    attachment = {"id": "9", "filename": "page.txt", "size": 12, "url": url, "proxy_url": url}
    options = [{"name": "which", "type": 3, "value": "park"}, {"name": "file", "type": 11, "value": "9"}]
    data = {"name": "edit", "type": 1, "options": options, "resolved": {"attachments": {"9": attachment}}}
    return scene.interaction(member, "command", data)


def test_a_file_comes_with_its_command_and_is_no_text(scene, ana):
    interaction = with_a_file(scene, ana)
    inbound = translate(interaction)
    assert inbound.event == Command("edit", {"which": "park"})
    event = with_file(inbound, interaction, None).event
    assert (event.name, event.arguments) == ("edit", {"which": "park"})
    assert (event.attached.name, event.attached.size) == ("page.txt", 12)


@pytest.mark.parametrize("trouble", [aiohttp.ServerDisconnectedError, TimeoutError, OSError])
async def test_a_file_that_can_not_be_fetched_says_so_without_its_address(scene, ana, trouble):
    async def refuse(url):
        raise trouble(url)

    interaction = with_a_file(scene, ana, "https://x/secret")
    file = with_file(translate(interaction), interaction, refuse).event.attached
    with pytest.raises(ConnectionError) as told:
        await file.read()
    assert "secret" not in str(told.value)
    assert told.value.__suppress_context__


def test_a_command_without_a_file_is_left_as_it_is(scene, ana):
    interaction = scene.interaction(ana, "command", {"name": "sign", "type": 1})
    inbound = translate(interaction)
    assert with_file(inbound, interaction, None) is inbound


def test_what_is_being_typed_is_a_suggestion_wanted(scene, ana):
    options = [
        {"name": "which", "type": 3, "value": "pa", "focused": True},
        {"name": "text", "type": 3, "value": "x"},
    ]
    event = translate(scene.interaction(ana, "type", {"name": "sign", "type": 1, "options": options})).event
    assert event == Suggest("sign", "which", "pa")


def test_a_button_brings_its_token_whatever_it_is(scene, ana):
    for token in ("sign_abc", "🦉 forged", ""):
        data = {"custom_id": token, "component_type": 2, "id": 1}
        assert translate(scene.interaction(ana, "press", data)).event == Press(token)


def test_a_form_brings_its_values_by_field(scene, ana):
    fields = [
        {"type": 10, "id": 1},
        {"type": 18, "id": 2, "component": {"type": 4, "id": 3, "custom_id": "name", "value": "Ana"}},
        {"type": 18, "id": 4, "component": {"type": 21, "id": 5, "custom_id": "reach", "value": "everyone"}},
        {"type": 18, "id": 6, "component": {"type": 21, "id": 7, "custom_id": "answer", "value": None}},
        {"type": 18, "id": 8, "component": {"type": 3, "id": 9, "custom_id": "state", "values": ["TX"]}},
        {"type": 18, "id": 10, "component": {"type": 3, "id": 11, "custom_id": "none", "values": []}},
        {"type": 1, "id": 12, "components": [{"type": 4, "id": 13, "custom_id": "old", "value": "x"}]},
    ]
    event = translate(
        scene.interaction(ana, "submit", {"custom_id": "sign_k_v_f", "components": fields})
    ).event
    values = {"name": "Ana", "reach": "everyone", "answer": "", "state": "TX", "none": "", "old": "x"}
    assert event == Submit("sign_k_v_f", values)


def test_a_member_is_named_as_this_server_knows_them(scene, ana):
    inbound = command(scene, ana)
    assert inbound.actor.account == Account("discord", str(ana.id))
    assert (inbound.actor.name, inbound.locale) == ("Ana L.", "es-419")
    assert command(scene, scene.guild.member("Bea", username="bea77")).actor.name == "Bea"
    plain = scene.guild.member("Cy", username="cy")
    plain.user.global_name = None
    assert command(scene, scene.guild.member("", user=plain.user)).actor.name == "cy"


@pytest.mark.parametrize(
    ("permissions", "moderates"),
    [(discord.Permissions(), False), (MODERATOR, True), (discord.Permissions.all(), True)],
)
def test_rights_are_those_that_discord_sends_with_the_event(scene, permissions, moderates):
    assert command(scene, scene.guild.member("Mo", permissions=permissions)).actor.moderates is moderates


def test_a_role_of_the_configuration_moderates_too(scene):
    mo = scene.guild.member("Mo")
    scene.guild.data.members[mo.id]["roles"] = ["77", "78"]
    event = scene.interaction(mo, "command", {"name": "sign", "type": 1})
    assert translate(event, (5, 78)).actor.moderates
    assert not translate(event, (5,)).actor.moderates
    assert not translate(event).actor.moderates


def test_nobody_moderates_where_the_bot_is_not_a_member(scene):
    guild = scene.server.guild("Elsewhere", joined=False)
    place, mo = guild.channel("general"), guild.member("Mo", permissions=MODERATOR, installed=True)
    assert not command(scene, mo, place).actor.moderates


def test_a_member_is_as_old_as_their_id_and_came_when_the_server_says(scene):
    who = command(scene, scene.guild.member("Fresh", age=timedelta(days=2))).actor
    assert timedelta(days=2) <= datetime.now(UTC) - who.since < timedelta(days=2, minutes=5)
    assert who.joined is not None
    assert who.joined.tzinfo is not None


def test_in_a_direct_message_nobody_has_joined_anything(scene):
    friend = scene.server.user("Bea")
    who = command(scene, friend, friend.dm).actor
    assert who.since is not None
    assert who.joined is None


def test_a_bot_is_no_member(scene, ana):
    ana.user.bot = True
    other = scene.guild.member("Robot", user=ana.user)
    assert command(scene, other).actor.kind is ActorKind.BOT


def test_a_channel_and_a_thread_are_communities_and_a_direct_message_is_not(scene, ana):
    here = command(scene, ana).place
    assert (here.kind, here.name, here.place_id, here.discreet) == (
        PlaceKind.GROUP,
        "general",
        str(scene.channel.id),
        True,
    )
    friend = scene.server.user("Bea")
    there = command(scene, friend, friend.dm).place
    assert (there.kind, there.place_id, there.discreet) == (PlaceKind.PRIVATE, str(friend.dm.id), True)


def test_channels_and_threads_are_parts_of_their_server(scene, ana):
    thread = scene.channel.json() | {"id": "77", "type": 11, "parent_id": str(scene.channel.id)}
    here, there = command(scene, ana).place, command(scene, ana, channel=thread).place
    assert here.place_id != there.place_id
    assert here.whole == there.whole == str(scene.guild.id)


def test_a_server_has_a_language_once_it_has_chosen_one(scene, ana):
    assert command(scene, ana).place_locale == ""
    assert command(scene, ana, guild_locale="es-ES").place_locale == "es-ES"
    assert command(scene, ana, guild_locale="tlh").place_locale == "tlh"


def test_a_place_that_discord_py_does_not_know_is_one_all_the_same(scene, ana):
    channel = scene.channel.json() | {"type": 99}
    assert command(scene, ana, channel=channel).place.kind is PlaceKind.GROUP


def test_an_unknown_language_and_an_unknown_kind_are_told(scene, ana):
    assert command(scene, ana, locale="tlh").locale == "tlh"
    with pytest.raises(ValueError, match="none of ours"):
        command(scene, ana, type=1)
    with pytest.raises(ValueError, match="none of ours"):
        translate(scene.interaction(ana, "command", {"name": "Sign this", "type": 3}))


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
keys = st.sampled_from(["type", "custom_id", "value", "values", "component", "components"])


@given(st.lists(st.dictionaries(keys.filter(lambda key: "component" not in key), json_like)))
def test_forged_fields_are_values_or_nothing(parts):
    parts = [part | {"custom_id": str(part.get("custom_id"))} for part in parts]
    for part in parts:
        if not isinstance(part.get("values"), list | None):
            del part["values"]
    assert all(isinstance(value, str) for _, value in _values(parts))
