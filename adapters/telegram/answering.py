"""The core's answers to one update, as messages of its chat."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from msgspec.structs import replace
from telegram import Update
from telegram.error import BadRequest, TelegramError

from adapters.telegram import render
from adapters.telegram.calls import Calls
from adapters.telegram.desk import Desk, Shown, under_press
from adapters.telegram.methods import Chat, Markup
from adapters.telegram.runs import visible
from adapters.telegram.sending import Reference
from bot.answer import Choice, File, Form, Handed, Offer, Page
from bot.inbound import Inbound, Typed

WITHOUT_WORDS = "…"
"""What a message becomes that is to go and can't be removed: Telegram lets bots remove for 48 hours only."""


class ChatAnswer:
    """Answers to one update. Pages for all carry links into the private chat, pages for one stay in it.

    Where all can see it only a page whose buttons act there is ever changed by pressing one, and only if it has that
    button: a press can be forged below any message of ours.
    """

    whole_forms = False
    largest_file = 50_000_000  # https://core.telegram.org/bots/api#senddocument

    def __init__(self, calls: Calls, desk: Desk, update: Update, inbound: Inbound, username: str) -> None:
        self._calls, self._desk, self._username = calls, desk, username
        self._chat = Chat.at(inbound.place.place_id)
        self._shared = inbound.place.shared
        self._member = inbound.actor.account.user_id
        self._typed = isinstance(inbound.event, Typed)
        self._query, self._inline = update.callback_query, update.inline_query
        self._settling: asyncio.Task[None] | None = None
        self._pressed = self._known(under_press(self._query))
        self._changed = False
        self._sent: Shown | None = None

    @property
    def lasting(self) -> bool:
        return not self._shared

    async def settle(self, notice: str | None = None) -> None:
        """Let the pressed button no longer spin. Whoever asks first does it, the others wait for it."""
        if self._query is None:
            return
        if self._settling is None:
            self._settling = asyncio.create_task(self._calls.answer_press(self._query.id, notice))
        with suppress(TelegramError):
            await self._settling

    async def show(self, page: Page) -> str | None:
        """In a group a short answer to a press is a notice that only the member sees."""
        spins = self._shared and self._query is not None and self._settling is None
        if notice := render.alert(page) if spins else None:
            await self.settle(notice)
            return None
        return await self._send(page)

    async def replace(self, page: Page) -> None:
        if self._shared:
            if not await self._change(page):
                await self.show(page)
        elif page.prompt:
            await self._ask(page)
        elif self._pressed:
            await self._become(page, self._pressed)
        else:
            before = self._desk[self._chat.id]
            await self._send(page)
            self._pressed = self._sent  # the next page takes its place
            if self._typed and before and before.question:
                await self._remove(*before.numbers, before.last)

    async def form(self, form: Form) -> None:
        raise NotImplementedError("Telegram has no forms in one piece: the core asks step by step")

    async def remove(self, reference: str | None = None) -> None:
        if reference is None:
            if self._pressed and not self._shared:
                await self._remove(*self._pressed.numbers, self._pressed.last)
            return
        chat, _, numbers = reference.partition(":")
        if chat == str(self._chat.id):
            await self._remove(*map(int, numbers.split(",")))

    async def offer(self, offers: Sequence[Offer]) -> None:
        if self._inline is not None:
            results = [render.offered(offer, self._username) for offer in offers]
            await self._calls.answer_inline(self._inline.id, results)

    async def menu(self, commands: Sequence[tuple[str, str]]) -> None:
        with suppress(TelegramError):  # it is a convenience
            await self._calls.menu(Chat(int(self._member)), commands)

    async def suggest(self, choices: Sequence[Choice]) -> None:
        """Telegram asks for no suggestions while an argument is typed."""

    async def file(self, file: File) -> Handed | None:
        """Into the private chat, whatever the place. It can't be forwarded or saved from there."""
        caption, *more = render.texts(file.caption, render.CAPTION)
        private = Chat(int(self._member))
        number = await self._calls.document(private, file.path, file.name, caption)
        if number is None:
            return None
        for text in more:
            await self._calls.send(private, text, protected=True)
        return Handed(str(Reference(private.id, number)))

    # --- messages ---

    async def _send(self, page: Page) -> str | None:
        """The page as new messages, its buttons below the last; how they are found again."""
        self._check(page)
        markup, protected = render.keyboard(page, self._username), page.names_a_person
        pictured = await self._picture(page, markup)
        if pictured is not None and pictured.text:
            return self._stands(pictured)
        numbers = [pictured.last] if pictured else []
        *above, html = render.texts(page)
        for text in above:
            number = await self._calls.send(self._chat, text, protected=protected)
            if number is None:
                return None
            numbers.append(number)
        last = await self._calls.send(self._chat, html, markup, protected=protected)
        if last is None:
            return None
        return self._stands(Shown(last, visible(html), markup, tuple(above), tuple(numbers), protected))

    def _stands(self, shown: Shown) -> str:
        self._sent = shown
        if shown.markup and not self._shared:
            self._desk[self._chat.id] = shown
        return f"{self._chat.id}:{','.join(map(str, (*shown.numbers, shown.last)))}"

    async def _picture(self, page: Page, markup: Markup) -> Shown | None:
        """The page's picture with the words below it if they fit, else alone; None if it can't be sent."""
        if page.picture is None:
            return None
        captions, protected = render.texts(page, render.CAPTION), page.names_a_person
        html, below = (captions[0], markup) if len(captions) == 1 else ("", None)
        with suppress(BadRequest):
            png = page.picture.png
            number = await self._calls.photo(self._chat, png, html, below, protected=protected)
            if number is not None:
                return Shown(number, visible(html), below, protected=protected, picture=True)
        return None

    def _check(self, page: Page) -> None:
        if self._shared and (page.private or page.names_a_person):
            raise ValueError("a page for one person was about to be shown where all can see it")

    async def _change(self, page: Page) -> bool:
        """Where all can see it, the pressed message becomes the page; False if that must be a new message."""
        standing = self._pressed
        if standing is None or self._query is None or not (self._changed or standing.has(self._query.data)):
            return False
        self._check(page)
        *above, html = render.texts(page)
        markup = render.keyboard(page, self._username)
        if above or page.picture or standing.picture or not await self._edit(standing, html, markup):
            return False
        self._pressed, self._changed = replace(standing, text=visible(html), markup=markup), True
        return True

    async def _become(self, page: Page, pressed: Shown) -> None:
        """The pressed message shows the page, if it can; what can't be changed in place is sent anew."""
        *above, html = render.texts(page)
        markup = render.keyboard(page, self._username)
        exposed = page.names_a_person and not pressed.protected
        grown = bool(above) and tuple(above) != pressed.above
        pictures = pressed.picture or page.picture
        if exposed or grown or pictures or not await self._edit(pressed, html, markup):
            await self._send(page)
            await self._remove(*pressed.numbers, pressed.last)
            self._pressed = self._sent or pressed
        else:
            shown = replace(pressed, text=visible(html), markup=markup, question=None)
            self._desk[self._chat.id] = shown
        if pressed.question:
            await self._remove(pressed.question)

    async def _edit(self, pressed: Shown, html: str, markup: Markup) -> bool:
        """Change the message, unless that would change nothing; False if it can't be changed."""
        if (pressed.text, pressed.markup) == (visible(html), markup):
            return True
        return await self._calls.edit(self._chat, pressed.last, html, markup)

    async def _ask(self, page: Page) -> None:
        """Ask for text below what stands there, which keeps only the way back."""
        *above, question = render.texts(page)
        protected = page.names_a_person
        for text in above:
            await self._calls.send(self._chat, text, protected=protected)
        number = await self._calls.send(self._chat, question, render.force_reply(page), protected=protected)
        standing = self._pressed or self._desk[self._chat.id]
        if standing is not None:
            markup = render.keyboard(page, self._username)
            await self._calls.edit_buttons(self._chat, standing.last, markup)
            self._desk[self._chat.id] = replace(standing, markup=markup, question=number)

    async def _remove(self, *numbers: int) -> None:
        for number in numbers:
            if not await self._calls.delete(self._chat, number):
                await self._calls.edit(self._chat, number, WITHOUT_WORDS, None)

    def _known(self, pressed: Shown | None) -> Shown | None:
        """What we remember of the pressed message, else what the update tells."""
        shown = None if self._shared else self._desk[self._chat.id]
        return shown if pressed and shown and shown.last == pressed.last else pressed
