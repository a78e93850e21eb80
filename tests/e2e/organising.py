"""What tests of an organiser's work share: petition pages as they are sent, a claim code, time that passes."""

import asyncio
from datetime import timedelta

import storage
from tests.e2e.ground import database_of

PARK = """+++
title = "Keep the *park*"
to = "The Mayor"
slug = "park"
contact = "team@example.org"
privacy = "Kept for a month."
+++
It is the last one.

## Letter

Dear Mayor,

keep it.
"""
EDITED = PARK.replace("keep it.", "keep all of it.")
WRONG = PARK.replace('slug = "park"', 'slug = "Park & Ride"')
"""With a slug that no petition can have, in its fourth line."""
CODE = "CODE-CODE"


async def offer_claim(house) -> None:
    """Let `CODE` make one organiser."""
    url, key = database_of(house.folder), house.folder / "u.key"
    await storage.SqlMaintenance(url, key, house.now).add_claim(CODE, house.now() + timedelta(days=1))


def later(house, **passed) -> None:
    """Let time pass, and say that something may be due."""
    house.ahead += timedelta(**passed)
    house.core.outbox.ring()


async def none_left(look, within: float = 5) -> None:
    """Wait until what `look` awaits is empty."""
    async with asyncio.timeout(within):
        while await look():  # noqa: ASYNC110 - a database rings no bell
            await asyncio.sleep(0.02)
