"""One update, from its arrival to the last word of its answer."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from msgspec.structs import replace
from telegram import Update
from telegram.error import TelegramError

from adapters.telegram.answering import ChatAnswer
from adapters.telegram.attachments import with_file
from adapters.telegram.calls import Calls
from adapters.telegram.desk import Desk
from adapters.telegram.methods import Chat
from adapters.telegram.moderators import Moderators
from adapters.telegram.render import texts
from adapters.telegram.timing import Timing
from adapters.telegram.translate import PLATFORM, translate
from adapters.telegram.turns import Turns
from bot import incidents
from bot.answer import Page
from bot.commands.spec import CommandSpec
from bot.core import Core
from bot.inbound import Command, Inbound
from bot.model.account import ActorKind
from bot.words import chat
from bot.words.catalog import SOURCE_LANGUAGE, Words

REMEMBERED = 10_000
"""Updates that are known when they come again."""


class Handling:
    """Hands updates to the core, each once, those of one member in order."""

    def __init__(self, core: Core, calls: Calls, moderators: Moderators, timing: Timing) -> None:
        self._core, self._calls, self._moderators, self._timing = core, calls, moderators, timing
        self._specs: Mapping[str, CommandSpec] = {spec.name: spec for spec in core.specs}
        self._desk = Desk()
        self._seen: OrderedDict[int, None] = OrderedDict()
        self.turns = Turns(self._work)

    def take(self, raw: dict[str, Any]) -> asyncio.Task[None] | None:
        """Begin with an update, unless it has come before; the task is done when it is."""
        number = int(raw["update_id"])
        if number in self._seen:
            return None
        self._seen[number] = None
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return self.turns.put(_whose(raw), raw)

    async def _work(self, raw: dict[str, Any]) -> None:
        """Never raises: whatever an update holds, the next one must be served."""
        try:
            await self._handle(Update.de_json(raw, self._calls.bot))
        except Exception as error:  # noqa: BLE001 - see above
            await self._apologise(raw, incidents.note(error, "Update", PLATFORM))

    async def _handle(self, update: Update) -> None:
        inbound = translate(update, self._calls.bot.username, self._specs)
        if inbound is None:
            if update.callback_query is not None:
                await self._calls.answer_press(update.callback_query.id)
            return
        inbound = await self._with_role(with_file(inbound, update))
        answer = ChatAnswer(self._calls, self._desk, update, inbound, self._calls.bot.username)
        settling = asyncio.create_task(self._settle(answer, inbound))
        tidying = asyncio.create_task(self._tidy(update, inbound))
        try:
            await self._core.handle(inbound, answer)
            await answer.settle()
            await tidying
        finally:
            settling.cancel()
            tidying.cancel()

    async def _with_role(self, inbound: Inbound) -> Inbound:
        """The inbound, knowing whether its actor moderates, where that makes a difference."""
        plain = inbound.actor.kind is ActorKind.MEMBER and inbound.place.shared
        if not plain or not self._core.plan(inbound.event).role_matters:
            return inbound
        chat_id, user = Chat.at(inbound.place.place_id).id, inbound.actor.account.user_id
        moderates = await self._moderators.include(chat_id, user)
        return replace(inbound, actor=replace(inbound.actor, moderates=moderates))

    async def _settle(self, answer: ChatAnswer, inbound: Inbound) -> None:
        """In private at once; in a group, where the answer may be a notice, a little later."""
        if inbound.place.shared:
            await self._timing.sleep(self._timing.notice)
        await answer.settle()

    async def _tidy(self, update: Update, inbound: Inbound) -> None:
        """Before the answer: show that it is being made. A private command leaves the group, where we may."""
        plan, where = self._core.plan(inbound.event), Chat.at(inbound.place.place_id)
        message = update.message or update.channel_post
        misplaced = inbound.place.shared and plan.private
        if plan.slow and not misplaced:
            await self._calls.typing(where)
        command = inbound.event.name if isinstance(inbound.event, Command) else ""
        if message and misplaced and command in self._specs:
            with suppress(TelegramError):
                await self._calls.delete(where, message.message_id)

    async def _apologise(self, raw: dict[str, Any], incident: str) -> None:
        """To whoever speaks to us in private. In a group nobody knows that it was meant for us."""
        try:
            body = _body(raw)
            there, user = (body.get("message") or body).get("chat") or {}, body.get("from") or {}
            words = Words(user.get("language_code") or SOURCE_LANGUAGE)
            page = Page((words.paragraph(chat.APOLOGY, incident=incident),))
            if "data" in body:
                await self._calls.answer_press(str(body["id"]))
            if there.get("type") == "private":
                await self._calls.send(Chat(int(there["id"])), texts(page)[0])
        except Exception as worse:  # noqa: BLE001 - it may hold anything, and the platform be out of reach
            incidents.note(worse, "Update", PLATFORM)


def _body(raw: dict[str, Any]) -> dict[str, Any]:
    return next((body for body in raw.values() if isinstance(body, dict)), {})


def _whose(raw: dict[str, Any]) -> int:
    """The member, or else the chat, that an update comes from."""
    body = _body(raw)
    who = body.get("from") or body.get("chat") or {}
    number = who.get("id") if isinstance(who, dict) else 0
    return number if isinstance(number, int) else 0
