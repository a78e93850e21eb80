"""Every role × command × place on Telegram, and every button forged by whoever may not press it."""

from datetime import timedelta
from functools import partial

import pytest

from bot.model.account import Account, Place, PlaceKind
from bot.roles import Role
from tests.e2e import roles
from tests.e2e.telegram.house import Undersigned
from tests.wire.telegram.content import Button

PATIENCE = 30
AT_ONCE = 100
"""So many acts of one member in a minute are no flood."""
SPEAKERS = {
    "member": Role.SIGNER,
    "administrator": Role.MODERATOR,
    "anonymous": Role.MODERATOR,
    "organiser": Role.ORGANISER,
}


@pytest.fixture
def olga(server):
    return server.member("Olga")


@pytest.fixture
async def house(server, tmp_path, olga):
    admins = frozenset({Account("telegram", str(olga.id))})
    async with Undersigned(server, tmp_path, admins=admins).stored() as undersigned, undersigned.served():
        yield undersigned


@pytest.fixture
async def scene(house):
    return await roles.staged(house, Place("telegram", "-100424242", PlaceKind.GROUP, "Elsewhere Society"))


def line(spec):
    return " ".join((f"/{spec.name}", *roles.words(spec).values()))


class Watched:
    """A chat, and what the bot has said in it since it is watched."""

    def __init__(self, server, chat):
        self.server, self.chat, self.before = server, chat, set(chat.log)

    @property
    def said(self):
        return [
            message.text
            for number, message in self.chat.log.items()
            if number not in self.before and message.by_bot
        ]


async def everything_tried(house, chat, acts):
    """Do all of it, not too fast; what the bot then said in that chat."""
    watched = Watched(house.server, chat)
    for at, act in enumerate(acts):
        if at % AT_ONCE == 0:
            await house.server.idle(within=PATIENCE)
            house.ahead += timedelta(minutes=2)
        await act()
    await house.server.idle(within=PATIENCE)
    return watched.said


def tap(member, message, token):
    """Press a button that is not there."""

    async def act():
        return member.tap(message, Button("x", token))

    return act


# --- commands ---


async def test_in_private_who_is_no_organiser_is_refused_every_command_of_theirs(
    house, scene, server, ana, group
):
    await group.promote(ana)  # moderating somewhere helps nowhere else
    for speaker in (ana, server.member("Eve")):
        refused = roles.forbidden(Role.SIGNER)
        before = roles.contents(house)
        updates = len(server.updates.log)
        said = await everything_tried(
            house, speaker.chat, [partial(speaker.send, line(spec)) for spec in refused]
        )
        for update in server.updates.log[updates:]:
            server.replay(update)
        await server.idle(within=PATIENCE)
        assert sorted(said) == sorted(roles.answer(spec, PlaceKind.PRIVATE) for spec in refused)
        assert roles.contents(house) == before


async def test_in_private_an_organiser_is_answered_each_of_them(house, scene, server, olga):
    private = [spec for spec in roles.allowed(Role.ORGANISER) if PlaceKind.PRIVATE in spec.places]
    assert len(private) > 20
    said = await everything_tried(house, olga.chat, [partial(olga.send, line(spec)) for spec in private])
    assert len(said) >= len(private)
    assert not [text for text in said if text.startswith((roles.SORRY, "Only"))]
    lists = [one for one in olga.chat.log.values() if one.file and one.file.kind == "document"]
    naming = [one for one in olga.chat.log.values() if roles.told([one.text]) & roles.NAMES]
    guarded = [*lists, *naming]
    assert any(message.by_bot for message in lists)
    assert all(message.protected for message in guarded if message.by_bot), "nobody can pass them on"


PLACES = [(kind, who) for kind in ("group", "supergroup", "topic") for who in SPEAKERS]


