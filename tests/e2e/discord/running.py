"""`undersigned run` as a process of its own."""

import asyncio
import os
import sysconfig
from pathlib import Path

UNDERSIGNED = Path(sysconfig.get_path("scripts"), "undersigned")


class Run:
    def __init__(self, server, folder):
        self.server, self.folder = server, folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith("UNDERSIGNED_")}
        self.environ = kept | {
            "UNDERSIGNED_STORAGE__URL": "sqlite:///u.db",
            "UNDERSIGNED_SECURITY__KEY_FILE": "u.key",
            "UNDERSIGNED_DISCORD__TOKEN": server.token,
            "UNDERSIGNED_DISCORD__API_URL": server.api_url,
        }

    async def start(self, *arguments):
        return await asyncio.create_subprocess_exec(
            UNDERSIGNED,
            *arguments,
            cwd=self.folder,
            env=self.environ,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )

    async def serve(self):
        before = self.server.gateway.identified
        process = await self.start("run")
        await self.server.until(
            lambda: self.server.gateway.identified > before and self.server.commands, "the process", within=60
        )
        return process
