"""The list of signatures as it is handed on: complete, in order, of one instant, in little memory."""

import asyncio
import threading
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import select, update

from bot.errors import LostError
from bot.model.account import Place, PlaceKind
from bot.model.petition import Act, Reach
from bot.model.roster import Wanted
from bot.model.signature import Change, Identity, Status
from storage import roster, rotation, sorting
from storage.instants import instant
from storage.sorting import in_order
from storage.tables import signature
from tests.bot.fake_lists import Entry
from tests.storage.world import NOON, PARK, change, found, held, member, opened_petition, signed


async def listed(ports, petition, wanted=None, **which):
    return await ports.roster.read(petition.id, lambda reading: rows(reading, wanted or Wanted(**which)))


def rows(reading, wanted=None):
    return [Entry(*row) for page in reading.pages(wanted or Wanted()) for row in zip(*page, strict=True)]


async def test_every_counted_signature_is_listed_by_number_with_all_that_was_given(ports):
    petition = await opened_petition(ports)
    square = await ports.communities.ensure(Place("discord", "77", PlaceKind.GROUP, "The square"))
    await signed(ports, petition, "ana", identity=Identity("Ana", "For the trees"), community=square)
    await signed(ports, petition, "bob", reach=Reach.ORGANISERS)
    first, second = await listed(ports, petition)
    assert (first.number, first.name, first.comment, first.community) == (1, "Ana", "For the trees", square)
    assert (first.status, first.platform, first.language) == (Status.COUNTED, "telegram", "en")
    assert first.day == NOON.date().isoformat()
    assert instant(first.at) == NOON
    assert (second.number, second.name, second.reach) == (2, "Bob", Reach.ORGANISERS)
    assert await ports.roster.read(petition.id, lambda reading: dict(reading.communities)) == {
        square: "The square"
    }


async def test_a_list_has_those_signatures_only_that_were_asked_for(ports):
    petition = await opened_petition(ports)
    kept = await signed(ports, petition, "ana", reach=Reach.EVERYONE)
    struck = await signed(ports, petition, "bob")
    gone = await signed(ports, petition, "eve")
    await held(ports, petition, "ida")
    await change(ports, struck.form, Change.STRIKE)
    await ports.signatures.withdraw(gone.form)
    assert [one.name for one in await listed(ports, petition)] == ["Ana"]
    assert [one.name for one in await listed(ports, petition, status=Status.STRUCK)] == ["Bob"]
    assert [one.name for one in await listed(ports, petition, status=Status.WITHDRAWN)] == [None]
    assert [one.name for one in await listed(ports, petition, status=Status.HELD)] == ["Ida"]
    assert await listed(ports, petition, reaches=frozenset({Reach.ORGANISERS})) == []
    everyone = await listed(ports, petition, reaches=frozenset({Reach.EVERYONE}))
    assert [one.number for one in everyone] == [kept.number]


async def test_another_petitions_signers_are_not_listed(ports):
    petition = await opened_petition(ports)
    other = await opened_petition(ports, PARK.__class__("lake", PARK.texts))
    await signed(ports, other, "bob")
    assert await listed(ports, petition) == []
    with pytest.raises(LookupError):
        await ports.roster.read(999, lambda reading: None)


async def test_by_name_the_order_says_nothing_of_who_signed_first(ports):
    petition = await opened_petition(ports)
    names = ["Zoë", "émile Zola", "Emile Zola", "Άννα", "O’Brien", "obrien", "Ana", "王小明", "Ana"]
    for place, name in enumerate(names):
        await signed(ports, petition, f"m{place}", identity=Identity(name, "z" if place == 6 else "a"))
    entries = await listed(ports, petition, by_name=True)
    assert [one.name for one in entries] == [
        "Ana", "Ana", "Emile Zola", "émile Zola", "O’Brien", "obrien", "Zoë", "Άννα", "王小明",
    ]  # fmt: skip
    assert [one.comment for one in entries[:2]] == ["a", "z"]


async def test_a_list_is_of_one_instant_however_long_it_is_read(ports):
    petition = await opened_petition(ports)
    await signed(ports, petition, "ana")
    reading, signed_since = threading.Event(), threading.Event()

    def slowly(on):
        totals = on.totals
        reading.set()
        assert signed_since.wait(20)
        return totals.counted, len(rows(on))

    slow = asyncio.create_task(ports.roster.read(petition.id, slowly))
    await asyncio.to_thread(reading.wait, 20)
    await signed(ports, petition, "bob")
    signed_since.set()
    assert await slow == (1, 1)
    assert len(await listed(ports, petition)) == 2


async def test_a_list_that_nobody_waits_for_any_more_ends_by_itself(ports):
    petition = await opened_petition(ports)
    for name in ("ana", "bob"):
        await signed(ports, petition, name)
    reading, cancelled, ended = threading.Event(), threading.Event(), threading.Event()

    def to_its_end(on):
        reading.set()
        cancelled.wait(20)
        try:
            rows(on)
        except roster.StoppedError:
            ended.set()
            raise

    task = asyncio.create_task(ports.roster.read(petition.id, to_its_end))
    await asyncio.to_thread(reading.wait, 20)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    cancelled.set()
    assert await asyncio.to_thread(ended.wait, 20)


# --- pages ---


