"""What Telegram remembers: users, chats, topics, messages, files. No network here."""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from .content import Button, Content
from .entities import Entity, to_html

T = TypeVar("T")
Json = dict[str, Any]


class NeverHappened(AssertionError):  # noqa: N818 - it reads as what it says
    """Somebody waited for something in vain; the message says what there was instead."""


class Changes:
    """Wakes those who wait whenever something changed."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def notify(self) -> None:
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def next(self) -> None:
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await future
        finally:
            self._waiting.discard(future)

    async def until(self, look: Callable[[], T], state: Callable[[], object], within: float) -> T:
        """The first true value of `look`. Raises NeverHappened, with `state`, after `within` seconds."""
        try:
            async with asyncio.timeout(within):
                while not (seen := look()):
                    await self.next()
                return seen
        except TimeoutError:
            raise NeverHappened(f"waited {within} s in vain; there was: {state()}") from None


class Refusal(Exception):  # noqa: N818 - it is Telegram's answer, not a defect
    """An answer with `ok: false`."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


def bad(description: str) -> Refusal:
    return Refusal(400, f"Bad Request: {description}")


def forbidden(description: str) -> Refusal:
    return Refusal(403, f"Forbidden: {description}")


def given(**fields: Any) -> Json:
    """JSON without what is absent; `from_` stands for `from`."""
    return {name.rstrip("_"): value for name, value in fields.items() if value not in (None, False)}


@dataclass(frozen=True, slots=True)
class User:
    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language: str | None = None
    is_bot: bool = False

    def json(self) -> Json:
        names = given(last_name=self.last_name, username=self.username, language_code=self.language)
        return {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name} | names


ANONYMOUS_ADMIN = User(1087968824, "Group", username="GroupAnonymousBot", is_bot=True)
CHANNEL_BOT = User(136817688, "Channel", username="Channel_Bot", is_bot=True)


@dataclass(slots=True)
class Standing:
    """What a user is in a chat."""

    user: User
    status: str = "left"  # creator, administrator, member, left, kicked
    rights: frozenset[str] = frozenset()
    anonymous: bool = False

    def json(self) -> Json:
        known: Json = {"status": self.status, "user": self.user.json()}
        if self.status in ("creator", "administrator"):
            known["is_anonymous"] = self.anonymous
        if self.status == "administrator":
            known |= {right: right in self.rights for right in RIGHTS} | {"can_be_edited": False}
        return known | ({"until_date": 0} if self.status == "kicked" else {})

    @property
    def present(self) -> bool:
        return self.status in ("creator", "administrator", "member")

    def may(self, right: str) -> bool:
        return self.status == "creator" or right in self.rights


RIGHTS = (
    *("can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members"),
    *("can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories"),
    *(
        "can_delete_stories",
        "can_post_messages",
        "can_edit_messages",
        "can_pin_messages",
        "can_manage_topics",
    ),
)


@dataclass(eq=False, slots=True)
class Message:
    """One message as it stands now; `edits` keeps what it said before."""

    id: int
    chat: "Chat"
    date: int
    sender: User | None
    content: Content
    sender_chat: "Chat | None" = None
    reply_to: "Message | None" = None
    topic: "Topic | None" = None
    via_bot: User | None = None
    inline_id: str | None = None
    by_bot: bool = False
    protected: bool = False
    silent: bool = False
    deleted: bool = False
    service: Json = field(default_factory=dict)
    edits: list[Content] = field(default_factory=list)
    edited_at: int | None = None

    @property
    def text(self) -> str:
        """The text, or the caption of a file."""
        return self.content.text

    @property
    def entities(self) -> list[Entity]:
        return self.content.entities

    @property
    def html(self) -> str:
        return to_html(self.text, self.entities)

    @property
    def rows(self) -> list[list[Button]]:
        return self.content.rows

    @property
    def buttons(self) -> list[Button]:
        return list(itertools.chain.from_iterable(self.rows))

    @property
    def force_reply(self) -> bool:
        return bool(self.content.markup and self.content.markup.get("force_reply"))

    @property
    def pinned(self) -> bool:
        return self in self.chat.pinned

    @property
    def file(self) -> Any:
        """The uploaded file (`name`, `data`), if there is one."""
        return self.content.file

    def button(self, label: str) -> Button:
        """The one button whose label is `label`, or else starts with it."""
        exact = [button for button in self.buttons if button.text == label]
        found = exact or [button for button in self.buttons if button.text.startswith(label)]
        if len(found) != 1:
            raise AssertionError(f"{len(found)} buttons {label!r} among {[b.text for b in self.buttons]}")
        return found[0]

    def __repr__(self) -> str:
        state = " deleted" if self.deleted else ""
        return f"<{self.sender.first_name if self.sender else self.chat.title}{state}: {self.text!r}>"

    def json(self, *, nested: bool = False) -> Json:
        known = {"message_id": self.id, "date": self.date, "chat": self.chat.json()}
        known |= given(
            from_=self.sender and self.sender.json(),
            sender_chat=self.sender_chat and self.sender_chat.json(),
            via_bot=self.via_bot and self.via_bot.json(),
            message_thread_id=self.topic and self.topic.id,
            is_topic_message=self.topic is not None,
            has_protected_content=self.protected,
            edit_date=self.edited_at,
        )
        if self.reply_to and not nested and not self.reply_to.deleted:
            known["reply_to_message"] = self.reply_to.json(nested=True)
        return known | self.content.json() | self.service


@dataclass(frozen=True, slots=True)
class Topic:
    chat: "Chat"
    id: int
    name: str

    @property
    def messages(self) -> list[Message]:
        return [message for message in self.chat.messages if message.topic == self]


class Chat:
    """A private chat, group, supergroup or channel, as everyone in it sees it now."""

    def __init__(self, chat_id: int, kind: str, title: str, bot: User, ids: Iterator[int]) -> None:
        self.id, self.type, self.title, self.bot = chat_id, kind, title, bot
        self.username: str | None = None
        self.forum = False
        self.muted = False  # the bot may read, not write
        self.topics: dict[int, Topic] = {}
        self.migrated_to: int | None = None
        self.standings: dict[int, Standing] = {}
        self.log: dict[int, Message] = {}
        self.pinned: list[Message] = []
        self.actions: list[str] = []  # what sendChatAction showed
        self.changes = Changes()
        self.ids = itertools.count(1) if kind in ("supergroup", "channel") else ids

    @property
    def messages(self) -> list[Message]:
        """What is in the chat now, oldest first, without service messages."""
        return [each for each in self.log.values() if not each.deleted and not each.service]

    @property
    def deleted(self) -> list[Message]:
        return [each for each in self.log.values() if each.deleted]

    @property
    def from_bot(self) -> list[Message]:
        return [each for each in self.messages if each.by_bot]

    @property
    def last(self) -> Message | None:
        return next(reversed(self.messages), None)

    async def until(self, look: Callable[["Chat"], T], within: float = 5) -> T:
        """The first true value of `look(chat)`, tried at every change. Raises NeverHappened."""
        return await self.changes.until(lambda: look(self), lambda: self.messages[-8:], within)

    def standing(self, user: User) -> Standing:
        return self.standings.setdefault(user.id, Standing(user))

    def json(self) -> Json:
        known: Json = {"id": self.id, "type": self.type}
        if self.type == "private":
            user = self.standings[self.id].user
            return known | given(first_name=user.first_name, last_name=user.last_name, username=user.username)
        return known | {"title": self.title} | given(username=self.username, is_forum=self.forum)

    def __repr__(self) -> str:
        return f"<{self.type} {self.title!r}>"
