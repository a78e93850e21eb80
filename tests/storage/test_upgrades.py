"""A database that an earlier version wrote comes up whole: every signature, name, receipt and count.

upgrades/first_release.json holds the rows that the first release wrote, with the key they are encrypted under. A
revision before that gets as much of them as it has tables and columns for.
"""

import base64
import json
import logging
from pathlib import Path

import pytest
from alembic import command
from msgspec.structs import replace
from sqlalchemy import Boolean, MetaData, insert, inspect

from bot.model.signature import Status
from bot.ports import Level
from storage import keycheck, schema
from storage.copying import number_on
from storage.keys import load
from storage.statements import sqlalchemy
from tests.storage.world import PARK, Home, found, member, opened_petition, signed

WRITTEN = json.loads((Path(__file__).parent / "upgrades" / "first_release.json").read_text("utf-8"))
FIRST_RELEASE = "0003"
EARLIER = [each.revision for each in schema._script().walk_revisions() if each.revision != schema.newest()]


@pytest.fixture(params=["sqlite", "postgres"])
def old_home(request, tmp_path):
    """An empty database, and the key file that stands with the rows."""
    key = tmp_path / "old.key"
    key.write_text(json.dumps(WRITTEN["key"]), "utf-8")
    if request.param == "postgres":
        return Home(request.getfixturevalue("postgres_empty"), key)
    (tmp_path / "old.sqlite").touch(0o600)
    return Home(f"sqlite:///{tmp_path / 'old.sqlite'}", key)


async def write(home, revision):
    """Have the database as it was at a revision, with the rows of then."""

    def work(given):
        connection = sqlalchemy(given)
        config = schema._config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        then = MetaData()
        then.reflect(connection)
        for name, rows in WRITTEN["tables"].items():
            if name in then.tables and rows:
                table = then.tables[name]
                connection.execute(insert(table), [_row(table, each) for each in rows])
        keycheck.bind(connection, load(home.key_file))

    async with home.database() as database:
        await database.write(work)


def _row(table, written):
    return {name: _value(table.c[name], value) for name, value in written.items() if name in table.c}


def _value(column, value):
    if isinstance(value, dict):
        return base64.b64decode(value["base64"])
    return bool(value) if isinstance(column.type, Boolean) and value is not None else value


@pytest.mark.parametrize("revision", EARLIER)
async def test_a_database_of_an_earlier_version_comes_up_whole(old_home, revision):
    await write(old_home, revision)
    assert revision not in old_home.maintenance.migrate()
    async with old_home.database() as database:
        await database.write(number_on)
    assert [each.text for each in await old_home.maintenance.verify() if each.level is Level.ERROR] == []
    async with old_home.ports() as ports:
        park, pool = await found(ports, "park"), await found(ports, "pool")
        [ben] = await ports.signatures.of(member("ben"))
        assert (ben.identity.name, ben.identity.comment, ben.number) == ("Ben Núñez", "It matters.", 3)
        assert (await ports.signatures.by_code(ben.code)).number == 3
        assert {each.status for each in await ports.signatures.of(member("eve"))} == {Status.HELD}
        totals = await ports.tally.totals(park.id)
        assert (totals.counted, totals.withdrawn, totals.held) == (2, 1, 1)
        assert (await signed(ports, pool, "zoe", answer="South")).number == 4
        assert (await opened_petition(ports, replace(PARK, slug="new"))).id > pool.id
    assert [each.text for each in await old_home.maintenance.verify() if each.level is Level.ERROR] == []


async def test_what_the_first_release_told_communities_goes_on(old_home):
    await write(old_home, FIRST_RELEASE)
    old_home.maintenance.migrate()
    async with old_home.ports() as ports:
        follows = await ports.follows.listed()
        assert {each.place.name for each in follows} == {"Friends of the park", "pool-talk"}
        assert await ports.boards.count("telegram") == 1
        assert sum((await ports.outbox.states()).values()) == len(WRITTEN["tables"]["delivery"])
        assert await ports.notices.asked(member(), (await found(ports, "park")).id)
        assert await ports.organisers.includes(member())


async def test_rows_are_written_for_every_table_that_the_first_release_had(old_home):
    await write(old_home, FIRST_RELEASE)
    async with old_home.database() as database:
        there = await database.read(lambda on: set(inspect(sqlalchemy(on)).get_table_names()))
    assert there - {"alembic_version"} == set(WRITTEN["tables"])


def test_an_operator_whose_database_is_not_where_it_was_reads_of_a_new_one(old_home, caplog):
    caplog.set_level(logging.INFO)
    old_home.maintenance.migrate()
    assert "It is new and empty." in caplog.text


async def test_a_database_of_an_earlier_version_is_not_called_new(old_home, caplog):
    caplog.set_level(logging.INFO)
    await write(old_home, FIRST_RELEASE)
    old_home.maintenance.migrate()
    assert schema.newest() in caplog.text
    assert "new and empty" not in caplog.text
