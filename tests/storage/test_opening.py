"""Opening a storage: what must fit, and the one clear line where it does not."""

import asyncio
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

import storage
from bot.errors import ConfigError, KeyMismatchError, StorageError
from bot.model.petition import Act
from bot.model.signature import NotTaken
from storage import schema
from storage.addresses import parse_url
from storage.partial_indexes import metadata
from storage.statements import sqlalchemy
from tests.storage.servers import address, execute
from tests.storage.world import Clock, Home, opened_petition, request, signed

REVISIONS = sorted(path.name[:4] for path in schema.MIGRATIONS.glob("versions/0*.py"))


async def refusal(home, error):
    with pytest.raises(error) as caught:
        async with home.ports():
            pass
    assert "\n" not in str(caught.value)
    return str(caught.value)


def empty_home(tmp_path, name="undersigned.sqlite"):
    home = Home(f"sqlite:///{tmp_path / name}", tmp_path / "undersigned.key")
    home.maintenance.create_keys()
    return home


async def test_the_migrated_schema_is_that_of_the_tables(home):
    async with home.database() as database:
        differences = await database.read(
            lambda on: compare_metadata(MigrationContext.configure(sqlalchemy(on)), metadata)
        )
    assert differences == []


async def test_migrating_twice_does_nothing_twice(home):
    assert home.maintenance.migrate() == []
    async with home.ports() as ports:
        await opened_petition(ports)
    assert home.maintenance.migrate() == []


def test_migrating_makes_a_private_database(tmp_path):
    home = empty_home(tmp_path)
    assert home.maintenance.migrate() == REVISIONS
    assert home.path.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(home.path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


async def test_processes_that_migrate_at_once_migrate_once(tmp_path):
    home = empty_home(tmp_path)
    applied = await asyncio.gather(*(asyncio.to_thread(home.maintenance.migrate) for _ in range(4)))

    assert sorted(applied) == [[], [], [], REVISIONS]


async def test_processes_that_migrate_one_postgres_at_once_migrate_once(postgres, tmp_path, key_file):
    await asyncio.to_thread(execute, postgres, "CREATE DATABASE racing")
    home = Home(address(postgres, "racing"), key_file)
    applied = await asyncio.gather(*(asyncio.to_thread(home.maintenance.migrate) for _ in range(4)))

    assert sorted(applied) == [[], [], [], REVISIONS]


async def test_a_database_that_is_not_there_is_not_made_in_passing(tmp_path):
    home = empty_home(tmp_path)
    said = await refusal(home, StorageError)

    assert "undersigned.sqlite is not there" in said
    assert "`undersigned migrate`" in said
    assert not home.path.exists()


async def test_a_missing_folder_is_named(tmp_path):
    home = empty_home(tmp_path, "nowhere/undersigned.sqlite")
    assert "is not there" in await refusal(home, StorageError)
    with pytest.raises(StorageError, match=r"nowhere/undersigned.sqlite can't be created.*Check its folder"):
        home.maintenance.migrate()


async def test_an_empty_database_is_to_be_migrated(tmp_path):
    home = empty_home(tmp_path)
    home.path.touch()
    assert "Run `undersigned migrate`" in await refusal(home, StorageError)


async def test_an_older_database_is_to_be_migrated(home, monkeypatch):
    monkeypatch.setattr(schema, "newest", lambda: "9999")
    assert f"of an older version ({REVISIONS[-1]}). Run `undersigned migrate`" in await refusal(
        home, StorageError
    )


async def test_a_newer_database_is_left_alone(sqlite_home):
    with closing(sqlite3.connect(sqlite_home.path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()

    assert "written by a newer version of Undersigned (9999)" in await refusal(sqlite_home, StorageError)
    with pytest.raises(StorageError, match="newer version"):
        sqlite_home.maintenance.migrate()


async def test_something_else_is_no_database(tmp_path):
    home = empty_home(tmp_path)
    home.path.write_text("hello, I am a letter to the mayor" * 100)

    assert "is not a database of Undersigned" in await refusal(home, StorageError)


async def test_a_damaged_database_is_one_clear_line(sqlite_home):
    content = bytearray(sqlite_home.path.read_bytes())
    content[5000:] = b"\xff" * (len(content) - 5000)
    sqlite_home.path.write_bytes(content)

    assert "is damaged" in await refusal(sqlite_home, StorageError)


async def test_without_its_key_file_a_storage_does_not_open(home):
    home.key_file.unlink()
    assert "can't be made again" in await refusal(home, ConfigError)


async def test_another_key_file_does_not_fit(home):
    home.key_file.unlink()
    home.maintenance.create_keys()

    assert "was not encrypted under the key file" in await refusal(home, KeyMismatchError)
    with pytest.raises(KeyMismatchError):
        home.maintenance.migrate()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "not a database address"),
        ("undersigned.sqlite", "not a database address"),
        ("sqlite://", "must name a file"),
        ("sqlite:///:memory:", "must name a file"),
        ("mysql://u:secret@h/d", "knows sqlite and postgresql"),
    ],
)
def test_an_address_that_is_none_is_one_clear_line(url, said):
    with pytest.raises(ConfigError, match=said) as caught:
        parse_url(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("sqlite:///a.sqlite", "sqlite:///a.sqlite"),
        ("sqlite+aiosqlite:////var/a.sqlite", "sqlite:////var/a.sqlite"),
        ("postgresql://u@h/d", "postgresql+asyncpg://u@h/d"),
        ("postgres://u@h/d", "postgresql+asyncpg://u@h/d"),
        ("postgresql+asyncpg://u@h:1/d", "postgresql+asyncpg://u@h:1/d"),
    ],
)
def test_addresses_have_a_normal_form(url, normal):
    assert parse_url(url).render_as_string() == normal


