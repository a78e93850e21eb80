"""People: what a member of Telegram can do, written as a test would tell it."""

import asyncio
import re
import secrets
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from .call import Upload
from .content import Button, Content
from .entities import clean, detected, trimmed
from .settings import menu
from .world import (
    ANONYMOUS_ADMIN,
    CHANNEL_BOT,
    Chat,
    Json,
    Message,
    NeverHappened,
    Standing,
    Topic,
    User,
    given,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from .places import Place
    from .state import State

T = TypeVar("T")
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")


@dataclass(eq=False, slots=True)
class Press:
    """A button pressed; it spins until the bot answers."""

    id: str
    server: "State"
    button: Button
    message: Message
    at: float
    expired: bool = False  # set it, and Telegram takes no answer any more
    refused: int = 0  # answers that came too late
    answers: list[Json] = field(default_factory=list)

    async def answered(self, within: float = 5) -> "Press":
        """Wait until it no longer spins. Raises NeverHappened."""
        chat = self.message.chat
        await chat.changes.until(lambda: self.answers, lambda: f"{self.button.text!r} still spins", within)
        return self

    @property
    def text(self) -> str:
        """The notice shown over the chat, if any."""
        return self.answers[0]["text"] if self.answers else ""

    @property
    def alert(self) -> bool:
        return bool(self.answers and self.answers[0]["alert"])

    @property
    def url(self) -> str | None:
        """Where the answer leads; `member.follow` takes it."""
        return self.answers[0]["url"] if self.answers else None


@dataclass(frozen=True, slots=True)
class InlineResult:
    id: str
    title: str
    description: str
    content: Content

    @property
    def text(self) -> str:
        return self.content.text


class InlineResults(list[InlineResult]):
    """What an inline query offers, and how Telegram may keep it."""

    button: Json | None = None
    personal = False
    cache_time = 300
    next_offset = ""


class Member:
    """A person with a Telegram client. `chat` is the private chat with the bot."""

    def __init__(self, server: "State", user: User) -> None:
        self.server, self.user = server, user
        self.started = False  # the bot can't write first
        self.blocked = False
        self.chat = Chat(user.id, "private", user.first_name, server.bot, server.message_ids)
        self.chat.standing(user).status = "member"
        self.chat.username = user.username
        server.chats[user.id] = self.chat

    @property
    def id(self) -> int:
        return self.user.id

    # Writing

    async def send(
        self,
        text: str,
        *,
        chat: Chat | None = None,
        topic: Topic | None = None,
        reply_to: Message | None = None,
        anonymous: bool = False,
        as_channel: Chat | None = None,
    ) -> Message:
        """Write to the bot, or into `chat` or `topic`; perhaps as the group itself or as a channel."""
        content = Content(*trimmed(clean(text), []))
        content = replace(content, entities=detected(content.text, []))
        who = {"anonymous": anonymous, "as_channel": as_channel}
        return self._post(content, chat=chat, topic=topic, reply_to=reply_to, **who)

    async def upload(self, name: str, data: bytes, caption: str = "", *, chat: Chat | None = None) -> Message:
        """Send a document."""
        file = self.server.store("document", Upload(name, data, "application/octet-stream"))
        return self._post(Content(caption, detected(caption, []), file=file), chat=chat)

    def _post(self, content: Content, *, chat: Chat | None = None, **how: Any) -> Message:
        topic, reply_to = how.get("topic"), how.get("reply_to")
        chat = chat or (topic or reply_to or self).chat
        anonymous, channel = how.get("anonymous"), how.get("as_channel")
        if chat is self.chat:
            self.started = True
        elif not chat.standing(self.user).present:
            chat.standing(self.user).status = "member"
        sender = ANONYMOUS_ADMIN if anonymous else CHANNEL_BOT if channel else self.user
        return self.server.post(
            chat,
            sender,
            content=content,
            sender_chat=chat if anonymous else channel,
            topic=topic or (reply_to and reply_to.topic),
            reply_to=reply_to,
            via_bot=how.get("via_bot"),
            inline_id=how.get("inline_id"),
        )

    async def reply(self, message: Message, text: str, **how: Any) -> Message:
        return await self.send(text, chat=message.chat, reply_to=message, **how)

    async def ask(self, text: str, *, within: float = 5, **how: Any) -> Message:
        """`send`, and the first message that the bot then writes into that chat."""
        sent = await self.send(text, **how)
        return await self.next_message(sent, within=within)

    async def next_message(self, after: Message, *, within: float = 5) -> Message:
        """The bot's first message in that chat after `after`. Raises NeverHappened."""
        return await after.chat.until(
            lambda chat: next((each for each in chat.from_bot if each.id > after.id), None), within
        )

    async def edit(self, message: Message, text: str) -> None:
        """Correct a message of one's own."""
        message.edits.append(message.content)
        message.content = replace(message.content, text=text, entities=detected(text, []))
        message.edited_at = int(self.server.clock())
        self.server.tell("edited_message", message.json(), message.chat, self.user)
        self.server.changed(message.chat)

    async def delete(self, message: Message) -> None:
        """Remove a message from the chat; bots are not told."""
        message.deleted = True
        self.server.changed(message.chat)

    # Finding the bot

    async def start(self, payload: str = "") -> Message:
        """Press Start, perhaps through a link that carries a payload."""
        if not _PAYLOAD.fullmatch(payload):
            raise ValueError(f"no client would follow ?start={payload}")
        return await self.send(f"/start {payload}".rstrip())

    async def follow(self, link: Button | str | None, *, chat: "Place | None" = None) -> Message:
        """Follow a link to the bot: `?start=` into the private chat, `?startgroup=` into `chat`."""
        url = (link.url if isinstance(link, Button) else link) or ""
        parts = urlsplit(url)
        query = {key: values[0] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}
        name = query.get("domain", "") if parts.scheme == "tg" else parts.path.strip("/")
        if parts.hostname not in ("t.me", "telegram.me", "resolve") or name != self.server.bot.username:
            raise AssertionError(f"{url!r} does not lead to @{self.server.bot.username}")
        if "startgroup" in query and chat:
            await chat.add_bot(by=self)
            return await self.send(f"/start@{name} {query['startgroup']}".rstrip(), chat=chat)
        return await self.start(query.get("start", ""))

    async def block(self) -> None:
        self._membership("member", "kicked")

    async def unblock(self) -> None:
        self._membership("kicked", "member")

    def _membership(self, before: str, after: str) -> None:
        self.blocked = after == "kicked"
        bot = self.server.bot
        change = {
            "old_chat_member": Standing(bot, before).json(),
            "new_chat_member": Standing(bot, after).json(),
        }
        told = {"chat": self.chat.json(), "from": self.user.json(), "date": int(self.server.clock())}
        self.server.tell("my_chat_member", told | change, self.chat, self.user)

    # Buttons

    async def press(self, message: Message, label: str | Button, *, within: float = 5) -> Press:
        """Press a button and wait until it no longer spins. A Button taken earlier may be gone by now."""
        return await self.tap(message, label).answered(within)

    async def double_press(self, message: Message, label: str | Button) -> tuple[Press, Press]:
        """Two quick taps on one button."""
        first, second = self.tap(message, label), self.tap(message, label)
        return await first.answered(), await second.answered()

    def tap(self, message: Message, label: str | Button) -> Press:
        """Press a button without waiting."""
        button = label if isinstance(label, Button) else message.button(label)
        if button.data is None:
            raise AssertionError(f"{button.text!r} is a link; follow() it")
        press = Press(str(next(self.server.serial)), self.server, button, message, self.server.clock())
        self.server.presses[press.id] = press
        query = {"id": press.id, "from": self.user.json(), "chat_instance": str(message.chat.id)}
        if message.inline_id:
            query["inline_message_id"] = message.inline_id
        else:  # of a message that is gone the bot learns no more than its number
            gone = {"chat": message.chat.json(), "message_id": message.id, "date": 0}
            query["message"] = gone if message.deleted else message.json()
        query["data"] = button.data
        self.server.tell("callback_query", query, message.chat, self.user)
        return press

    # Inline mode

    async def inline(self, query: str = "", *, offset: str = "", within: float = 5) -> InlineResults:
        """Type `@bot query` somewhere and see what is offered. Raises NeverHappened."""
        name = str(next(self.server.serial))
        asked = self.server.inline_queries[name] = asyncio.get_running_loop().create_future()
        self.server.tell(
            "inline_query",
            {"id": name, "from": self.user.json(), "query": query, "offset": offset, "chat_type": "group"},
            sender=self.user,
        )
        try:
            return await asyncio.wait_for(asked, within)
        except TimeoutError:
            raise NeverHappened(f"inline query {query!r} was not answered in {within} s") from None

    async def choose(self, result: InlineResult, *, chat: Chat, query: str = "") -> Message:
        """Send what an inline query offered into `chat`, where it stands as "via @bot"."""
        inline_id = secrets.token_urlsafe(12) if result.content.markup else None
        message = self._post(result.content, chat=chat, via_bot=self.server.bot, inline_id=inline_id)
        if inline_id:
            self.server.inline_messages[inline_id] = message
        if self.server.inline_feedback:
            chosen = {"result_id": result.id, "from": self.user.json(), "query": query}
            self.server.tell(
                "chosen_inline_result", chosen | given(inline_message_id=inline_id), sender=self.user
            )
        return message

    # Looking

    async def until(self, look: "Callable[[Chat], T]", within: float = 5) -> T:
        """The first true value of `look(private chat)`. Raises NeverHappened."""
        return await self.chat.until(look, within)

    @property
    def messages(self) -> list[Message]:
        return self.chat.messages

    def commands(self, chat: Chat | None = None) -> list[str]:
        """The commands that this person's client offers in the private chat or in `chat`."""
        return [each["command"] for each in self.command_menu(chat)]

    def command_menu(self, chat: Chat | None = None) -> list[Json]:
        """The same with their descriptions, in this person's language."""
        chat = chat or self.chat
        here = {"type": "chat", "chat_id": chat.id}
        if chat.type == "private":
            scopes = [here, {"type": "all_private_chats"}]
        else:
            scopes = [{"type": "chat_member", "chat_id": chat.id, "user_id": self.id}]
            boss = chat.standing(self.user).status in ("creator", "administrator")
            scopes += [{"type": "chat_administrators", "chat_id": chat.id}] * boss + [here]
            scopes += [{"type": "all_chat_administrators"}] * boss + [{"type": "all_group_chats"}]
        return menu(self.server, [*scopes, {"type": "default"}], (self.user.language or "")[:2])

    def __repr__(self) -> str:
        return f"<Member {self.user.first_name}>"
