"""Rotating the key: nothing is lost, whenever it is cut short, and whoever runs meanwhile goes on."""

import asyncio
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, func, select

from bot.errors import KeyMismatchError
from bot.model.account import Place, PlaceKind
from bot.model.roster import Wanted
from bot.ports import Draft, Post
from storage import keyfile, keys, rotation
from storage.sealed import HASHES, SEALED
from storage.tables import audit, meta, metadata, signature
from storage.vault import ID_BYTES
from tests.storage.world import NOON, member, opened_petition, signed

WORKER = """
import asyncio, sys
from pathlib import Path
import storage
from storage import rotation
from tests.storage.world import Clock

rotation.BATCH = 4

def tell(done, total):
    if done:
        print("began", flush=True)
        sys.stdin.read()

asyncio.run(storage.SqlMaintenance(sys.argv[1], Path(sys.argv[2]), Clock()).rotate_key(tell))
"""


@pytest.fixture(autouse=True)
def _noticed_at_once(monkeypatch):
    monkeypatch.setattr(rotation, "NOTICED", 0)
    monkeypatch.setattr(keyfile, "NOTICED", 0)


async def rotate(home):
    return await home.maintenance.rotate_key(lambda done, total: None)


async def key_ids(home, sealed):
    """Under which keys the values of a column are."""
    wanted = select(func.substr(sealed.column, 1, ID_BYTES)).where(sealed.column.is_not(None))
    return {int.from_bytes(value, "big") for (value,) in await home.run(wanted)}


async def names(ports, petition):
    return await ports.roster.read(
        petition.id, lambda on: [name for page in on.pages(Wanted()) for name in page.name]
    )


async def populated(ports):
    """A petition with signers, and one of everything else that is encrypted."""
    petition = await opened_petition(ports)
    for place in range(9):
        await signed(ports, petition, f"m{place}")
    square = await ports.communities.ensure(Place("discord", "77", PlaceKind.GROUP, "The square"))
    await ports.communities.posted(square, petition.id, Post("post 1", NOON))
    await ports.drafts.save(member("dan"), Draft("f1", "t1", 0, {"name": "Dan"}))
    await ports.notices.ask(member("ana"), petition.id, "es")
    await ports.organisers.actor(member("org"), "en")
    await ports.organisers.set_key(member("org"), "age1example")
    await ports.removals.plan(member("org"), "9000org:17", timedelta())
    return petition


async def readable(ports, petition):
    """Everything that `populated` made, read again."""
    square = await ports.communities.ensure(Place("discord", "77", PlaceKind.GROUP, "The square"))
    draft = await ports.drafts.get(member("dan"), "f1")
    return {
        "names": await names(ports, petition),
        "place": (await ports.communities.names([square]))[square],
        "post": (await ports.communities.last_post(square, petition.id)).reference,
        "draft": dict(draft.values),
        "key": await ports.organisers.key(member("org")),
        "removals": [each.reference for each in await ports.removals.due("telegram")],
    }


async def test_everything_is_encrypted_anew_and_reads_as_before(home):
    async with home.ports() as ports:
        petition = await populated(ports)
        before = await readable(ports, petition)
    key_id, done = await rotate(home)
    assert key_id == 2
    assert done == 9 * 2 + 7
    for columns in SEALED.values():
        for sealed in columns:
            assert await key_ids(home, sealed) <= {2}, sealed.field
    async with home.ports() as ports:
        assert await readable(ports, petition) == before


async def test_whatever_is_in_the_tables_as_bytes_is_encrypted_or_a_hash():
    of_bytes = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.c
        if isinstance(column.type, LargeBinary)
    }
    sealed = {f"{each.column.table.name}.{each.column.name}" for each in sum(SEALED.values(), ())}
    assert sealed | HASHES == of_bytes
    assert sealed & HASHES == set()


async def test_the_key_file_keeps_its_mode_and_its_old_keys(home):
    home.key_file.chmod(0o600)
    old = keys.load(home.key_file)
    await rotate(home)
    new = keys.load(home.key_file)
    assert (new.current, new.key_ids) == (2, (1, 2))
    assert old.checks().items() <= new.checks().items()
    assert home.key_file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in home.key_file.parent.glob("*.new")] == []


async def test_an_old_copy_of_the_key_file_is_refused_afterwards(home):
    old = home.key_file.read_bytes()
    await rotate(home)
    home.key_file.write_bytes(old)
    with pytest.raises(KeyMismatchError, match="its copy"):
        async with home.ports():
            pytest.fail("it opened")


