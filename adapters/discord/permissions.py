"""What the bot may do in a channel, worked out as Discord does: roles first, then the channel's own overwrites. Pure.

Source: the algorithm in Discord's documentation of permissions.
"""

from collections.abc import Iterable, Mapping
from typing import Any

ADMINISTRATOR, VIEW_CHANNEL = 1 << 3, 1 << 10
ALL = -1
ROLE, MEMBER = 0, 1
"""Whom an overwrite is for."""

Json = Mapping[str, Any]


def permissions(guild: Json, member: Json, channel: Json) -> int:
    """The bits of what a member may do in a channel of this guild; 0 where they can't see it."""
    everyone, mine = guild["id"], {guild["id"], *member["roles"]}
    if member["user"]["id"] == guild.get("owner_id"):
        return ALL
    granted = 0
    for role in guild["roles"]:
        if role["id"] in mine:
            granted |= int(role["permissions"])
    if granted & ADMINISTRATOR:
        return ALL
    overwrites = channel.get("permission_overwrites") or ()
    for group in _in_order(overwrites, everyone, mine, member["user"]["id"]):
        granted = _overwritten(granted, group)
    return granted if granted & VIEW_CHANNEL else 0


def _in_order(overwrites: Iterable[Json], everyone: str, roles: set[str], who: str) -> Iterable[list[Json]]:
    """Those for everyone, those for all other roles together, those for the member."""
    listed = list(overwrites)
    yield [each for each in listed if each["id"] == everyone]
    yield [each for each in listed if _for(each, ROLE) and each["id"] in roles - {everyone}]
    yield [each for each in listed if _for(each, MEMBER) and each["id"] == who]


def _for(overwrite: Json, kind: int) -> bool:
    return int(overwrite["type"]) == kind


def _overwritten(granted: int, overwrites: Iterable[Json]) -> int:
    deny = allow = 0
    for each in overwrites:
        deny, allow = deny | int(each["deny"]), allow | int(each["allow"])
    return granted & ~deny | allow
