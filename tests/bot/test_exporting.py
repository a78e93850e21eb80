"""Organisers get the list of signers in the chat: they alone, encrypted if they want, and all organisers know."""

import asyncio
import csv
import io
import json
import threading
from contextlib import suppress
from datetime import timedelta

import pyrage
import pytest
from msgspec.structs import replace

from bot import exporting
from bot.document import plain
from bot.errors import LostError
from bot.export.verifying import verify
from bot.house import ChatExports, House
from bot.inbound import Press
from bot.model.account import Account, Actor
from bot.model.community import Kind
from bot.model.petition import State
from bot.model.signature import Status
from bot.removing import Removing
from bot.sending import Failed, Gone, Later, Lost, Sent, Unknown
from bot.tokens import token
from tests.bot.fake_lists import FakeRoster
from tests.bot.fakes import GROUP, NOON, PRIVATE, Member, Screen, World, later, signs

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


def lists(member):
    """The files that the member got, without their manifests."""
    return [(name, data) for name, data in member.screen.files if not name.endswith(".manifest.json")]


def told(world):
    return [each.telling for each, _ in world.outreach.told.values() if each.telling.kind is Kind.EXPORTED]


async def test_an_organiser_chooses_a_format_and_gets_the_list(world):
    bo = boss(world)
    assert "told to all organisers" in await bo.says("export")
    await bo.presses("csv")
    name, data = lists(bo)[-1]
    assert name == "park-20260308-1200.csv"
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert {"Ana López", "Ben Ali"} <= {cell for row in rows for cell in row}
    said = plain(bo.screen.captions[0].blocks)
    assert "2 rows, for organisers" in said
    assert "SHA-256" in said
    assert bo.screen.captions[0].private
    assert bo.screen.captions[0].names_a_person


async def test_a_manifest_comes_beside_it_by_which_the_command_line_checks_the_file(world, tmp_path):
    bo = boss(world)
    await bo.says("export", which="csv")
    for name, data in bo.screen.files:
        (tmp_path / name).write_bytes(data)
    names = [name for name, _ in bo.screen.files]
    assert names == ["park-20260308-1200.csv", "park-20260308-1200.csv.manifest.json"]
    verdict = verify(tmp_path / names[0])
    assert verdict.sound
    assert verdict.manifest["rows"] == 2
    assert b"Ana" not in bo.screen.files[1][1]


async def test_every_export_is_in_the_log_and_told_to_all_organisers(world):
    await boss(world).says("export", which="park", format="jsonl")
    assert [(act.what, act.role, act.detail) for act in world.acts] == [
        ("export", "organiser", "jsonl for organisers, 2 counted signatures")
    ]
    (telling,) = told(world)
    assert telling.total == 2
    assert telling.text == f"jsonl organisers counted clear {world.actors[BOSS.account][0]}"


async def test_a_format_alone_is_understood_and_a_wrong_one_told(world):
    bo = boss(world)
    await bo.says("export", which="xlsx")
    assert lists(bo)[-1][0].endswith(".xlsx")
    assert "“docx” is no format" in await bo.says("export", which="park", format="docx")
    assert "“docx” is no format" in await bo.does(Press(token("export", world.kept[0].key, "docx")))


async def test_with_a_key_the_list_is_encrypted_to_it(world):
    identity = pyrage.x25519.Identity.generate()
    bo = boss(world)
    assert "encrypted to this key" in await bo.says("key", key=f" {identity.to_public()} ")
    await bo.says("export", which="csv")
    assert "encrypted to your age key" in plain(bo.screen.captions[0].blocks)
    name, data = lists(bo)[-1]
    assert name.endswith(".csv.age")
    assert b"Ana" not in data
    assert "Ana López" in pyrage.decrypt(data, [identity]).decode()
    assert told(world)[0].text.split()[3] == "sealed"


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


@pytest.mark.parametrize("encrypted", [False, True])
@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl", "pdf"])
async def test_one_that_is_too_large_for_the_chat_names_the_command_line(world, form, encrypted):
    bo = boss(world, screen=Screen(largest_file=10))
    if encrypted:
        world.age_keys[BOSS.account] = str(pyrage.x25519.Identity.generate().to_public())
    said = await bo.says("export", which="park", format=form)
    readers = "addressee" if form == "pdf" else "organisers"
    assert f"undersigned export park --format {form} --for {readers} -o FILE" in said
    assert not bo.screen.files
    assert not told(world)
    assert not world.acts


# --- for a while only ---


async def test_list_and_manifest_stay_in_the_chat_for_a_quarter_of_an_hour(world):
    bo = boss(world, screen=Screen(lasting=True))
    assert "removed from this chat at 2026-03-08T12:15" in await bo.says("export", which="csv")
    planned = {reference: due for _, reference, due in world.removals.values()}
    assert planned == dict.fromkeys(("file-1", "file-2"), NOON + timedelta(minutes=15))


async def test_where_it_can_be_removed_for_less_time_it_goes_before(world):
    bo = boss(world, screen=Screen(lasting=True, until=NOON + timedelta(minutes=9)))
    assert "12:09" in await bo.says("export", which="csv")


