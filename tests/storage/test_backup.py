"""Backups: whole, of one instant, private; restoring them brings back what should come back and no more."""

import asyncio
import shutil
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import insert, select

from bot.errors import KeyMismatchError, StorageError
from bot.model.petition import Act
from bot.model.signature import Changed, Status, Totals
from bot.ports import Level
from storage.erasures import Erasure, Erasures
from storage.keys import load
from storage.tables import announcement, delivery, signature
from tests.storage.world import (
    DAY,
    HOUR,
    NOON,
    PARK,
    Home,
    member,
    opened_petition,
    request,
    signed,
)


@pytest.fixture
def home(sqlite_home):
    return sqlite_home


@pytest.fixture
def file(tmp_path):
    return tmp_path / "backup.sqlite"


async def troubles(home):
    return [finding for finding in await home.maintenance.verify() if finding.level is not Level.OK]


async def test_a_backup_brings_everything_back(home, file, clock):
    async with home.ports() as ports:
        petition = await opened_petition(ports)
        mine = await signed(ports, petition)
    home.maintenance.backup(file)
    home.path.unlink()
    clock.move(DAY)

    restored = home.maintenance.restore(file)

    assert (restored.made, restored.erased, restored.held_back) == (NOON, 0, 0)
    async with home.ports() as ports:
        assert await ports.signatures.get(mine.form, member()) == mine
        assert await ports.petitions.all() == [petition]
    assert await troubles(home) == []


async def test_a_backup_is_private_one_file_and_never_over_another(home, file):
    home.maintenance.backup(file)
    written = file.read_bytes()

    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.glob("backup.sqlite?*")) == []
    with pytest.raises(StorageError, match="is there already and is not overwritten"):
        home.maintenance.backup(file)
    assert file.read_bytes() == written


async def test_a_backup_is_of_one_instant_while_people_sign(home, file):
    async with home.ports() as ports:
        petition = await opened_petition(ports)

        async def sign_on(name):
            for number in range(40):
                await signed(ports, petition, f"{name}{number}")

        signing = [asyncio.create_task(sign_on(name)) for name in "ab"]
        for number in range(3):
            await asyncio.to_thread(home.maintenance.backup, file.with_name(f"b{number}"))
        await asyncio.gather(*signing)
        assert (await ports.tally.totals(petition.id)).counted == 80
    for number in range(3):
        copy = Home(f"sqlite:///{file.with_name(f'b{number}')}", home.key_file)
        assert await troubles(copy) == []


async def test_a_backup_that_fails_leaves_no_half_file(home, file, tmp_path):
    for folder, said in ((tmp_path / "nowhere" / "b", "can't be created"), (tmp_path, "is there already")):
        with pytest.raises(StorageError, match=said):
            home.maintenance.backup(folder)
    home.path.write_bytes(home.path.read_bytes()[:5000])
    with pytest.raises(StorageError):
        home.maintenance.backup(file)
    assert not file.exists()


async def test_what_was_withdrawn_since_does_not_come_back(home, file):
    async with home.ports() as ports:
        petition = await opened_petition(ports)
        mine = await signed(ports, petition, "ana")
        await signed(ports, petition, "ben")
        home.maintenance.backup(file)
        await ports.signatures.withdraw(mine.form)

    restored = home.maintenance.restore(file, replace=True)

    assert restored.erased == 1
    async with home.ports() as ports:
        back = await ports.signatures.get(mine.form, member("ana"))
        assert (back.status, back.identity, back.number) == (Status.WITHDRAWN, None, 1)
        assert await ports.tally.totals(petition.id) == Totals(1, 0, 1, 0, NOON, peak=2)
    assert await troubles(home) == []
    assert home.maintenance.restore(file, replace=True).erased == 1


async def test_who_asked_to_be_forgotten_leaves_no_trace_in_a_restored_backup(home, file):
    async with home.ports() as ports:
        petition = await opened_petition(ports)
        mine = await signed(ports, petition, "ana")
        gone = await signed(ports, petition, "ben")
        await ports.signatures.withdraw(gone.form)
        home.maintenance.backup(file)
    erasures = Erasures(home.key_file, load(home.key_file))
    for each in (mine, gone):
        erasures.record(Erasure.FORGOTTEN, each.form)

    assert home.maintenance.restore(file, replace=True).erased == 2
    rows = await home.run(select(signature))
    assert {(row.status, row.identity, row.context, row.account, row.code) for row in rows} == {
        ("withdrawn", None, None, None, None)
    }
    assert await troubles(home) == []


async def test_a_withdrawn_signature_in_the_backup_stays_withdrawn(home, file):
    async with home.ports() as ports:
        petition = await opened_petition(ports)
        mine = await signed(ports, petition)
        assert isinstance(await ports.signatures.withdraw(mine.form), Changed)
        home.maintenance.backup(file)

    assert home.maintenance.restore(file, replace=True).erased == 0


