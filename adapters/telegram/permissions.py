"""What the bot may do in a chat, worked out from what Telegram tells of the chat and of the bot in it. Pure.

Source: ChatMember and ChatPermissions in https://core.telegram.org/bots/api#available-types
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

Json = Mapping[str, Any]


class Right(StrEnum):
    """What the bot would like to do, as Telegram's apps call it."""

    POST = "post messages"
    PICTURES = "send photos"
    PIN = "pin messages"
    DELETE = "delete messages"


def permissions(chat: Json, member: Json) -> frozenset[Right] | None:
    """What this member may do there; None if they are not there."""
    match member["status"]:
        case "creator":
            return frozenset(Right)
        case "administrator":
            return _administrator(chat, member)
        case "member":
            return _allowed(chat)
        case "restricted" if member.get("is_member"):
            return _allowed(chat) & _allowed({"permissions": member})
    return None


def _administrator(chat: Json, member: Json) -> frozenset[Right]:
    if chat["type"] == "channel":  # nobody but administrators writes there, so there is nothing to delete
        posts = bool(member.get("can_post_messages"))
        given = {
            Right.POST: posts,
            Right.PICTURES: posts,
            Right.PIN: bool(member.get("can_edit_messages")),
            Right.DELETE: True,
        }
    else:
        given = {
            Right.POST: True,
            Right.PICTURES: True,
            Right.PIN: bool(member.get("can_pin_messages")),
            Right.DELETE: bool(member.get("can_delete_messages")),
        }
    return frozenset(right for right, may in given.items() if may)


def _allowed(chat: Json) -> frozenset[Right]:
    """What those may who are no administrators. Which kinds of messages is told of late: all, where it is not."""
    allowed = chat.get("permissions") or {}
    given = {
        Right.POST: allowed.get("can_send_messages", True),
        Right.PICTURES: allowed.get("can_send_photos", True),
        Right.PIN: allowed.get("can_pin_messages", False),
    }
    return frozenset(right for right, may in given.items() if may)
