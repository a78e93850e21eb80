"""The methods that tell about chats and their members. Each public function is one method of the Bot API."""

from typing import TYPE_CHECKING

from .access import visible_chat
from .call import Call
from .world import Chat, Json, Standing, bad, given

if TYPE_CHECKING:
    from .state import State


def get_me(server: "State", call: Call) -> Json:
    return server.bot.json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not server.privacy,
        "supports_inline_queries": True,
    }


def get_chat(server: "State", call: Call) -> Json:
    chat = visible_chat(server, call)
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    details = given(pinned_message=chat.pinned[-1].json() if chat.pinned else None)
    details |= {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }
    if chat.type != "private":
        details["permissions"] = {"can_send_messages": not chat.muted}
    return chat.json() | details


def get_chat_member(server: "State", call: Call) -> Json:
    chat, user_id = visible_chat(server, call), call.number("user_id")
    if user_id in chat.standings:
        return chat.standings[user_id].json()
    if user_id in server.members:
        return Standing(server.members[user_id].user).json()
    raise bad("PARTICIPANT_ID_INVALID")


def get_chat_member_count(server: "State", call: Call) -> int:
    return len([each for each in visible_chat(server, call).standings.values() if each.present])


def get_chat_administrators(server: "State", call: Call) -> list[Json]:
    chat = visible_chat(server, call)
    if chat.type == "private":
        raise bad("there are no administrators in the private chat")
    return [each.json() for each in administrators(chat)]


def administrators(chat: Chat) -> list[Standing]:
    return [each for each in chat.standings.values() if each.status in ("creator", "administrator")]


def leave_chat(server: "State", call: Call) -> bool:
    chat = visible_chat(server, call)
    chat.standing(server.bot).status = "left"
    server.changed(chat)
    return True
