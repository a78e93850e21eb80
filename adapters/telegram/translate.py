"""Updates as the core's events. Pure.

Free text is taken in private chats only: elsewhere nothing is ever asked, and what people write to each other, or
in reply to a card, is none of our business.
"""

import re
from collections.abc import Mapping

from msgspec.structs import replace
from telegram import (
    CallbackQuery,
    Chat,
    ChatMember,
    ChatMemberRestricted,
    ChatMemberUpdated,
    Message,
    Update,
    User,
)

from bot.commands.spec import CommandSpec
from bot.inbound import Browse, Command, Event, Inbound, Membership, Moved, Press, Typed
from bot.model.account import Account, Actor, ActorKind, Place, PlaceKind
from bot.words.catalog import SOURCE_LANGUAGE

PLATFORM = "telegram"
FRONT_PAGE = "petition"
"""The command that a bare `/start` stands for."""
_PRESENT = frozenset({ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER})
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,64})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)


def translate(update: Update, username: str, specs: Mapping[str, CommandSpec]) -> Inbound | None:
    """What the update asks of the core; None if it asks nothing, or another bot than the one of this name."""
    if query := update.callback_query:
        return _pressed(update, query)
    if inline := update.inline_query:
        user = inline.from_user
        here = Place(PLATFORM, str(user.id), PlaceKind.PRIVATE)
        return _inbound(update, _member(user), here, user, Browse(inline.query))
    if changed := update.my_chat_member:
        return _standing(update, changed)
    message = update.message or update.channel_post
    if message is not None and (moved := _moved(message)):
        before, after = moved
        return _inbound(update, _speaker(message), before, message.from_user, Moved(after))
    event = _said(message, username, specs) if message and not _echo(message) else None
    if message is None or event is None:
        return None
    return _inbound(update, _speaker(message), place(message.chat, message), message.from_user, event)


def place(chat: Chat, message: Message | None = None) -> Place:
    """The place of a message: a private chat, or a group, supergroup topic or channel that all in it can see."""
    if chat.type == Chat.PRIVATE:
        return Place(PLATFORM, str(chat.id), PlaceKind.PRIVATE)
    kind = PlaceKind.CHANNEL if chat.type == Chat.CHANNEL else PlaceKind.GROUP
    topic = message.message_thread_id if message and message.is_topic_message else None
    place_id = f"{chat.id}/{topic}" if topic else str(chat.id)
    return Place(PLATFORM, place_id, kind, chat.title or "", discreet=False)


def _inbound(update: Update, actor: Actor, where: Place, user: User | None, event: Event) -> Inbound:
    locale = (user and user.language_code) or SOURCE_LANGUAGE
    return Inbound(str(update.update_id), actor, where, locale, event)


def _pressed(update: Update, query: CallbackQuery) -> Inbound | None:
    """A press below one of our messages; what stands in other chats has no such buttons."""
    if query.message is None or query.data is None:
        return None
    message = query.message if isinstance(query.message, Message) else None
    where = place(query.message.chat, message)
    actor = _member(query.from_user, reachable=not where.shared)
    return _inbound(update, actor, where, query.from_user, Press(query.data))


def _standing(update: Update, changed: ChatMemberUpdated) -> Inbound | None:
    """What we are in a place from now on. Who blocks us in private is left alone."""
    where, member = place(changed.chat), changed.new_chat_member
    if not where.shared:
        return None
    present = member.status in _PRESENT or (isinstance(member, ChatMemberRestricted) and member.is_member)
    return _inbound(update, _member(changed.from_user), where, changed.from_user, Membership(present))


def _moved(message: Message) -> tuple[Place, Place] | None:
    """Where a group was and where it is, if that is what the message tells; both chats are told."""
    here = place(message.chat)
    if message.migrate_to_chat_id:
        return here, replace(here, place_id=str(message.migrate_to_chat_id))
    if message.migrate_from_chat_id:
        return replace(here, place_id=str(message.migrate_from_chat_id)), here
    return None


def _echo(message: Message) -> bool:
    """What nobody said to us here: our own inline cards, and channel posts that Telegram repeats in a group."""
    return message.via_bot is not None or bool(message.is_automatic_forward)


def _said(message: Message, username: str, specs: Mapping[str, CommandSpec]) -> Event | None:
    text = message.text if message.text is not None else message.caption
    private = message.chat.type == Chat.PRIVATE
    if found := _COMMAND.fullmatch(text or ""):
        name, bot, rest = found[1].lower(), found[2], (found[3] or "").strip()
        if bot and bot.lower() != username.lower():
            return None
        if name == "start":
            return _start(rest, private=private)
        return _command(name, rest, specs)
    written = text is not None or message.effective_attachment is not None
    return Typed(text or "") if private and written else None


def _start(payload: str, *, private: bool) -> Event:
    """A deep link brings a button's token into the private chat. Into a group it only brings the bot."""
    return Press(payload) if payload and private else Command(FRONT_PAGE)


def _command(name: str, rest: str, specs: Mapping[str, CommandSpec]) -> Command:
    """One word for each argument; the last one takes what is left."""
    arguments = [each for each in specs[name].arguments if not each.file] if name in specs else []
    words = rest.split(maxsplit=len(arguments) - 1) if arguments else ()
    return Command(name, {argument.name: word for argument, word in zip(arguments, words, strict=False)})


def _speaker(message: Message) -> Actor:
    """Who wrote: a person, or the group or a channel in whose name somebody wrote."""
    user, behind = message.from_user, message.sender_chat
    if behind is not None and behind.id == message.chat.id:
        kind = ActorKind.CHANNEL if message.chat.type == Chat.CHANNEL else ActorKind.ANONYMOUS
        return Actor(Account(PLATFORM, str(behind.id)), behind.title or "", kind, moderates=True)
    if behind is not None or user is None:
        source = behind or message.chat
        return Actor(Account(PLATFORM, str(source.id)), source.title or "", ActorKind.CHANNEL)
    return _member(user, reachable=message.chat.type == Chat.PRIVATE)


def _member(user: User, *, reachable: bool = False) -> Actor:
    kind = ActorKind.BOT if user.is_bot else ActorKind.MEMBER
    return Actor(Account(PLATFORM, str(user.id)), user.full_name, kind, reachable=reachable)
