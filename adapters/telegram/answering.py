"""The core's answers to one update, as messages of its chat."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from telegram import (
    CallbackQuery,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
    Message,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import TelegramError

from adapters.telegram import render
from adapters.telegram.calls import Calls
from adapters.telegram.methods import Chat
from adapters.telegram.runs import visible
from bot.answer import Choice, File, Form, Offer, Page
from bot.inbound import Inbound, Typed

REMEMBERED = 10_000
WITHOUT_WORDS = "…"
"""What a message becomes that is to go and can't be removed: Telegram lets bots remove for 48 hours only."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The page with buttons that stands in a private chat: its last message, those above it, what it asked."""

    last: int
    text: str = ""
    markup: InlineKeyboardMarkup | None = None
    above: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    protected: bool = False
    question: int | None = None


class Desk:
    """What stands in private chats, to change no more of it than must be. Forgotten at a restart, to no harm."""

    def __init__(self) -> None:
        self._shown: OrderedDict[int, Shown] = OrderedDict()

    def __getitem__(self, chat: int) -> Shown | None:
        return self._shown.get(chat)

    def __setitem__(self, chat: int, shown: Shown) -> None:
        self._shown[chat] = shown
        self._shown.move_to_end(chat)
        if len(self._shown) > REMEMBERED:
            self._shown.popitem(last=False)


class ChatAnswer:
    """Answers to one update. Pages for all carry links into the private chat, pages for one stay in it."""

    whole_forms = False

    def __init__(self, calls: Calls, desk: Desk, update: Update, inbound: Inbound, username: str) -> None:
        self._calls, self._desk, self._username = calls, desk, username
        self._chat = Chat.at(inbound.place.place_id)
        self._shared = inbound.place.shared
        self._member = inbound.actor.account.user_id
        self._typed = isinstance(inbound.event, Typed)
        self._query, self._inline = update.callback_query, update.inline_query
        self._settling: asyncio.Task[None] | None = None
        self._pressed = self._known(_pressed(self._query))
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
            await self.show(page)
        elif page.prompt:
            await self._ask(page)
        elif self._pressed:
            await self._become(page, self._pressed)
        else:
            before = self._desk[self._chat.id]
            await self._send(page)
            if self._typed and before and before.question:
                await self._remove(*before.numbers, before.last)

    async def form(self, form: Form) -> None:
        raise NotImplementedError("Telegram has no forms in one piece: the core asks step by step")

    async def remove(self, reference: str | None = None) -> None:
        if reference is None:
            if self._pressed:
                await self._remove(*self._pressed.numbers, self._pressed.last)
            return
        chat, _, numbers = reference.partition(":")
        if chat == str(self._chat.id):
            await self._remove(*map(int, numbers.split(",")))

    async def offer(self, offers: Sequence[Offer]) -> None:
        if self._inline is not None:
            results = [_result(offer, self._username) for offer in offers]
            await self._calls.answer_inline(self._inline.id, results)

    async def suggest(self, choices: Sequence[Choice]) -> None:
        """Telegram asks for no suggestions while an argument is typed."""

    async def file(self, file: File) -> None:
        caption, *more = render.texts(file.caption, render.CAPTION)
        private = Chat(int(self._member))
        if await self._calls.document(private, file.path, file.name, caption):
            for text in more:
                await self._calls.send(private, text, protected=True)

    # --- messages ---

    async def _send(self, page: Page) -> str | None:
        """The page as new messages, its buttons below the last; how they are found again."""
        if self._shared and (page.private or page.names_a_person):
            raise ValueError("a page for one person was about to be shown where all can see it")
        *above, html = render.texts(page)
        markup = render.keyboard(page, self._username)
        numbers: list[int] = []
        for text in (*above, html):
            below = markup if len(numbers) == len(above) else None
            number = await self._calls.send(self._chat, text, below, protected=page.names_a_person)
            if number is None:
                return None
            numbers.append(number)
        standing = Shown(numbers[-1], visible(html), markup, tuple(above), tuple(numbers[:-1]))
        self._sent = replace(standing, protected=page.names_a_person)
        if markup and not self._shared:
            self._desk[self._chat.id] = self._sent
        return f"{self._chat.id}:{','.join(map(str, numbers))}"

    async def _become(self, page: Page, pressed: Shown) -> None:
        """The pressed message shows the page, if it can; what can't be changed in place is sent anew."""
        *above, html = render.texts(page)
        markup = render.keyboard(page, self._username)
        exposed = page.names_a_person and not pressed.protected
        grown = bool(above) and tuple(above) != pressed.above
        if exposed or grown or not await self._edit(pressed, html, markup):
            await self._send(page)
            await self._remove(*pressed.numbers, pressed.last)
            self._pressed = self._sent or pressed
        else:
            shown = replace(pressed, text=visible(html), markup=markup, question=None)
            self._desk[self._chat.id] = shown
        if pressed.question:
            await self._remove(pressed.question)

    async def _edit(self, pressed: Shown, html: str, markup: InlineKeyboardMarkup | None) -> bool:
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


def _pressed(query: CallbackQuery | None) -> Shown | None:
    """The pressed message as its reader saw it; of one that Telegram has put away, only its number."""
    if query is None or query.message is None:
        return None
    if not isinstance(query.message, Message):
        return Shown(query.message.message_id)
    message = query.message
    protected = bool(message.has_protected_content)
    return Shown(message.message_id, message.text or "", message.reply_markup, protected=protected)


def _result(offer: Offer, username: str) -> InlineQueryResultArticle:
    content = InputTextMessageContent(
        render.texts(offer.page)[0],
        parse_mode=ParseMode.HTML,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    markup = render.keyboard(offer.page, username)
    return InlineQueryResultArticle(
        offer.key, offer.title, content, reply_markup=markup, description=offer.summary
    )
