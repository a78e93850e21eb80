"""Posting unasked: boards, announcements, notices, over Discord's REST.

A post carries its token twice. As an enforced nonce Discord knows it for some minutes and answers a second post with
the first. The nonce is not kept with the message, so the token's hash is also the id of the message's card, which is
returned as it was sent: by that `find` knows it again.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from discord.utils import time_snowflake
from msgspec.structs import replace

from adapters.discord import render
from adapters.discord.calls import Answer, Calls, File
from adapters.discord.outcomes import outcome
from adapters.discord.render import Attached, Files, Message
from bot.answer import Page, Picture
from bot.model.account import Account, Place
from bot.outbox.pace import Pace
from bot.sending import Failed, Gone, Later, Lost, Outcome, Sent, Unknown

REQUESTS: Final = 50.0
"""Requests a second that Discord takes of a bot, interactions not counted."""
POSTS: Final = 48.0
"""How many of them are posts; the rest is for what takes two requests."""
LONGEST_WAIT: Final = 1.0
"""Seconds that a request waits for its place; the outbox waits out what is longer."""
PAGE, PAGES = 100, 20
"""Messages that are read at a time, and how often."""
BEFORE, AFTER = timedelta(minutes=5), timedelta(minutes=10)
"""Around its time a message is looked for: our clock and Discord's may differ."""
CARRIES_PICTURE = "+"
"""Ends the reference of a message with a picture, which an edit has to name again to keep it in sight."""


class DiscordSender:
    """`bot.sending.Sender` for the bot with the user id `me`."""

    per_second = POSTS
    repeatable = True

    def __init__(self, calls: Calls, me: int) -> None:
        self._calls, self._me = calls, str(me)
        self._pace = Pace(REQUESTS)

    async def post(self, place: Place, page: Page, token: str, picture: Picture | None = None) -> Outcome:
        """Post. Where no files may be attached, the words go alone."""
        shown = replace(page, picture=picture or page.picture)
        posted = await self._post(place.place_id, shown, token)
        if shown.picture is not None and posted == Gone(Lost.FORBIDDEN):
            posted = await self._post(place.place_id, replace(shown, picture=None), token)
        return posted

    async def find(self, place: Place, token: str, since: datetime) -> str | None:
        """Look through what was posted about then. Raises LookupError where that can't be seen."""
        empty, card = True, mark(token)
        async for message in self._history(place.place_id, since):
            empty = False
            if message["author"]["id"] == self._me and _marked(message, card):
                return _reference(message)
        if empty and await self._newer(place.place_id, since):
            raise LookupError("without the right to read a channel's history it looks empty")
        return None

    async def edit(self, place: Place, reference: str, page: Page) -> Outcome:
        """Edit. A picture is read first, so that the edit can show it again."""
        path = _path(place, reference)
        kept: Files = ()
        if reference.endswith(CARRIES_PICTURE) and page.picture is None:
            there = await self._call("GET", path)
            if not isinstance(there, Answer):
                return there
            kept = _pictures(there.data)
        message = render.post(page, kept=kept)
        return await self._send("PATCH", path, message.body(), message)

    async def pin(self, place: Place, reference: str) -> Outcome:
        """Pin. Discord says so in a line of its own in the channel, which stays: it tells members who did it."""
        number = reference.removesuffix(CARRIES_PICTURE)
        pinned = await self._call("PUT", f"channels/{place.place_id}/messages/pins/{number}")
        return Sent(reference) if isinstance(pinned, Answer) else pinned

    async def remove(self, reference: str) -> Outcome:
        """Remove an answer, which goes for as long as its interaction lasts: a quarter of an hour."""
        removed = await self._call("DELETE", reference)
        return Sent(reference) if isinstance(removed, Answer) else removed

    async def write(self, account: Account, page: Page, token: str) -> Outcome:
        """Write a direct message."""
        opened = await self._call("POST", "users/@me/channels", {"recipient_id": account.user_id})
        if isinstance(opened, Answer):
            return await self._post(opened.data["id"], page, token)
        return Failed("no answer") if isinstance(opened, Unknown) else opened

    async def _post(self, channel: str, page: Page, token: str) -> Outcome:
        message = render.post(page, mark=mark(token))
        body = message.body() | {"nonce": token, "enforce_nonce": True}
        return await self._send("POST", f"channels/{channel}/messages", body, message)

    async def _send(self, method: str, path: str, body: dict[str, Any], message: Message) -> Outcome:
        sent = await self._call(method, path, body, message.uploads)
        return Sent(_reference(sent.data)) if isinstance(sent, Answer) else sent

    async def _history(self, channel: str, since: datetime) -> AsyncIterator[dict[str, Any]]:
        """What stands in a channel from about `since` on, oldest first. LookupError if that can't be read."""
        after, end = time_snowflake(since - BEFORE), time_snowflake(since + AFTER)
        for _ in range(PAGES):
            read = await self._get(f"channels/{channel}/messages", after=after, limit=PAGE)
            if read is None:
                return
            page = sorted(read, key=_number)
            for message in page:
                yield message
            after = _number(page[-1]) if page else end
            if len(page) < PAGE or after >= end:
                return
        raise LookupError("so much was said there meanwhile")

    async def _newer(self, channel: str, since: datetime) -> bool:
        """Whether something was posted in a channel since then."""
        told = await self._get(f"channels/{channel}")
        last = (told or {}).get("last_message_id")
        return last is not None and int(last) > time_snowflake(since - BEFORE)

    async def _get(self, path: str, **query: str | int) -> Any:
        """What stands at a path; None where we have no access any more: a post will be told so too."""
        match await self._call("GET", path, query=query):
            case Answer(data=data):
                return data
            case Gone(Lost.REMOVED):
                return None
            case Gone(why):
                raise LookupError(why.value)
            case ended:
                raise ConnectionError(type(ended).__name__)

    async def _call(
        self,
        method: str,
        path: str,
        body: Any = None,
        files: Sequence[File] = (),
        query: Mapping[str, str | int] | None = None,
    ) -> Answer | Outcome:
        """A good answer, or what came instead."""
        now = asyncio.get_running_loop().time()
        if (wait := self._pace.next - now) > LONGEST_WAIT:
            return Later(wait, everywhere=True)
        await asyncio.sleep(self._pace.take(now) - now)
        ended = await self._calls.make(method, path, body, files, query)
        return outcome(ended) if isinstance(ended, Answer) and not ended.good else ended


def mark(token: str) -> int:
    """The id of the card that carries this token: 30 bits of its hash, above the ids that Discord gives."""
    return 1 << 30 | int.from_bytes(hashlib.sha256(token.encode()).digest()[:4], "big") >> 2


def _number(message: Mapping[str, Any]) -> int:
    return int(message["id"])


def _path(place: Place, reference: str) -> str:
    return f"channels/{place.place_id}/messages/{reference.removesuffix(CARRIES_PICTURE)}"


def _pictures(message: Mapping[str, Any]) -> Files:
    """The pictures that a message carries, with what is said of them in words."""
    return tuple(
        Attached(each["filename"], alt=each.get("description") or each["filename"], id=each["id"])
        for each in message["attachments"]
        if each["filename"] == render.PICTURE_FILE
    )


def _reference(message: Mapping[str, Any]) -> str:
    return f"{message['id']}{CARRIES_PICTURE if _pictures(message) else ''}"


def _marked(message: Mapping[str, Any], card: int) -> bool:
    return any(part.get("id") == card for part in message.get("components") or ())
