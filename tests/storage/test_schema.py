"""The version of the schema is told without Alembic, and as Alembic would tell it."""

import subprocess
import sys

from storage import schema


def test_the_revisions_are_those_that_alembic_applies_in_its_order():
    applied = [script.revision for script in schema._script().walk_revisions()]
    assert schema.revisions() == applied[::-1]
    assert schema.newest() == schema._script().get_current_head()


def test_a_storage_that_is_in_order_is_opened_without_alembic(sqlite_home):
    opening = (
        "import asyncio, pathlib, sys, storage\n"
        "from datetime import UTC, datetime\n"
        "url, key, now = sys.argv[1], pathlib.Path(sys.argv[2]), lambda: datetime.now(UTC)\n"
        "assert storage.SqlMaintenance(url, key, now).migrate() == []\n"
        "async def main():\n"
        "    async with storage.open_storage(url, key, now) as ports:\n"
        "        assert await ports.petitions.all() == []\n"
        "asyncio.run(main())\n"
        "assert 'alembic' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", opening, sqlite_home.url, sqlite_home.key_file], check=True)
