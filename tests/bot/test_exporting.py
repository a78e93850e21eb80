"""Organisers get the list of signers in the chat: they alone, encrypted if they want, and all organisers know."""

import csv
import io

import pyrage
import pytest

from bot.commands import export
from bot.house import ChatExports, House
from bot.inbound import Press
from bot.model.account import Account, Actor
from bot.model.community import Kind
from bot.tokens import token
from tests.bot.fakes import GROUP, PRIVATE, Member, World, signs

BOSS = Actor(Account("test", "boss"), "Bo Diaz")


@pytest.fixture
async def world():
    world = World(organisers={BOSS.account})
    world.petition()
    await signs(world, "Ana López", comment="For my children")
    await signs(world, "Ben Ali", reach="organisers")
    return world


def boss(world, **changes):
    return Member(world, actor=BOSS, place=PRIVATE, **changes)


def told(world):
    return [each.telling for each, _ in world.outreach.told.values() if each.telling.kind is Kind.EXPORTED]


async def test_an_organiser_chooses_a_format_and_gets_the_list(world):
    bo = boss(world)
    assert "told to all organisers" in await bo.says("export")
    said = await bo.presses("csv")
    name, data = bo.screen.files[-1]
    assert name == "park-20260308-1200.csv"
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert {"Ana López", "Ben Ali"} <= {cell for row in rows for cell in row}
    assert "2 rows" in said
    assert "SHA-256" in said
    assert bo.page.private
    assert bo.page.names_a_person


async def test_every_export_is_in_the_log_and_told_to_all_organisers(world):
    await boss(world).says("export", which="park", format="jsonl")
    assert [(act.what, act.role, act.detail) for act in world.acts] == [
        ("export", "organiser", "jsonl for organisers, 2 counted signatures")
    ]
    (telling,) = told(world)
    assert telling.total == 2
    assert telling.text == f"jsonl organisers clear {world.actors[BOSS.account][0]}"


async def test_a_format_alone_is_understood_and_a_wrong_one_told(world):
    bo = boss(world)
    await bo.says("export", which="xlsx")
    assert bo.screen.files[-1][0].endswith(".xlsx")
    assert "no format “docx”" in await bo.says("export", which="park", format="docx")
    assert "no format “docx”" in await bo.does(Press(token("export", world.kept[0].key, "docx")))


async def test_with_a_key_the_list_is_encrypted_to_it(world):
    identity = pyrage.x25519.Identity.generate()
    bo = boss(world)
    assert "encrypted to this key" in await bo.says("key", key=f" {identity.to_public()} ")
    assert "encrypted to your age key" in await bo.says("export", which="csv")
    name, data = bo.screen.files[-1]
    assert name.endswith(".csv.age")
    assert b"Ana" not in data
    assert "Ana López" in pyrage.decrypt(data, [identity]).decode()
    assert told(world)[0].text.split()[2] == "sealed"


async def test_a_key_can_be_seen_and_removed_and_a_wrong_one_is_refused(world):
    bo = boss(world)
    assert "no key" in await bo.says("key")
    assert "no age key" in await bo.says("key", key="AGE-SECRET-KEY-1XYZ")
    key = str(pyrage.x25519.Identity.generate().to_public())
    await bo.says("key", key=key)
    assert key in await bo.says("key")
    assert "removed" in await bo.says("key", key="None")
    assert not world.age_keys


async def test_where_only_encrypted_lists_are_handed_out_a_key_comes_first(world):
    bo = boss(world, house=House(chat_exports=ChatExports.ENCRYPTED))
    assert "Give your age key first" in await bo.says("export", which="csv")
    assert "Give your age key first" in await bo.does(Press(token("export", world.kept[0].key, "csv")))
    assert not bo.screen.files
    await bo.says("key", key=str(pyrage.x25519.Identity.generate().to_public()))
    await bo.says("export", which="csv")
    assert bo.screen.files


async def test_where_lists_are_not_handed_out_the_command_line_is_named(world):
    bo = boss(world, house=House(chat_exports=ChatExports.OFF))
    for said in (await bo.says("export"), await bo.does(Press(token("export", world.kept[0].key, "csv")))):
        assert "undersigned export park -o FILE" in said
    assert not bo.screen.files


async def test_one_that_is_too_large_for_the_chat_names_the_command_line(world, monkeypatch):
    monkeypatch.setattr(export, "MOST", 10)
    bo = boss(world)
    assert "too large" in await bo.says("export", which="csv")
    assert not bo.screen.files
    assert not told(world)


@pytest.mark.parametrize("moderates", [False, True])
async def test_nobody_else_gets_a_list_also_by_a_forged_button(world, moderates):
    eve = Member(world, actor=Actor(Account("test", "eve"), "Eve", moderates=moderates), place=PRIVATE)
    for said in (
        await eve.says("export", which="csv"),
        await eve.says("key", key="none"),
        await eve.does(Press(token("export", world.kept[0].key, "csv"))),
    ):
        assert "Only organisers" in said
    assert not eve.screen.files


async def test_where_all_can_see_it_no_list_is_handed_out(world):
    bo = Member(world, actor=BOSS, place=GROUP)
    await bo.says("export", which="csv")
    assert "private chat" in await bo.does(Press(token("export", world.kept[0].key, "csv")))
    assert not bo.screen.files
    assert not world.acts