async def test_a_server_that_is_down_is_one_clear_line(tmp_path, key_file):
    home = Home("postgresql://u:geheim@127.0.0.1:9/d", key_file)
    said = await refusal(home, StorageError)

    assert "The database d at 127.0.0.1 can't be reached" in said
    assert "geheim" not in said


async def test_a_database_that_the_server_does_not_have_is_one_clear_line(postgres, key_file):
    home = Home(address(postgres, "nowhere"), key_file)
    assert "does not exist. Create it" in await refusal(home, StorageError)


async def test_a_locked_database_makes_people_wait_and_then_try_again(sqlite_home, monkeypatch):
    monkeypatch.setattr("storage.sqlite.BUSY_SECONDS", 0.05)
    monkeypatch.setattr("storage.sqlite.WRITING", ("busy_timeout=50",))
    async with sqlite_home.ports() as ports:
        petition = await opened_petition(ports)
        with closing(sqlite3.connect(sqlite_home.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert await ports.signatures.sign(request(petition)) == NotTaken(busy=True)
            assert (await ports.tally.totals(petition.id)).counted == 0  # reading goes on
            with pytest.raises(StorageError, match="locked by another process"):
                await ports.petitions.act("park", Act.CLOSE)
            other.execute("ROLLBACK")
        await signed(ports, petition)


async def test_a_full_disk_loses_nothing_that_was_stored(sqlite_home):
    async with sqlite_home.ports() as ports:
        petition = await opened_petition(ports)
        await signed(ports, petition, "ana")
        limit = "PRAGMA max_page_count=1"  # SQLite raises it to the present size

        def fill(connection):
            connection.exec_driver_sql(limit)

        await ports.signatures._database.write(fill)
        asked = [request(petition, f"m{number}") for number in range(400)]
        results = await asyncio.gather(*map(ports.signatures.sign, asked))
        assert set(results) == {NotTaken(busy=True)}
        assert (await ports.tally.totals(petition.id)).counted == 1
    async with sqlite_home.ports() as ports:
        await signed(ports, petition, "ben")
        assert (await ports.tally.totals(petition.id)).counted == 2


async def test_a_database_that_vanished_is_one_clear_line(sqlite_home):
    async with sqlite_home.ports() as ports:
        petition = await opened_petition(ports)
        kept = sqlite_home.path.rename(sqlite_home.path.with_name("kept"))
        assert await ports.signatures.sign(request(petition)) == NotTaken(busy=True)
        kept.rename(sqlite_home.path)
        await signed(ports, petition)


def test_importing_storage_is_quick(tmp_path):
    code = "import sys, storage; sys.exit('sqlalchemy' in sys.modules or 'alembic' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
    with pytest.raises(AttributeError):
        storage.nothing  # noqa: B018  # asking is the test


def test_a_home_for_keys_can_be_copied_and_opened(sqlite_home, tmp_path):
    copied = shutil.copy(sqlite_home.key_file, tmp_path / "copy.key")
    assert Home(sqlite_home.url, copied, Clock()).maintenance.migrate() == []