async def test_where_nothing_can_be_removed_nothing_is_promised(world):
    assert "removed" not in await boss(world).says("export", which="csv")
    assert not world.removals


async def test_it_is_removed_when_its_time_is_over_and_not_before(world):
    bo = boss(world, screen=Screen(lasting=True))
    await bo.says("export", which="csv")
    sender = Remover()
    removing = Removing("test", sender, world.ports().removals, world.clock)
    await removing.attend()
    assert not sender.removed
    later(world, minutes=15)
    await removing.attend()
    await removing.attend()
    assert sender.removed == ["file-1", "file-2"]
    assert not world.removals


@pytest.mark.parametrize("trouble", [Failed("no connection"), Unknown(), Later(30)])
async def test_what_can_not_be_removed_now_is_tried_again_more_rarely_and_given_up_after_two_days(
    world, trouble
):
    await world.ports().removals.plan(BOSS.account, "file-1", timedelta())
    sender = Remover(trouble)
    removing = Removing("test", sender, world.ports().removals, world.clock)
    for _ in range(47 * 6):
        await removing.attend()
        later(world, minutes=10)
    assert 40 < len(sender.removed) < 60
    assert world.removals
    later(world, hours=1)
    await removing.attend()
    assert not world.removals


async def test_trouble_with_one_is_no_trouble_for_the_next_look(world):
    await world.ports().removals.plan(BOSS.account, "file-1", timedelta())
    sender = Remover(ConnectionError())
    removing = Removing("test", sender, world.ports().removals, world.clock)
    await removing.attend()
    sender.outcome = None
    await removing.attend()
    assert not world.removals


async def test_what_somebody_has_removed_already_is_forgotten(world):
    await world.ports().removals.plan(BOSS.account, "file-1", timedelta())
    await Removing("test", Remover(Gone(Lost.MESSAGE)), world.ports().removals, world.clock).attend()
    assert not world.removals


class Remover:
    """A platform's sender, as far as it removes."""

    def __init__(self, outcome=None):
        self.outcome, self.removed = outcome, []

    async def remove(self, reference):
        self.removed.append(reference)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome or Sent(reference)


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl", "pdf"])
async def test_an_empty_list_is_no_file(form):
    world = World(organisers={BOSS.account})
    world.petition()
    bo = boss(world)
    assert "Nobody is in this list" in await bo.says("export", which="park", format=form)
    assert not bo.screen.files
    assert not told(world)


async def test_where_only_others_signed_they_are_counted_and_an_empty_file_is_none():
    world = World(organisers={BOSS.account})
    world.petition()
    await signs(world, "Ben Ali", reach="organisers")
    bo = boss(world)
    assert "1 signed, whose name is not for these readers" in await bo.says(
        "export", format="jsonl", **{"for": "addressee"}
    )
    assert not bo.screen.files
    await bo.says("export", format="csv", **{"for": "addressee"})
    assert lists(bo)[-1][1].splitlines() == [b"\xef\xbb\xbfname,comment"]


async def test_a_list_of_which_something_is_lost_is_handed_to_nobody_and_says_which(world, monkeypatch):
    monkeypatch.setattr("tests.bot.fakes.FakeRoster", LossyRoster)
    bo = boss(world)
    said = await bo.says("export", which="csv")
    assert "There is no list, and nobody has got anything: of 2 signatures the name" in said
    assert "undersigned verify" in said
    assert "Among them: #3, #17" in said
    assert not bo.screen.files
    assert not told(world)
    assert not world.acts


class LossyRoster(FakeRoster):
    """A part of two signatures is gone."""

    async def read(self, petition_id, work):
        raise LostError(2, (3, 17), "lost")


# --- for whom, and of which status ---


async def test_whose_name_was_erased_is_told_from_those_whose_names_are_not_for_these_readers(world):
    await signs(world, "Cy Ono")
    world.signed[-1] = (world.signed[-1][0], replace(world.signed[-1][1], identity=None))
    bo = boss(world)
    await bo.says("export", which="park", format="csv", **{"for": "addressee"})
    caption = plain(bo.screen.captions[0].blocks)
    assert "1 row, for the addressee" in caption
    assert "1 other signed whose name is not for these readers." in caption
    assert "1 other signed whose name has been erased." in caption


async def test_the_list_for_the_addressee_has_only_names_that_they_may_know_and_counts_the_others(world):
    bo = boss(world)
    await bo.says("export")
    assert "1 name with its comment" in await bo.presses("For the addressee")
    assert [button.label for button in bo.buttons[:4]] == ["pdf", "csv", "xlsx", "jsonl"]
    await bo.presses("csv")
    name, data = lists(bo)[-1]
    assert name == "park-addressee-20260308-1200.csv"
    assert "Ana López" in data.decode()
    assert "Ben" not in data.decode()
    assert "1 other signed" in plain(bo.screen.captions[0].blocks)
    assert told(world)[0].text.startswith("csv addressee counted clear ")


