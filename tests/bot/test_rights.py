"""What people may ask about themselves: to get all that is stored, and to have it erased."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.house import House
from bot.inbound import Press
from bot.model.account import Account, Actor
from bot.model.holding import Rule
from bot.model.petition import State
from bot.model.signature import Status
from bot.private_files import passing_file
from bot.tokens import token
from tests.bot.fakes import GROUP, PARK, PRIVATE, Member, World, signs

BOSS = Actor(Account("test", "boss"), "Bo Diaz")


@pytest.fixture
def world():
    world = World()
    world.petition()
    world.petition(replace(PARK, slug="river"))
    return world


def received(member):
    return json.loads(member.screen.files[-1][1])


# --- /mydata ---


async def test_a_signer_gets_all_that_is_stored_about_them_as_a_file(world):
    ana = await signs(world, "Ana López", "park", comment="For my children", reach="everyone")
    await ana.says("sign", which="river")
    world.noticed.add((ana.account, world.kept[1].id))
    said = await ana.says("mydata")
    everything = received(ana)

    assert "1 signature, 1 petition that you are told about" in said
    (signature,) = everything["signatures"]
    assert signature["name"] == "Ana López"
    assert signature["comment"] == "For my children"
    assert (signature["petition"], signature["number"], signature["status"]) == ("park", 1, "counted")
    assert signature["signed_at"] == "2026-03-08T12:00:00+00:00"
    assert signature["code"] == world.signed[0][1].code
    assert everything["account"] == "test:ana lópez"
    assert [each["petition"] for each in everything["told_about"]] == ["river"]
    assert ana.page.private
    assert ana.page.names_a_person


async def test_who_is_held_is_told_by_which_rules(world):
    ana = await signs(world, "Ana López", "park")
    world.held_for[world.signed[0][1].form] = frozenset({Rule.LOOKALIKE, Rule.ACCOUNT_AGE})
    world.hold(1)
    await ana.says("mydata")

    (signature,) = received(ana)["signatures"]
    assert (signature["status"], signature["held_for"]) == ("held", ["account_age", "lookalike"])


async def test_nobody_gets_what_is_another_persons(world):
    await signs(world, "Ana López", "park")
    ben = Member(world, "Ben Ali")
    assert "Nothing is stored" in await ben.says("mydata")
    assert not ben.screen.files


async def test_a_half_filled_form_is_in_the_file(world):
    ana = Member(world)
    await ana.says("sign", which="park")
    await ana.presses("Another name")
    await ana.types("Ana María")
    assert "1 half-filled form" in await ana.says("mydata")
    assert received(ana)["half_filled_forms"][0]["values"]["name"] == "Ana María"


async def test_an_organiser_learns_which_acts_of_the_log_are_theirs(world):
    world.organisers.add(BOSS.account)
    ports = world.ports()
    actor = await ports.organisers.actor(BOSS.account, "en")
    await ports.audit.record("open", world.kept[0].id, actor=actor)
    await ports.audit.record("close", world.kept[0].id)
    boss = Member(world, actor=BOSS)
    await ports.removals.plan(BOSS.account, "file-1", timedelta(minutes=15))
    said = await boss.says("mydata")
    assert "1 file that is removed from this chat soon, your role as an organiser" in said
    assert received(boss)["files_in_this_chat_until"] == ["2026-03-08T12:15:00+00:00"]
    assert [act["what"] for act in received(boss)["organiser"]["acts"]] == ["open"]


async def test_a_withdrawn_signature_is_in_the_file_too_without_what_was_erased(world):
    ana = await signs(world, "Ana López", "park")
    await ana.says("withdraw")
    await ana.presses("Yes, withdraw")
    await ana.says("mydata")
    (signature,) = received(ana)["signatures"]
    assert (signature["status"], signature["name"]) == ("withdrawn", None)


async def test_where_all_can_see_it_nothing_about_a_person_is_told_or_erased(world):
    ana = await signs(world, "Ana López", "park")
    there = Member(world, "Ana López", place=GROUP)
    for name in ("mydata", "forgetme"):
        said = await there.says(name)
        assert "Ana" not in said
    assert "private chat" in await there.does(Press(token("forget")))
    assert not there.screen.files
    assert world.signed[0][0] == ana.account


def test_a_file_that_is_passed_on_leaves_nothing_behind():
    with passing_file() as (file, path):
        file.write("Ana López".encode())
        file.flush()
        assert path.read_text("utf-8") == "Ana López"
        assert Path(path).resolve().name != "file"
    assert file.closed


def test_elsewhere_than_on_linux_a_passing_file_is_in_a_folder_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setattr("bot.private_files._OWN", tmp_path / "nowhere")
    with passing_file() as (file, path):
        file.write(b"x")
        file.flush()
        assert path.read_bytes() == b"x"
        folder = path.parent
    assert not folder.exists()


# --- /forgetme ---


async def test_forgetting_is_asked_first_says_what_it_does_and_does_it(world):
    ana = await signs(world, "Ana López", "park")
    ana.house = House(backup_days=30)
    asked = await ana.says("forgetme")
    assert "1 signature is taken back" in asked
    assert "can't be undone" in asked
    assert world.signed[0][0] == ana.account
    done = await ana.presses("Yes, erase everything")
    assert "erased" in done
    assert "until April 7, 2026" in done
    assert "Nothing is stored" in await ana.says("mydata")
    assert "Nothing is stored" in await ana.says("forgetme")
    assert world.signed[0][1].status is Status.WITHDRAWN


async def test_who_thinks_again_keeps_everything(world):
    ana = await signs(world, "Ana López", "park")
    await ana.says("forgetme")
    assert "Nothing has changed" in await ana.presses("No, keep it")
    assert world.signed[0][1].status is Status.COUNTED


async def test_it_is_said_honestly_when_nobody_said_how_long_backups_are_kept(world):
    ana = await signs(world, "Ana López", "park")
    await ana.says("forgetme")
    assert "for as long as the organisers keep those" in await ana.presses("Yes, erase everything")


async def test_of_delivered_and_struck_signatures_it_is_said_what_stays(world):
    ana = await signs(world, "Ana López", "park")
    await ana.says("sign", which="river")
    await ana.submits()
    world.edit(world.kept[0], stored_state=State.DELIVERED)
    world.strike(2)
    world.noticed.add((ana.account, 1))
    asked = await ana.says("forgetme")
    for said in (asked, await ana.presses("Yes, erase everything")):
        assert "delivered total stays as it was" in said
        assert "can't sign again" in said
        assert "no longer told" in said
        assert "taken back" not in said
    assert [each.status for _, each in world.signed] == [Status.COUNTED, Status.STRUCK]


async def test_an_organiser_who_asks_to_be_forgotten_is_none_any_more(world):
    world.organisers.add(BOSS.account)
    boss = Member(world, actor=BOSS, place=PRIVATE)
    assert "no longer an organiser" in await boss.says("forgetme")
    await boss.presses("Yes, erase everything")
    assert boss.screen.menus == [[]]
    assert not world.organisers


async def test_an_organiser_of_the_configuration_is_told_who_can_take_them_out(world):
    await world.ports().organisers.actor(BOSS.account, "en")
    boss = Member(world, actor=BOSS, house=House(admins=frozenset({BOSS.account})))
    assert "configuration names you" in await boss.says("forgetme")


async def test_a_signature_is_withdrawn_after_closing_and_not_after_delivery(world):
    ana = await signs(world, "Ana López", "park")
    closed = world.edit(world.kept[0], stored_state=State.CLOSED)
    await ana.says("withdraw")
    assert "Withdrawn" in await ana.presses("Yes, withdraw")
    ben = replace(ana, name="Ben Ali")
    world.signed.append((ben.account, replace(world.signed[0][1], form="f2", status=Status.COUNTED)))
    world.edit(closed, stored_state=State.DELIVERED)
    assert "delivered" in await ben.says("withdraw")
    assert world.signed[1][1].status is Status.COUNTED


async def test_what_spanish_speakers_erase_they_are_told_in_spanish(world):
    await signs(world, "Ana López", "park")
    ana = Member(world, "Ana López", locale="es")
    assert "Se retira 1 firma" in await ana.says("forgetme")
