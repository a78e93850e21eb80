"""`undersigned run` as a process of its own."""

from tests.e2e.process import Process


class Run(Process):
    def __init__(self, server, folder):
        super().__init__(folder, "DISCORD", server.token, server.api_url)
        self.server = server

    async def serve(self):
        before = self.server.gateway.identified
        process = await self.start("run")
        await self.server.until(
            lambda: self.server.gateway.identified > before and self.server.commands, "the process", within=60
        )
        return process
