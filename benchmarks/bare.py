"""The limit of `benchmarks.signing`: a bot that answers the same calls with constants, and stores nothing.

`python -m benchmarks.bare discord|telegram URL TOKEN`. It is what the libraries cost by themselves, without what they
offer for forms: discord.py's own store of open forms loses some when many are open. It has as many updates at a time,
as many connections, and the same event loop as ours.
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


def main(platform: str, url: str, token: str) -> None:
    try:
        import uvloop  # where it is installed, ours has it too
    except ImportError:
        pass
    else:
        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    importlib.import_module(f"benchmarks.bare_{platform}").run(url, token)


if __name__ == "__main__":
    main(*sys.argv[1:])
