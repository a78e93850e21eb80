"""A PostgreSQL server of the tests: its addresses, and a word with its owner."""

import asyncio
from typing import Any

import asyncpg


def address(server: Any, database: str) -> str:
    return server.get_uri(database=database)


def execute(server: Any, sql: str) -> None:
    """Run one statement as the server's owner, outside of a transaction."""

    async def run() -> None:
        connection = await asyncpg.connect(server.get_uri())
        await connection.execute(sql)
        await connection.close()

    asyncio.run(run())
