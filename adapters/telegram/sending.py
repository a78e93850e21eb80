"""Posting unasked: boards, announcements, notices. One attempt each; what comes next is for the outbox to decide.

Telegram knows no token against a second post and lets no bot read a chat, so what may have arrived is never sent
again.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Final

from msgspec import Struct
from msgspec.structs import replace
from telegram.error import BadRequest, ChatMigrated, TelegramError

from adapters.telegram import render
from adapters.telegram.calls import Migrated
from adapters.telegram.methods import Chat, Markup, Methods
from adapters.telegram.outcomes import outcome, refuses_picture
from adapters.telegram.pacer import Pacer
from adapters.telegram.transport import FloodError
from bot.answer import Page, Picture
from bot.model.account import Account, Place
from bot.sending import Failed, Gone, Later, Lost, Outcome, Sent, Unknown

RATE: Final = 30.0
"""Messages a second, over all chats: https://core.telegram.org/bots/faq#broadcasting-to-users"""
PATIENCE: Final = 3.0
"""Seconds that a request waits for its chat; the outbox waits out what is longer."""
KEPT: Final = 64
"""Pictures that Telegram is known to have."""


class Reference(Struct, frozen=True):
    """Where a message of ours stands. A group that moves leaves its messages behind, so the chat is part of it."""

    chat: int
    number: int
    picture: bool = False
    """Whether its text stands below a picture."""

    def __str__(self) -> str:
        return f"{self.chat}:{self.number}{':picture' if self.picture else ''}"

    @classmethod
    def parse(cls, written: str) -> "Reference":
        chat, number, *picture = written.split(":")
        return cls(int(chat), int(number), bool(picture))


class TelegramSender:
    """`bot.sending.Sender`. `migrated` is told when a group has left its board behind, by its old and new number."""

    per_second = RATE
    repeatable = False

    def __init__(self, methods: Methods, pacer: Pacer, migrated: Migrated) -> None:
        self._methods, self._pacer, self._migrated = methods, pacer, migrated
        self._known: OrderedDict[bytes, str] = OrderedDict()
        self._username = methods.bot.username

    async def post(
        self,
        place: Place,
        page: Page,
        token: str,  # noqa: ARG002 - Telegram knows no tokens
        picture: Picture | None = None,
    ) -> Outcome:
        """Post. A picture carries the words below it. Where they don't fit, or no picture is taken, they go alone."""
        shown = replace(page, picture=picture or page.picture)
        try:
            return await self._post(Chat.at(place.place_id), shown)
        except ChatMigrated as error:
            moved = replace(place, place_id=str(error.new_chat_id))
        try:
            posted = await self._post(Chat.at(moved.place_id), shown)
        except ChatMigrated:
            return Failed("moved")
        return replace(posted, place=moved) if isinstance(posted, Sent) else posted

    async def find(self, place: Place, token: str, since: datetime) -> str | None:  # noqa: ARG002 - no use for them
        """Raises LookupError."""
        raise LookupError("Telegram lets no bot read a chat")

    async def edit(self, place: Place, reference: str, page: Page) -> Outcome:
        """Edit the text, or what stands below a picture."""
        its, chat = Reference.parse(reference), Chat.at(place.place_id)
        if its.chat != chat.id:
            return Gone(Lost.MESSAGE)
        try:
            return await self._attempt(chat.id, lambda: self._edit(its, page))
        except ChatMigrated as error:
            await self._migrated(chat.id, error.new_chat_id)
            return Failed("moved")

    async def pin(self, place: Place, reference: str) -> Outcome:  # noqa: ARG002 - the reference says it all
        """Pin. Telegram says so in a line of its own, which tells members who did it."""
        its = Reference.parse(reference)
        try:
            return await self._outcome(its.chat, lambda: self._pin(its))  # it is no message
        except ChatMigrated:
            return Gone(Lost.MESSAGE)

    async def remove(self, reference: str) -> Outcome:
        """Remove. Telegram does so for 48 hours."""
        its = Reference.parse(reference)
        try:
            return await self._outcome(its.chat, lambda: self._remove(its))
        except ChatMigrated:
            return Gone(Lost.MESSAGE)

    async def write(self, account: Account, page: Page, token: str) -> Outcome:  # noqa: ARG002 - as above
        """Write. A person who can't be reached now won't be later."""
        posted = await self._post(Chat(int(account.user_id)), page)
        return Gone(Lost.BLOCKED) if isinstance(posted, Gone) else posted

    async def _post(self, chat: Chat, page: Page) -> Outcome:
        """Raises ChatMigrated."""
        captions = render.texts(page, render.CAPTION)
        if page.picture is not None and len(captions) == 1:
            posted = await self._with_picture(chat, page, page.picture.png, captions[0])
            if posted is not None:
                return posted
        return await self._in_words(chat, page)

    async def _with_picture(self, chat: Chat, page: Page, png: bytes, html: str) -> Outcome | None:
        """None where the words may be taken without the picture."""
        name, markup, refused = sha256(png).digest(), render.keyboard(page, self._username), False

        async def send() -> Reference:
            nonlocal refused
            picture = self._known.pop(name, None) or png  # if it is not taken, it is not known any more
            try:
                number, kept = await self._methods.photo(chat, picture, html, markup)
            except BadRequest as error:
                refused = refuses_picture(error)
                raise
            self._keep(name, kept)
            return Reference(chat.id, number, picture=True)

        posted = await self._attempt(chat.id, send)
        return None if refused else posted

    async def _in_words(self, chat: Chat, page: Page) -> Outcome:
        """As one message, or more, found again by the last, which has the buttons."""
        *above, last = render.texts(page)
        markup = render.keyboard(page, self._username)
        for number, html in enumerate(above):
            posted = await self._attempt(chat.id, partial(self._send, chat, html, None))
            if not isinstance(posted, Sent):
                return Unknown() if number else posted
        posted = await self._attempt(chat.id, partial(self._send, chat, last, markup))
        return Unknown() if above and not isinstance(posted, Sent) else posted

    async def _send(self, chat: Chat, html: str, markup: Markup) -> Reference:
        return Reference(chat.id, await self._methods.send(chat, html, markup))

    async def _edit(self, its: Reference, page: Page) -> Reference:
        html = render.texts(page, render.CAPTION if its.picture else render.TEXT)[0]
        change = self._methods.edit_caption if its.picture else self._methods.edit
        await change(its.chat, its.number, html, render.keyboard(page, self._username))
        return its

    async def _pin(self, its: Reference) -> Reference:
        await self._methods.pin(its.chat, its.number)
        return its

    async def _remove(self, its: Reference) -> Reference:
        await self._methods.delete(its.chat, its.number)
        return its

    async def _attempt(self, chat: int, request: Callable[[], Awaitable[Reference]]) -> Outcome:
        """One attempt, in the chat's turn. Raises ChatMigrated."""
        wait = await self._pacer.announce(chat, PATIENCE)
        if wait:
            return Later(wait, everywhere=self._pacer.paused())
        return await self._outcome(chat, request)

    async def _outcome(self, chat: int, request: Callable[[], Awaitable[Reference]]) -> Outcome:
        try:
            return Sent(str(await request()))
        except FloodError as error:
            self._pacer.refused(chat, error.seconds, announcement=True)
            return Later(error.seconds, everywhere=self._pacer.paused())
        except ChatMigrated:
            raise
        except TelegramError as error:
            return outcome(error)

    def _keep(self, picture: bytes, name: str) -> None:
        """Telegram has this picture now, and it need not be uploaded again."""
        self._known[picture] = name
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
