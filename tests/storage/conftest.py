"""A home for a storage on SQLite and on a real PostgreSQL, set up once and copied for each test."""

import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

import storage
from bot.ports import Ports
from tests.storage.servers import address, execute
from tests.storage.world import Clock, Home


@pytest.fixture(scope="session")
def key_file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "undersigned.key"
    storage.SqlMaintenance("sqlite:///unused", path, Clock()).create_keys()
    return path


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory, key_file) -> Path:
    path = tmp_path_factory.mktemp("template") / "undersigned.sqlite"
    storage.SqlMaintenance(f"sqlite:///{path}", key_file, Clock()).migrate()
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres, key_file) -> str:
    execute(postgres, "ALTER SYSTEM SET fsync = off")  # it only lives as long as the tests
    execute(postgres, "SELECT pg_reload_conf()")
    execute(postgres, "CREATE DATABASE undersigned")
    storage.SqlMaintenance(address(postgres, "undersigned"), key_file, Clock()).migrate()
    return "undersigned"


@pytest.fixture
def sqlite_home(tmp_path, sqlite_template, key_file) -> Home:
    (tmp_path / "data").mkdir()
    (tmp_path / "keys").mkdir()
    path = shutil.copy(sqlite_template, tmp_path / "data" / "undersigned.sqlite")
    path.chmod(0o600)
    return Home(f"sqlite:///{path}", shutil.copy(key_file, tmp_path / "keys" / "undersigned.key"))


@pytest.fixture
def postgres_home(tmp_path, postgres, postgres_template, key_file) -> Iterator[Home]:
    name = f"u{uuid.uuid4().hex[:12]}"
    execute(postgres, f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    yield Home(address(postgres, name), shutil.copy(key_file, tmp_path / "undersigned.key"))
    execute(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgres_empty(postgres) -> Iterator[str]:
    """The address of a database without tables."""
    name = f"u{uuid.uuid4().hex[:12]}"
    execute(postgres, f"CREATE DATABASE {name}")
    yield address(postgres, name)
    execute(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgres"])
def home(request) -> Home:
    """A migrated, empty storage, on each database in turn."""
    return request.getfixturevalue(f"{request.param}_home")


@pytest.fixture
async def ports(home) -> AsyncIterator[Ports]:
    async with home.ports() as ports:
        yield ports


@pytest.fixture
def clock(home) -> Clock:
    return home.clock