async def test_what_all_can_see_tells_nothing_whoever_asks(house, scene, server, ana, olga):
    for kind, who in PLACES:
        place = server.group(
            "Friends", supergroup=kind != "group", forum=kind == "topic", members=(ana, olga)
        )
        topic = await place.topic("News") if kind == "topic" else None
        speaker, role = (olga if who == "organiser" else ana), SPEAKERS[who]
        if who in {"administrator", "anonymous"}:
            await place.promote(speaker, anonymous=who == "anonymous")
        there = {"topic": topic} if topic else {"chat": place}

        say = partial(speaker.send, **there, anonymous=who == "anonymous")
        await _refused(house, place, role, say)
        said = await everything_tried(
            house, place, [partial(say, line(spec)) for spec in roles.allowed(role)]
        )
        assert not roles.told(said), (kind, who)
        assert not [text for text in said if text.startswith((roles.SORRY, "Only"))], (kind, who)
        assert any("follow" in text for text in said) is (role >= Role.MODERATOR), "and who may, did"


async def _refused(house, place, role, say):
    """What this role may not do is refused there, and changes nothing."""
    refused = [spec for spec in roles.forbidden(role) if PlaceKind.GROUP in spec.places]
    before = roles.contents(house)
    said = await everything_tried(house, place, [partial(say, line(spec)) for spec in refused])
    assert not roles.told(said)
    public = [spec for spec in refused if not spec.private]
    assert bool(public) is (roles.ONLY_MODERATORS in said), "late ones are left out in groups"
    assert all(text == roles.ONLY_MODERATORS or text.startswith("Save the library") for text in said)
    assert roles.contents(house) == before


async def test_a_channel_moderates_itself_and_is_told_nothing_more(house, scene, server):
    channel = server.channel("Town crier")
    before = roles.contents(house, ("petition", "signature", "totals", "organiser", "audit"))
    said = await everything_tried(
        house, channel, [partial(channel.post, line(spec)) for spec in roles.COMMANDS]
    )
    assert said
    assert not roles.told(said)
    assert not [text for text in said if text.startswith(roles.SORRY)]
    assert roles.contents(house, before) == before


async def test_what_is_looked_for_in_other_chats_is_what_everybody_may_see(house, scene, server, ana, olga):
    for member in (ana, olga):
        found = await member.inline("a")
        assert [each.title for each in found] == ["Save the library"]
        assert not roles.told(each.text for each in found)
        assert not await member.inline("salamander")


# --- buttons ---


async def test_no_forged_button_gets_anybody_further(house, scene, server, ana, group):
    card = await ana.ask("/petition")
    forged = roles.forged(scene, above=Role.SIGNER)
    assert len(forged) > 100
    before = roles.contents(house)
    said = await everything_tried(house, ana.chat, [tap(ana, card, token) for token, _ in forged])
    assert not roles.told(said)
    assert sorted(said) == sorted(answer for _, answer in forged)
    assert roles.contents(house) == before


async def test_nor_in_a_group(house, scene, server, ana, group):
    for role in (Role.SIGNER, Role.MODERATOR):
        if role is Role.MODERATOR:
            await group.promote(ana)
            house.let_pass(59)
        card = group.from_bot[0] if group.from_bot else await ana.ask("/petition", chat=group)
        before, earlier = roles.contents(house), set(server.presses)
        forged = roles.forged(scene, above=role)
        said = await everything_tried(house, group, [tap(ana, card, token) for token, _ in forged])
        notices = [press.text for number, press in server.presses.items() if number not in earlier]
        assert len(notices) == len(forged)
        assert not roles.told([*said, *notices])
        assert all(text in {*roles.REFUSALS, roles.IN_PRIVATE, ""} for text in [*said, *notices])
        assert roles.contents(house) == before


async def test_what_anybody_may_press_does_nothing_to_what_is_anothers(house, scene, server, ana):
    card = await ana.ask("/petition")
    kept = ("petition", "signature", "totals", "organiser", "audit", "announcement", "follow")
    before = roles.contents(house, kept)
    forged = [token for token in roles.others_buttons(scene) if not token.startswith("recall_")]
    said = await everything_tried(house, ana.chat, [tap(ana, card, token) for token in forged])
    assert len(forged) > 50
    assert not roles.told(said)
    assert roles.contents(house, kept) == before


# --- who may, no longer ---


async def test_a_demoted_administrator_loses_the_right_within_a_minute(house, library, server, ana, group):
    await group.promote(ana)
    followed = await ana.ask("/follow", chat=group)
    assert "follow" in followed.text
    await group.demote(ana)
    house.let_pass(59)
    refused = await ana.ask("/unfollow", chat=group)
    assert refused.text == roles.ONLY_MODERATORS
