"""`undersigned run` as a process of its own."""

from tests.e2e.process import Process


class Run(Process):
    def __init__(self, server, folder):
        super().__init__(folder, "TELEGRAM", server.token, server.url)
        self.server = server

    async def serve(self, *options):
        polls = len(self.server.called("getUpdates"))
        process = await self.start(*options, "run")
        await self.server.until(lambda: len(self.server.called("getUpdates")) > polls, within=60)
        return process
