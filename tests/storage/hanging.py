"""A way to a PostgreSQL server on which packets can get lost without a word: nobody refuses, nobody answers."""

import asyncio
from contextlib import asynccontextmanager, suppress

from sqlalchemy import make_url


class Way:
    """Forwards what comes to the server and what comes back, unless it swallows it."""

    def __init__(self, url):
        self._url = make_url(url)
        self._tasks = set()
        self.lost_to_server = self.lost_from_server = False
        self.swallow_answer_to = b"\0never\0"
        self.swallowed = asyncio.Event()

    @asynccontextmanager
    async def open(self):
        """The address of this way."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        try:
            yield self._url.set(host="127.0.0.1", port=port, query={}).render_as_string(hide_password=False)
        finally:
            server.close()
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def hang(self):
        self.lost_to_server = self.lost_from_server = True

    def mend(self):
        self.lost_to_server = self.lost_from_server = False

    async def _serve(self, reader, writer):
        self._tasks.add(asyncio.current_task())
        theirs, ours = await self._reach()
        # asyncio complains of a handler that is cancelled, and this one ends only so.
        with suppress(asyncio.CancelledError):
            await self._both_ways(reader, writer, theirs, ours)

    async def _both_ways(self, reader, writer, theirs, ours):
        try:
            await asyncio.gather(self._forward(reader, ours), self._answer(theirs, writer))
        finally:
            for each in (writer, ours):
                each.transport.abort()
            self._tasks.discard(asyncio.current_task())

    async def _reach(self):
        host = self._url.host or self._url.query["host"]
        if host.startswith("/"):
            return await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{self._url.port or 5432}")
        return await asyncio.open_connection(host, self._url.port)

    async def _forward(self, reader, writer):
        while data := await reader.read(65536):
            if self.swallow_answer_to in data:
                self.lost_from_server = True
                self.swallowed.set()
            if not self.lost_to_server:
                writer.write(data)
                await writer.drain()
        await self._end(writer)

    async def _answer(self, reader, writer):
        while data := await reader.read(65536):
            if not self.lost_from_server:
                writer.write(data)
                await writer.drain()
        await self._end(writer)

    async def _end(self, writer):
        """Tell the other side that this one has gone, unless that gets lost too."""
        if self.lost_to_server or self.lost_from_server:
            await asyncio.Event().wait()
        writer.close()