@pytest.mark.parametrize("signers", [0, 1, 2, 5])
async def test_pages_hold_every_signature_once_and_in_order(ports, monkeypatch, signers):
    monkeypatch.setattr(roster, "PAGE", 2)
    petition = await opened_petition(ports)
    for place in range(signers):
        await signed(ports, petition, f"m{place}")
    pages = await ports.roster.read(petition.id, lambda on: [page.number for page in on.pages(Wanted())])
    assert [number for page in pages for number in page] == list(range(1, signers + 1))
    assert all(1 <= len(page) <= 2 for page in pages)
    by_name = await listed(ports, petition, by_name=True)
    assert [one.name for one in by_name] == [f"M{place}" for place in range(signers)]


async def test_a_page_says_nothing_of_whom_it_holds(ports):
    petition = await opened_petition(ports)
    await signed(ports, petition, "ana")
    told = await ports.roster.read(petition.id, lambda on: repr(list(on.pages(Wanted()))))
    assert told == "[Page(…)]"


async def test_a_list_is_read_though_its_key_is_newer_than_the_process(home, monkeypatch):
    monkeypatch.setattr(rotation, "NOTICED", 0)
    async with home.ports() as ports:
        petition = await opened_petition(ports)
        for who in ("ana", "bob"):
            await signed(ports, petition, who)
        await home.maintenance.rotate_key(lambda done, total: None)
        assert [one.name for one in await listed(ports, petition)] == ["Ana", "Bob"]


async def three(ports):
    petition = await opened_petition(ports)
    for who in ("ana", "bob", "eve"):
        await signed(ports, petition, who)
    return petition


def tampered(sealed):
    return sealed[:-1] + bytes([sealed[-1] ^ 1])


LOST = {
    "gone": lambda _: None,
    "empty": lambda _: b"",
    "altered": tampered,
    "cut off": lambda sealed: sealed[:9],
}


@pytest.mark.parametrize("loss", LOST)
@pytest.mark.parametrize("column", ["identity", "context"])
@pytest.mark.parametrize("by_name", [False, True])
async def test_a_value_that_is_lost_ends_the_list_and_is_told_by_its_number(
    ports, home, column, loss, by_name, monkeypatch
):
    monkeypatch.setattr(roster, "PAGE", 1)
    petition = await three(ports)
    for number in (2, 3):
        mine = signature.c.number == number
        (sealed,) = (await home.run(select(signature.c[column]).where(mine)))[0]
        await home.run(update(signature).where(mine).values({column: LOST[loss](sealed)}))
    with pytest.raises(
        LostError, match=r"of 2 signatures \(#\d, #\d\) the name, .*`undersigned verify`"
    ) as caught:
        await listed(ports, petition, by_name=by_name)
    assert (caught.value.count, sorted(caught.value.numbers)) == (2, [2, 3])
    assert "Bob" not in str(caught.value)


async def test_nobody_is_named_by_what_was_moved_from_another_row(ports, home):
    petition = await three(ports)
    (hers,) = (await home.run(select(signature.c.identity).where(signature.c.number == 1)))[0]
    await home.run(update(signature).where(signature.c.number == 2).values(identity=hers))
    with pytest.raises(LostError, match=r"\(#2\)"):
        await listed(ports, petition)


async def test_who_was_forgotten_after_the_delivery_ends_no_list(ports):
    petition = await three(ports)
    for act in (Act.CLOSE, Act.DELIVER):
        await ports.petitions.act("park", act)
    await ports.rights.forget(member("bob"))
    assert [one.name for one in await listed(ports, petition)] == ["Ana", None, "Eve"]


async def test_every_text_that_was_ever_signed_is_at_hand(ports):
    petition = await opened_petition(ports)
    await signed(ports, petition, "ana")
    changed = replace(PARK, texts=(replace(PARK.texts[0], letter="Keep it all."),))
    await ports.petitions.update("park", changed, seen=1)
    petition = await found(ports)
    await signed(ports, petition, "bob")
    texts = await ports.roster.read(petition.id, lambda reading: reading.texts)
    assert [(one.text.letter, one.counted) for one in texts.values()] == [
        ("Keep the park.", 1), ("Conservad el parque.", 0), ("Keep it all.", 1),
    ]  # fmt: skip


# --- sorting ---


@given(st.lists(st.tuples(st.text(max_size=5), st.integers())), st.integers(1, 20))
def test_what_is_sorted_in_parts_is_sorted_as_if_in_one(rows, run):
    in_parts = [tuple(row) for row in in_order(rows, run=run)]
    assert sorted(in_parts) == sorted(rows)
    assert [row[0] for row in in_parts] == sorted(row[0] for row in rows)


def test_what_is_spilled_to_disk_names_nobody(monkeypatch, tmp_path):
    monkeypatch.setattr(sorting.tempfile, "TemporaryFile", lambda: (tmp_path / "spilled").open("w+b"))
    rows = [[f"Marisol Quispe {place:04}"] for place in range(1000)]
    assert list(in_order(reversed(rows), run=100)) == rows
    written = (tmp_path / "spilled").read_bytes()
    assert len(written) > 10_000
    assert b"Marisol" not in written


def test_sorting_takes_no_more_memory_for_ten_times_as_many():
    def peak(rows):
        tracemalloc.start()
        assert (
            sum(1 for _ in in_order(([f"{place * 7919 % rows:09}"] for place in range(rows)), run=5_000))
            == rows
        )
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(100_000) < 2 * peak(10_000)