@pytest.mark.parametrize(
    ("ended", "said"),
    [({}, False), ({"stored_state": State.DELIVERED}, True), ({"anonymised": NOON}, True)],
)
async def test_where_somebody_may_have_been_erased_the_offer_promises_no_names_of_theirs(world, ended, said):
    world.kept[0] = replace(world.kept[0], **ended)
    bo = boss(world)
    assert "has been erased" not in await bo.says("export", which="park")
    assert ("has been erased" in await bo.presses("For the addressee")) is said
    assert ("has been erased" in await bo.presses("For the public")) is said


async def test_the_list_for_the_public_has_whom_everyone_may_see(world):
    await signs(world, "Zoë", reach="everyone")
    bo = boss(world)
    await bo.says("export", which="park", format="jsonl", **{"for": "public"})
    (line,) = lists(bo)[-1][1].splitlines()
    assert json.loads(line) == {"name": "Zoë", "comment": ""}


async def test_what_is_not_counted_comes_apart_and_only_to_organisers(world):
    world.strike(1)
    world.hold(2)
    bo = boss(world)
    assert "0 signatures" in await bo.says("export")
    assert {button.label for button in bo.buttons} >= {"Struck", "Waiting for review"}
    assert "Withdrawn" not in {button.label for button in bo.buttons}
    assert "1 signature that was struck" in await bo.presses("Struck")
    await bo.presses("csv")
    assert lists(bo)[-1][0] == "park-struck-20260308-1200.csv"
    assert "1 row, for organisers, struck" in plain(bo.screen.captions[0].blocks)
    assert "Ana López" in lists(bo)[-1][1].decode()
    assert "Ben" not in lists(bo)[-1][1].decode()
    assert told(world)[0].text.split()[2] == Status.STRUCK
    await bo.says("export", which="park", format="csv", status="held")
    assert "1 row, for organisers, waiting for review" in plain(bo.screen.captions[-2].blocks)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"format": "pdf", "for": "organisers"}, "A pdf is the packet"),
        ({"format": "csv", "for": "addressee", "status": "held"}, "for organisers alone"),
        ({"format": "pdf", "status": "struck"}, "for organisers alone"),
    ],
)
async def test_what_would_say_too_much_is_refused_and_what_there_is_offered(world, words, said):
    world.hold(1)
    world.strike(2)
    await signs(world, "Cem")
    bo = boss(world)
    assert said in await bo.says("export", which="park", **words)
    assert not bo.screen.files
    await bo.presses("csv")
    assert lists(bo)


async def test_words_are_understood_wherever_they_are_put(world):
    bo = boss(world)
    await bo.says("export", which="CSV", format="park", **{"for": "addressee"})
    assert "“park” is no format" in bo.text
    await bo.says("export", which="addressee", format="csv")
    assert lists(bo)[-1][0].startswith("park-addressee-")
    assert [one.value for one in await bo.suggested("export", "for", "a")] == ["addressee"]


# --- while it is written ---


class SlowRoster(FakeRoster):
    """Writes in a thread, and stops after the first page until it is told to go on."""

    go_on = threading.Event()
    ended = threading.Event()

    async def read(self, petition_id, work):
        self.go_on.clear()
        self.ended.clear()
        found = {}
        await FakeRoster.read(self, petition_id, lambda reading: found.update(reading=reading))
        return await asyncio.to_thread(self._work, found["reading"], work)

    def _work(self, reading, work):
        pages = reading.pages

        def slowly(*asked):
            for page in pages(*asked):
                yield page
                assert self.go_on.wait(10)

        reading.pages = slowly
        try:
            return work(reading)
        finally:
            self.ended.set()


async def shown(member, words):
    async with asyncio.timeout(5):
        while not any(words in plain(page.blocks) for page in member.screen.pages):  # noqa: ASYNC110 - a screen rings no bell
            await asyncio.sleep(0.005)


@pytest.fixture
def slowly(monkeypatch):
    monkeypatch.setattr("tests.bot.fakes.FakeRoster", SlowRoster)
    monkeypatch.setattr(exporting, "EVERY", 0.01)
    yield SlowRoster
    SlowRoster.go_on.set()


async def test_while_it_is_written_it_counts_along_and_others_are_answered(world, slowly):
    await signs(world, "Cem")
    await signs(world, "Dee")
    bo = boss(world)
    asked = asyncio.create_task(bo.says("export", which="csv"))
    await shown(bo, "3 of 4 rows")
    assert "4 of 100 have signed" in await Member(world, "Eve").says("petition")
    assert not bo.screen.files
    assert not told(world)
    slowly.go_on.set()
    await asked
    assert len(list(csv.reader(io.StringIO(lists(bo)[-1][1].decode())))) == 5


async def test_cut_short_it_leaves_nothing_behind_and_nobody_has_got_anything(
    world, slowly, tmp_path, monkeypatch
):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    bo = boss(world)
    asked = asyncio.create_task(bo.says("export", which="csv"))
    await shown(bo, "comes in a moment")
    asked.cancel()
    with suppress(asyncio.CancelledError):
        await asked
    slowly.go_on.set()
    assert slowly.ended.wait(5)
    assert not bo.screen.files
    assert not told(world)
    assert not world.acts
    assert list(tmp_path.iterdir()) == []


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
