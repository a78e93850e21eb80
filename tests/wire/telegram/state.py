"""What all parts of the server share: the people, the places, the queue, and waiting for what happens."""

import asyncio
import itertools
import secrets
import time
from collections.abc import Callable
from typing import Any, TypeVar

from .call import Call, Upload
from .content import File, check_photo
from .delivery import Updates
from .people import InlineResults, Member, Press
from .places import Place
from .world import ANONYMOUS_ADMIN, CHANNEL_BOT, Changes, Chat, Json, Message, NeverHappened, User, bad

T = TypeVar("T")


class State:
    """One bot's Telegram. Test-side: make people and places here, and wait for things here."""

    def __init__(self, bot: User, *, privacy: bool, clock: Callable[[], float]) -> None:
        self.bot, self.privacy, self.clock = bot, privacy, clock
        self.chats: dict[int, Chat] = {}
        self.members: dict[int, Member] = {}
        self.files: dict[str, File] = {}
        self.inline_messages: dict[str, Message] = {}
        self.settings: dict[tuple[str, ...], Any] = {}  # commands, names, descriptions: by scope and language
        self.presses: dict[str, Press] = {}
        self.inline_queries: dict[str, asyncio.Future[InlineResults]] = {}
        self.inline_feedback = False  # BotFather's /setinlinefeedback: whether the bot hears what was chosen
        self.calls: list[Call] = []
        self.in_flight: set[Call] = set()
        self.working: Callable[[], bool] = lambda: False  # may tell idle() that the bot is at work
        self.changes = Changes()
        self.updates = Updates(clock, self.changes.notify)
        self.serial = itertools.count(1)  # of users, chats, queries, files
        self.message_ids = itertools.count(1)  # private chats and basic groups share one row of numbers

    # People and places

    def member(self, first_name: str, last_name: str | None = None, **who: Any) -> Member:
        """A person. `who`: language (absent: their client does not tell), username, id."""
        user_id = who.pop("id", None) or 10_000 + next(self.serial)
        user = User(user_id, first_name, last_name, **who)
        member = self.members[user.id] = Member(self, user)
        return member

    def group(
        self, title: str, *, supergroup: bool = False, bot: str | None = "member", **what: Any
    ) -> Place:
        """A group. `bot`: its standing ("member", "administrator", None: absent). `what`: forum, username,
        members."""
        return self._place("supergroup" if supergroup or what.get("forum") else "group", title, bot, **what)

    def channel(self, title: str, *, bot: str | None = "administrator", **what: Any) -> Place:
        return self._place("channel", title, bot, **what)

    def _place(
        self, kind: str, title: str, bot: str | None, *, members: tuple[Member, ...] = (), **what: Any
    ) -> Place:
        number = next(self.serial)
        place = Place(self, -number if kind == "group" else -1_000_000_000_000 - number, kind, title)
        place.forum, place.username = what.get("forum", False), what.get("username")
        place.stand(self.bot, bot or "left")
        for member in members:
            place.stand(member.user, "member")
        self.chats[place.id] = place
        return place

    def store(self, kind: str, upload: Upload) -> File:
        """Keep an uploaded file under a new id. Raises Refusal or BadContent for what Telegram won't keep."""
        if not upload.data:
            raise bad("file must be non-empty")
        if kind == "photo":
            check_photo(upload.data)
        file_id = f"{kind}{next(self.serial)}-{secrets.token_urlsafe(16)}"
        self.files[file_id] = File(file_id, kind, upload.name, upload.data, upload.mime)
        return self.files[file_id]

    # The traffic

    def post(self, chat: Chat, sender: User | None, **what: Any) -> Message:
        """Put a message into a chat, and tell the bot if it is one that the bot gets to see."""
        message = Message(next(chat.ids), chat, int(self.clock()), sender, **what)
        chat.log[message.id] = message
        if not message.by_bot and self._reaches_bot(message):
            kind = "channel_post" if chat.type == "channel" else "message"
            self.tell(kind, message.json(), chat, sender)
        self.changed(chat)
        return message

    def _reaches_bot(self, message: Message) -> bool:
        """Privacy mode: in groups only what is meant for the bot, unless it is an administrator there."""
        chat, standing = message.chat, message.chat.standing(self.bot)
        if chat.type == "private" or not standing.present:
            return chat.type == "private"
        if (
            not self.privacy
            or standing.status == "administrator"
            or chat.type == "channel"
            or message.service
        ):
            return True
        if message.via_bot == self.bot or (message.reply_to and message.reply_to.by_bot):
            return True
        command = message.text.split(maxsplit=1)[0] if message.text.startswith("/") else ""
        _, _, addressee = command.partition("@")
        return bool(command) and addressee.lower() in ("", str(self.bot.username).lower())

    def tell(self, kind: str, payload: Json, chat: Chat | None = None, sender: User | None = None) -> Json:
        """Make an update."""
        anyone = sender in (None, ANONYMOUS_ADMIN, CHANNEL_BOT)
        return self.updates.put(kind, payload, (chat.id if chat else 0) if anyone else sender.id)

    def replay(self, update: Json | None = None) -> Json:
        """Deliver an update (the last one, if none is named) once more, under its old id."""
        update = update or self.updates.log[-1]
        self.updates.queue(update)
        return update

    def inject(self, **update: Any) -> Json:
        """Deliver whatever you like: `inject(message={...})`; an update_id is added if there is none."""
        [kind] = [name for name in update if name != "update_id"]
        if "update_id" not in update:
            return self.updates.put(kind, update[kind], 0)
        self.updates.queue(update)
        return update

    # Waiting

    def changed(self, chat: Chat) -> None:
        chat.changes.notify()
        self.changes.notify()

    async def until(self, look: Callable[[], T], within: float = 5) -> T:
        """The first true value of `look()`, tried at every change anywhere. Raises NeverHappened."""
        return await self.changes.until(look, lambda: self.calls[-5:], within)

    def called(self, method: str, chat: Chat | None = None) -> list[Call]:
        """The calls of one method so far, in one chat or in all."""
        wanted = [call for call in self.calls if call.method.lower() == method.lower()]
        return [call for call in wanted if chat is None or call.chat_id == str(chat.id)]

    @property
    def unanswered(self) -> list[Press]:
        """The presses whose button still spins."""
        return [press for press in self.presses.values() if not press.answers]

    def pending(self) -> list[str]:
        """What the bot has still to do, as far as this side can see."""
        calls = [call for call in self.in_flight if call.method.lower() != "getupdates"]
        waiting = [each.update for each in self.updates.waiting]
        queries = [f"inline query {name}" for name, asked in self.inline_queries.items() if not asked.done()]
        return [str(each) for each in (*waiting, *calls, *self.unanswered, *queries)] + [
            "the bot"
        ] * self.working()

    async def idle(self, quiet: float = 0.05, within: float = 5) -> None:
        """Return when nothing is pending and nothing has changed for `quiet` seconds.

        A bot that thinks longer than that between an update and its first call should set `working`.
        Raises NeverHappened, with what is still pending, after `within` seconds.
        """
        deadline = time.monotonic() + within
        while True:
            soon = self.working() or not self.pending()  # nobody tells when the bot has done its work
            pause = quiet if soon else max(0.001, deadline - time.monotonic())
            try:
                async with asyncio.timeout(pause):
                    await self.changes.next()
            except TimeoutError:
                if not self.pending():
                    return
            if time.monotonic() > deadline:
                raise NeverHappened(f"not idle after {within} s: {self.pending()}")
