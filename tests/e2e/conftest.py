"""A database on a PostgreSQL server, for those that several processes share."""

import uuid

import pytest

from tests.storage.servers import address, execute


@pytest.fixture
def database_url(postgres):
    """An empty database, with no tables yet."""
    name = f"e{uuid.uuid4().hex[:12]}"
    execute(postgres, f"CREATE DATABASE {name}")
    yield address(postgres, name)
    execute(postgres, f"DROP DATABASE {name} WITH (FORCE)")
