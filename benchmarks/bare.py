"""The limits of `benchmarks.signing`: bots that answer the same calls with constants, and store nothing.

`python -m benchmarks.bare discord|discord_raw|telegram URL TOKEN`. The first is written as its library's documentation
teaches, and runs as that lets it. The other two leave aside what their libraries offer for forms, and have the same
event loop as ours; on Telegram as many updates at a time, and as many connections.
"""

import asyncio
import importlib
import sys

AT_ONCE = 256
LETTER = (
    "## Save the library\n\n**To:** The city council\n\nDear council,\n\nkeep the library **open** in the evenings."
    "\n\n- for pupils\n- for those who work\n\n-# Kept thirty days."
)
RECEIPT = (
    "## You have signed\n\n**Petition:** Save the library\n**Number:** #12\n**Name:** Member A\n**Who sees it:** The "
    "city council\n**Signed:** 24 November 2026\n**Text version:** `0123456789ab`\n**Code:** `0123-4567-89ABC`\n\n"
    "Keep the code: it alone withdraws this signature, from any account."
)
REACHES = ("The city council", "Only the organisers", "Everyone")


def main(name: str, url: str, token: str) -> None:
    if name != "discord":
        _use_uvloop()
    importlib.import_module(f"benchmarks.bare_{name}").run(url, token)


def _use_uvloop() -> None:
    try:
        import uvloop  # where it is installed, ours has it too
    except ImportError:
        pass
    else:
        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())


if __name__ == "__main__":
    main(*sys.argv[1:])
