"""`undersigned` as a process of its own, with one platform's token and address in its environment."""

import asyncio
import os
import sysconfig
from contextlib import suppress
from pathlib import Path

from tests.e2e.ground import address_in

UNDERSIGNED = Path(sysconfig.get_path("scripts"), "undersigned")
_STARTED: list[asyncio.subprocess.Process] = []


class Process:
    """Starts it in `folder`, on the database that is there."""

    def __init__(self, folder: Path, platform: str, token: str, api_url: str) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith("UNDERSIGNED_")}
        self.environ = kept | {
            "UNDERSIGNED_STORAGE__URL": address_in(folder),
            "UNDERSIGNED_SECURITY__KEY_FILE": "u.key",
            f"UNDERSIGNED_{platform}__TOKEN": token,
            f"UNDERSIGNED_{platform}__API_URL": api_url,
        }

    async def start(self, *arguments: str, **settings: str) -> asyncio.subprocess.Process:
        """Run a command; `settings` are keys of this process alone, as `STORAGE__URL=…`."""
        process = await asyncio.create_subprocess_exec(
            UNDERSIGNED,
            *arguments,
            cwd=self.folder,
            env=self.environ | {f"UNDERSIGNED_{key}": value for key, value in settings.items()},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        _STARTED.append(process)
        return process


async def end(*processes: asyncio.subprocess.Process) -> str:
    """Tell them to stop, and wait until they have; all that they said."""
    for process in processes:
        process.terminate()
    async with asyncio.timeout(40):
        said = [await process.communicate() for process in processes]
    return "".join(output.decode() for output, _ in said)


def kill_those_left() -> None:
    """Kill what a test has started and, having failed, not ended."""
    while _STARTED:
        process = _STARTED.pop()
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