async def test_restoring_holds_back_what_was_due(home, file, clock):
    async with home.ports() as ports:
        petition = await opened_petition(ports)
        await ports.notices.ask(member(), petition.id, "en")
    told = {"petition": petition.id, "kind": "milestone", "total": 9, "at": NOON}
    await home.run(
        insert(announcement).values(
            [told | {"id": n, "state": s} for n, s in enumerate(("ready", "spread"), 5)]
        )
    )
    due = [
        ("due", NOON),
        ("due", NOON + 2 * DAY),
        ("in_flight", NOON + 2 * DAY),
        ("sent", NOON),
        ("failed", NOON),
    ]
    for number, (state, at) in enumerate(due, 10):
        await home.run(insert(announcement).values(told | {"id": number, "state": "spread"}))
        row = {"announcement": number, "owner": b"ana", "platform": "telegram", "token": f"token{number}"}
        row |= {"urgency": 1, "state": state, "due_at": at, "born_at": NOON}
        await home.run(insert(delivery).values(row))
    home.maintenance.backup(file)
    clock.move(DAY)

    assert home.maintenance.restore(file, replace=True).held_back == 4  # the opening, too
    states = [row.state for row in await home.run(select(delivery.c.state).order_by(delivery.c.announcement))]
    assert states == ["held_back", "due", "held_back", "sent", "failed"]


async def test_the_database_that_was_there_is_kept_aside(home, file, clock):
    async with home.ports() as ports:
        petition = await opened_petition(ports)
        home.maintenance.backup(file)
        await signed(ports, petition)

    with pytest.raises(StorageError, match=r"is there. `--replace`"):
        home.maintenance.restore(file)
    home.maintenance.restore(file, replace=True)

    aside = home.path.with_name("undersigned.sqlite.before-restore-20260308T120000Z")
    with closing(sqlite3.connect(aside)) as old, closing(sqlite3.connect(home.path)) as new:
        assert old.execute("SELECT count(*) FROM signature").fetchone() == (1,)
        assert new.execute("SELECT count(*) FROM signature").fetchone() == (0,)
    assert home.path.stat().st_mode & 0o777 == 0o600


async def test_a_database_in_use_is_not_replaced_under_its_user(home, file):
    async with home.ports() as ports:
        petition = await opened_petition(ports)
        home.maintenance.backup(file)
        await signed(ports, petition)
        with pytest.raises(StorageError, match=r"is in use. Stop `undersigned run`"):
            home.maintenance.restore(file, replace=True)
        await signed(ports, petition, "ben")
        assert (await ports.tally.totals(petition.id)).counted == 2
    assert list(home.path.parent.glob("*.restoring*")) == []


async def test_a_damaged_database_can_be_replaced(home, file):
    home.maintenance.backup(file)
    home.path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 9000)

    home.maintenance.restore(file, replace=True)

    async with home.ports() as ports:
        assert await ports.petitions.all() == []


async def test_a_stray_log_of_a_lost_database_does_no_harm(home, file):
    async with home.ports() as ports:
        await opened_petition(ports)
        home.maintenance.backup(file)
        log = home.path.with_name(home.path.name + "-wal")
        stray = log.read_bytes()
        await ports.petitions.act("park", Act.CLOSE)
    home.path.unlink()
    log.write_bytes(stray)

    home.maintenance.restore(file)
    assert await troubles(home) == []


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\x00" + b"\xff" * 5000])
async def test_what_is_no_backup_changes_nothing(home, file, content):
    file.write_bytes(content)
    before = home.path.read_bytes()
    with pytest.raises(StorageError) as caught:
        home.maintenance.restore(file, replace=True)

    assert "backup.sqlite" in str(caught.value) or "restoring" in str(caught.value)
    assert home.path.read_bytes() == before
    assert list(home.path.parent.iterdir()) == [home.path]


async def test_some_other_database_is_no_backup(home, file):
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE cats (name TEXT)")
    with pytest.raises(StorageError, match="none of its tables"):
        home.maintenance.restore(file, replace=True)
    with pytest.raises(StorageError, match="can't be read"):
        home.maintenance.restore(file.with_name("nothing"), replace=True)


async def test_a_backup_of_another_key_or_a_newer_version_is_refused(home, file):
    home.maintenance.backup(file)
    newer = shutil.copy(file, file.with_name("newer"))
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(StorageError, match="newer version"):
        home.maintenance.restore(newer, replace=True)
    home.key_file.unlink()
    home.maintenance.create_keys()
    with pytest.raises(KeyMismatchError, match=r"The backup .* was not encrypted"):
        home.maintenance.restore(file, replace=True)


async def test_a_plain_copy_of_the_file_can_be_restored_too(home, file, clock):
    async with home.ports() as ports:
        petition = await opened_petition(ports)
        await signed(ports, petition)
    shutil.copy(home.path, file)
    clock.move(HOUR)

    restored = home.maintenance.restore(file, replace=True)

    assert restored.made > NOON  # the file's own time
    async with home.ports() as ports:
        assert (await ports.tally.totals(petition.id)).counted == 1


async def test_after_a_restore_numbering_goes_on(home, file):
    async with home.ports() as ports:
        petition = await opened_petition(ports, PARK)
        await signed(ports, petition, "ana")
        home.maintenance.backup(file)
    home.maintenance.restore(file, replace=True)
    async with home.ports() as ports:
        assert (await signed(ports, petition, "ben")).number == 2
        again = await ports.signatures.sign(request(petition, "ana"))
        assert again.signature.number == 1


def test_postgresql_is_backed_up_with_its_own_tools(key_file, file):
    home = Home("postgresql://u:secret@h/d", key_file)
    with pytest.raises(StorageError, match="pg_dump") as caught:
        home.maintenance.backup(file)
    assert "secret" not in str(caught.value)
    with pytest.raises(StorageError, match="pg_restore"):
        home.maintenance.restore(file)
