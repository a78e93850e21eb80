"""Which chat a call means, and what the bot may do there; refusals in Telegram's own words."""

from typing import TYPE_CHECKING

from .call import Call
from .world import Chat, bad, forbidden

if TYPE_CHECKING:
    from .state import State


def visible_chat(server: "State", call: Call) -> Chat:
    """The chat of a call, if the bot may look into it. Raises Refusal as Telegram words it."""
    name = call.chat_id
    named = [each for each in server.chats.values() if each.username and f"@{each.username}" == name]
    chat = named[0] if named else server.chats.get(call.number("chat_id") if not name.startswith("@") else 0)
    if not chat:
        raise bad("chat not found")
    standing = chat.standing(server.bot)
    if chat.migrated_to:
        refusal = bad("group chat was upgraded to a supergroup chat")
        refusal.parameters["migrate_to_chat_id"] = chat.migrated_to
        raise refusal
    if chat.type != "private" and not standing.present:
        where = "was kicked from" if standing.status == "kicked" else "is not a member of"
        raise forbidden(f"bot {where} the {chat.type} chat")
    return chat


def writable_chat(server: "State", call: Call) -> Chat:
    """The same, if the bot may also write there."""
    chat = visible_chat(server, call)
    if chat.type == "private":
        if server.members[chat.id].blocked:
            raise forbidden("bot was blocked by the user")
        if not server.members[chat.id].started:
            raise forbidden("bot can't initiate conversation with a user")
    elif chat.type == "channel" and not chat.standing(server.bot).may("can_post_messages"):
        raise bad("need administrator rights in the channel chat")
    elif chat.muted:
        raise bad("not enough rights to send text messages to the chat")
    return chat


def pinning_chat(server: "State", call: Call) -> Chat:
    chat, right = visible_chat(server, call), "can_pin_messages"
    if chat.type == "channel":
        right = "can_edit_messages"
    if chat.type != "private" and not chat.standing(server.bot).may(right):
        raise bad("not enough rights to manage pinned messages in the chat")
    return chat
