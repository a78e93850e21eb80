"""When a database fails: it is tried again where that helps, and said in one clear line where it does not."""

import asyncio
import sqlite3
import sys

import pytest
from msgspec.structs import replace
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.errors import ConfigError, StorageError
from bot.model.signature import NotTaken, Signed
from storage import keys
from storage.faults import as_trouble, kind_of, may_run_again
from storage.ledger import Ledger
from storage.postgres import ATTEMPTS
from storage.sqlite_faults import of_sqlite
from storage.tables import signature
from tests.storage.servers import execute
from tests.storage.world import PARK, Home, opened_petition, request, signed


def raising(code, runs, times):
    """Work that PostgreSQL refuses with this SQLSTATE, the first `times` times."""

    def work(connection):
        runs.append(1)
        if len(runs) <= times:
            connection.execute(text(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{code}'; END $$"))
        return "done"

    return work


@pytest.mark.parametrize("code", ["40001", "40P01"], ids=["serialization failure", "deadlock"])
async def test_what_postgres_asks_to_run_again_is_run_again(postgres_home, code):
    async with postgres_home.database() as database:
        runs = []
        assert await database.write(raising(code, runs, 2)) == "done"
        assert len(runs) == 3


async def test_running_again_has_an_end(postgres_home):
    async with postgres_home.database() as database:
        runs = []
        with pytest.raises(DBAPIError):
            await database.write(raising("40001", runs, 99))
        assert len(runs) == ATTEMPTS


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("53100", "the server's disk is full"),
        ("53300", "too many connections"),
        ("53200", "out of resources"),
        ("57P01", "going down or was interrupted"),
        ("25006", "is read-only"),
        ("55P03", "is locked by another process"),
        ("42501", "does not let this user do that"),
        ("58030", "a system error"),
        ("XX000", "an internal error"),
        ("08006", "broke the connection"),
    ],
)
async def test_trouble_with_a_server_is_one_clear_line(postgres_home, code, said):
    async with postgres_home.database() as database:
        with pytest.raises(StorageError, match=said) as caught:
            await database.write(raising(code, [], 1))
    assert "\n" not in str(caught.value)


async def test_a_connection_lost_in_mid_sentence_is_trouble_and_the_next_one_works(postgres_home):
    async with postgres_home.database() as database:
        with pytest.raises(StorageError):
            await database.write(lambda on: on.execute(text("SELECT pg_terminate_backend(pg_backend_pid())")))
        assert await database.write(lambda on: on.execute(text("SELECT 1")).scalar()) == 1


async def test_a_server_that_dropped_everybody_is_asked_again(postgres, postgres_home):
    async with postgres_home.ports() as ports:
        petition = await opened_petition(ports)
        dropping = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname LIKE 'u%'"
        )
        await asyncio.to_thread(execute, postgres, dropping)
        assert isinstance(await ports.signatures.sign(request(petition)), Signed)


async def test_bad_data_is_not_trouble_with_the_storage(home):
    async with home.database() as database:
        with pytest.raises(IntegrityError):
            await database.write(lambda on: on.execute(text("INSERT INTO meta (name) VALUES ('x')")))


def test_postgres_without_its_driver_says_what_to_install(key_file, monkeypatch):
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    with pytest.raises(ConfigError, match="undersigned\\[postgres\\]"):
        Home("postgresql://h/d", key_file).maintenance.migrate()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("database or disk is full", "the disk is full"),
        ("attempt to write a readonly database", "is read-only"),
        ("database is locked", "locked by another process"),
        ("unable to open database file", "its folder exists"),
        ("disk I/O error", "the disk reports an error"),
        ("no such table: petition", "undersigned migrate"),
        ("something new", "failed: something new."),
    ],
)
def test_trouble_with_a_file_is_one_clear_line(said, told):
    trouble = of_sqlite(sqlite3.OperationalError(said), "The database x")
    assert told in str(trouble)
    assert str(trouble).startswith("The database x")


def test_what_is_about_the_data_is_no_trouble_with_the_storage():
    for error in (
        sqlite3.IntegrityError("x"),
        sqlite3.DataError("x"),
        sqlite3.ProgrammingError("x"),
        ValueError("x"),
    ):
        assert as_trouble(error, "x") is None
    assert as_trouble(DBAPIError("q", None, Exception("x")), "x") is None
    lost = DBAPIError("q", None, Exception("x"), connection_invalidated=True)
    assert "broke the connection" in str(as_trouble(lost, "x"))
    assert as_trouble(trouble := StorageError("x"), "y") is trouble
    assert not may_run_again(ValueError())


def test_the_log_names_kinds_of_errors_and_not_what_they_quote():
    wrapped = IntegrityError("INSERT …", None, sqlite3.IntegrityError("Zaphod"))
    assert kind_of(wrapped) == "IntegrityError IntegrityError"
    assert kind_of(ValueError("Zaphod")) == "ValueError"


async def test_a_signature_that_does_not_decrypt_is_not_mistaken_for_none(ports, home):
    petition = await opened_petition(ports)
    await signed(ports, petition)
    await home.run(update(signature).values(identity=b"\x00\x01broken"))

    assert await ports.signatures.sign(request(petition)) == NotTaken(busy=False)
    assert isinstance(await ports.signatures.sign(request(petition, "ben")), Signed)


async def test_a_change_to_no_petition_is_the_callers_mistake(home):
    async with home.database() as database:
        ledger = Ledger(database.dialect)
        with pytest.raises(LookupError):
            await database.write(lambda on: ledger.lock(on, 999))


async def test_a_failure_that_is_not_about_the_slug_is_not_hidden(ports, monkeypatch):
    monkeypatch.setattr("storage.petition_changes.random_id", lambda characters: "samesame")
    await ports.petitions.add(PARK)
    with pytest.raises(IntegrityError):
        await ports.petitions.add(replace(PARK, slug="pool"))


def test_nothing_of_a_key_is_in_its_error(tmp_path):
    (tmp_path / "k").write_text('{"format": 1, "pepper": "c2VjcmV0", "keys": {}, "current": 1}')
    with pytest.raises(ConfigError) as caught:
        keys.load(tmp_path / "k")
    assert "c2VjcmV0" not in str(caught.value)
