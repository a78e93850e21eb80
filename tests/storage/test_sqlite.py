"""What waits for SQLite's threads is done together, and nobody notices who it was done with."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from sqlalchemy import text

from bot.errors import StorageError
from storage.sqlite import WRITING, connect, set_up

COUNT = text("SELECT count(*) FROM meta")


def adding(name, runs=None):
    def work(connection):
        if runs is not None:
            runs.append(name)
        connection.execute(text("INSERT INTO meta (name, value) VALUES (:name, '')"), {"name": name})
        return name

    return work


def failing(connection):
    raise LookupError("nothing there")


@pytest.fixture
async def database(sqlite_home):
    async with sqlite_home.database() as database:
        yield database


async def test_what_waits_is_written_in_one_transaction(database):
    said: list[str] = []
    await database.write(lambda on: on.connection.driver_connection.set_trace_callback(said.append))
    await asyncio.gather(*(database.write(adding(f"n{number}")) for number in range(20)))
    said.remove("COMMIT")  # of the first
    assert (said.count("BEGIN IMMEDIATE"), said.count("COMMIT")) == (1, 1)
    assert sum(each.startswith("INSERT") for each in said) == 20


async def test_whoever_fails_fails_alone_and_the_others_are_written_once(database):
    runs: list[str] = []
    before = await database.read(lambda on: on.execute(COUNT).scalar())
    works = [adding("one", runs), failing, adding("one", runs), adding("two", runs)]
    one, lost, twice, two = await asyncio.gather(*map(database.write, works), return_exceptions=True)
    assert (one, two) == ("one", "two")
    assert isinstance(lost, LookupError)
    assert "UNIQUE" in str(twice)
    assert await database.read(lambda on: on.execute(COUNT).scalar()) == before + 2


async def test_what_is_written_is_seen_by_whoever_asks_afterwards(database):
    async def write_and_look(name):
        await database.write(adding(name))
        wanted = text("SELECT count(*) FROM meta WHERE name = :name")
        return await database.read(lambda on: on.execute(wanted, {"name": name}).scalar())

    assert await asyncio.gather(*(write_and_look(f"n{number}") for number in range(50))) == [1] * 50


async def test_whoever_has_gone_keeps_nobody_waiting(database):
    waiting = [asyncio.create_task(database.write(adding(f"n{number}"))) for number in range(5)]
    await asyncio.sleep(0)
    waiting[2].cancel()
    told = await asyncio.gather(*waiting, return_exceptions=True)
    assert [each for each in told if isinstance(each, str)] == ["n0", "n1", "n3", "n4"]


async def test_trouble_with_the_storage_is_told_to_everyone_at_once(database):
    runs: list[str] = []

    def locked(connection):
        runs.append("locked")
        raise StorageError("locked by another process")

    told = await asyncio.gather(
        *(database.write(work) for work in (locked, adding("one"), locked)), return_exceptions=True
    )
    assert [type(each) for each in told] == [StorageError] * 3
    assert runs == ["locked"]  # waiting for a lock takes long: not once for each


async def test_reading_can_change_nothing(database):
    with pytest.raises(StorageError, match="read-only"):
        await database.read(adding("one"))


def test_those_who_set_up_one_new_file_at_once_wait_for_each_other(tmp_path):
    def mode(file):
        with closing(connect(file)) as connection:
            set_up(connection, *WRITING)
            return connection.execute("PRAGMA journal_mode").fetchone()

    with ThreadPoolExecutor(6) as threads:
        for number in range(50):
            assert set(threads.map(mode, [tmp_path / f"{number}.db"] * 6)) == {("wal",)}
