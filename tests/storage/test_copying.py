"""Moving to another database: everything arrives, or nothing does; what is there is never overwritten."""

import pytest
from msgspec.structs import replace
from sqlalchemy import select, text

from bot.errors import ConfigError, KeyMismatchError, StorageError
from bot.model.account import Place, PlaceKind
from bot.model.community import Wishes
from bot.ports import Level
from storage import copying
from storage.tables import metadata, signature
from tests.storage.world import DAY, Home, found, member, opened_petition, signed


@pytest.fixture
def source(home) -> Home:
    return home


@pytest.fixture
def target(request, home, tmp_path):
    """An empty database of the other kind."""
    if home.url.startswith("postgresql"):
        return Home(f"sqlite:///{tmp_path / 'new.sqlite'}", home.key_file, home.clock)
    return Home(request.getfixturevalue("postgres_empty"), home.key_file, home.clock)


@pytest.fixture
def third(request, home, tmp_path):
    """An empty database of the kind of the first."""
    if home.url.startswith("sqlite"):
        return Home(f"sqlite:///{tmp_path / 'third.sqlite'}", home.key_file, home.clock)
    return Home(request.getfixturevalue("postgres_empty"), home.key_file, home.clock)


async def campaign(home):
    """A petition with some of everything that is stored."""
    async with home.ports() as ports:
        petition = await opened_petition(ports)
        place = Place("telegram", "-100", PlaceKind.GROUP, "Friends")
        follow = await ports.follows.follow(place, petition.id, "en", Wishes())
        mine = [await signed(ports, petition, f"m{number}", community=follow.id) for number in range(30)]
        await ports.signatures.withdraw(mine[3].form)
        while await ports.outbox.spread(lambda _, at: at):
            pass
    await home.maintenance.add_claim("CODE", home.clock() + DAY)
    return mine


async def rows(home):
    """All that is stored, by table."""
    async with home.database() as database:
        return await database.read(
            lambda on: {
                table.name: sorted(map(repr, on.execute(select(table)).all()))
                for table in metadata.sorted_tables
            }
        )


async def copied(source, target, progress=lambda done, of: None):
    return await source.maintenance.copy(target.url, progress)


async def test_everything_arrives_and_is_counted_again(source, target):
    mine = await campaign(source)
    told = []
    count, findings = await copied(source, target, lambda done, of: told.append((done, of)))

    there = await rows(target)
    assert there == await rows(source)
    assert sum(map(len, there.values())) == count
    assert told[-1] == (count, count)
    assert {finding.level for finding in findings} == {Level.OK}
    async with target.ports() as ports:
        [again] = await ports.signatures.of(member("m7"))
        assert (again.identity, again.code) == (mine[7].identity, mine[7].code)


async def test_signing_goes_on_where_it_stopped_and_new_rows_get_new_ids(source, target):
    await campaign(source)
    await copied(source, target)
    async with target.ports() as ports:
        petition = await found(ports)
        assert (await signed(ports, petition, "after")).number == 31
        second = await opened_petition(ports, replace(petition.content, slug="pool"))
        assert second.id > petition.id
        place = Place("telegram", "-200", PlaceKind.GROUP, "Neighbours")
        await ports.follows.follow(place, second.id, "en", Wishes())
    assert {finding.level for finding in await target.maintenance.verify()} == {Level.OK}


async def test_there_and_back_again(source, target, third):
    await campaign(source)
    await copied(source, target)
    await copied(target, third)
    assert await rows(third) == await rows(source)


async def test_a_database_that_holds_something_is_not_touched(source, target):
    await campaign(source)
    await copied(source, target)
    before = await rows(target)
    with pytest.raises(StorageError, match=r"is not empty|is there already"):
        await copied(source, target)
    assert await rows(target) == before


async def test_a_migrated_server_database_without_rows_is_empty_enough(sqlite_home, postgres_home):
    await campaign(sqlite_home)
    await copied(sqlite_home, postgres_home)
    assert await rows(postgres_home) == await rows(sqlite_home)


async def test_what_fails_in_the_middle_leaves_nothing(source, target):
    await campaign(source)

    def interrupted(done, of):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await copied(source, target, interrupted)
    count, _ = await copied(source, target)
    assert count == sum(map(len, (await rows(source)).values()))


async def test_a_row_that_does_not_arrive_is_noticed_and_nothing_is_kept(source, target, monkeypatch):
    await campaign(source)
    honest = copying._fill

    async def forgetful(reading, writing, table, *rest):
        return await honest(reading, writing, table, *rest) if table is not signature else rest[0]

    monkeypatch.setattr(copying, "_fill", forgetful)
    with pytest.raises(StorageError, match="Of 30 rows of the table signature, 0 arrived"):
        await copied(source, target)
    monkeypatch.setattr(copying, "_fill", honest)
    await copied(source, target)


async def test_a_database_in_use_is_not_copied(source, target):
    async with source.ports() as ports:
        await opened_petition(ports)
        with pytest.raises(StorageError, match="is in use"):
            await copied(source, target)
    await copied(source, target)


async def test_a_database_that_does_not_verify_is_not_copied(source, target):
    await campaign(source)
    await source.run(text("UPDATE totals SET counted = counted + 1"))
    with pytest.raises(StorageError, match="undersigned verify"):
        await copied(source, target)


async def test_the_wrong_key_and_the_wrong_address_are_told(source, target, tmp_path):
    with pytest.raises(ConfigError, match="not a database address"):
        await source.maintenance.copy("nonsense", lambda done, of: None)
    other = Home(source.url, tmp_path / "other.key")
    other.maintenance.create_keys()
    with pytest.raises(KeyMismatchError):
        await copied(other, target)


async def test_a_server_that_is_not_there_is_one_clear_line(sqlite_home):
    with pytest.raises(StorageError, match="can't be reached") as caught:
        await sqlite_home.maintenance.copy("postgresql://me:s3cret@127.0.0.1:1/x", lambda done, of: None)
    assert "s3cret" not in str(caught.value)