async def test_a_process_that_runs_meanwhile_reads_and_writes_on(home):
    async with home.ports() as running:
        petition = await populated(running)
        before = await readable(running, petition)
        await rotate(home)
        assert await readable(running, petition) == before
        given = await signed(running, petition, "late")
        assert (await running.signatures.get(given.form, member("late"))).identity.name == "Late"
    assert await key_ids(home, SEALED[signature][0]) == {2}


async def test_what_a_running_process_writes_under_the_old_key_is_rewritten_too(home, monkeypatch):
    monkeypatch.setattr(keyfile, "NOTICED", 3600)  # it never looks
    async with home.ports() as running:
        petition = await populated(running)
        signers = iter(["late", "later"])

        async def meanwhile(_):
            await signed(running, petition, next(signers, None) or "last")

        monkeypatch.setattr(rotation.asyncio, "sleep", meanwhile)
        await rotate(home)
    assert await key_ids(home, SEALED[signature][0]) == {2}


async def test_rotating_twice_adds_two_keys(home):
    assert (await rotate(home))[0] == 2
    assert (await rotate(home))[0] == 3
    assert keys.load(home.key_file).key_ids == (1, 2, 3)


async def test_it_is_in_the_audit_log(home):
    await rotate(home)
    (line,) = await home.run(select(audit.c.role, audit.c.what, audit.c.detail))
    assert tuple(line) == ("operator", "key rotate", "to key 2, 0 values")


# --- cut short ---


def kill_half_way(home):
    command = [sys.executable, "-c", WORKER, home.url, home.key_file]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
        assert worker.stdout.readline() == b"began\n"
        worker.send_signal(signal.SIGKILL)


class CutShortError(Exception):
    """What stands for the plug being pulled: nothing that was not committed is there."""


@pytest.mark.parametrize("step", ["extend", "keycheck.bind", "_batch", "_finish"])
async def test_cut_short_anywhere_it_is_finished_by_doing_it_again(home, monkeypatch, step):
    async with home.ports() as ports:
        petition = await populated(ports)
        before = await readable(ports, petition)

    def cut(*arguments, **named):
        raise CutShortError

    owner, _, name = step.rpartition(".")
    with monkeypatch.context() as patch:
        patch.setattr(getattr(rotation, owner) if owner else rotation, name, cut)
        with pytest.raises(CutShortError):
            await rotate(home)
    async with home.ports() as ports:
        assert await readable(ports, petition) == before
    key_id, _ = await rotate(home)
    assert key_id == 2
    assert keys.load(home.key_file).key_ids == (1, 2)
    assert await home.run(select(meta.c.value).where(meta.c.name == rotation.MARK)) == []
    for columns in SEALED.values():
        for sealed in columns:
            assert await key_ids(home, sealed) <= {2}, sealed.field
    async with home.ports() as ports:
        assert await readable(ports, petition) == before


async def test_killed_half_way_it_goes_on_where_it_stood(sqlite_home):
    home = sqlite_home
    async with home.ports() as ports:
        petition = await populated(ports)
        before = await readable(ports, petition)
    await asyncio.to_thread(kill_half_way, home)
    assert await key_ids(home, SEALED[signature][0]) == {1, 2}
    async with home.ports() as ports:
        assert await readable(ports, petition) == before
    key_id, done = await rotate(home)
    assert key_id == 2
    assert 0 < done <= 9 * 2 + 7 - 8
    async with home.ports() as ports:
        assert await readable(ports, petition) == before
    assert await key_ids(home, SEALED[signature][0]) == {2}


# --- a running process and its key file ---


def test_a_key_file_that_becomes_unreadable_or_another_one_changes_nothing(tmp_path):
    path = tmp_path / "k"
    keys.create(path)
    known = keys.load(path)
    watch = keyfile.KeyWatch(path)
    assert watch.newer(known).checks() == known.checks()
    assert watch.newer(known) is None  # it has not changed since
    path.write_text("damaged")
    assert watch.newer(known) is None
    path.unlink()
    assert watch.newer(known) is None
    keys.create(path)
    assert watch.newer(known) is None
    assert watch.newer(known, now=True) is None


def test_a_link_to_the_key_file_stays_a_link(tmp_path):
    keys.create(tmp_path / "real")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert keyfile.extend(tmp_path / "link", 2).current == 2
    assert (tmp_path / "link").is_symlink()
    assert keys.load(tmp_path / "real").key_ids == (1, 2)
    assert keyfile.extend(tmp_path / "link", 2).key_ids == (1, 2)
